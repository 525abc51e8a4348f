package xpath

// predicate is a compiled condition in brackets.
type predicate struct {
	code code
}

func (k *compiler) predicate(n AST) predicate { return predicate{k.compile(n)} }

// holds tells whether the context node stays: a number is a position, all else a
// truth. (JavaRosa knows no bare positions: it finds nothing.)
func (p *predicate) holds(c *Context) bool {
	switch p.code.kind {
	case NumberValue:
		return sameNumber(p.code.number(c), float64(c.Position))
	case anyValue:
		if v := p.code.scalar(c); v.kind == NumberValue {
			return sameNumber(v.num, float64(c.Position))
		} else {
			return v.Bool()
		}
	}
	return p.code.truth(c)
}

// apply takes the step from every node of set.
func (s *step) apply(c *Context, set []*Node) []*Node {
	var out []*Node
	for _, n := range set {
		if s.look != nil {
			if found, ok := s.look.find(c, n, s); ok {
				out = append(out, found...)
				continue
			}
		}
		from := len(out)
		out = s.collect(c, n, out)
		if len(s.preds) > 0 {
			out = append(out[:from], s.filter(c, out[from:])...)
		}
		if !c.visit(0) {
			return nil
		}
	}
	if s.axis == Child || s.axis == Self || s.axis == AttributeAxis || len(set) < 2 && !s.reverse() {
		return out
	}
	return inOrder(c, out)
}

// reverse tells whether the axis counts positions against the document's order.
func (s *step) reverse() bool {
	switch s.axis {
	case Ancestor, AncestorOrSelf, PrecedingSibling, Preceding:
		return true
	}
	return false
}

// filter leaves the nodes for which every predicate holds; it writes over set.
func (s *step) filter(c *Context, set []*Node) []*Node {
	return c.filter(s.preds, set)
}

func (c *Context) filter(preds []predicate, set []*Node) []*Node {
	if len(preds) == 0 {
		return set
	}
	node, position, size, outer := c.Node, c.Position, c.Size, c.enter()
	for i := range preds {
		kept := set[:0]
		c.Size = len(set)
		for j, n := range set {
			if !c.visit(1) {
				break
			}
			c.Node, c.Position, c.Size = n, j+1, len(set)
			if preds[i].holds(c) {
				kept = append(kept, n)
			}
		}
		set = kept
	}
	c.Node, c.Position, c.Size, c.outer = node, position, size, outer
	return set
}

// collect appends the nodes of the step's axis that pass its test, in the order
// of the axis.
func (s *step) collect(c *Context, n *Node, out []*Node) []*Node {
	switch s.axis {
	case Child:
		if !c.visit(len(n.Children)) {
			return out
		}
		if s.name != "" {
			for _, kid := range n.Children {
				if kid.Name == s.name {
					out = append(out, kid)
				}
			}
			return out
		}
		return s.accept(n.Children, out)
	case AttributeAxis:
		return s.accept(n.Attrs, out)
	case Self:
		return s.accept([]*Node{n}, out)
	case Parent:
		if n.Parent == nil {
			return out
		}
		return s.accept([]*Node{n.Parent}, out)
	case Ancestor, AncestorOrSelf:
		if s.axis == Ancestor {
			n = n.Parent
		}
		for ; n != nil && c.visit(1); n = n.Parent {
			out = s.accept([]*Node{n}, out)
		}
		return out
	case DescendantOrSelf:
		return s.descendants(c, n, s.accept([]*Node{n}, out))
	case Descendant:
		return s.descendants(c, n, out)
	case FollowingSibling, PrecedingSibling:
		return s.siblings(c, n, out)
	case Following, Preceding:
		return s.beside(c, n, out)
	}
	return out
}

func (s *step) accept(list, out []*Node) []*Node {
	for _, n := range list {
		if s.test(n) {
			out = append(out, n)
		}
	}
	return out
}

func (s *step) descendants(c *Context, n *Node, out []*Node) []*Node {
	if !c.visit(len(n.Children)) {
		return out
	}
	for _, kid := range n.Children {
		if s.test(kid) {
			out = append(out, kid)
		}
		out = s.descendants(c, kid, out)
	}
	return out
}

func (s *step) siblings(c *Context, n *Node, out []*Node) []*Node {
	if n.Parent == nil || n.Kind == Attribute || !c.visit(len(n.Parent.Children)) {
		return out
	}
	kids := n.Parent.Children
	at := 0
	for at < len(kids) && kids[at] != n {
		at++
	}
	if s.axis == FollowingSibling {
		return s.accept(kids[min(at+1, len(kids)):], out)
	}
	for i := at - 1; i >= 0; i-- {
		out = s.accept(kids[i:i+1], out)
	}
	return out
}

// beside walks the following or preceding axis: the siblings of the node and of
// its ancestors, each with all below it, nearest first.
func (s *step) beside(c *Context, n *Node, out []*Node) []*Node {
	sibling := step{axis: FollowingSibling, test: func(*Node) bool { return true }}
	if s.axis == Preceding {
		sibling.axis = PrecedingSibling
	}
	for ; n != nil; n = n.Parent {
		for _, x := range sibling.siblings(c, n, nil) {
			tree := s.descendants(c, x, s.accept([]*Node{x}, nil))
			if s.axis == Preceding {
				for i, j := 0, len(tree)-1; i < j; i, j = i+1, j-1 {
					tree[i], tree[j] = tree[j], tree[i]
				}
			}
			out = append(out, tree...)
		}
	}
	return out
}

// filtered compiles (nodes)[predicate].
func (k *compiler) filtered(n *Filtered) code {
	base := k.compile(n.Base)
	k.wantNodes(n.Base, base)
	preds := make([]predicate, len(n.Predicates))
	for i, p := range n.Predicates {
		preds[i] = k.predicate(p)
	}
	return nodesCode(func(c *Context) []*Node {
		set := c.list(base)
		return c.filter(preds, append(make([]*Node, 0, len(set)), set...))
	}).as(base.free)
}
