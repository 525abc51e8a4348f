package referral

import (
	"time"

	"waymark/internal/fault"
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
