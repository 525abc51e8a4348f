package xpath

import "strings"

func buildCount(k *compiler, n *Call, a []code) code {
	k.wantNodes(n.Args[0], a[0])
	return numberCode(func(c *Context) float64 {
		if a[0].path != nil {
			count := 0
			a[0].path.each(c, func(*Node) { count++ })
			return float64(count)
		}
		return float64(len(c.list(a[0])))
	})
}

// buildCountNonEmpty compiles count-non-empty(): nodes with a value or children.
func buildCountNonEmpty(k *compiler, n *Call, a []code) code {
	k.wantNodes(n.Args[0], a[0])
	return numberCode(func(c *Context) float64 {
		count := 0
		for _, n := range c.list(a[0]) {
			if n.Value != "" || len(n.Children) > 0 {
				count++
			}
		}
		return float64(count)
	})
}

// buildPosition compiles position(), the place within the nodes that a predicate
// tests, and position(node), the place among the siblings of its name; both
// count from 1, and no node is 0.
func buildPosition(k *compiler, n *Call, a []code) code {
	if len(a) == 0 {
		return numberCode(func(c *Context) float64 {
			if c.Position > 0 {
				return float64(c.Position)
			}
			return float64(c.ordinal(c.Node))
		})
	}
	k.wantNodes(n.Args[0], a[0])
	return numberCode(func(c *Context) float64 {
		list := c.list(a[0])
		if len(list) == 0 {
			return 0
		}
		return float64(c.ordinal(list[0]))
	})
}

func buildLast(_ *compiler, _ *Call, _ []code) code {
	return numberCode(func(c *Context) float64 {
		if c.Size > 0 || c.Node == nil || c.Node.Parent == nil {
			return float64(max(c.Size, 1))
		}
		n := 0
		for _, kid := range c.Node.Parent.Children {
			if kid.Name == c.Node.Name {
				n++
			}
		}
		return float64(n)
	})
}

func buildInstance(_ *compiler, _ *Call, a []code) code {
	return nodesCode(func(c *Context) []*Node {
		if n := c.instance(a[0].text(c)); n != nil {
			return []*Node{n}
		}
		return nil
	})
}

func buildCurrent(_ *compiler, _ *Call, _ []code) code {
	return nodesCode(func(c *Context) []*Node {
		if n := c.here; n != nil {
			return relevant([]*Node{n})
		}
		return nil
	})
}

func wholeName(n *Node) string { return n.Name }

func localName(n *Node) string { return n.Name[strings.IndexByte(n.Name, ':')+1:] }

func buildName(of func(*Node) string) builder {
	return func(k *compiler, n *Call, a []code) code {
		if len(a) > 0 {
			k.wantNodes(n.Args[0], a[0])
		}
		return textCode(func(c *Context) string {
			node := c.Node
			if len(a) > 0 {
				node = nil
				if list := c.list(a[0]); len(list) > 0 {
					node = list[0]
				}
			}
			if node == nil {
				return ""
			}
			return of(node)
		})
	}
}
