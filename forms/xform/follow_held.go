package xform

import "waymark/forms/xpath"

// A count may read the repeat that it counts: "one more while the last answer
// is not no". Each instance that it adds asks for the next at once. JavaRosa
// adds it when the person moves on behind the instance (FormEntryModel
// .createModelIfNecessary); here it waits for an answer that the count reads,
// directly or through calculations.

// held is a counted repeat that asked for one more after its own growth.
type held struct {
	follower int32
	parent   *xpath.Node
}

// hold tells whether a count must wait: it reads what it counts, and grew
// already since the last answer.
func (s *Session) hold(i int32, parent *xpath.Node) bool {
	if !s.form.graph.followers[i].selfFed {
		return false
	}
	key := held{i, parent}
	if s.grown[key] {
		if s.waiting == nil {
			s.waiting = map[held]bool{}
		}
		s.waiting[key] = true
		return true
	}
	if s.grown == nil {
		s.grown = map[held]bool{}
	}
	s.grown[key] = true
	return false
}

// release has the counts that wait for an answer settled again.
func (s *Session) release(answered *xpath.Node) {
	for key := range s.waiting {
		if s.form.graph.followers[key.follower].feeds[answered.Slot] {
			delete(s.waiting, key)
			s.follow(key.follower, key.parent)
		}
	}
}

// forget drops the counts that wait below a node that is taken out.
func (s *Session) forget(n *xpath.Node) {
	for key := range s.waiting {
		if within(key.parent, n) {
			delete(s.waiting, key)
		}
	}
}

// feed finds what the counts depend on through calculations and relevance, and
// which of them depend on what they count.
func (f *Form) feed() {
	for i := range f.graph.followers {
		if w := &f.graph.followers[i]; w.count {
			w.feeds = map[int32]bool{}
			f.trace(w, w.expr, w.def)
		}
	}
}

// trace notes what an expression on a node reads, and goes on with the rules of
// what it reads.
func (f *Form) trace(w *follower, x *expression, self *Definition) {
	for _, r := range f.reads(x, self) {
		if r.def == nil || w.feeds[r.def.Slot] {
			continue
		}
		w.feeds[r.def.Slot] = true
		for d := r.def; d != nil; d = d.Parent {
			w.selfFed = w.selfFed || d == w.def
		}
		f.trace(w, r.def.rules.calculate, r.def)
		f.trace(w, r.def.rules.relevant, r.def)
	}
}
