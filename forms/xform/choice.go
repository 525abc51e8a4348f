package xform

import (
	"strings"
	"sync"

	"waymark/forms/xpath"
)

// Choice is one choice of a select as it is offered.
type Choice struct {
	Value, Label string
	// Node is the item that the choice comes from, or nil for one written in place.
	Node *xpath.Node
}

// choiceSet is the set of values of an itemset that nothing filters, made once
// for all sessions.
type choiceSet struct {
	once   sync.Once
	values map[string]struct{}
}

// Choices returns what a select offers on a node: after filters, in the order
// of the list or of randomize(), with labels in the session's language. It is
// nil for anything but a select.
func (s *Session) Choices(n *xpath.Node) []Choice {
	if n == nil || n.Slot < 0 {
		return nil
	}
	c := s.form.Nodes[n.Slot].Control
	if c == nil {
		return nil
	}
	return s.choices(c, n)
}

func (s *Session) choices(c *Control, n *xpath.Node) []Choice {
	var list []Choice
	for _, item := range c.Items {
		list = append(list, Choice{Value: item.Value, Label: s.form.Text(item.Label, s.opt.Language, s, n)})
	}
	if c.Itemset == nil {
		return list
	}
	for _, item := range s.items(c, n) {
		list = append(list, Choice{Value: s.itemValue(c, item), Label: s.itemLabel(c, item), Node: item})
	}
	return list
}

// items are the nodes of an itemset. They are copied, since the values are
// evaluated in the same context.
func (s *Session) items(c *Control, n *xpath.Node) []*xpath.Node {
	ctx := s.nested(n)
	items := c.itemset.nodes.program.Nodes(&ctx)
	s.ctx.Visits = ctx.Visits
	if ctx.Err != nil {
		s.blame(c.itemset.nodes, n, ctx.Err)
	}
	return items
}

func (s *Session) itemValue(c *Control, item *xpath.Node) string {
	if name := c.itemset.valueName; name != "" {
		if v := child(item, name); v != nil && !v.Irrelevant {
			return v.Value
		}
		return ""
	}
	ctx := s.nested(item)
	return c.itemset.value.program.Text(&ctx)
}

func (s *Session) itemLabel(c *Control, item *xpath.Node) string {
	label := ""
	if name := c.itemset.labelName; name != "" {
		if v := child(item, name); v != nil && !v.Irrelevant {
			label = v.Value
		}
	} else {
		ctx := s.nested(item)
		label = c.itemset.label.program.Text(&ctx)
	}
	if c.itemset.itext {
		return s.form.Text(Text{ID: label}, s.opt.Language, s, item)
	}
	return label
}

// child finds a child element or attribute of an item by name, or by the name
// without its prefix.
func child(item *xpath.Node, name string) *xpath.Node {
	if n := item.Child(name); n != nil {
		return n
	}
	for _, n := range item.Children {
		if local := n.Name[strings.IndexByte(n.Name, ':')+1:]; local == name {
			return n
		}
	}
	return nil
}

// offered tells whether a value is among the choices of a select.
func (s *Session) offered(c *Control, n *xpath.Node, value string) bool {
	for _, item := range c.Items {
		if item.Value == value {
			return true
		}
	}
	if c.Itemset == nil {
		return false
	}
	if set := s.steadySet(c); set != nil {
		set.once.Do(func() { set.values = s.values(c, n) })
		_, ok := set.values[value]
		return ok
	}
	for _, item := range s.items(c, n) {
		if s.itemValue(c, item) == value {
			return true
		}
	}
	return false
}

// steadySet is where the values of an itemset that reads nothing of the answers
// are kept: with the form, or with the file that they come from; or nil.
func (s *Session) steadySet(c *Control) *choiceSet {
	switch {
	case c.itemset.fixed:
		return c.itemset.set
	case c.itemset.file == "" || s.files[c.itemset.file] != nil:
		return nil
	}
	file := s.opt.Files[c.itemset.file]
	if file == nil {
		return nil
	}
	set, _ := file.sets.LoadOrStore(c, &choiceSet{})
	return set.(*choiceSet)
}

// values are the values of an itemset as a set.
func (s *Session) values(c *Control, n *xpath.Node) map[string]struct{} {
	items := s.items(c, n)
	values := make(map[string]struct{}, len(items))
	for _, item := range items {
		values[s.itemValue(c, item)] = struct{}{}
	}
	return values
}

// choiceName answers jr:choice-name().
func (s *Session) choiceName(value, path string, at *xpath.Node) string {
	p := s.lookup(strings.TrimSpace(path))
	if p == nil || at == nil {
		return ""
	}
	ctx := s.nested(at)
	for _, n := range p.Nodes(&ctx) {
		if n.Slot < 0 || n.Root() != s.doc {
			continue
		}
		c := s.form.Nodes[n.Slot].Control
		if c == nil {
			return ""
		}
		for _, choice := range s.choices(c, n) {
			if choice.Value == value {
				return choice.Label
			}
		}
		return ""
	}
	return ""
}
