package xform

import (
	"math/bits"
	"strconv"

	"waymark/forms/xpath"
	"waymark/internal/fault"
)

// all marks every rule for the whole document.
func (s *Session) all() {
	for i := range s.dirty {
		s.mark(int32(i), s.doc)
	}
	for i := range s.following {
		s.follow(int32(i), s.doc)
	}
}

// mark notes that a rule must be evaluated below a node. Two places become the
// lowest node around both, so that a rule is evaluated once.
func (s *Session) mark(rule int32, scope *xpath.Node) {
	if old := s.dirty[rule]; old != nil && old != scope {
		scope = enclosing(old, scope)
	}
	s.dirty[rule] = scope
	s.marked[rule>>6] |= 1 << (rule & 63)
	s.lowest = min(s.lowest, int(rule))
}

// enclosing is the lowest node that both are at or below.
func enclosing(a, b *xpath.Node) *xpath.Node {
	da, db := depthOf(a), depthOf(b)
	for ; da > db; da-- {
		a = a.Parent
	}
	for ; db > da; db-- {
		b = b.Parent
	}
	for a != b {
		a, b = a.Parent, b.Parent
	}
	return a
}

func depthOf(n *xpath.Node) int {
	d := 0
	for n = n.Parent; n != nil; n = n.Parent {
		d++
	}
	return d
}

// changed marks the rules that read a node.
func (s *Session) changed(n *xpath.Node) {
	if s.full {
		return // all are marked, and readers come later
	}
	for _, e := range s.form.graph.followerReaders[n.Slot] {
		s.follow(e.rule, s.scope(n, e.join))
	}
	for _, e := range s.form.graph.readers[n.Slot] {
		s.mark(e.rule, s.scope(n, e.join))
	}
}

// scope is the node of the definition join around n, or the document.
func (s *Session) scope(n *xpath.Node, join *Definition) *xpath.Node {
	if join == nil {
		return s.doc
	}
	for ; n != nil; n = n.Parent {
		if n.Slot == join.Slot && n.Kind != xpath.Document {
			return n
		}
	}
	return s.doc
}

// run evaluates what is marked, in order, until nothing is.
//
// An action may ask for it from within; then the outer run goes on.
func (s *Session) run() {
	if s.running {
		return
	}
	s.running = true
	defer func() { s.running = false }()
	s.ctx.Visits = 0
	s.evaluateMarked()
	if s.created || s.full { // not in the middle of loading
		s.full = false
		s.settle()
	}
}

func (s *Session) evaluateMarked() {
	for {
		i := s.nextMarked()
		if i < 0 {
			return
		}
		scope := s.dirty[i]
		s.dirty[i] = nil
		s.marked[i>>6] &^= 1 << (i & 63)
		r := &s.form.graph.rules[i]
		s.each(scope, r.def, func(n *xpath.Node) {
			if !s.spent(r.expr, n) {
				s.apply(r, n)
			}
		})
	}
}

// spent tells, with a fault, that the rules have looked at too many nodes.
func (s *Session) spent(x *expression, n *xpath.Node) bool {
	if s.ctx.Visits <= MaxVisits {
		return false
	}
	s.blame(x, n, fault.New(fault.Unavailable, fault.Place{}, "the rules look at more than "+strconv.Itoa(MaxVisits)+" nodes", "use fewer instances, or rules that look at fewer"))
	return true
}

func (s *Session) nextMarked() int {
	for w := s.lowest >> 6; w < len(s.marked); w++ {
		if word := s.marked[w]; word != 0 {
			s.lowest = w<<6 + bits.TrailingZeros64(word)
			return s.lowest
		}
	}
	s.lowest = len(s.dirty)
	return -1
}

// each calls fn for every node of a definition at or below a node.
func (s *Session) each(scope *xpath.Node, d *Definition, fn func(*xpath.Node)) {
	if !d.repeated {
		if n := s.single[d.Slot]; n != nil {
			fn(n)
		}
		return
	}
	level := 0 // of the first definition to step to
	if scope.Kind != xpath.Document && scope.Slot >= 0 {
		level = len(s.form.Nodes[scope.Slot].chain)
	}
	s.descend(scope, d, level, fn)
}

func (s *Session) descend(n *xpath.Node, d *Definition, level int, fn func(*xpath.Node)) {
	if level >= len(d.chain) {
		fn(n)
		return
	}
	next := d.chain[level]
	if next.Attribute {
		for _, a := range n.Attrs {
			if a.Slot == next.Slot {
				fn(a)
			}
		}
		return
	}
	from, to := children(n, next.Slot)
	for _, c := range n.Children[from:to] {
		s.descend(c, d, level+1, fn)
	}
}

// apply evaluates one rule on one node.
func (s *Session) apply(r *rule, n *xpath.Node) {
	switch r.kind {
	case ruleRelevant:
		if n.Parent.Irrelevant {
			s.setRelevant(n, false)
			return
		}
		if s.calculated != nil && s.missing(r.expr) {
			s.setRelevant(n, hasAnswer(n)) // it cannot be asked: the submission says
			return
		}
		s.setRelevant(n, s.truth(r.expr, n))
	case ruleCalculate:
		if s.calculated != nil && s.missing(r.expr) {
			return
		}
		v := s.evaluate(r.expr, n)
		value, typ := stored(r.def, v), storedType(r.def, v)
		if s.calculated != nil {
			value = s.calculated(r.def, n, value)
		}
		if value != n.Value || typ != n.Type {
			n.Value, n.Type = value, typ
			s.changed(n)
		}
	}
}

// setRelevant changes the relevance of a node and of what inherits it.
func (s *Session) setRelevant(n *xpath.Node, on bool) {
	if n.Irrelevant != on {
		return
	}
	n.Irrelevant = !on
	if n.Slot >= 0 {
		s.changed(n)
	}
	for _, a := range n.Attrs {
		if a.Irrelevant = !on; a.Slot >= 0 {
			s.changed(a)
		}
	}
	for _, c := range n.Children {
		if own := s.form.graph.relevant[c.Slot]; on && own >= 0 {
			s.mark(own, c) // it decides for itself
			continue
		}
		s.setRelevant(c, on)
	}
}
