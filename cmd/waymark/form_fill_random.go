package main

import (
	"errors"
	"fmt"

	"waymark/internal/fault"
	"waymark/internal/pattern"
)

// hopeless is how many documents may fail before the first good one.
const hopeless = 20

var errHopeless = errors.New("no document could be made")

// unfilled gathers the questions for which no valid answer was found at random:
// one fault a question, however many documents it stopped.
type unfilled struct {
	order     []unfilledAt
	places    map[unfilledAt]*fault.Fault
	documents map[unfilledAt]int
	failed    int
	stopped   bool
}

// unfilledAt is a question, whatever the instance of its repeat, and what is
// wrong with it.
type unfilledAt struct{ path, message string }

var positions = pattern.Of(`\[\d+\]`)

// add takes the faults of one document, and gives up when the first ones all
// failed: the others would too.
func (u *unfilled) add(err error, document, written int) error {
	list := fault.NewList(0)
	if other := gather(list, err); other != nil {
		return other
	}
	u.failed++
	seen := map[unfilledAt]bool{}
	for _, f := range list.Faults {
		at := unfilledAt{positions().ReplaceAllString(f.Place.Field, ""), f.Message}
		if seen[at] {
			continue
		}
		seen[at] = true
		if u.documents[at]++; u.documents[at] == 1 {
			u.order = append(u.order, at)
			u.places[at] = f
		}
	}
	if written == 0 && document >= hopeless {
		u.stopped = true
		return errHopeless
	}
	return nil
}

// list returns a fault for each question, and how many documents failed.
func (u *unfilled) list(n int) *fault.List {
	faults := fault.NewList(200)
	for _, at := range u.order {
		f := *u.places[at]
		f.Place.Field = at.path
		if u.failed > 1 {
			f.Message += fmt.Sprintf(" (in %s)", counted(u.documents[at], "document", "documents"))
		}
		faults.Add(&f)
	}
	switch {
	case u.stopped:
		faults.Addf(fault.Invalid, fault.Place{}, "mend the form first", "none of the first %d documents could be made; the others were not tried", hopeless)
	case u.failed > 0:
		faults.Addf(fault.Invalid, fault.Place{}, "mend the form, or use those that were written", "%d of %d documents could not be made", u.failed, n)
	}
	return faults
}
