package referral

import (
	"slices"
	"time"

	"waymark/internal/fault"
	"waymark/internal/ids"
)

// About is what stands in clear about a part that somebody writes.
type About struct {
	// Purpose for which others may see it; "" for nobody else. Default: what the
	// kind is for (PurposeOf).
	Purpose Purpose
	Private bool
	// Due and For put it on a list of reminders.
	Due time.Time
	For ids.ID
	// Done takes it off.
	Done bool
}

// written are the kinds that people write by hand, and may change afterwards. What
// was decided, sent or consented to is not changed but followed by another.
var written = []PartKind{PartPerson, PartRisk, PartPlan, PartNeed, PartService, PartNote, PartTask, PartConference, PartDocument, PartRight}

// PurposeOf is what a part is shared for, if its writer does not say otherwise.
func PurposeOf(kind PartKind, body any) Purpose {
	switch b := body.(type) {
	case *Need:
		for _, t := range NeedTypes {
			if t.Type == b.Type {
				return t.Purpose
			}
		}
	case *Risk, *Plan:
		return Safety
	case *Event, *Conference:
		return Coordination
	}
	return ""
}

// Add writes a new part. body is a pointer to the type of kind.
func (f *File) Add(kind PartKind, body Content, about About, w Who) (*Change, error) {
	if f.Kind == Case {
		if err := f.writable(); err != nil && kind != PartRight {
			return nil, err
		}
	}
	if !slices.Contains(written, kind) && kind != PartConsent && kind != PartEvent {
		return nil, fault.New(fault.Invalid, fault.Place{}, "a part of this kind is not written by hand", "")
	}
	if err := body.check().Err(); err != nil {
		return nil, err
	}
	if x, ok := body.(*Consent); ok && f.Kind == Case {
		if err := f.mayRecord(x); err != nil {
			return nil, err
		}
	}
	p, err := w.part(f.ID, kind, about.Purpose, body)
	if err != nil {
		return nil, err
	}
	p.Private, p.Due, p.For, p.Done = about.Private, about.Due, about.For, about.Done
	// A request of the person may come when the file is closed or restricted.
	c := &Change{Matter: f.Matter, Row: kind == PartRight, Put: []*Part{p}}
	c.note(w, "case.write", map[string]string{"part": string(kind)})
	return c, nil
}

// mayRecord refuses a plain record of "no" once the package is made: it would go on to
// the authority as if nothing had been said. Withdraw stops it.
func (f *File) mayRecord(x *Consent) error {
	if x.Scope != "referral" || x.Given == "yes" || f.State == Draft {
		return nil
	}
	list, err := f.Consents("referral")
	if err != nil || len(list) == 0 || list[len(list)-1].Given != "yes" {
		return err
	}
	return fault.New(fault.Invalid, fault.Place{Field: "given"}, "the referral was checked with the person's consent",
		"write down that consent was withdrawn, so that the referral stops")
}

// Edit changes a part as its writer's agency read it: etag is the one that was shown,
// so that nobody's words are lost. Parts of another agency are not changed.
func (f *File) Edit(id ids.ID, etag int64, body Content, about About, w Who) (*Change, error) {
	if err := f.writable(); err != nil {
		return nil, err
	}
	p := f.Part(id)
	switch {
	case p == nil:
		return nil, fault.New(fault.NotFound, fault.Place{}, "there is no such part", "")
	case !slices.Contains(written, p.Kind):
		return nil, fault.New(fault.Conflict, fault.Place{}, "this is not changed afterwards", "write another one that follows it")
	case p.Agency != w.Agency:
		return nil, fault.New(fault.Denied, fault.Place{}, "another agency wrote this", "write a note beside it, or ask that agency")
	}
	if err := body.check().Err(); err != nil {
		return nil, err
	}
	changed := *p
	changed.Etag, changed.By, changed.Changed = etag, w.By.ID, w.At
	changed.Purpose, changed.Private = about.Purpose, about.Private
	changed.Due, changed.For, changed.Done = about.Due, about.For, about.Done
	if err := changed.Encode(body); err != nil {
		return nil, err
	}
	c := &Change{Matter: f.Matter, Put: []*Part{&changed}}
	c.note(w, "case.write", map[string]string{"part": string(p.Kind), "changed": "yes"})
	return c, nil
}

// Share lets another agency see what is written for some purposes, until a day.
// Required: an agency, at least one purpose, an end.
func (f *File) Share(agency ids.ID, purposes []Purpose, until time.Time, w Who) (*Change, error) {
	if err := f.writable(); err != nil {
		return nil, err
	}
	faults := newChecks()
	if agency == 0 || agency == f.Agency {
		faults.wrong("agency", "choose another agency than the one that holds the file", "")
	}
	if len(purposes) == 0 {
		faults.wrong("purposes", "say what it is shared for", "choose at least one")
	}
	for _, p := range purposes {
		if !slices.Contains(Purposes, p) {
			faults.wrong("purposes", "choose of the list", "")
		}
	}
	switch {
	case !until.After(w.At):
		faults.wrong("until", "the end is past", "choose a later day")
	case until.After(w.At.AddDate(0, 6, 0)):
		faults.wrong("until", "a share lasts six months at most", "choose an earlier day; it can be given again")
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	c := &Change{Matter: f.Matter, Give: []*Grant{{Matter: f.ID, Kind: Share, Agency: agency, Purposes: purposes, By: w.By.ID, From: w.At, Until: until}}}
	c.note(w, "case.share", map[string]string{"agency": agency.String(), "purposes": join(purposes), "until": until.UTC().Format(time.DateOnly)})
	return c, nil
}

// Join puts somebody of the agency that holds the file into its team.
func (f *File) Join(account ids.ID, w Who) (*Change, error) {
	if err := f.writable(); err != nil {
		return nil, err
	}
	c := &Change{Matter: f.Matter, Give: []*Grant{{Matter: f.ID, Kind: Team, Account: account, By: w.By.ID, From: w.At}}}
	c.note(w, "case.share", map[string]string{"account": account.String(), "team": "yes"})
	return c, nil
}

// Unshare takes a grant back, of a closed file too. It works from the next request on.
func (f *File) Unshare(grant ids.ID, w Who) *Change {
	c := &Change{Matter: f.Matter, Row: !f.Open(), End: []ids.ID{grant}}
	c.note(w, "case.share", map[string]string{"ended": grant.String()})
	return c
}

func join(purposes []Purpose) string {
	s := ""
	for i, p := range purposes {
		if i > 0 {
			s += "," // no spaces: the audit takes codes alone
		}
		s += string(p)
	}
	return s
}

// Break opens a file in an emergency to somebody who does not work on it: with a
// reason, for two hours. Whoever answers for the file is reminded of it today, and
// somebody else must review it.
func (m *Matter) Break(reason string, w Who) (*Change, error) {
	reason, err := said("reason", reason)
	if err != nil {
		return nil, err
	}
	if m.State == Erased {
		return nil, Gone(m.ErasedAt)
	}
	if m.Restricted {
		return nil, m.writable()
	}
	why, err := w.part(m.ID, PartStep, "", Step{Verb: BreakGlass, From: m.State, To: m.State, Reason: reason, At: w.At})
	if err != nil {
		return nil, err
	}
	alarm, err := w.part(m.ID, PartTask, "", Task{Kind: taskGlass, Text: reason})
	if err != nil {
		return nil, err
	}
	alarm.Agency, alarm.Due, alarm.For = m.Agency, w.At, m.Owner
	c := &Change{Matter: *m, Row: !m.Open(), Put: []*Part{why, alarm},
		Give: []*Grant{{Matter: m.ID, Kind: Glass, Account: w.By.ID, Purposes: Purposes, By: w.By.ID, From: w.At, Until: w.At.Add(GlassFor)}}}
	c.note(w, "case.break-glass", nil)
	return c, nil
}

// BreakGlass is the verb of Break in a Step; it changes no state.
const BreakGlass Verb = "break-glass"

// ReviewGlass says that somebody else than who broke the glass has looked at why.
// justified is what they found.
func (m *Matter) ReviewGlass(g *Grant, justified bool, w Who) (*Change, error) {
	switch {
	case g.Kind != Glass || g.Matter != m.ID:
		return nil, fault.New(fault.NotFound, fault.Place{}, "there is no such access", "")
	case g.By == w.By.ID:
		return nil, fault.New(fault.Denied, fault.Place{}, "nobody reviews their own access", "ask a colleague")
	case !g.Reviewed.IsZero():
		return nil, fault.New(fault.Conflict, fault.Place{}, "it was reviewed already", "")
	}
	c := &Change{Matter: *m, Row: !m.Open(), Review: []ids.ID{g.ID}}
	verdict := "justified"
	if !justified {
		verdict = "not-justified"
		c.End = []ids.ID{g.ID}
	}
	c.note(w, "glass.review", map[string]string{"grant": g.ID.String(), "by": g.By.String(), "verdict": verdict})
	return c, nil
}

// SendPartner asks another agency to take something on: it sees what is written for
// the purpose from now on, and has until by to accept. until ends the share.
func (f *File) SendPartner(agency ids.ID, purpose Purpose, text string, by, until time.Time, w Who) (*Change, error) {
	text, err := said("text", text)
	if err != nil {
		return nil, err
	}
	c, err := f.Share(agency, []Purpose{purpose}, until, w)
	if err != nil {
		return nil, err
	}
	p, err := w.part(f.ID, PartPartner, purpose, PartnerReferral{Agency: agency, Purpose: purpose, Text: text, Sent: w.At,
		Course: []Mark{{State: "sent", Date: w.At.UTC().Format(time.DateOnly)}}})
	if err != nil {
		return nil, err
	}
	p.Due, p.For = by, f.Owner
	c.Put = append(c.Put, p)
	c.note(w, "case.partner", map[string]string{"agency": agency.String(), "purpose": string(purpose)})
	return c, nil
}

// AnswerPartner is what became of a referral to a partner: the partner accepts or
// declines, and completes what it accepted. Declining ends its share.
func (f *File) AnswerPartner(id ids.ID, etag int64, mark Mark, shares []*Grant, w Who) (*Change, error) {
	if err := f.writable(); err != nil {
		return nil, err
	}
	p := f.Part(id)
	if p == nil || p.Kind != PartPartner {
		return nil, fault.New(fault.NotFound, fault.Place{}, "there is no such referral", "")
	}
	var r PartnerReferral
	if err := p.Decode(&r); err != nil {
		return nil, err
	}
	if w.Agency != r.Agency && w.Agency != f.Agency {
		return nil, fault.New(fault.Denied, fault.Place{}, "it was not sent to this agency", "")
	}
	r.Course = append(r.Course, mark)
	faults := newChecks()
	faults.course(r.Course, PartnerNext)
	if mark.State == "declined" && mark.Why == "" {
		faults.wrong("why", "say why it is declined, so that somebody else can be asked", "")
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	changed := *p
	changed.Etag, changed.By, changed.Changed, changed.Done = etag, w.By.ID, w.At, true
	if err := changed.Encode(r); err != nil {
		return nil, err
	}
	c := &Change{Matter: f.Matter, Put: []*Part{&changed}}
	if mark.State == "declined" {
		for _, g := range shares {
			if g.Kind == Share && g.Agency == r.Agency && g.InForce(w.At) && slices.Equal(g.Purposes, []Purpose{r.Purpose}) {
				c.End = append(c.End, g.ID)
			}
		}
	}
	c.note(w, "case.partner", map[string]string{"agency": r.Agency.String(), "state": mark.State})
	return c, nil
}

// Hold writes down a conference that was held: its actions become tasks of the file,
// each with a reminder for the owner of the matter.
func (f *File) Hold(m *Conference, about About, w Who) (*Change, error) {
	m.Held = true
	c, err := f.Add(PartConference, m, about, w)
	if err != nil {
		return nil, err
	}
	for _, a := range m.Actions {
		t, err := w.part(f.ID, PartTask, about.Purpose, Task{Kind: "meeting", Text: a.Who + ": " + a.What})
		if err != nil {
			return nil, err
		}
		t.For, t.Private = f.Owner, about.Private
		if a.Due != "" {
			if t.Due, err = time.Parse(time.DateOnly, a.Due); err != nil {
				return nil, err
			}
		}
		c.Put = append(c.Put, t)
	}
	return c, nil
}

// Tick takes a part off the list of reminders: what it asked for was done. Those who
// hold the file tick what is theirs or a partner's, a partner what it wrote; a request
// of the person, and one to a partner, go off by their answer alone.
func (f *File) Tick(id ids.ID, w Who) (*Change, error) {
	if err := f.writable(); err != nil {
		return nil, err
	}
	p := f.Part(id)
	switch {
	case p == nil || p.Due.IsZero():
		return nil, fault.New(fault.NotFound, fault.Place{}, "there is no such task", "")
	case p.Kind == PartRight || p.Kind == PartPartner:
		return nil, fault.New(fault.Conflict, fault.Place{}, "this waits for an answer", "write the answer down")
	case w.Agency != f.Agency && w.Agency != p.Agency:
		return nil, fault.New(fault.Denied, fault.Place{}, "another agency is reminded of this", "write a note beside it")
	case p.Done:
		return nil, fault.New(fault.Conflict, fault.Place{}, "it was done already", "")
	}
	done := *p
	done.Done, done.By, done.Changed = true, w.By.ID, w.At
	c := &Change{Matter: f.Matter, Put: []*Part{&done}}
	c.note(w, "case.write", map[string]string{"part": string(p.Kind), "done": "yes"})
	return c, nil
}
