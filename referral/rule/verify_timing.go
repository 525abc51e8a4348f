package rule

import (
	"slices"
	"time"
)

func (b *builder) timing() {
	p := b.p
	var events []string
	for _, e := range p.Events {
		events = append(events, e.ID)
	}
	for i, c := range p.Clocks {
		if c.Clock == "" {
			c.Clock = c.ID
		}
		if c.DayOne == "" {
			c.DayOne = Exclusive
		}
		b.id(c.At, c.Clock, "clock")
		b.oneOf(c.At, "sort of clock", string(c.Sort), []string{string(Deadline), string(Target), string(Minimum)})
		b.oneOf(c.At, "unit", string(c.Unit), []string{string(WorkingDays), string(CalendarDays), string(Years), string(ServiceMinutes)})
		b.oneOf(c.At, "way of counting", string(c.DayOne), []string{string(Exclusive), string(Inclusive)})
		for _, list := range [][]string{c.Trigger, c.LaterOf, c.Met, c.End} {
			for _, e := range list {
				b.oneOf(c.At, "event", e, events)
			}
		}
		switch {
		case c.Open && (c.Count != 0 || c.Setting != "" || len(c.LaterOf) > 0):
			b.faultf(c.At, "", "an open clock has no number")
		case !c.Open && c.Setting == "" && (c.Count < 1 || c.Count > 100000):
			b.faultf(c.At, "write count, setting, or open: true", "the clock has no number")
		case c.Setting != "" && !idForm().MatchString(c.Setting):
			b.faultf(c.At, "", "the setting is not an id")
		}
		if c.Pause && c.Unit != WorkingDays && c.Unit != CalendarDays {
			b.faultf(c.At, "", "only a clock that counts days can pause")
		}
		for _, o := range p.Clocks[:i] {
			if o.Clock == c.Clock && overlap(&o.Rule, &c.Rule) {
				b.faultf(c.At, "end one before the other begins", "two versions of the clock %s are in force on one day", clip(c.Clock))
			}
		}
	}
	for _, r := range p.Retention {
		set := 0
		for _, n := range []int{r.Hours, r.Days, r.Months, r.Years} {
			if n < 0 || n > 100000 {
				b.faultf(r.At, "", "a length of time is from 1 to 100000")
			}
			if n != 0 {
				set++
			}
		}
		if set != 1 {
			b.faultf(r.At, "write one of hours, days, months, years", "the rule does not say how long")
		}
		if r.Warn < 0 || r.FromAge < 0 || r.FromAge > 120 {
			b.faultf(r.At, "", "warn and fromAge are not below zero")
		}
		b.id(r.At, r.Kind, "kind")
	}
	b.holidays()
}

// overlap says whether two rules can be in force on one day in one nation.
func overlap(a, b *Rule) bool {
	if len(a.Nations) > 0 && len(b.Nations) > 0 && !slices.ContainsFunc(a.Nations, b.For) {
		return false
	}
	before := func(a, b *Rule) bool { return !a.Until.IsZero() && !b.From.IsZero() && !a.Until.After(b.From) }
	return !before(a, b) && !before(b, a)
}

func (b *builder) holidays() {
	have := map[string]bool{}
	for _, h := range b.p.Holidays {
		nations := h.Nations
		if len(nations) == 0 {
			nations = b.p.nationIDs()
		}
		for _, n := range nations {
			if have[n] {
				b.faultf(h.At, "leave one", "the nation %s has two lists of holidays", clip(n))
			}
			have[n] = true
		}
		for i, y := range h.Years {
			if i > 0 && y.Year != h.Years[i-1].Year+1 {
				b.faultf(h.At, "list every year in order", "the years of the holidays have a gap at %d", y.Year)
			}
			for j, d := range y.Days {
				switch {
				case d.Year != y.Year:
					b.faultf(h.At, "", "the holiday %s is not in %d", d, y.Year)
				case d.Weekday() == time.Saturday || d.Weekday() == time.Sunday:
					b.faultf(h.At, "write the day that is given instead", "the holiday %s is on a weekend", d)
				case j > 0 && !y.Days[j-1].Before(d):
					b.faultf(h.At, "", "the holidays of %d are not in order at %s", y.Year, d)
				}
			}
		}
	}
}
