package xpath

import "slices"

// binary compiles an operator. Constants on both sides are computed now.
func (k *compiler) binary(n *Binary) code {
	l, r := k.compile(n.Left), k.compile(n.Right)
	free := l.free && r.free
	var c code
	switch n.Op {
	case "or":
		c = truthCode(func(c *Context) bool { return l.truth(c) || r.truth(c) })
	case "and":
		c = truthCode(func(c *Context) bool { return l.truth(c) && r.truth(c) })
	case "=":
		c = truthCode(equal(l, r))
	case "!=":
		eq := equal(l, r)
		c = truthCode(func(c *Context) bool { return !eq(c) })
	case "<":
		c = truthCode(func(c *Context) bool { return l.number(c) < r.number(c) })
	case "<=":
		c = truthCode(func(c *Context) bool { return l.number(c) <= r.number(c) })
	case ">":
		c = truthCode(func(c *Context) bool { return l.number(c) > r.number(c) })
	case ">=":
		c = truthCode(func(c *Context) bool { return l.number(c) >= r.number(c) })
	case "+":
		c = numberCode(func(c *Context) float64 { return l.number(c) + r.number(c) })
	case "-":
		c = numberCode(func(c *Context) float64 { return l.number(c) - r.number(c) })
	case "*":
		c = numberCode(func(c *Context) float64 { return l.number(c) * r.number(c) })
	case "div":
		c = numberCode(func(c *Context) float64 { return l.number(c) / r.number(c) })
	case "mod":
		c = numberCode(func(c *Context) float64 { return remainder(l.number(c), r.number(c)) })
	}
	return k.fold(l.fixed && r.fixed, c.as(free))
}

// equal compiles "=". Unlike in XPath 1.0, and as in JavaRosa, nodes compare by
// the value of the only one; no node at all is the empty text.
func equal(l, r code) func(*Context) bool {
	if l.fixed && !r.fixed {
		l, r = r, l
	}
	switch {
	case l.kind == StringValue && r.kind == StringValue:
		return func(c *Context) bool { return l.text(c) == r.text(c) }
	case l.kind == BoolValue || r.kind == BoolValue:
		return func(c *Context) bool { return l.truth(c) == r.truth(c) }
	case l.kind == NumberValue || r.kind == NumberValue:
		return func(c *Context) bool { return sameNumber(l.number(c), r.number(c)) }
	case l.path != nil && l.path.simple && r.fixed:
		return equalLiteral(l.path, r.text(nil))
	}
	return func(c *Context) bool { return same(l.scalar(c), r.scalar(c)) }
}

// equalLiteral is a question's answer against a text, the commonest of all
// conditions.
func equalLiteral(p *path, literal string) func(*Context) bool {
	want := text(literal)
	return func(c *Context) bool {
		n, ok := p.single(c)
		switch {
		case !ok:
			return same(p.scalar(c), want)
		case n == nil || n.Irrelevant:
			return literal == ""
		case n.Type == "" || textual(n.Type):
			return n.Value == literal
		}
		return same(c.typed(n), want)
	}
}

// union compiles a | b: nodes of both, each once, in the order of the document.
func (k *compiler) union(n *Union) code {
	l, r := k.compile(n.Left), k.compile(n.Right)
	k.wantNodes(n.Left, l)
	k.wantNodes(n.Right, r)
	return nodesCode(func(c *Context) []*Node {
		both := append(slices.Clone(c.list(l)), c.list(r)...)
		return inOrder(c, both)
	}).as(l.free && r.free)
}

// wantNodes tells of a part that can never give nodes where they are needed.
func (k *compiler) wantNodes(at AST, c code) {
	if c.nodes == nil && c.kind != anyValue {
		k.bad(at, "found a value where the path of nodes should be", "give a path such as /data/repeat/name")
	}
}

// list returns the nodes that code gives.
func (c *Context) list(x code) []*Node {
	if x.nodes != nil {
		return x.nodes(c)
	}
	return c.nodesOf(x.value(c))
}

// inOrder sorts nodes by their place in the document and leaves one of each. It
// walks the trees that they are in once.
func inOrder(c *Context, list []*Node) []*Node {
	if len(list) < 2 {
		return list
	}
	wanted := make(map[*Node]bool, len(list))
	var roots []*Node
	for _, n := range list {
		wanted[n] = true
		if root := n.Root(); !slices.Contains(roots, root) {
			roots = append(roots, root)
		}
		if !c.visit(1) {
			return nil
		}
	}
	out := make([]*Node, 0, len(wanted))
	for _, root := range roots {
		out = ordered(c, root, wanted, out)
	}
	return out
}

// ordered appends what is wanted of a tree; attributes come before children.
func ordered(c *Context, n *Node, wanted map[*Node]bool, out []*Node) []*Node {
	if len(out) == len(wanted) || !c.visit(1) {
		return out
	}
	if wanted[n] {
		out = append(out, n)
	}
	for _, a := range n.Attrs {
		if wanted[a] {
			out = append(out, a)
		}
	}
	for _, kid := range n.Children {
		out = ordered(c, kid, wanted, out)
	}
	return out
}
