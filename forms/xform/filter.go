package xform

import (
	"slices"
	"strings"

	"waymark/forms/xpath"
)

// A choice that a filter no longer offers leaves the answer, as in JavaRosa
// (ItemsetBinding.updateQuestionAnswerInModel), and comes back with the filter
// unless the question was answered anew, as in ODK Web Forms. That stands
// outside the graph of rules: a filter may read the answer that it filters.

// filter is a select whose choices depend on the answers.
type filter struct {
	control *Control
	def     *Definition
}

// filterEdge leads from a node to a filter that reads it.
type filterEdge struct {
	filter int32
	join   *Definition
}

// maxRounds bounds how often filters may set each other off.
const maxRounds = 20

// findFilters notes the selects whose choices depend on the answers.
func (f *Form) findFilters() {
	g := &f.graph
	g.filterReaders = make([][]filterEdge, len(f.Nodes))
	for _, d := range f.Nodes {
		c := d.Control
		if c == nil || c.Itemset == nil || c.itemset.nodes == nil {
			continue
		}
		reads := f.reads(c.itemset.nodes, d)
		if len(reads) == 0 {
			continue
		}
		i := int32(len(g.filters))
		g.filters = append(g.filters, filter{c, d})
		for _, r := range reads {
			g.filterReaders[r.def.Slot] = append(g.filterReaders[r.def.Slot], filterEdge{i, r.join})
		}
	}
}

// stale marks the filters that read a node.
func (s *Session) stale(n *xpath.Node) {
	for _, e := range s.form.graph.filterReaders[n.Slot] {
		s.markFilter(e, n)
	}
}

// staleOutside marks the filters that read a definition from outside a repeat
// of a level, since its instance n came or went.
func (s *Session) staleOutside(n *xpath.Node, d *Definition, level int) {
	for _, e := range s.form.graph.filterReaders[d.Slot] {
		if e.join == nil || len(e.join.chain) < level {
			s.markFilter(e, n)
		}
	}
}

func (s *Session) markFilter(e filterEdge, n *xpath.Node) {
	scope := s.scope(n, e.join)
	if old := s.filtered[e.filter]; old != nil && old != scope {
		scope = enclosing(old, scope)
	}
	s.filtered[e.filter] = scope
	s.anyFiltered = true
}

// refilter takes answers out that are no longer offered, until none is.
func (s *Session) refilter() {
	for range maxRounds {
		if !s.anyFiltered || s.calculated != nil {
			return
		}
		s.anyFiltered = false
		for i, scope := range s.filtered {
			if scope == nil {
				continue
			}
			s.filtered[i] = nil
			f := s.form.graph.filters[i]
			s.each(scope, f.def, func(n *xpath.Node) { s.refilterNode(f, n) })
		}
		s.evaluateMarked()
	}
}

func (s *Session) refilterNode(f filter, n *xpath.Node) {
	whole, withheld := s.withheld[n]
	if !withheld {
		whole = n.Value
	}
	if whole == "" || n.Irrelevant || s.missing(f.control.itemset.nodes) {
		return
	}
	kept := whole
	if f.control.Tag == "select1" {
		if !s.offered(f.control, n, whole) {
			kept = ""
		}
	} else {
		values := slices.DeleteFunc(strings.Fields(whole), func(v string) bool { return !s.offered(f.control, n, v) })
		if len(values) < len(strings.Fields(whole)) {
			kept = strings.Join(values, " ")
		}
	}
	switch {
	case kept == whole:
		delete(s.withheld, n)
	case s.withheld == nil:
		s.withheld = map[*xpath.Node]string{}
		fallthrough
	default:
		s.withheld[n] = whole
	}
	if kept != n.Value {
		n.Value = kept
		s.changed(n)
	}
}
