package clock

import (
	"fmt"
	"time"

	"waymark/internal/fault"
	"waymark/referral/rule"
)

// Calendar knows a nation's zone and its working days: Monday to Friday without
// bank holidays, in the years that the pathway lists.
type Calendar struct {
	Nation string
	Zone   *time.Location
	// First and Last are the years whose holidays are known; both zero if none.
	First, Last int
	holidays    map[rule.Date]bool
}

// CalendarOf returns the calendar of a nation of a pathway.
func CalendarOf(p *rule.Pathway, nation string) (*Calendar, error) {
	n := p.Nation(nation)
	if n == nil {
		return nil, fault.New(fault.NotFound, fault.Place{}, "the pathway has no such nation", "")
	}
	zone, err := time.LoadLocation(n.Zone)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, fault.Place{}, "the time zone "+n.Zone+" is not known here", "", err)
	}
	c := &Calendar{Nation: nation, Zone: zone, holidays: map[rule.Date]bool{}}
	for _, h := range p.Holidays {
		if !h.For(nation) || len(h.Years) == 0 {
			continue
		}
		c.First, c.Last = h.Years[0].Year, h.Years[len(h.Years)-1].Year
		for _, y := range h.Years {
			for _, d := range y.Days {
				c.holidays[d] = true
			}
		}
	}
	return c, nil
}

// Day returns the civil day of an instant in the nation.
func (c *Calendar) Day(t time.Time) rule.Date { return rule.DateOf(t.In(c.Zone)) }

// Midnight is the first instant of a day in the nation: what an event known by
// its day alone stands for.
func (c *Calendar) Midnight(d rule.Date) time.Time { return c.at(d, 0) }

// at is the instant at which the nation's clocks show a minute of a day.
func (c *Calendar) at(d rule.Date, minute int) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, minute, 0, 0, c.Zone)
}

// Holiday says whether a day is a bank holiday in the nation.
func (c *Calendar) Holiday(d rule.Date) bool { return c.holidays[d] }

// known fails for a day in a year whose holidays the pathway does not list.
func (c *Calendar) known(d rule.Date) error {
	if c.First == 0 {
		return fault.New(fault.Unavailable, fault.Place{Field: "holidays"}, "the pathway lists no bank holidays for "+c.Nation, "count calendar days, or add the list to the rules")
	}
	if d.Year < c.First || d.Year > c.Last {
		return fault.New(fault.Unavailable, fault.Place{Field: "holidays"},
			fmt.Sprintf("the bank holidays of %d are not known; those of %d to %d are", d.Year, c.First, c.Last), "add the year to the rules")
	}
	return nil
}

func weekend(d rule.Date) bool {
	w := d.Weekday()
	return w == time.Saturday || w == time.Sunday
}

// Working says whether a day is a working day. It fails outside the years
// whose holidays are known, weekends too.
func (c *Calendar) Working(d rule.Date) (bool, error) {
	if err := c.known(d); err != nil {
		return false, err
	}
	return !weekend(d) && !c.holidays[d], nil
}

// AddWorkingDays returns the n-th working day after d, for n from 1, and d
// itself for 0. The day d does not count.
func (c *Calendar) AddWorkingDays(d rule.Date, n int) (rule.Date, error) {
	for n > 0 {
		d = d.Add(1)
		working, err := c.Working(d)
		if err != nil {
			return rule.Date{}, err
		}
		if working {
			n--
		}
	}
	return d, nil
}

// WorkingDays counts the working days after from, up to and including to. It
// is the inverse of AddWorkingDays, and negative if to is before from: minus
// the working days after to, up to and including from.
func (c *Calendar) WorkingDays(from, to rule.Date) (int, error) {
	if to.Before(from) {
		n, err := c.WorkingDays(to, from)
		return -n, err
	}
	n := 0
	for d := from.Add(1); !d.After(to); d = d.Add(1) {
		working, err := c.Working(d)
		if err != nil {
			return 0, err
		}
		if working {
			n++
		}
	}
	return n, nil
}
