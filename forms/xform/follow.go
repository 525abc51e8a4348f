package xform

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"waymark/forms/xpath"
	"waymark/internal/fault"
)

// Counted repeats and filtered choices follow the rules: they are settled when
// the rules are. They stand outside the graph of rules, since a count may read
// how many instances there are ("one more while the last answer is yes"), and a
// filter the answer that it filters. JavaRosa does both when the person gets
// there (FormEntryModel.createModelIfNecessary, ItemsetBinding).

// follower is a counted repeat, or a select whose choices depend on answers.
type follower struct {
	control *Control
	def     *Definition
	expr    *expression
	count   bool
	// feeds are the slots that a count depends on, directly or not, and selfFed
	// tells that the repeat itself or something in it is among them.
	feeds   map[int32]bool
	selfFed bool
}

// context is the definition whose nodes it is settled on.
func (f follower) context() *Definition {
	if f.count {
		return f.def.Parent
	}
	return f.def
}

// maxRounds bounds how often followers may set each other off after one change.
const maxRounds = 100

// findFollowers lists the followers, what they read and where they stand.
func (f *Form) findFollowers() {
	g := &f.graph
	g.followerReaders, g.followersBelow = make([][]edge, len(f.Nodes)), make([][]int32, len(f.Nodes))
	add := func(w follower) {
		reads := f.reads(w.expr, w.def)
		if !w.count && len(reads) == 0 {
			return
		}
		i := int32(len(g.followers))
		g.followers = append(g.followers, w)
		for _, r := range reads {
			g.followerReaders[r.def.Slot] = merge(g.followerReaders[r.def.Slot], edge{i, r.join})
		}
		for d := w.context(); d != nil; d = d.Parent {
			g.followersBelow[d.Slot] = append(g.followersBelow[d.Slot], i)
		}
	}
	for _, d := range f.Nodes {
		if c := d.Control; c != nil && d.Repeat && c.count != nil {
			add(follower{control: c, def: d, expr: c.count, count: true})
		}
	}
	for _, d := range f.Nodes {
		if c := d.Control; c != nil && c.Itemset != nil && c.itemset.nodes != nil {
			add(follower{control: c, def: d, expr: c.itemset.nodes})
		}
	}
}

// follow notes that a follower must be settled below a node.
func (s *Session) follow(i int32, scope *xpath.Node) {
	if old := s.following[i]; old != nil && old != scope {
		scope = enclosing(old, scope)
	}
	s.following[i] = scope
	s.unsettled = true
}

// settle brings counts and filters to rest.
func (s *Session) settle() {
	clear(s.grown)
	for range maxRounds {
		if !s.unsettled {
			return
		}
		s.unsettled = false
		for i, scope := range s.following {
			if scope == nil {
				continue
			}
			s.following[i] = nil
			w := s.form.graph.followers[i]
			s.each(scope, w.context(), func(n *xpath.Node) {
				if w.count {
					s.settleCount(int32(i), n)
				} else {
					s.settleChoices(w, n)
				}
			})
			s.evaluateMarked()
		}
	}
	s.note("", fault.New(fault.Invalid, fault.Place{}, "the counts of repeats do not come to rest", "no count may grow with what it counts without end"))
	clear(s.following)
	s.unsettled = false
}

// settleCount brings a counted repeat to its number of instances. A count that
// is blank leaves what is there, and is none at the start; one below 0 is none.
func (s *Session) settleCount(i int32, parent *xpath.Node) {
	w := s.form.graph.followers[i]
	if s.counted != nil && s.missing(w.expr) || s.spent(w.expr, parent) {
		return
	}
	from, to := children(parent, w.def.Slot)
	have := to - from
	// A relative count starts at the repeat, of which there may be none yet.
	at := &xpath.Node{Name: w.def.Name, Slot: w.def.Slot, Parent: parent}
	number := s.evaluate(w.expr, at).Number()
	want := have
	switch {
	case math.IsNaN(number):
		if !s.created {
			want = 0
		}
	case number <= 0:
		want = 0
	case number > MaxInstances:
		want = MaxInstances
		s.blame(w.expr, parent, tooMany(w.def))
	default:
		want = int(number)
	}
	if s.counted != nil {
		s.counted(w.def, parent, want)
		return
	}
	for ; have > want; have-- {
		s.remove(parent.Children[from+have-1])
	}
	if have < want && s.hold(i, parent) {
		return
	}
	for ; have < want; have++ {
		if _, err := s.insert(parent, w.def, w.def.source(have)); err != nil {
			s.blame(w.expr, parent, err)
			return
		}
	}
}

// source is what the instance of an index is copied from when a count asks for
// it: the one that the form starts with there, or the template.
func (d *Definition) source(index int) *xpath.Node {
	if index < len(d.starts) {
		return d.starts[index]
	}
	return d.Template
}

func tooMany(d *Definition) error {
	return fault.New(fault.Unavailable, fault.Place{Field: d.Path}, fmt.Sprintf("a repeat may have at most %d instances", MaxInstances), "")
}

// settleChoices takes out of an answer what the filter no longer offers, as in
// JavaRosa (ItemsetBinding.updateQuestionAnswerInModel). It comes back with the
// filter unless the question was answered anew, as in ODK Web Forms.
func (s *Session) settleChoices(w follower, n *xpath.Node) {
	if s.calculated != nil { // a submission is judged as it was sent
		return
	}
	whole, withheld := s.withheld[n]
	if !withheld {
		whole = n.Value
	}
	if whole == "" || n.Irrelevant || s.missing(w.expr) || s.spent(w.expr, n) {
		return
	}
	kept := whole
	if w.control.Tag == "select1" {
		if !s.offered(w.control, n, whole) {
			kept = ""
		}
	} else {
		values := slices.DeleteFunc(strings.Fields(whole), func(v string) bool { return !s.offered(w.control, n, v) })
		if len(values) < len(strings.Fields(whole)) {
			kept = strings.Join(values, " ")
		}
	}
	if kept == whole {
		delete(s.withheld, n)
	} else {
		if s.withheld == nil {
			s.withheld = map[*xpath.Node]string{}
		}
		s.withheld[n] = whole
	}
	if kept != n.Value {
		n.Value = kept
		s.changed(n)
	}
}
