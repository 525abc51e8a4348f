package collection

import (
	"slices"
	"strconv"

	"waymark/internal/fault"
	"waymark/internal/ids"
)

// MostEnumerators is how many people with phones a round may have.
const MostEnumerators = 2000

// Check says everything that is wrong with an enumerator of a round, by the
// fields "code", "name" and "points". others are the round's enumerators; the one
// with the same ID is the person's former state. A name is optional: who keeps
// the list of codes elsewhere needs none here.
func (e *FieldEnumerator) Check(points []*Point, others []*FieldEnumerator) error {
	b := newBreaches()
	e.check(b, 0)
	for _, id := range e.Points {
		if !slices.ContainsFunc(points, func(p *Point) bool { return p.ID == id }) {
			b.field("points", "enumerator.points")
			break
		}
	}
	for _, o := range others {
		if o.ID != e.ID && o.Code == e.Code {
			b.field("code", "taken")
		}
	}
	if e.ID == 0 && len(others) >= MostEnumerators {
		b.field("code", "many", "most", strconv.Itoa(MostEnumerators))
	}
	return b.err()
}

func (e *FieldEnumerator) check(b *breaches, row int) {
	b.code(fault.Place{Row: row, Field: "code"}, e.Code)
	b.text(fault.Place{Row: row, Field: "name"}, e.Name, false, MostName, false)
}

// WorksAt tells whether an enumerator works at a point; who has none assigned
// works anywhere.
func (e *FieldEnumerator) WorksAt(point ids.ID) bool {
	return len(e.Points) == 0 || slices.Contains(e.Points, point)
}

// PhoneState says what an enumerator's QR code is worth.
type PhoneState string

// The states of a QR code.
const (
	PhoneNone    PhoneState = "none"    // no code was made yet
	PhoneReady   PhoneState = "ready"   // made, and no phone has used it
	PhoneUsed    PhoneState = "used"    // a phone has used it
	PhoneRevoked PhoneState = "revoked" // it does not work any more
)

// Phone returns the state of the enumerator's QR code.
func (e *FieldEnumerator) Phone() PhoneState {
	switch {
	case !e.Revoked.IsZero():
		return PhoneRevoked
	case e.Coded.IsZero():
		return PhoneNone
	case e.Used.Before(e.Coded.Truncate(hour)):
		return PhoneReady
	}
	return PhoneUsed
}
