package xform

import (
	"slices"

	"waymark/forms/xpath"
	"waymark/internal/fault"
)

// maxNesting bounds actions that set off actions.
const maxNesting = 100

// firstLoad fires an event of loading: the model's actions on the document,
// those of controls on each node that their control stands on.
func (s *Session) firstLoad(event string) {
	s.fire(s.form.Actions, event, s.doc)
	var walk func(list []*Control)
	walk = func(list []*Control) {
		for _, c := range list {
			if d := c.scope(); len(c.Actions) > 0 && d != nil {
				var at []*xpath.Node
				s.each(s.doc, d, func(n *xpath.Node) { at = append(at, n) })
				for _, n := range at {
					s.fire(c.Actions, event, n)
				}
			}
			walk(c.Children)
		}
	}
	walk(s.form.Body)
}

// fire runs the actions that wait for an event, as seen from a node.
func (s *Session) fire(actions []Action, event string, from *xpath.Node) {
	for i := range actions {
		a := &actions[i]
		if a.target == nil || !slices.Contains(a.Events, event) {
			continue
		}
		list := s.targets(a, from)
		if len(list) > 1 && event == "xforms-value-changed" {
			s.note(s.Path(from), fault.New(fault.Invalid, fault.Place{}, "an action sets "+a.target.Path+", of which there are several here", "say which one, as in /data/trip[position() = 1]/place"))
			continue
		}
		for _, n := range list {
			s.act(a, n)
		}
	}
}

// targets are the nodes that an action sets, seen from a node: those below the
// same instances of the repeats around both, or what its predicates leave.
func (s *Session) targets(a *Action, from *xpath.Node) []*xpath.Node {
	if a.nodes != nil && a.nodes.program != nil {
		ctx := s.nested(from)
		list := slices.DeleteFunc(slices.Clone(a.nodes.program.Nodes(&ctx)), func(n *xpath.Node) bool { return n.Slot != a.target.Slot })
		if ctx.Err != nil {
			s.blame(a.nodes, from, ctx.Err)
		}
		return list
	}
	d := a.target
	scope := s.doc
	if from.Kind != xpath.Document && from.Slot >= 0 {
		chain := s.form.Nodes[from.Slot].chain
		level := 0
		for level < len(chain) && level < len(d.chain) && chain[level] == d.chain[level] {
			level++
		}
		if level > 0 {
			scope = s.scope(from, chain[level-1])
		}
	}
	var list []*xpath.Node
	s.each(scope, d, func(n *xpath.Node) { list = append(list, n) })
	return list
}

// act runs one action on its node. Positions and recordings are a device's work
// and leave the node as it is.
func (s *Session) act(a *Action, n *xpath.Node) {
	if a.program == nil && !a.Literal || a.Name == "odk:setgeopoint" || a.Name == "odk:recordaudio" {
		return
	}
	if s.nesting >= maxNesting {
		if a.program != nil {
			s.blame(a.program, n, fault.New(fault.Invalid, fault.Place{}, "the actions set each other off without end", ""))
		}
		return
	}
	value := a.Value
	if !a.Literal {
		value = stored(s.form.Nodes[n.Slot], s.evaluate(a.program, n))
	}
	s.nesting++
	s.set(n, value)
	s.nesting--
}
