package clock

import (
	"time"

	"waymark/internal/fault"
	"waymark/referral/rule"
)

// State is how a clock stands.
type State string

// The states of a clock.
const (
	Waiting State = "waiting" // what starts it has not happened
	Running State = "running"
	Paused  State = "paused"
	Met     State = "met"    // done in time; of a minimum without events: its time has run
	Missed  State = "missed" // not done in time; of a minimum: done too early
	Ended   State = "ended"  // something else ended it
)

// Input is what has happened and what holds locally.
type Input struct {
	Nation string // Required
	// Now decides what has happened: events after it count for nothing. Required.
	Now time.Time
	// Events by the pathway's names. An event known by its day alone is the
	// day's Midnight; the birth of a person is one.
	Events map[string]time.Time
	Pauses []Pause
	// Settings are the local policy's numbers by name, in the rule's unit.
	// Default: the rule's own count.
	Settings map[string]int
	// Hours of the desk, for service clocks. Default: OfficeHours.
	Hours *Hours
}

// Reading is one clock of a pathway for one case.
type Reading struct {
	// Rule is the version that applies.
	Rule  *rule.Clock
	State State
	// Start is the day of the trigger; no day while waiting.
	Start rule.Date
	// Due is the last day of the count: of a deadline the last on which it can be
	// met, of a minimum the last that must run. No day while waiting and for
	// open clocks.
	Due rule.Date
	// DueAt is the instant for a service clock.
	DueAt time.Time
	// Done is the day on which it was met, missed by a late event, or ended.
	Done rule.Date
	// AtLeast says that the end is not known yet: Due is the earliest.
	AtLeast bool
	// DaysLeft counts calendar days from today to Due, negative after it.
	DaysLeft int
	// WorkingDaysLeft counts working days; WorkingDaysKnown says whether the
	// holidays of these years are known.
	WorkingDaysLeft  int
	WorkingDaysKnown bool
	// MinutesLeft are those of opening hours, for a service clock.
	MinutesLeft int
	// DaysGone counts calendar days from Start to today, or to Done.
	DaysGone int
	Steps    []Step
	// Err says why there is no Due where there should be one: holidays that
	// are not known.
	Err error
}

// Target says whether the clock is an aim rather than a rule.
func (r *Reading) Target() bool { return r.Rule.Sort == rule.Target }

// Read reads every clock of the pathway that applies in the nation, in the
// pathway's order, one for each group of versions. It fails only if the nation
// is not known.
func Read(p *rule.Pathway, in Input) ([]Reading, error) {
	c, err := CalendarOf(p, in.Nation)
	if err != nil {
		return nil, err
	}
	if in.Now.IsZero() {
		return nil, fault.New(fault.Internal, fault.Place{}, "a clock was read without a time", "")
	}
	s := &scene{Input: in, calendar: c, today: c.Day(in.Now)}
	var list []Reading
	done := map[string]bool{}
	for _, r := range p.Clocks {
		if done[r.Clock] || !r.For(in.Nation) {
			continue
		}
		done[r.Clock] = true
		var versions []*rule.Clock
		for _, v := range p.Clocks {
			if v.Clock == r.Clock && v.For(in.Nation) {
				versions = append(versions, v)
			}
		}
		if reading, ok := s.group(versions); ok {
			list = append(list, reading)
		}
	}
	return list, nil
}

// scene is an input with what follows from it.
type scene struct {
	Input
	calendar *Calendar
	today    rule.Date
}

// happened returns the first of several events that has happened, not before
// a day.
func (s *scene) happened(names []string, notBefore rule.Date) (name string, at time.Time) {
	for _, n := range names {
		t, ok := s.Events[n]
		if !ok || t.IsZero() || t.After(s.Now) || s.calendar.Day(t).Before(notBefore) {
			continue
		}
		if name == "" || t.Before(at) {
			name, at = n, t
		}
	}
	return name, at
}

// group chooses the version: the one in force on the day of its trigger, or
// today while nothing has triggered it.
func (s *scene) group(versions []*rule.Clock) (Reading, bool) {
	for _, v := range versions {
		name, at := s.happened(v.Trigger, rule.Date{})
		if name == "" || !v.InForce(s.calendar.Day(at)) {
			continue
		}
		r := Reading{Rule: v, State: Running, Start: s.calendar.Day(at)}
		r.step("start", "event", name, "date", r.Start.String())
		if len(versions) > 1 {
			r.step("version", "rule", v.ID, "from", v.From.String(), "until", v.Until.String(), "date", r.Start.String())
		}
		s.read(&r, at)
		return r, true
	}
	for _, v := range versions {
		if v.InForce(s.today) {
			r := Reading{Rule: v, State: Waiting}
			r.step("waiting", "events", join(v.Trigger))
			return r, true
		}
	}
	return Reading{}, false
}

// read works out when a started clock is due and how it stands.
func (s *scene) read(r *Reading, start time.Time) {
	ps := pausesOf(r.Rule, s.Pauses, s.today)
	numbered := s.due(r, start, ps)
	later := s.later(r, numbered)
	s.stand(r, numbered, later, ps)
	end := s.today
	if !r.Done.IsZero() {
		end = r.Done
	}
	r.DaysGone = end.Sub(r.Start)
	if r.Due.IsZero() {
		return
	}
	r.DaysLeft = r.Due.Sub(s.today)
	if n, err := s.calendar.WorkingDays(s.today, r.Due); err == nil {
		r.WorkingDaysLeft, r.WorkingDaysKnown = n, true
	}
	if !r.DueAt.IsZero() {
		r.MinutesLeft, _ = s.calendar.ServiceMinutes(s.Now, r.DueAt, s.hours())
	}
}

func (s *scene) hours() Hours {
	if s.Hours == nil {
		return OfficeHours
	}
	return *s.Hours
}

// due counts from the start; it says whether there is a number to count to.
func (s *scene) due(r *Reading, start time.Time, ps pauses) bool {
	c := r.Rule
	n := c.Count
	if v, ok := s.Settings[c.Setting]; ok && c.Setting != "" && v > 0 {
		n = v
		r.step("setting", "setting", c.Setting, "count", itoa(n))
	}
	if c.Open || n <= 0 {
		r.step("open")
		return false
	}
	var err error
	switch c.Unit {
	case rule.Years:
		r.Due = r.Start.Anniversary(n)
	case rule.ServiceMinutes:
		if r.DueAt, err = s.calendar.AddService(start, n, s.hours()); err == nil {
			r.Due = s.calendar.Day(r.DueAt)
		}
	default:
		r.Due, err = s.count(r, n, ps)
	}
	if err != nil {
		r.Err, r.Due, r.DueAt = err, rule.Date{}, time.Time{}
		r.step("unknown")
		return false
	}
	r.step("count", "count", itoa(n), "unit", string(c.Unit), "dayOne", string(c.DayOne), "date", r.Due.String())
	return true
}

// count finds the day that is the n-th to count. Days of a pause do not count;
// among working days, neither do weekends and holidays.
func (s *scene) count(r *Reading, n int, ps pauses) (rule.Date, error) {
	d := r.Start.Add(1)
	if r.Rule.DayOne == rule.Inclusive {
		d = r.Start
	}
	var weekends, paused int
	var holidays []string
	for {
		counts := true
		if r.Rule.Unit == rule.WorkingDays {
			if err := s.calendar.known(d); err != nil {
				return rule.Date{}, err
			}
			switch {
			case weekend(d):
				counts = false
				weekends++
			case s.calendar.Holiday(d):
				counts = false
				holidays = append(holidays, d.String())
			}
		}
		if counts && ps.covers(d) {
			counts = false
			paused++
		}
		if counts {
			if n--; n == 0 {
				break
			}
		}
		if d.Year > 9000 {
			return rule.Date{}, fault.New(fault.Invalid, fault.Place{}, "the clock runs beyond the calendar", "")
		}
		d = d.Add(1)
	}
	if weekends > 0 {
		r.step("weekends", "count", itoa(weekends))
	}
	if len(holidays) > 0 {
		r.step("holidays", "count", itoa(len(holidays)), "dates", join(holidays))
	}
	if paused > 0 {
		r.step("paused", "count", itoa(paused))
	}
	return d, nil
}

// later moves the end to a later event; it says whether one is still awaited.
func (s *scene) later(r *Reading, numbered bool) bool {
	if len(r.Rule.LaterOf) == 0 || !numbered {
		return false
	}
	name, at := s.happened(r.Rule.LaterOf, r.Start)
	if name == "" {
		r.AtLeast = true
		r.step("awaited", "events", join(r.Rule.LaterOf))
		return true
	}
	if d := s.calendar.Day(at); d.After(r.Due) {
		r.Due = d
		r.step("later", "event", name, "date", d.String())
	}
	return false
}

// stand decides the state.
func (s *scene) stand(r *Reading, numbered, awaited bool, ps pauses) {
	c := r.Rule
	met, metAt := s.happened(c.Met, r.Start)
	end, endAt := s.happened(c.End, r.Start)
	if met != "" && (end == "" || !endAt.Before(metAt)) {
		r.Done = s.calendar.Day(metAt)
		r.State = Met
		if numbered && !s.inTime(r, metAt) {
			r.State = Missed
		}
		r.step("met", "event", met, "date", r.Done.String())
		return
	}
	if end != "" && !(c.Sort == rule.Minimum && numbered && !awaited && len(c.Met) == 0 && s.calendar.Day(endAt).After(r.Due)) {
		r.Done = s.calendar.Day(endAt)
		r.State = Ended
		r.AtLeast = false
		r.step("ended", "event", end, "date", r.Done.String())
		return
	}
	switch {
	case ps.covers(s.today):
		r.State = Paused
	case !numbered || awaited:
		r.State = Running
	case c.Sort == rule.Minimum && len(c.Met) == 0 && s.today.After(r.Due):
		r.State, r.Done = Met, r.Due
	case c.Sort != rule.Minimum && s.late(r):
		r.State = Missed
	}
}

// inTime says whether an event meets the clock: by its due day, or of a
// minimum from it on.
func (s *scene) inTime(r *Reading, at time.Time) bool {
	if r.Rule.Sort == rule.Minimum {
		return !s.calendar.Day(at).Before(r.Due)
	}
	if !r.DueAt.IsZero() {
		return !at.After(r.DueAt)
	}
	return !s.calendar.Day(at).After(r.Due)
}

func (s *scene) late(r *Reading) bool {
	if !r.DueAt.IsZero() {
		return s.Now.After(r.DueAt)
	}
	return s.today.After(r.Due)
}
