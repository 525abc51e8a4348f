package referral

import (
	"slices"
	"time"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/referral/clock"
	"waymark/referral/rule"
)

// Settings of the clocks that a network sets itself, by the names of the rules.
const (
	setSee    = "see-within"
	setAccept = "accept-within"
)

// Happenings are the events of a case by the names of its rules, as instants: what
// people wrote down, and what acts of the program tell. Of two by one name the later
// written counts.
func (f *File) Happenings(p *rule.Pathway, cal *clock.Calendar) (map[string]time.Time, error) {
	all := map[string]time.Time{}
	for _, part := range f.Of(PartEvent) {
		var e Event
		if err := part.Decode(&e); err != nil {
			return nil, err
		}
		if d, err := rule.ParseDate(e.Date); err == nil {
			all[e.Name] = cal.Midnight(d)
		}
	}
	var pack Package
	if part := f.Only(PartPackage); part != nil {
		if err := part.Decode(&pack); err != nil {
			return nil, err
		}
	}
	var over Handover
	if part := f.Only(PartHandover); part != nil {
		if err := part.Decode(&over); err != nil {
			return nil, err
		}
	}
	var answers Answers
	if part := f.Only(PartAnswers); part != nil {
		if err := part.Decode(&answers); err != nil {
			return nil, err
		}
	}
	for _, e := range p.Events {
		switch e.On {
		case rule.OnHandover:
			if !over.At.IsZero() && slices.Contains(e.Outcomes, pack.Outcome) {
				all[e.ID] = over.At
			}
		case rule.OnAnswer:
			if v := answers.Values[e.Question]; len(v) == 1 {
				if d, err := rule.ParseDate(v[0]); err == nil {
					all[e.ID] = cal.Midnight(d)
				}
			}
		case rule.OnClose:
			if f.State == Closed {
				all[e.ID] = f.Changed
			}
		}
	}
	return all, nil
}

// Clocks reads every clock of the rules that has started, in their order.
func (f *File) Clocks(p *rule.Pathway, n *Network, now time.Time) ([]clock.Reading, error) {
	cal, err := clock.CalendarOf(p, n.Nation)
	if err != nil {
		return nil, err
	}
	events, err := f.Happenings(p, cal)
	if err != nil {
		return nil, err
	}
	in := clock.Input{Nation: n.Nation, Now: now, Events: events, Settings: map[string]int{}}
	if n.AcceptWithin > 0 {
		in.Settings[setAccept] = n.AcceptWithin
	}
	all, err := clock.Read(p, in)
	return slices.DeleteFunc(all, func(r clock.Reading) bool { return r.State == clock.Waiting }), err
}

// next is the date that binds first, of clocks that run: until when something is to be
// done. A minimum binds nobody to act. A civil date is kept as its start in UTC.
func next(list []clock.Reading) (time.Time, string) {
	var due time.Time
	id := ""
	for _, r := range list {
		if r.State != clock.Running || r.Due.IsZero() || r.Rule.Sort == rule.Minimum {
			continue
		}
		if at := civil(r.Due); due.IsZero() || at.Before(due) {
			due, id = at, r.Rule.ID
		}
	}
	return due, id
}

// Happened writes down a decision that was received, or another event of the rules,
// and sets the case's next date.
func (f *File) Happened(p *rule.Pathway, n *Network, e *Event, w Who) (*Change, error) {
	if known := p.Event(e.Name); known == nil || !known.ByHand() {
		return nil, fault.New(fault.Invalid, fault.Place{Field: "name"}, "the rules know no such event", "choose one of the list")
	}
	c, err := f.Add(PartEvent, e, About{Purpose: Coordination}, w)
	if err != nil {
		return nil, err
	}
	if d, err := rule.ParseDate(e.Date); err != nil || d.After(p.Today(n.Nation, w.At)) {
		return nil, fault.New(fault.Invalid, fault.Place{Field: "date"}, "this is after today", "write the day on which it happened")
	}
	c.Row = true
	c.Matter.Changed = w.At
	return c, f.reckon(p, n, c, w.At)
}

// reckon sets the next date of the case as it will be after a change.
func (f *File) reckon(p *rule.Pathway, n *Network, c *Change, now time.Time) error {
	after := &File{Matter: c.Matter, Parts: slices.Clone(f.Parts)}
	for _, part := range c.Put {
		if i := slices.IndexFunc(after.Parts, func(x *Part) bool { return part.ID != 0 && x.ID == part.ID }); i >= 0 {
			after.Parts[i] = part
			continue
		}
		after.Parts = append(after.Parts, part)
	}
	list, err := after.Clocks(p, n, now)
	if err != nil {
		return err
	}
	c.Matter.Due, c.Matter.DueRule = next(list)
	return nil
}

func civil(d rule.Date) time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// hours are an agency's, with the default of 9:00 to 17:00 on working days.
func (a *Agency) hours() clock.Hours {
	h := clock.Hours(a.Hours)
	if h == (clock.Hours{}) {
		h = clock.OfficeHours
	}
	return h
}

func or(n, standard int) int {
	if n > 0 {
		return n
	}
	return standard
}

// The defaults of a desk, in minutes of its open hours.
const (
	seeWithin   = 120
	deputyAfter = 60
)

// SeeBy is until when a concern that came in at a moment is to be looked at.
func (a *Agency) SeeBy(p *rule.Pathway, nation string, received time.Time) (time.Time, error) {
	cal, err := clock.CalendarOf(p, nation)
	if err != nil {
		return time.Time{}, err
	}
	return cal.AddService(received, or(a.SeeWithin, seeWithin), a.hours())
}

// Turn is who is to look at a concern now: the contact, and the deputy where there is
// one, once the contact is away or the deputy's time has come.
func (a *Agency) Turn(p *rule.Pathway, nation string, received, now time.Time) ([]ids.ID, error) {
	if a.Deputy == 0 || a.Deputy == a.Contact {
		return []ids.ID{a.Contact}, nil
	}
	if a.ContactAway {
		return []ids.ID{a.Deputy}, nil
	}
	cal, err := clock.CalendarOf(p, nation)
	if err != nil {
		return nil, err
	}
	from, err := cal.AddService(received, or(a.DeputyAfter, deputyAfter), a.hours())
	if err != nil {
		return nil, err
	}
	if now.Before(from) {
		return []ids.ID{a.Contact}, nil
	}
	return []ids.ID{a.Contact, a.Deputy}, nil
}

// acceptWithin is how many working days a partner has, if the network does not say.
const acceptWithin = 2

// Accept is how many working days a partner has to answer.
func (n *Network) Accept() int { return or(n.AcceptWithin, acceptWithin) }

// AcceptBy is by which day a partner that is asked now is to answer, as the start of
// that day in UTC.
func (n *Network) AcceptBy(p *rule.Pathway, now time.Time) (time.Time, error) {
	cal, err := clock.CalendarOf(p, n.Nation)
	if err != nil {
		return time.Time{}, err
	}
	d, err := cal.AddWorkingDays(cal.Day(now), n.Accept())
	return civil(d), err
}

// The kinds of what is kept, in rules of retention.
const (
	KeepBegun    = "frontline-draft"
	KeepDraft    = "referral-draft"
	KeepConcern  = "concern-closed"
	KeepCase     = "case-closed"
	KeepNotified = "notification"
)

// Keep is when something that ends now is to be erased. Where the rules do not say, it
// is kept until somebody decides: the zero time.
func (f *File) Keep(p *rule.Pathway, nation, kind string, now time.Time) (time.Time, error) {
	birth := rule.Date{}
	if cal, err := clock.CalendarOf(p, nation); err == nil {
		events, err := f.Happenings(p, cal)
		if err != nil {
			return time.Time{}, err
		}
		for _, e := range p.Events {
			if at, ok := events[e.ID]; ok && e.On == rule.OnAnswer {
				birth = cal.Day(at)
			}
		}
	}
	k, err := clock.Keep(p, nation, kind, now, birth)
	if fault.KindOf(err) == fault.NotFound {
		return time.Time{}, nil
	}
	return k.Until, err
}
