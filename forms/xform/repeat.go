package xform

import (
	"fmt"
	"slices"

	"waymark/forms/xpath"
	"waymark/internal/fault"
)

// AddRepeat adds an instance of a repeat after the last one below parent, and
// returns it: a copy of the template with its preloads, the actions of a new
// repeat, and every rule that it touches. It fails for a repeat whose number a
// count decides, and beyond MaxInstances.
func (s *Session) AddRepeat(parent *xpath.Node, repeat *Definition) (*xpath.Node, error) {
	if repeat.Control != nil && repeat.Control.count != nil {
		return nil, fault.New(fault.Invalid, fault.Place{Field: repeat.Path}, "a count decides how many instances the repeat has", "change the answer that is counted by")
	}
	if parent == nil || repeat.Parent == nil || parent.Slot != repeat.Parent.Slot {
		return nil, fault.New(fault.Invalid, fault.Place{Field: repeat.Path}, "the repeat does not belong there", "")
	}
	n, err := s.insert(parent, repeat, repeat.Template)
	if err != nil {
		return nil, err
	}
	s.run()
	return n, nil
}

// RemoveRepeat takes an instance of a repeat out.
func (s *Session) RemoveRepeat(n *xpath.Node) error {
	if n == nil || n.Slot < 0 || !s.form.Nodes[n.Slot].Repeat || n.Parent == nil {
		return fault.New(fault.Invalid, fault.Place{}, "the node is no instance of a repeat", "")
	}
	if d := s.form.Nodes[n.Slot]; d.Control != nil && d.Control.count != nil {
		return fault.New(fault.Invalid, fault.Place{Field: d.Path}, "a count decides how many instances the repeat has", "change the answer that is counted by")
	}
	s.remove(n)
	s.run()
	return nil
}

// insert adds a copy of a template as the last instance and marks what depends
// on it.
func (s *Session) insert(parent *xpath.Node, d *Definition, template *xpath.Node) (*xpath.Node, error) {
	if template == nil {
		return nil, fault.New(fault.Invalid, fault.Place{Field: d.Path}, "the form does not say what an instance of the repeat holds", "put one into the instance, or a template")
	}
	_, at := children(parent, d.Slot)
	n, err := s.place(parent, d, template, at)
	if err != nil {
		return nil, err
	}
	s.preload(n)
	for _, event := range []string{"jr-insert", "odk-new-repeat"} {
		s.fire(s.form.Actions, event, n)
		if d.Control != nil { // those of repeats within do not run: JavaRosa FormDef.createNewRepeat
			s.fire(d.Control.Actions, event, n)
		}
	}
	for _, i := range s.form.graph.below[d.Slot] {
		s.mark(i, n)
	}
	for _, i := range s.form.graph.followersBelow[d.Slot] {
		s.follow(i, n)
	}
	s.came(n, d)
	return n, nil
}

// placeBare adds an instance without answers.
func (s *Session) placeBare(parent *xpath.Node, d *Definition, at int) (*xpath.Node, error) {
	if d.bare == nil {
		return nil, fault.New(fault.Invalid, fault.Place{Field: d.Path}, "the form does not say what an instance of the repeat holds", "")
	}
	return s.place(parent, d, d.bare, at)
}

// place copies a template to a position among the children.
func (s *Session) place(parent *xpath.Node, d *Definition, template *xpath.Node, at int) (*xpath.Node, error) {
	if from, to := children(parent, d.Slot); to-from >= MaxInstances {
		return nil, tooMany(d)
	}
	size := measure(template)
	if s.nodes+size.nodes > MaxDocument {
		return nil, fault.New(fault.Unavailable, fault.Place{Field: d.Path}, fmt.Sprintf("a document may have at most %d nodes", MaxDocument), "")
	}
	s.nodes += size.nodes
	c := copier{make([]xpath.Node, size.nodes), make([]*xpath.Node, size.pointers)}
	n := c.copy(template, parent)
	parent.Children = slices.Insert(parent.Children, at, n)
	if parent.Irrelevant {
		silence(n)
	}
	return n, nil
}

// silence marks a fresh tree as not relevant.
func silence(n *xpath.Node) {
	n.Irrelevant = true
	for _, a := range n.Attrs {
		a.Irrelevant = true
	}
	for _, c := range n.Children {
		silence(c)
	}
}

// remove takes an instance out and marks what depends on it.
func (s *Session) remove(n *xpath.Node) {
	d := s.form.Nodes[n.Slot]
	s.came(n, d)
	s.nodes -= measure(n).nodes
	parent := n.Parent
	if i := slices.Index(parent.Children, n); i >= 0 {
		parent.Children = slices.Delete(parent.Children, i, i+1)
	}
	s.forget(n)
	for _, list := range [][]*xpath.Node{s.dirty, s.following} { // nothing is left to do below it
		for i, scope := range list {
			if scope != nil && within(scope, n) {
				list[i] = parent
			}
		}
	}
}

func within(n, top *xpath.Node) bool {
	for ; n != nil; n = n.Parent {
		if n == top {
			return true
		}
	}
	return false
}

// came marks the rules that read an instance, or what lies in it, from outside:
// it came or went.
func (s *Session) came(n *xpath.Node, d *Definition) {
	level := len(d.chain)
	outside := func(c *Definition) {
		for _, e := range s.form.graph.readers[c.Slot] {
			if e.join == nil || len(e.join.chain) < level {
				s.mark(e.rule, s.scope(n, e.join))
			}
		}
		for _, e := range s.form.graph.followerReaders[c.Slot] {
			if e.join == nil || len(e.join.chain) < level {
				s.follow(e.rule, s.scope(n, e.join))
			}
		}
	}
	outside(d)
	for _, e := range s.form.graph.siblings[d.Slot] {
		s.mark(e.rule, s.scope(n.Parent, e.join))
	}
	s.form.eachBelow(d, outside)
}
