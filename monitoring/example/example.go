// Package example makes the example round: a flow monitoring survey with
// people who do not exist, so that anyone can run the program and see a whole
// brief, and so that tests have a round whose figures are known.
//
// The round is made when it is asked for, from margins.yaml, which says of
// every number whether it is published, derived or assumed. Published figures
// come out by quota, not by luck; the rest is drawn with a fixed seed. The same
// call gives the same round on every machine. Nothing here is an answer of any
// person, and every row says that it is synthetic.
//
// The package knows the instrument fms-2016 and typed columns; it knows
// nothing of plans, estimates or briefs.
package example

import (
	"fmt"
	"io"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// Name is the name of the example round as a file.
const Name = "interviews-synthetic.csv"

// Size is the number of eligible interviews of the example round: 5,695 on the
// Eastern and 2,780 on the Central Mediterranean route. Source: IOM, analysis
// of 11 October 2016.
const Size = 8475

// Smallest is the least number of eligible interviews that can be made: below
// it the rarest quotas round to nothing.
const Smallest = 500

// seed of the example round. Any other number would do as well.
const seed = 2016

// Table makes the example round.
func Table() (*table.Table, error) { return Generate(Size, seed) }

// Generate makes the same round with n eligible interviews and, in proportion,
// the interviews that the rules leave out. n is Smallest or more. A large round
// is put together from parts of about Size, each with the full set of quotas.
func Generate(n int, seed uint64) (*table.Table, error) {
	s := new(sheet)
	book, err := each(n, seed, func(book *codebook, ps []person) error {
		words := table.SetWords(len(book.levels["country"]))
		if s.start == nil {
			s.grow(n+n/10, words)
		}
		s.add(ps, words)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return s.table(book)
}

// Parts makes the round as Generate does and hands it over part by part, so
// that memory does not grow with n. Each part is a table with the same columns.
func Parts(n int, seed uint64, use func(*table.Table) error) error {
	_, err := each(n, seed, func(book *codebook, ps []person) error {
		s := new(sheet)
		s.add(ps, table.SetWords(len(book.levels["country"])))
		t, err := s.table(book)
		if err != nil {
			return err
		}
		return use(t)
	})
	return err
}

// each makes the parts of a round in turn.
func each(n int, seed uint64, use func(*codebook, []person) error) (*codebook, error) {
	if n < Smallest {
		return nil, fault.New(fault.Usage, fault.Place{}, fmt.Sprintf("a round of %d interviews is too small", n),
			fmt.Sprintf("ask for %d or more", Smallest))
	}
	m, err := newMaker()
	if err != nil {
		return nil, err
	}
	parts := max(1, (n+Size/2)/Size)
	for i := range parts {
		ps, err := m.part(n*(i+1)/parts-n*i/parts, seed, uint64(i))
		if err != nil {
			return nil, err
		}
		if err := use(m.book, ps); err != nil {
			return nil, err
		}
	}
	return m.book, nil
}

// WriteCSV writes the example round as a data server exports it: question names
// as headers, codes as values, an empty cell where nothing was asked.
func WriteCSV(w io.Writer) error { return Stream(w, Size, seed) }

// Stream writes the round that Generate makes, part by part.
func Stream(w io.Writer, n int, seed uint64) error {
	var out *Writer
	return Parts(n, seed, func(t *table.Table) error {
		if out == nil {
			var err error
			if out, err = NewWriter(w, t); err != nil {
				return err
			}
		}
		return out.Write(t)
	})
}
