package clock

import (
	"time"

	"waymark/internal/fault"
	"waymark/referral/rule"
)

// Kept is how long something is kept.
type Kept struct {
	Rule *rule.Retention
	// Until is the first instant at which it is to be gone.
	Until time.Time
	// Warn is the instant from which a person is warned; it is Until where the
	// rule warns nobody.
	Warn time.Time
	// Age says that the person's age decided, not the time since the end.
	Age bool
}

// Keep returns how long a kind of thing is kept in a nation, counted from the
// instant at which it ended: was closed, was last saved, was sent. birth may be
// no day. The rule in force at the end counts. It fails if there is none.
func Keep(p *rule.Pathway, nation, kind string, end time.Time, birth rule.Date) (Kept, error) {
	c, err := CalendarOf(p, nation)
	if err != nil {
		return Kept{}, err
	}
	day := c.Day(end)
	for _, r := range p.Retention {
		if r.Kind != kind || !r.For(nation) || !r.InForce(day) {
			continue
		}
		k := Kept{Rule: r}
		switch {
		case r.Hours > 0:
			k.Until = end.Add(time.Duration(r.Hours) * time.Hour)
		case r.Days > 0:
			k.Until = c.Midnight(day.Add(r.Days + 1))
		default:
			k.Until = c.Midnight(addMonths(day, r.Months+12*r.Years).Add(1))
		}
		if r.FromAge > 0 && !birth.IsZero() {
			if at := c.Midnight(birth.Anniversary(r.FromAge)); at.After(k.Until) {
				k.Until, k.Age = at, true
			}
		}
		k.Warn = k.Until
		if r.Warn > 0 {
			k.Warn = c.Midnight(c.Day(k.Until).Add(-r.Warn))
		}
		return k, nil
	}
	return Kept{}, fault.New(fault.NotFound, fault.Place{}, "the pathway does not say how long this is kept", "add a rule of retention")
}

// addMonths returns the same day n months later, or the month's last day where
// it is shorter.
func addMonths(d rule.Date, n int) rule.Date {
	first := rule.DateOf(time.Date(d.Year, d.Month+time.Month(n), 1, 0, 0, 0, 0, time.UTC))
	last := rule.DateOf(time.Date(first.Year, first.Month+1, 0, 0, 0, 0, 0, time.UTC))
	return rule.Date{Year: first.Year, Month: first.Month, Day: min(d.Day, last.Day)}
}
