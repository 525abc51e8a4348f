package xform

import (
	"fmt"

	"waymark/forms/xpath"
	"waymark/internal/fault"
)

// Set answers a node: the value as a submission would hold it, blank to clear
// it. What depends on it is brought up to date, then the actions that wait for
// the change run. Whether the value fits is for Valid to say.
func (s *Session) Set(n *xpath.Node, value string) error {
	if n == nil || n.Slot < 0 || n.Root() != s.doc {
		return fault.New(fault.Invalid, fault.Place{}, "the node is not one of this document", "")
	}
	if d := s.form.Nodes[n.Slot]; !d.Leaf {
		return fault.New(fault.Invalid, fault.Place{Field: d.Path}, "a group holds no answer of its own", "set the nodes in it")
	}
	if len(value) > MaxBytes {
		return fault.New(fault.Unavailable, fault.Place{Field: s.Path(n)}, fmt.Sprintf("the answer has more than %d bytes", MaxBytes), "")
	}
	s.set(n, value)
	return nil
}

func (s *Session) set(n *xpath.Node, value string) {
	delete(s.withheld, n)
	typ := s.form.Nodes[n.Slot].Type // a calculation may have given another
	if n.Value == value && n.Type == typ {
		return
	}
	n.Value, n.Type = value, typ
	s.changed(n)
	s.release(n)
	s.run()
	if c := s.form.Nodes[n.Slot].Control; c != nil && len(c.Actions) > 0 {
		s.fire(c.Actions, "xforms-value-changed", n)
	}
}

// Get returns the value of a node, which is blank while it is not relevant.
func (s *Session) Get(n *xpath.Node) string {
	if n.Irrelevant {
		return ""
	}
	return n.Value
}

// Relevant tells whether the node counts: its own rule and all above hold.
func (s *Session) Relevant(n *xpath.Node) bool { return !n.Irrelevant }

// Required tells whether the node must have an answer.
func (s *Session) Required(n *xpath.Node) bool {
	if n.Slot < 0 {
		return false
	}
	x := s.form.Nodes[n.Slot].rules.required
	return x != nil && s.truth(x, n)
}

// ReadOnly tells whether the node may not be changed by a person. It is
// inherited from groups.
func (s *Session) ReadOnly(n *xpath.Node) bool {
	for ; n != nil && n.Kind != xpath.Document; n = n.Parent {
		if n.Slot < 0 {
			continue
		}
		if x := s.form.Nodes[n.Slot].rules.readOnly; x != nil && s.truth(x, n) {
			return true
		}
	}
	return false
}

// Finish ends the filling: preloads of the end, and the actions that wait for
// the last check.
func (s *Session) Finish() {
	s.firstLoad("xforms-revalidate")
	s.finish(s.doc.Children[0])
	s.run()
}

func (s *Session) finish(n *xpath.Node) {
	if d := s.form.Nodes[n.Slot]; d.Preload == "timestamp" && d.PreloadParams == "end" {
		n.Value = s.opt.Now().Format(dateTimeLayout)
		s.changed(n)
	}
	for _, c := range n.Children {
		s.finish(c)
	}
}
