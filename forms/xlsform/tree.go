package xlsform

import (
	"waymark/forms/xlsform/definition"
)

// none is the index of no node.
const none int32 = -1

// node is an element of the form with what references to it need. Nodes lie in
// document order, so the descendants of node i are those from i+1 up to end.
type node struct {
	el     *definition.Element
	path   string // absolute: /data/group/name
	parent int32  // none for the root
	end    int32
	depth  int32
	repeat int32 // the nearest repeat that holds it, or none
}

// plant lists the elements of the form in document order, with their paths.
func (c *compiler) plant(root *definition.Element) {
	count, chars := 0, 0
	var measure func(e *definition.Element, length, depth int) bool
	measure = func(e *definition.Element, length, depth int) bool {
		if depth > maxDepth {
			c.faultf(e, "type", "take groups out of each other", "groups and repeats are nested more than %d deep", maxDepth)
			return false
		}
		count++
		length += len(e.Name) + 2
		chars += length
		for _, child := range e.Children {
			if !measure(child, length, depth+1) {
				return false
			}
		}
		return true
	}
	if !measure(root, 0, 0) {
		return
	}
	if chars > maxPaths {
		c.faultf(root, "name", "shorten names, or take groups out of each other", "the paths of all questions take more than %d MB", maxPaths>>20)
		return
	}
	c.nodes = make([]node, 0, count)
	names := make([]byte, 0, chars)
	type span struct{ from, to int32 }
	spans := make([]span, 0, count)
	var add func(e *definition.Element, parent, repeat, depth int32)
	add = func(e *definition.Element, parent, repeat, depth int32) {
		i := int32(len(c.nodes))
		from := int32(len(names))
		if parent != none {
			names = append(names, names[spans[parent].from:spans[parent].to]...)
		}
		if parent == none || !e.Flat {
			names = append(names, '/')
			if e.Kind == definition.Attribute {
				names = append(names, '@')
			}
			names = append(names, e.Name...)
		}
		spans = append(spans, span{from, int32(len(names))})
		c.nodes = append(c.nodes, node{el: e, parent: parent, depth: depth, repeat: repeat})
		if e.Kind == definition.Repeat {
			repeat = i
		}
		for _, child := range e.Children {
			add(child, i, repeat, depth+1)
		}
		c.nodes[i].end = int32(len(c.nodes))
	}
	add(root, none, none, 0)
	all := string(names)
	c.byName = make(map[string]int32, count)
	for i := range c.nodes {
		n := &c.nodes[i]
		n.path = all[spans[i].from:spans[i].to]
		if !referable(n.el) {
			continue
		}
		if _, twice := c.byName[n.el.Name]; twice {
			c.byName[n.el.Name] = ambiguous
		} else {
			c.byName[n.el.Name] = int32(i)
		}
	}
}

// referable tells whether a ${reference} can mean an element: not a file, nor
// the attributes and the label of an entity.
func referable(e *definition.Element) bool {
	switch e.Kind {
	case definition.External, definition.Attribute:
		return false
	case definition.Question:
		return e.Parent == nil || e.Parent.Kind != definition.Entity
	}
	return true
}

// ambiguous is the index of a name that several elements bear.
const ambiguous int32 = -2

// shared returns the nearest ancestor of both nodes that is a repeat, or also
// a group where groups count, and how many steps up it is from a. The root is
// no group.
func (c *compiler) shared(a, b int32, groups bool) (ancestor int32, steps int) {
	a, b, steps = c.nodes[a].parent, c.nodes[b].parent, 1
	for a != none && b != none {
		switch {
		case c.nodes[a].depth > c.nodes[b].depth:
			a = c.nodes[a].parent
			steps++
		case c.nodes[a].depth < c.nodes[b].depth:
			b = c.nodes[b].parent
		case a == b && c.nodes[a].parent != none &&
			(c.nodes[a].el.Kind == definition.Repeat || groups && c.nodes[a].el.Kind == definition.Group):
			return a, steps
		default:
			a, b = c.nodes[a].parent, c.nodes[b].parent
			steps++
		}
	}
	return none, 0
}
