package clock

import (
	"time"

	"waymark/internal/fault"
	"waymark/referral/rule"
)

// Hours are when a desk is open, by the clocks of its nation.
type Hours struct {
	// From and To are minutes of the day. Required. Equal ones are the whole
	// day; To before From is a night that ends on the next day.
	From, To int
	// EveryDay also opens on Saturdays, Sundays and holidays. Default false.
	EveryDay bool
}

// OfficeHours are 9:00 to 17:00 on working days.
var OfficeHours = Hours{From: 9 * 60, To: 17 * 60}

// maxService bounds the search for the next opening, in days.
const maxService = 4000

// open returns the opening that begins on a day; where there is none, both are zero.
func (c *Calendar) open(d rule.Date, h Hours) (from, to time.Time, err error) {
	if h.From < 0 || h.From >= 24*60 || h.To < 0 || h.To > 24*60 {
		return from, to, fault.New(fault.Invalid, fault.Place{Field: "hours"}, "opening hours are minutes of a day", "")
	}
	if !h.EveryDay {
		working, err := c.Working(d)
		if err != nil || !working {
			return from, to, err
		}
	}
	from = c.at(d, h.From)
	if h.To > h.From {
		return from, c.at(d, h.To), nil
	}
	return from, c.at(d.Add(1), h.To), nil
}

// AddService returns the instant at which a number of minutes of opening hours
// have gone by since t. Minutes are real ones: a whole day open has 23 hours
// when clocks go forward. For 0 minutes it is t itself.
func (c *Calendar) AddService(t time.Time, minutes int, h Hours) (time.Time, error) {
	left := time.Duration(minutes) * time.Minute
	if left <= 0 {
		return t, nil
	}
	day := c.Day(t)
	if h.To <= h.From { // the night before may still be open
		day = day.Add(-1)
	}
	for range maxService {
		from, to, err := c.open(day, h)
		if err != nil {
			return time.Time{}, err
		}
		if from.Before(t) {
			from = t
		}
		if span := to.Sub(from); span > 0 {
			if left <= span {
				return from.Add(left), nil
			}
			left -= span
		}
		day = day.Add(1)
	}
	return time.Time{}, fault.New(fault.Invalid, fault.Place{Field: "hours"}, "so many minutes are never reached", "check the opening hours")
}

// ServiceMinutes counts the whole minutes of opening hours between two
// instants; negative if to is before from.
func (c *Calendar) ServiceMinutes(from, to time.Time, h Hours) (int, error) {
	if to.Before(from) {
		n, err := c.ServiceMinutes(to, from, h)
		return -n, err
	}
	var sum time.Duration
	first := c.Day(from)
	if h.To <= h.From {
		first = first.Add(-1)
	}
	for d := first; !d.After(c.Day(to)); d = d.Add(1) {
		a, b, err := c.open(d, h)
		if err != nil {
			return 0, err
		}
		if a.Before(from) {
			a = from
		}
		if b.After(to) {
			b = to
		}
		sum += max(0, b.Sub(a))
	}
	return int(sum / time.Minute), nil
}
