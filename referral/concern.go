package referral

import (
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/referral/rule"
)

// The forms of Answers.
const (
	FormConcern  = "concern"
	FormReferral = "referral"
)

// NewConcern begins a concern over an organisation's link. It is erased at keep
// unless it is handed in before. resume is the digest of the code by which the
// worker's browser goes on with it.
func NewConcern(l *Link, rules string, keep time.Time, resume []byte, w Who) (*Change, error) {
	p, err := w.part(0, PartAnswers, "", Answers{Form: FormConcern, Values: map[string][]string{}})
	if err != nil {
		return nil, err
	}
	c := &Change{New: true, Row: true, Put: []*Part{p}, Codes: map[CodeKind][]byte{Resume: resume}, Matter: Matter{
		Network: l.Network, Kind: Concern, State: Begun, Agency: l.Desk, Link: l.ID, Rules: rules,
		Opened: w.At, Changed: w.At, KeepUntil: keep,
	}}
	c.note(w, "concern.begin", nil)
	return c, nil
}

// Answered returns what was answered so far, and the part that holds it.
func (f *File) Answered() (*Part, *Answers, error) {
	p := f.Only(PartAnswers)
	if p == nil {
		return nil, nil, fault.New(fault.NotFound, fault.Place{}, "nothing was answered here", "")
	}
	a := &Answers{}
	if err := p.Decode(a); err != nil {
		return nil, nil, err
	}
	if a.Values == nil {
		a.Values = map[string][]string{}
	}
	return p, a, nil
}

// SaveConcern keeps the answers to some questions of a concern that is not handed in
// yet; the questions count as done. It names the questions whose earlier answers went
// away, since they are not asked any more.
func (f *File) SaveConcern(form *rule.Form, given rule.Answers, w Who) (c *Change, dropped []string, err error) {
	if f.State != Begun {
		return nil, nil, fault.New(fault.Conflict, fault.Place{}, "it was handed in already", "look at it as it is now")
	}
	return f.save(form, given, w)
}

// save merges answers into the part of answers, without what may not be asked.
func (f *File) save(form *rule.Form, given rule.Answers, w Who) (*Change, []string, error) {
	p, a, err := f.Answered()
	if err != nil {
		return nil, nil, err
	}
	for _, id := range slices.Sorted(maps.Keys(given)) {
		q := form.Question(id)
		if q == nil {
			return nil, nil, fault.New(fault.Invalid, fault.Place{}, "the form has no such question", "load the page again")
		}
		a.Values[id] = given[id]
		if !slices.Contains(a.Done, id) {
			a.Done = append(a.Done, id)
		}
	}
	before := slices.Sorted(maps.Keys(a.Values))
	kept, dropped := form.Prune(a.Values)
	dropped = slices.DeleteFunc(dropped, func(id string) bool {
		_, now := given[id]
		return now || !slices.Contains(before, id)
	})
	a.Values = kept
	asked := map[string]bool{}
	for _, q := range form.Asked(kept) {
		asked[q.ID] = true
	}
	a.Done = slices.DeleteFunc(a.Done, func(id string) bool { return !asked[id] })
	changed := *p
	changed.By, changed.Changed = w.By.ID, w.At
	if err := changed.Encode(a); err != nil {
		return nil, nil, err
	}
	return &Change{Matter: f.Matter, Put: []*Part{&changed}}, dropped, nil
}

// HandIn gives a concern to its desk. due is until when somebody is to look at it, by
// the desk's service level (Agency.Due). receipt is the digest of the code by which
// the worker comes back. Everything that is missing or wrong is said at once.
func (f *File) HandIn(p *rule.Pathway, today rule.Date, due time.Time, receipt []byte, w Who) (*Change, error) {
	part, a, err := f.Answered()
	if err != nil {
		return nil, err
	}
	if err := p.Concern.Check(a.Values, today); err != nil {
		return nil, err
	}
	c, err := f.step(w, HandIn, "", "")
	if err != nil {
		return nil, err
	}
	m := &c.Matter
	m.Opened, m.Due, m.DueRule, m.KeepUntil = w.At, due, DueSeen, time.Time{}
	m.Urgent, m.Child = p.Concern.Marked(rule.MarkUrgent, a.Values), p.Concern.Marked(rule.MarkChild, a.Values)
	c.Codes = map[CodeKind][]byte{Resume: {}, Receipt: receipt}
	touched := *part // so that a page that still saves finds it changed
	touched.Changed = w.At
	c.Put = append(c.Put, &touched)
	return c, nil
}

// DueSeen is the clock of a desk: how soon a concern is looked at.
const DueSeen = "concern-seen"

// Take makes an account answer for a concern; its service-level clock has been met.
func (f *File) Take(w Who) (*Change, error) {
	c, err := f.step(w, Take, "", "")
	if err != nil {
		return nil, err
	}
	c.Matter.Owner, c.Matter.Due, c.Matter.DueRule = w.By.ID, time.Time{}, ""
	return c, nil
}

// AskBack asks the worker something. Several questions may wait at once.
func (f *File) AskBack(text string, w Who) (*Change, error) {
	text, err := said("text", text)
	if err != nil {
		return nil, err
	}
	c, err := f.step(w, AskBack, "", "")
	if err != nil {
		return nil, err
	}
	p, err := w.part(f.ID, PartAsk, "", Ask{Text: text, At: w.At})
	if err != nil {
		return nil, err
	}
	c.Put = append(c.Put, p)
	return c, nil
}

// Reply answers one question of the desk. The concern is Seen again when none waits.
func (f *File) Reply(ask ids.ID, text string, w Who) (*Change, error) {
	text, err := said("text", text)
	if err != nil {
		return nil, err
	}
	waiting := 0
	var answered *Part
	for _, p := range f.Of(PartAsk) {
		var a Ask
		if err := p.Decode(&a); err != nil {
			return nil, err
		}
		switch {
		case !a.Replied.IsZero():
		case p.ID == ask:
			a.Reply, a.Replied = text, w.At
			changed := *p
			changed.Changed = w.At
			if err := changed.Encode(a); err != nil {
				return nil, err
			}
			answered = &changed
		default:
			waiting++
		}
	}
	if answered == nil {
		return nil, fault.New(fault.Conflict, fault.Place{}, "this question was answered already", "look at the page as it is now")
	}
	c, err := f.step(w, Reply, "", "")
	if err != nil {
		return nil, err
	}
	if waiting > 0 {
		c.Matter.State = Asked
	}
	c.Put = append(c.Put, answered)
	return c, nil
}

// Decide ends a concern with a result and a reason. It is kept until keep, by the
// pathway's rule of retention.
func (f *File) Decide(result Result, reason string, keep time.Time, w Who) (*Change, error) {
	c, err := f.step(w, Decide, result, reason)
	if err != nil {
		return nil, err
	}
	m := &c.Matter
	m.Due, m.DueRule, m.KeepUntil = time.Time{}, "", keep
	if m.Owner == 0 {
		m.Owner = w.By.ID
	}
	c.Codes = map[CodeKind][]byte{Receipt: {}}
	return c, nil
}

// Reopen takes a decision back; a reason says why.
func (f *File) Reopen(reason string, w Who) (*Change, error) {
	c, err := f.step(w, Reopen, "", reason)
	if err != nil {
		return nil, err
	}
	m := &c.Matter
	m.Result, m.KeepUntil, m.EraseAsked = "", time.Time{}, 0
	if m.Kind == Case {
		m.State = Draft
		if f.Only(PartHandover) != nil {
			m.State = Sent
		}
	}
	return c, nil
}

// Assign puts a matter into another account's hands, who belongs to the agency that
// holds it. Whoever assigns need not be able to read it.
func (m *Matter) Assign(to ids.ID, reason string, w Who) (*Change, error) {
	c, err := m.step(w, Assign, "", reason)
	if err != nil {
		return nil, err
	}
	if to == 0 {
		return nil, fault.New(fault.Invalid, fault.Place{Field: "to"}, "there is nobody to give it to", "choose somebody of the agency that holds it")
	}
	c.Matter.Owner = to
	return c, nil
}

// mostText bounds what is typed into one field of a file, in characters.
const mostText = 8000

// said trims a text that must be there.
func said(field, text string) (string, error) {
	text = strings.TrimSpace(text)
	switch n := utf8.RuneCountInString(text); {
	case n == 0:
		return "", fault.New(fault.Invalid, fault.Place{Field: field}, "there is no text", "write it")
	case n > mostText:
		return "", fault.New(fault.Invalid, fault.Place{Field: field}, "the text is too long", "shorten it to 8,000 characters")
	}
	return text, nil
}
