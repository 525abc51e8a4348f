package fill

import (
	"fmt"
	"slices"
	"strings"

	"waymark/forms/xform"
	"waymark/forms/xpath"
	"waymark/internal/fault"
)

// finish ends the document and asks again what later answers made wrong.
func (d *dice) finish(s *xform.Session) error {
	s.Finish()
	problems := s.Validate()
	for range 5 {
		if len(problems) == 0 {
			return nil
		}
		if err := walk(s, &mending{d, wrong(problems), causes(s, problems), s}); err != nil {
			return err
		}
		problems = s.Validate()
	}
	faults := fault.NewList(20)
	for _, p := range problems {
		faults.Add(unanswered(s, p))
	}
	return faults.Err()
}

// unanswered says of a question for which no valid answer was found why that
// may be so.
func unanswered(s *xform.Session, p xform.Problem) *fault.Fault {
	at := fault.Place{Field: p.Path}
	found := s.Find(p.Path)
	if len(found) == 0 || found[0].Slot < 0 {
		return fault.New(fault.Invalid, at, "no valid document was found: "+p.Message, "look at the form: waymark form check")
	}
	n := found[0]
	d := s.Form().Nodes[n.Slot]
	switch {
	case p.Kind == xform.Required && (d.Control == nil || d.Calculate != "" || s.ReadOnly(n)):
		return fault.New(fault.Invalid, at, "an answer is required, and nobody can give one: the question is read-only or calculated",
			"take its required out, or see to it that it is not asked")
	case p.Kind == xform.Required && strings.HasPrefix(d.Control.Tag, "select") && len(s.Choices(n)) == 0:
		return fault.New(fault.Invalid, at, "an answer is required, and no choice is on offer",
			"look at its choice_filter, at what that depends on, and at the file that the choices are in")
	}
	return fault.New(fault.Invalid, at, fmt.Sprintf("no valid answer was found in %d guesses: %s", attempts, p.Message),
		"look whether its constraint can hold: waymark form check")
}

func wrong(problems []xform.Problem) map[string]bool {
	paths := make(map[string]bool, len(problems))
	for _, p := range problems {
		paths[p.Path] = true
	}
	return paths
}

// causes are the questions, by path without positions, that decide which choices
// there are where a choice is required and none is on offer: a region without
// districts must be another region.
func causes(s *xform.Session, problems []xform.Problem) map[string]bool {
	found := map[string]bool{}
	var read func(d *xform.Definition)
	read = func(d *xform.Definition) {
		if d == nil || d.Control == nil || d.Control.Itemset == nil {
			return
		}
		expr, err := xpath.Parse(d.Control.Itemset.Nodeset)
		if err != nil {
			return
		}
		for _, path := range expr.Paths(d.Path) {
			if found[path] || path == d.Path {
				continue
			}
			found[path] = true
			if i := slices.IndexFunc(s.Form().Nodes, func(o *xform.Definition) bool { return o.Path == path }); i >= 0 {
				read(s.Form().Nodes[i])
			}
		}
	}
	for _, p := range problems {
		if at := s.Find(p.Path); p.Kind == xform.Required && len(at) > 0 && at[0].Slot >= 0 && len(s.Choices(at[0])) == 0 {
			read(s.Form().Nodes[at[0].Slot])
		}
	}
	return found
}

// mending answers only what is wrong, and what became relevant meanwhile.
type mending struct {
	*dice
	paths  map[string]bool
	causes map[string]bool
	s      *xform.Session
}

func (m *mending) answer(s *xform.Session, c *xform.Control, n *xpath.Node) error {
	if !m.paths[s.Path(n)] && !m.causes[c.Node.Path] && len(s.Valid(n)) == 0 {
		return nil
	}
	return m.dice.answer(s, c, n)
}

func (m *mending) more(*xform.Session, *xform.Control, *xpath.Node, int) (bool, error) {
	return false, nil
}
