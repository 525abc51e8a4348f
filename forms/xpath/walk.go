package xpath

// nodes returns the relevant nodes that the path gives, in the order of the
// document, each once.
func (p *path) nodes(c *Context) []*Node {
	set, i := p.begin(c)
	var room [24]*Node
	var chain []*Node
	if p.start == atMain {
		chain = c.chain(room[:0])
	}
	for ; i < len(p.steps) && len(set) > 0; i++ {
		s := &p.steps[i]
		if i < len(chain) && s.axis == Child && s.name == chain[i].Name && chain[i].Kind == Element {
			if len(s.preds) == 0 {
				set = samePlace(c, set, s, chain[i])
				continue
			}
		} else {
			chain = nil
		}
		set = s.apply(c, set)
	}
	return relevant(set)
}

// begin returns the nodes that the steps from i on are applied to.
func (p *path) begin(c *Context) (set []*Node, i int) {
	var n *Node
	switch p.start {
	case atValue:
		return c.list(p.base), 0
	case atContext:
		n = c.Node
	case atCurrent:
		n = c.here
	case atMain:
		n = c.Main
	case atInstance:
		n = c.instance(p.id.text(c))
		if n != nil && len(p.steps) > 0 && p.steps[0].axis == Child {
			set = []*Node{n}
			return p.steps[0].filter(c, set), 1
		}
	}
	if n == nil {
		return nil, 0
	}
	return []*Node{n}, 0
}

// samePlace takes from every node of set the child that stands where the given
// ancestor of the context node stands among the siblings of its name. A path
// with a predicate on an outer repeat stays on the inner repeat's own instance.
func samePlace(c *Context, set []*Node, s *step, own *Node) []*Node {
	if len(set) == 1 && set[0] == own.Parent {
		return []*Node{own}
	}
	place := c.ordinal(own)
	var out []*Node
	for _, n := range set {
		c.visit(len(n.Children))
		k := 0
		for _, kid := range n.Children {
			if kid.Name != s.name {
				continue
			}
			if k++; k == place {
				out = append(out, kid)
				break
			}
		}
	}
	return out
}

// ordinal returns the place of a node among the siblings of its name, from 1.
func (c *Context) ordinal(n *Node) int {
	if n == nil || n.Parent == nil || !c.visit(len(n.Parent.Children)) {
		return 1
	}
	k := 0
	for _, kid := range n.Parent.Children {
		if kid.Name == n.Name {
			k++
		}
		if kid == n {
			return k
		}
	}
	return 1
}

// relevant leaves the irrelevant nodes out, in place if there are any.
func relevant(set []*Node) []*Node {
	for i, n := range set {
		if !n.Irrelevant {
			continue
		}
		out := append(make([]*Node, 0, len(set)-1), set[:i]...)
		for _, n := range set[i+1:] {
			if !n.Irrelevant {
				out = append(out, n)
			}
		}
		return out
	}
	return set
}

// each calls f for the nodes that nodes would return, without a list of them
// where the path is simple.
func (p *path) each(c *Context, f func(*Node)) {
	if !p.simple {
		for _, n := range p.nodes(c) {
			f(n)
		}
		return
	}
	if n, i := p.descend(c); n != nil {
		p.below(c, n, i, f)
	}
}

func (p *path) below(c *Context, n *Node, i int, f func(*Node)) {
	if i == len(p.steps) {
		if !n.Irrelevant {
			f(n)
		}
		return
	}
	switch s := &p.steps[i]; s.axis {
	case Parent:
		if n.Parent != nil {
			p.below(c, n.Parent, i+1, f)
		}
	case Self:
		p.below(c, n, i+1, f)
	case AttributeAxis:
		if a := n.Attr(s.name); a != nil {
			p.below(c, a, i+1, f)
		}
	default:
		if !c.visit(len(n.Children)) {
			return
		}
		for _, kid := range n.Children {
			if kid.Name == s.name {
				p.below(c, kid, i+1, f)
			}
		}
	}
}
