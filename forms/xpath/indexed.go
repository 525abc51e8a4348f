package xpath

import "fmt"

// route is a path by names only, as indexed-repeat() takes it.
type route struct {
	start origin
	up    int
	down  []string
}

// routeOf returns the route of an argument, or false.
func routeOf(n AST) (route, bool) {
	p, ok := n.(*Path)
	if !ok {
		return route{}, false
	}
	r := route{}
	if p.Absolute {
		r.start = atMain
	} else if p.Filter != nil {
		if c, ok := p.Filter.(*Call); !ok || c.Name != "current" || len(c.Args) > 0 {
			return route{}, false
		}
		r.start = atCurrent
	}
	for _, s := range p.Steps {
		switch {
		case s.Axis == Self && s.Test == "node()":
		case s.Axis == Parent && s.Test == "node()" && len(r.down) == 0 && r.start != atMain:
			r.up++
		case s.Axis == Child && nameLength(s.Test) > 0:
			r.down = append(r.down, s.Test)
		default:
			return route{}, false
		}
	}
	return r, true
}

// names returns the route from the root as names.
func (r route) names(c *Context) []string {
	if r.start == atMain {
		return r.down
	}
	n := c.Node
	if r.start == atCurrent {
		n = c.here
	}
	var chain []string
	for ; n != nil && n.Kind != Document; n = n.Parent {
		chain = append([]string{n.Name}, chain...)
	}
	return append(chain[:max(len(chain)-r.up, 0)], r.down...)
}

// buildIndexedRepeat compiles indexed-repeat(node, repeat, index, ...): the node
// within the repeat instances of the given indexes, which count from 1; what is
// below 1 counts as 1. A repeat without an index is the context node's own
// instance, if it is within one. Source: JavaRosa, XPathFuncExpr.indexedRepeat.
func buildIndexedRepeat(k *compiler, n *Call, a []code) code {
	if len(a)%2 == 0 {
		return k.bad(n, fmt.Sprintf("calls indexed-repeat() with %d arguments", len(a)), "give the node, and then pairs of a repeat and its index")
	}
	routes := make([]route, 0, len(a)/2+1)
	for i := 0; i < len(a); {
		r, ok := routeOf(n.Args[i])
		if !ok {
			return k.bad(n.Args[i], fmt.Sprintf("has no plain path as argument %d of indexed-repeat()", i+1), "give the path of a question, and the paths of repeats around it")
		}
		routes = append(routes, r)
		i += 2
		if i == 2 {
			i = 1
		}
	}
	return nodesCode(func(c *Context) []*Node {
		target := routes[0].names(c)
		index := make([]int, len(target))
		for i, r := range routes[1:] {
			repeat := r.names(c)
			if !startsWith(target, repeat) {
				c.failf("give a repeat that the question is in", "argument %d of indexed-repeat() is not around the question", 2*i+2)
				return nil
			}
			index[len(repeat)-1] = max(whole(a[2*i+2].number(c)), 1)
		}
		return c.indexed(target, index)
	})
}

func startsWith(names, prefix []string) bool {
	if len(prefix) == 0 || len(prefix) > len(names) {
		return false
	}
	for i, name := range prefix {
		if names[i] != name {
			return false
		}
	}
	return true
}

// indexed walks down from the main document by names. Where index is 0, the way
// goes through the context node's own ancestor, or through all of the name.
func (c *Context) indexed(names []string, index []int) []*Node {
	if c.Main == nil {
		return nil
	}
	chain := c.chain(nil)
	set := []*Node{c.Main}
	for i, name := range names {
		if i < len(chain) && chain[i].Name != name {
			chain = nil
		}
		place := index[i]
		if place == 0 && i < len(chain) {
			place = c.ordinal(chain[i])
		}
		var next []*Node
		for _, n := range set {
			if !c.visit(len(n.Children)) {
				return nil
			}
			k := 0
			for _, kid := range n.Children {
				if kid.Name != name {
					continue
				}
				if k++; place == 0 || k == place {
					next = append(next, kid)
				}
			}
		}
		set = next
	}
	return relevant(set)
}
