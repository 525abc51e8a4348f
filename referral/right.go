package referral

import (
	"strconv"
	"time"

	"waymark/internal/fault"
	"waymark/internal/ids"
)

// Restrict keeps a file as it is, on the person's wish: it is held, and nothing else
// is done with it until the restriction is lifted.
func (f *File) Restrict(reason string, w Who) (*Change, error) {
	c, err := f.step(w, Restrict, "", reason)
	if err != nil {
		return nil, err
	}
	c.Matter.Restricted, c.Recall = true, true
	return c, nil
}

// Lift ends a restriction.
func (f *File) Lift(reason string, w Who) (*Change, error) {
	c, err := f.step(w, Lift, "", reason)
	if err != nil {
		return nil, err
	}
	c.Matter.Restricted = false
	return c, nil
}

// ProposeErasure asks that a file be erased; somebody else approves it.
func (f *File) ProposeErasure(reason string, w Who) (*Change, error) {
	c, err := f.step(w, Propose, "", reason)
	if err != nil {
		return nil, err
	}
	c.Matter.EraseAsked = w.By.ID
	return c, nil
}

// RefuseErasure keeps a file that was proposed for erasure. Whoever refuses need not
// be able to read it.
func (m *Matter) RefuseErasure(reason string, w Who) (*Change, error) {
	c, err := m.step(w, Refuse, "", reason)
	if err != nil {
		return nil, err
	}
	c.Matter.EraseAsked = 0
	return c, nil
}

// ApproveErasure says whether somebody may approve the erasure of a matter: it was
// proposed, by somebody else. The store's Erase does it.
func (m *Matter) ApproveErasure(w Who) error {
	switch m.EraseAsked {
	case 0:
		return fault.New(fault.Conflict, fault.Place{}, "nobody proposed to erase it", "propose it first")
	case w.By.ID:
		return fault.New(fault.Denied, fault.Place{}, "who proposed an erasure does not approve it", "ask a colleague")
	}
	return nil
}

// RightDue is by when a request of the person is to be answered: one month, UK GDPR
// article 12(3). The day is the same of the next month, or its last.
func RightDue(asked time.Time) time.Time {
	y, m, d := asked.Date()
	last := time.Date(y, m+2, 0, 0, 0, 0, 0, time.UTC)
	return time.Date(y, m+1, min(d, last.Day()), 0, 0, 0, 0, time.UTC)
}

// AnswerRight writes down what was answered to a request of the person. It may be
// done on a file that is restricted or closed.
func (f *File) AnswerRight(id ids.ID, etag int64, r *Right, w Who) (*Change, error) {
	p := f.Part(id)
	if p == nil || p.Kind != PartRight {
		return nil, fault.New(fault.NotFound, fault.Place{}, "there is no such request", "")
	}
	if r.Answered == "" {
		return nil, fault.New(fault.Invalid, fault.Place{Field: "answered"}, "this needs a date", "write day, month and year")
	}
	if err := r.check().Err(); err != nil {
		return nil, err
	}
	changed := *p
	changed.Etag, changed.By, changed.Changed, changed.Done = etag, w.By.ID, w.At, true
	if err := changed.Encode(r); err != nil {
		return nil, err
	}
	c := &Change{Matter: f.Matter, Row: true, Put: []*Part{&changed}}
	c.note(w, "case.rights", map[string]string{"kind": r.Kind, "granted": strconv.FormatBool(r.Granted)})
	return c, nil
}
