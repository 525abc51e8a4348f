package quality

import (
	"encoding/binary"
	"fmt"
	"math"

	"waymark/internal/fault"
	"waymark/monitoring/instrument"
	"waymark/stats/table"
)

// Likeness is the measure of the rules duplicate.near and duplicate.answers for
// interviews that come one by one: what is compared of each, and whether two are
// alike. It finds the same pairs as Check on the whole file.
//
// It does not change and may be used by many goroutines.
type Likeness struct {
	inst  *instrument.Instrument
	share float64
	least int
	hands int
	names []string // of the questions about the person, in the instrument's order
}

// Portrait is what is compared of one interview: its answers about the person,
// closed questions, numbers and dates. It holds answers, and must be kept no
// longer than the comparison takes.
type Portrait struct {
	block    string // enumerator, point and day
	answers  map[string]string
	likeness *Likeness
}

// NewLikeness prepares the measure for an instrument. set replaces thresholds, as
// in Options.
func NewLikeness(inst *instrument.Instrument, set map[string]float64) (*Likeness, error) {
	if inst == nil {
		return nil, fault.New(fault.Internal, fault.Place{}, "a measure of likeness needs an instrument", "")
	}
	limits, err := thresholds(Rules(), set)
	if err != nil {
		return nil, err
	}
	l := &Likeness{inst: inst, share: limits["duplicate.near.share"], least: int(limits["duplicate.near.answers"])}
	for _, q := range aboutPerson(inst) {
		l.names = append(l.names, inst.Questions[q].Name)
	}
	l.hands = handsOf(l.share, len(l.names))
	return l, nil
}

// handsOf is into how many hands n questions are dealt so that two interviews
// with at least the share alike agree on a whole hand.
func handsOf(share float64, n int) int {
	hands := int(math.Floor((1-share)*float64(n)+1e-9)) + 1
	return max(min(hands, n), 1)
}

// Of makes the portrait of a row of a table that the instrument typed, or nil
// if the interview is not compared: too few answers, or no day, enumerator or
// point.
func (l *Likeness) Of(t *table.Table, row int) *Portrait {
	p := &Portrait{answers: map[string]string{}, likeness: l}
	for _, name := range l.names {
		c := t.Column(name)
		if c == nil || c.Kind() == table.Text || c.Kind() == table.Time || !present(c, row) {
			continue
		}
		p.answers[name] = c.Text(row)
	}
	if len(p.answers) < l.least {
		return nil
	}
	role := func(role instrument.Role) table.Column { return t.Column(l.inst.Roles[role]) }
	day := ""
	if c := asDate(role(instrument.RoleDate)); c != nil && present(c, row) {
		day = c.Text(row)
	} else if c, ok := role(instrument.RoleStart).(*table.TimeColumn); ok && present(c, row) {
		day = table.NewDate("", []int32{localDay(c, row)}, nil).Text(0)
	}
	if day == "" {
		return nil
	}
	p.block = day
	hasAny := false
	for _, r := range []instrument.Role{instrument.RoleEnumerator, instrument.RolePoint} {
		c := role(r)
		if l.inst.Roles[r] == "" || c == nil {
			continue
		}
		text := c.Text(row)
		if !present(c, row) || text == "" {
			return nil
		}
		hasAny = true
		p.block += fmt.Sprintf("\x00%d\x00%s", len(text), text)
	}
	if !hasAny {
		return nil
	}
	return p
}

// Hands are the groups of answers of which two interviews that are alike share
// at least one whole: each with enumerator, point and day, then all answers by
// themselves, wherever they were given. They hold answers: digest them under a
// key before they are kept.
func (p *Portrait) Hands() [][]byte {
	l := p.likeness
	hands := make([][]byte, l.hands+1)
	for i := range hands[:l.hands] {
		hands[i] = append(hands[i], fmt.Sprintf("hand %d of %d\x00%s\x00", i, l.hands, p.block)...)
	}
	hands[l.hands] = append(hands[l.hands], "all\x00"...)
	for at, name := range l.names {
		value, answered := p.answers[name]
		if !answered {
			continue
		}
		for _, h := range []int{at % l.hands, l.hands} {
			hands[h] = binary.AppendUvarint(hands[h], uint64(at))
			hands[h] = binary.AppendUvarint(hands[h], uint64(len(value)))
			hands[h] = append(hands[h], value...)
		}
	}
	return hands
}

// Verdict is the outcome of a comparison of two interviews.
type Verdict struct {
	// Alike of the Over questions that either answered are answered alike.
	Alike, Over int
	// Near says that the pair is a finding of duplicate.near; Same that it is
	// one of duplicate.answers.
	Near, Same bool
}

// Compare judges two portraits by the rules' own thresholds.
func (p *Portrait) Compare(other *Portrait) Verdict {
	v := Verdict{}
	for name, value := range p.answers {
		v.Over++
		if theirs, ok := other.answers[name]; ok && theirs == value {
			v.Alike++
		}
	}
	for name := range other.answers {
		if _, ok := p.answers[name]; !ok {
			v.Over++
		}
	}
	l := p.likeness
	v.Same = v.Alike == v.Over
	v.Near = !v.Same && p.block == other.block && v.Over >= l.least && float64(v.Alike) >= l.share*float64(v.Over)-1e-9
	return v
}
