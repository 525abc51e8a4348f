package xform

import (
	"fmt"
	"strconv"
	"strings"

	"waymark/forms/xpath"
)

// Path writes where a node is, with positions in repeats: "/data/trip[2]/place".
func (s *Session) Path(n *xpath.Node) string { return s.form.path(n) }

func (f *Form) path(n *xpath.Node) string {
	if n == nil || n.Kind == xpath.Document {
		return ""
	}
	if n.Kind == xpath.Attribute {
		return f.path(n.Parent) + "/@" + n.Name
	}
	at := f.path(n.Parent) + "/" + n.Name
	if n.Slot < 0 || !f.Nodes[n.Slot].Repeat || n.Parent == nil {
		return at
	}
	from, to := children(n.Parent, n.Slot)
	for i, sibling := range n.Parent.Children[from:to] {
		if sibling == n {
			return fmt.Sprintf("%s[%d]", at, i+1)
		}
	}
	return at
}

// Find returns the nodes at a path of names and positions: "/data/trip/place"
// gives one for each trip, "/data/trip[2]/place" the second's. Nodes that are
// not relevant are found too. It returns nil if there is none.
func (s *Session) Find(path string) []*xpath.Node {
	at := []*xpath.Node{s.doc}
	for step := range strings.SplitSeq(strings.TrimPrefix(path, "/"), "/") {
		name, position := step, 0
		if i := strings.IndexByte(step, '['); i > 0 && strings.HasSuffix(step, "]") {
			n, err := strconv.Atoi(step[i+1 : len(step)-1])
			if err != nil || n < 1 {
				return nil
			}
			name, position = step[:i], n
		}
		var next []*xpath.Node
		for _, n := range at {
			seen := 0
			for _, c := range stepTo(n, name) {
				if seen++; position == 0 || seen == position {
					next = append(next, c)
				}
			}
		}
		at = next
	}
	return at
}

// stepTo are the children or the attribute of a name.
func stepTo(n *xpath.Node, name string) []*xpath.Node {
	list := n.Children
	if attr, ok := strings.CutPrefix(name, "@"); ok {
		list, name = n.Attrs, attr
	}
	var found []*xpath.Node
	for _, c := range list {
		if c.Name == name {
			found = append(found, c)
		}
	}
	return found
}

// children bisects for the children of a definition: from inclusive, to not.
func children(n *xpath.Node, slot int32) (from, to int) {
	from = bisect(n.Children, 0, slot)
	if from == len(n.Children) || n.Children[from].Slot != slot {
		return from, from
	}
	if to = from + 1; to == len(n.Children) || n.Children[to].Slot != slot {
		return from, to
	}
	return from, bisect(n.Children, to, slot+1)
}

// bisect finds the first node from an index on whose slot is not below slot.
func bisect(list []*xpath.Node, from int, slot int32) int {
	lo, hi := from, len(list)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if list[mid].Slot < slot {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}
