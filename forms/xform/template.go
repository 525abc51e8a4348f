package xform

import (
	"slices"
	"strings"

	"waymark/forms/xpath"
)

// settleRepeats takes the templates out of the instance and makes those that
// the form does not give, from the first instance. Nested repeats start empty
// in a template that was made so, as in JavaRosa
// (FormInstanceParser.createMissingTemplates, trimRepeatChildren).
func (p *parser) settleRepeats() {
	if p.form.Instance == nil {
		return
	}
	p.takeTemplates(p.form.Instance)
	var made []*Definition
	for _, d := range p.form.Nodes {
		if !d.Repeat || d.Template != nil {
			continue
		}
		if first := p.firstInstance(d); first != nil {
			d.Template = cloneTree(first)
			made = append(made, d)
		}
	}
	for _, d := range made {
		p.trim(d.Template)
	}
	p.order(p.form.Instance)
	for _, d := range p.form.Nodes {
		if d.Template != nil {
			d.Template.Parent = nil
			p.order(d.Template)
		}
	}
}

// takeTemplates moves nodes marked jr:template to their definitions.
func (p *parser) takeTemplates(n *xpath.Node) {
	kept := n.Children[:0]
	for _, c := range n.Children {
		d := p.form.Nodes[c.Slot]
		marked := false
		c.Attrs = slices.DeleteFunc(c.Attrs, func(a *xpath.Node) bool {
			is := a.Space == nsJavaRosa && strings.HasSuffix(a.Name, "template")
			marked = marked || is
			return is
		})
		p.takeTemplates(c)
		switch {
		case marked && d.Repeat:
			if d.Template == nil {
				d.Template = c
			}
			continue
		case marked:
			p.warn(d.Line, "take jr:template out, or write a <repeat>", "%s is marked as a template but does not repeat", d.Path)
		}
		kept = append(kept, c)
	}
	clear(n.Children[len(kept):])
	n.Children = kept
	if seen := map[int32]bool{}; n.Kind != xpath.Document {
		for _, c := range kept {
			if d := p.form.Nodes[c.Slot]; seen[c.Slot] && !d.Repeat {
				p.warn(d.Line, "write a <repeat>, or take the further ones out", "%s is there more than once but does not repeat", d.Path)
			}
			seen[c.Slot] = true
		}
	}
}

// firstInstance finds a node of a definition in the instance, or in a template
// of a repeat around it.
func (p *parser) firstInstance(d *Definition) *xpath.Node {
	if n := findSlot(p.form.Instance, d.Slot); n != nil {
		return n
	}
	for up := d.Parent; up != nil; up = up.Parent {
		if up.Template != nil {
			if n := findSlot(up.Template, d.Slot); n != nil {
				return n
			}
		}
	}
	return nil
}

func findSlot(n *xpath.Node, slot int32) *xpath.Node {
	for _, c := range n.Children {
		if c.Slot == slot {
			return c
		}
		if found := findSlot(c, slot); found != nil {
			return found
		}
	}
	return nil
}

// trim takes the nested repeats out of a template.
func (p *parser) trim(n *xpath.Node) {
	n.Children = slices.DeleteFunc(n.Children, func(c *xpath.Node) bool { return p.form.Nodes[c.Slot].Repeat })
	for _, c := range n.Children {
		p.trim(c)
	}
}

// order sorts children by definition, so that they are found by bisection, and
// gives every node its type.
func (p *parser) order(n *xpath.Node) {
	if n.Slot >= 0 && n.Kind != xpath.Document {
		n.Type = p.form.Nodes[n.Slot].Type
	}
	slices.SortStableFunc(n.Children, func(a, b *xpath.Node) int { return int(a.Slot) - int(b.Slot) })
	for _, a := range n.Attrs {
		if a.Slot >= 0 {
			a.Type = p.form.Nodes[a.Slot].Type
		}
	}
	for _, c := range n.Children {
		p.order(c)
	}
}

// layout is the size of a document that is copied for a session.
type layout struct{ nodes, pointers int }

func (f *Form) makeLayout() {
	for _, d := range f.Nodes {
		d.repeated = d.Repeat || d.Parent != nil && d.Parent.repeated
		if d.Parent != nil {
			d.chain = append(d.chain, d.Parent.chain...)
		}
		d.chain = append(d.chain, d)
	}
	if f.Instance == nil {
		return
	}
	f.layout = measure(f.Instance)
	f.bare = f.emptied(f.Instance)
	f.bareLayout = measure(f.bare)
	first := make([]*xpath.Node, len(f.Nodes))
	f.starts(f.Instance.Children[0], first)
	for _, d := range f.Nodes {
		if d.Repeat && !d.Parent.repeated && first[d.Parent.Slot] != nil {
			parent := first[d.Parent.Slot]
			from, to := children(parent, d.Slot)
			d.starts = parent.Children[from:to]
		}
		if d.Template != nil {
			d.bare = f.emptied(d.Template)
			f.starts(d.Template, make([]*xpath.Node, len(f.Nodes)))
		}
		if d.Preload == "timestamp" && !d.repeated {
			f.stamps = append(f.stamps, d)
		}
	}
}

// starts notes what values a tree starts with, and the first node of each
// definition in it.
func (f *Form) starts(n *xpath.Node, first []*xpath.Node) {
	if first[n.Slot] == nil {
		first[n.Slot] = n
		f.Nodes[n.Slot].start = n.Value
	}
	for _, c := range n.Children {
		f.starts(c, first)
	}
}

// emptied copies a tree without answers and without instances of repeats.
func (f *Form) emptied(n *xpath.Node) *xpath.Node {
	to := cloneTree(n)
	var empty func(n *xpath.Node)
	empty = func(n *xpath.Node) {
		n.Value = ""
		for _, a := range n.Attrs {
			if a.Slot >= 0 {
				a.Value = ""
			}
		}
		n.Children = slices.DeleteFunc(n.Children, func(c *xpath.Node) bool { return f.Nodes[c.Slot].Repeat })
		for _, c := range n.Children {
			empty(c)
		}
	}
	empty(to)
	return to
}

func measure(n *xpath.Node) layout {
	l := layout{1 + len(n.Attrs), len(n.Attrs) + len(n.Children)}
	for _, c := range n.Children {
		below := measure(c)
		l.nodes += below.nodes
		l.pointers += below.pointers
	}
	return l
}

// copier copies trees into two blocks of memory.
type copier struct {
	nodes    []xpath.Node
	pointers []*xpath.Node
}

// cloneTree copies a tree; the copy has no parent.
func cloneTree(n *xpath.Node) *xpath.Node {
	l := measure(n)
	c := copier{make([]xpath.Node, l.nodes), make([]*xpath.Node, l.pointers)}
	return c.copy(n, nil)
}

func (c *copier) copy(n, parent *xpath.Node) *xpath.Node {
	to := &c.nodes[0]
	c.nodes = c.nodes[1:]
	*to = *n
	to.Parent = parent
	to.Attrs = c.list(n.Attrs, to)
	to.Children = c.list(n.Children, to)
	return to
}

// list copies children. The slice has no room to spare, so that appending to it
// moves it out of the block.
func (c *copier) list(from []*xpath.Node, parent *xpath.Node) []*xpath.Node {
	if len(from) == 0 {
		return nil
	}
	to := c.pointers[:len(from):len(from)]
	c.pointers = c.pointers[len(from):]
	for i, n := range from {
		to[i] = c.copy(n, parent)
	}
	return to
}
