// Package demo makes a programme to look around in: the example round as
// submissions of the built-in questionnaire fms-2016, with points, targets,
// enumerators and reviews. Nobody in it exists: every record, name and reason
// says that it is synthetic. The same seed makes the same interviews.
//
// It knows the example round, the questionnaire and the values of collection;
// it must not know pages or how the store keeps things.
package demo

import (
	"time"

	"waymark/monitoring/example"
	"waymark/stats/table"
)

// Instrument is the questionnaire of the demonstration.
const Instrument = "fms-2016"

// Note stands in every record and beside every name.
const Note = "synthetic"

// Interview is one made-up interview as a phone would send it.
type Interview struct {
	XML        []byte
	InstanceID string // "uuid:..."
	Start, End time.Time
	Sent       time.Time
	Day        string // civil date
	Point      string
	Route      string // "" where it was not asked
	Enumerator string // code
	// Planted says what is wrong with it on purpose; "" for nothing.
	Planted string
}

// Interviews makes about n eligible interviews and, in proportion, those that
// the rules leave out, in the order in which they began. plant makes a few of
// them faulty; without it every document keeps the form's rules, but for a few
// people who took part before and then did not consent.
//
// Below example.Smallest, an even share of that many is taken.
func Interviews(n int, seed uint64, plant bool, use func(*Interview) error) error {
	every := 1.0
	if n < example.Smallest {
		every = float64(n) / example.Smallest
		n = example.Smallest
	}
	w, err := newWriter()
	if err != nil {
		return err
	}
	row, taken := 0, 0.0
	var last *person
	return example.Parts(n, seed, func(t *table.Table) error {
		columns := t.Columns()
		for r := range t.Rows() {
			row++
			if taken += every; taken < 1 {
				continue
			}
			taken--
			p := newPerson(columns, r)
			if plant {
				p.plant(row, last)
			}
			last = p
			if err := use(w.interview(p)); err != nil {
				return err
			}
		}
		return nil
	})
}
