package referral

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"waymark/internal/fault"
	"waymark/referral/rule"
)

// Starter is what a case begins with.
type Starter struct {
	Network *Network
	// Agency of whoever begins it. Required; it must be one that may refer.
	Agency *Agency
	// Rules are the pathway in force. Required.
	Rules *rule.Pathway
	// From is the concern that it comes from, or nil.
	From *File
	// Keep is when a draft that nobody finishes is erased. Required.
	Keep time.Time
}

// NewCase begins the case of one person. What a concern told already is carried over,
// to be looked at and confirmed (rule.Pathway.Known).
func NewCase(s Starter, w Who) (*Change, error) {
	if !s.Rules.MayRefer(s.Agency.Kind, s.Network.Nation) {
		return nil, fault.New(fault.Denied, fault.Place{}, "this agency is no first responder under the rules of its nation",
			"hand the concern to one that is, such as the council or the police")
	}
	m := Matter{Network: s.Network.Programme, Kind: Case, State: Draft, Agency: s.Agency.ID, Owner: w.By.ID,
		Rules: s.Rules.Version, Opened: w.At, Changed: w.At, KeepUntil: s.Keep}
	known := rule.Answers{}
	if s.From != nil {
		m.Origin, m.Urgent, m.Child = s.From.ID, s.From.Urgent, s.From.Child
		_, a, err := s.From.Answered()
		if err != nil {
			return nil, err
		}
		known = s.Rules.Known(a.Values, s.Rules.Today(s.Network.Nation, w.At))
	}
	p, err := w.part(0, PartAnswers, "", Answers{Form: FormReferral, Values: known})
	if err != nil {
		return nil, err
	}
	c := &Change{New: true, Row: true, Matter: m, Put: []*Part{p}}
	c.note(w, "case.begin", map[string]string{"origin": m.Origin.String()})
	return c, nil
}

// SaveReferral keeps the answers to some questions of a draft; the questions count as
// done. Earlier answers to questions that are not asked any more are removed and
// named. It is where a referral's branch changes: the row's outcome follows. A draft
// that is worked on is kept on.
func (f *File) SaveReferral(p *rule.Pathway, nation string, given rule.Answers, w Who) (c *Change, dropped []string, err error) {
	if err := f.writable(); err != nil {
		return nil, nil, err
	}
	if f.State != Draft {
		return nil, nil, fault.New(fault.Conflict, fault.Place{}, "the referral was checked and is not changed any more", "take the check back first")
	}
	c, dropped, err = f.save(p.Referral, given, w)
	if err != nil {
		return nil, nil, err
	}
	var a Answers
	if err := c.Put[0].Decode(&a); err != nil {
		return nil, nil, err
	}
	outcome := ""
	if o := p.Outcome(a.Values); o != nil {
		outcome = o.ID
	}
	child := p.Referral.Marked(rule.MarkChild, a.Values)
	if outcome != f.Outcome || child != f.Child {
		c.Row = true
		c.Matter.Outcome, c.Matter.Child, c.Matter.Changed = outcome, child, w.At
		c.note(w, "referral.write", map[string]string{"outcome": outcome, "before": f.Outcome})
	}
	keep, err := f.Keep(p, nation, KeepDraft, w.At)
	if err != nil {
		return nil, nil, err
	}
	if keep.Sub(f.KeepUntil) > 24*time.Hour { // once a day at most, so that saves do not clash
		c.Row = true
		c.Matter.KeepUntil = keep
	}
	return c, dropped, nil
}

// ConsentQuestion is the question of the referral form whose answer must agree with
// the latest record of consent.
const ConsentQuestion = "consent"

// Consents lists the records of a scope, oldest first.
func (f *File) Consents(scope string) ([]*Consent, error) {
	var list []*Consent
	for _, p := range f.Of(PartConsent) {
		c := &Consent{}
		if err := p.Decode(c); err != nil {
			return nil, err
		}
		if c.Scope == scope {
			list = append(list, c)
		}
	}
	return list, nil
}

// Freeze checks all answers and makes the package: exactly what may be sent, which no
// later answer changes. Everything that is missing or wrong is said at once.
func (f *File) Freeze(p *rule.Pathway, today rule.Date, key string, w Who) (*Change, error) {
	if err := f.writable(); err != nil {
		return nil, err
	}
	part, a, err := f.Answered()
	if err != nil {
		return nil, err
	}
	if err := p.Referral.Check(a.Values, today); err != nil {
		return nil, err
	}
	outcome := p.Outcome(a.Values)
	if outcome == nil {
		return nil, fault.New(fault.Invalid, fault.Place{}, "the answers do not say yet where the referral goes", "answer the questions that are left")
	}
	if err := f.consented(a.Values); err != nil {
		return nil, err
	}
	values, err := p.Carry(outcome.ID, a.Values)
	if err != nil {
		return nil, err
	}
	if err := p.Lawful(outcome, values, a.Values); err != nil {
		return nil, err
	}
	c, err := f.step(w, Freeze, "", "")
	if err != nil {
		return nil, err
	}
	pack := Package{Outcome: outcome.ID, Rules: p.Version, Made: w.At, Values: values, Key: key}
	sent, err := json.Marshal(values)
	if err != nil {
		return nil, err
	}
	digest := sha256.Sum256(sent)
	pack.Digest = hex.EncodeToString(digest[:])
	made, err := w.part(f.ID, PartPackage, "", pack)
	if err != nil {
		return nil, err
	}
	touched := *part
	touched.Changed = w.At
	c.Put = append(c.Put, made, &touched)
	c.Matter.Outcome, c.Matter.KeepUntil = outcome.ID, time.Time{}
	return c, nil
}

// consented holds the answer about consent against the record of it.
func (f *File) consented(values rule.Answers) error {
	answer := values.One(ConsentQuestion)
	if answer == "" { // not asked: a child, or the age is not sure
		return nil
	}
	list, err := f.Consents("referral")
	if err != nil {
		return err
	}
	given := ""
	if len(list) > 0 {
		given = list[len(list)-1].Given
	}
	if given == answer || answer == "no" && given == "withdrawn" {
		return nil
	}
	return fault.New(fault.Invalid, fault.Place{Field: ConsentQuestion}, "the record of consent does not say what the answer says",
		"write down how consent was asked for, in which language, and what the person said")
}

// Thaw takes the check back, so that answers can be changed. The package is removed,
// and so is a message that waits with it.
func (f *File) Thaw(reason string, w Who) (*Change, error) {
	c, err := f.step(w, Thaw, "", reason)
	if err != nil {
		return nil, err
	}
	for _, p := range f.Of(PartPackage) {
		c.Drop = append(c.Drop, Dropped{p.ID, p.Etag})
	}
	c.Recall = true
	return c, nil
}

// Packed returns the package that waits or was handed over, with its part.
func (f *File) Packed() (*Part, *Package, error) {
	p := f.Only(PartPackage)
	if p == nil {
		return nil, nil, fault.New(fault.NotFound, fault.Place{}, "the referral has not been checked yet", "check the answers first")
	}
	pack := &Package{}
	return p, pack, p.Decode(pack)
}

// Queue puts the package into the outbox; the case is Sent when it was delivered.
func (f *File) Queue(body []byte, w Who) (*Change, error) {
	p, pack, err := f.Packed()
	if err != nil {
		return nil, err
	}
	if !f.Can(HandOver) {
		return nil, fault.New(fault.Conflict, fault.Place{}, "it cannot be handed over now", "look at it as it is now")
	}
	c := &Change{Matter: f.Matter, Row: true, Send: &Message{Package: p.ID, Key: pack.Key, State: Waiting, Body: body}}
	c.Matter.Changed = w.At
	c.note(w, "referral.submit", map[string]string{"how": "service", "outcome": pack.Outcome})
	return c, nil
}

// Hows are the ways of handing a package over by hand, in the order of pages.
var Hows = []string{"upload", "e-mail", "post", "in-person"}

// HandOver records that the authority has the package; clocks start with it.
func (f *File) HandOver(rules *rule.Pathway, n *Network, how, receipt string, w Who) (*Change, error) {
	p, pack, err := f.Packed()
	if err != nil {
		return nil, err
	}
	c, err := f.step(w, HandOver, "", "")
	if err != nil {
		return nil, err
	}
	over, err := w.part(f.ID, PartHandover, Coordination, Handover{Package: p.ID, At: w.At, How: how, Receipt: receipt})
	if err != nil {
		return nil, err
	}
	c.Put = append(c.Put, over)
	c.Recall = how != "service"
	c.note(w, "referral.submit", map[string]string{"how": how, "outcome": pack.Outcome})
	return c, f.reckon(rules, n, c, w.At)
}

// Withdraw records that the person takes consent to the referral back. Before it is
// handed over the answer becomes no, and with it goes all that may then not be
// asked; afterwards the case is closed, and the authority must be told.
func (f *File) Withdraw(p *rule.Pathway, n *Network, record Consent, w Who) (*Change, error) {
	record.Scope, record.Given = "referral", "withdrawn"
	if err := record.check().Err(); err != nil {
		return nil, err
	}
	list, err := f.Consents("referral")
	if err != nil {
		return nil, err
	}
	if len(list) == 0 || list[len(list)-1].Given != "yes" {
		return nil, fault.New(fault.Conflict, fault.Place{}, "no consent is recorded that could be withdrawn", "look at the records of consent")
	}
	written, err := w.part(f.ID, PartConsent, "", record)
	if err != nil {
		return nil, err
	}
	c := &Change{Matter: f.Matter, Row: true, Put: []*Part{written}, Recall: true}
	c.Matter.Changed = w.At
	c.note(w, "case.consent-withdrawn", map[string]string{"from": string(f.State)})
	switch f.State {
	case Draft, Ready:
		if p.Referral.Question(ConsentQuestion) == nil {
			break
		}
		saved, _, err := f.save(p.Referral, rule.Answers{ConsentQuestion: {"no"}}, w)
		if err != nil {
			return nil, err
		}
		c.Put = append(c.Put, saved.Put...)
		for _, made := range f.Of(PartPackage) {
			c.Drop = append(c.Drop, Dropped{made.ID, made.Etag})
		}
		var a Answers
		if err := saved.Put[0].Decode(&a); err != nil {
			return nil, err
		}
		c.Matter.State, c.Matter.Outcome = Draft, ""
		if c.Matter.KeepUntil, err = f.Keep(p, n.Nation, KeepDraft, w.At); err != nil {
			return nil, err
		}
		if o := p.Outcome(a.Values); o != nil {
			c.Matter.Outcome = o.ID
		}
	case Sent:
		m := &c.Matter
		m.State, m.Result, m.Due, m.DueRule = Closed, Withdrawn, time.Time{}, ""
		if m.KeepUntil, err = f.Keep(p, n.Nation, KeepCase, w.At); err != nil {
			return nil, err
		}
		c.Put = append(c.Put, f.unburdened(w)...)
		for _, e := range p.Events {
			if e.On != rule.OnWithdrawal {
				continue
			}
			told, err := w.part(f.ID, PartEvent, Coordination, Event{Name: e.ID, Date: record.Date})
			if err != nil {
				return nil, err
			}
			c.Put = append(c.Put, told)
		}
	}
	return c, nil
}

// writable says why a case may not be written to, or nil.
func (m *Matter) writable() error {
	switch {
	case m.State == Erased:
		return Gone(m.ErasedAt)
	case m.Restricted:
		return fault.New(fault.Conflict, fault.Place{}, "the person asked that nothing more be done with this file", "lift the restriction first, if the person agrees")
	case m.State == Closed:
		return fault.New(fault.Conflict, fault.Place{}, "the case is closed", "open it again first")
	}
	return nil
}

// Closing ends a case with a result and a reason. It is kept for the time of the rules.
func (f *File) Closing(p *rule.Pathway, n *Network, result Result, reason string, w Who) (*Change, error) {
	c, err := f.step(w, Close, result, reason)
	if err != nil {
		return nil, err
	}
	kind := KeepCase
	if result == Notified {
		kind = KeepNotified
	}
	m := &c.Matter
	m.Due, m.DueRule = time.Time{}, ""
	if m.KeepUntil, err = f.Keep(p, n.Nation, kind, w.At); err != nil {
		return nil, err
	}
	c.Recall = true
	c.Put = append(c.Put, f.unburdened(w)...)
	return c, nil
}

// unburdened takes everything of the case off everybody's list of reminders, but what
// the person asked for.
func (f *File) unburdened(w Who) []*Part {
	var parts []*Part
	for _, p := range f.Parts {
		if !p.Due.IsZero() && !p.Done && p.Kind != PartRight {
			done := *p
			done.Done, done.Changed, done.By = true, w.At, w.By.ID
			parts = append(parts, &done)
		}
	}
	return parts
}
