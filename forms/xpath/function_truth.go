package xpath

import "strings"

// buildIf compiles if(): only the branch that is taken runs.
func buildIf(_ *compiler, _ *Call, a []code) code {
	test, yes, no := a[0].truth, a[1], a[2]
	c := code{
		kind: anyValue,
		value: func(c *Context) Value {
			if test(c) {
				return yes.value(c)
			}
			return no.value(c)
		},
		scalar: func(c *Context) Value {
			if test(c) {
				return yes.scalar(c)
			}
			return no.scalar(c)
		},
		text: func(c *Context) string {
			if test(c) {
				return yes.text(c)
			}
			return no.text(c)
		},
		number: func(c *Context) float64 {
			if test(c) {
				return yes.number(c)
			}
			return no.number(c)
		},
		truth: func(c *Context) bool {
			if test(c) {
				return yes.truth(c)
			}
			return no.truth(c)
		},
	}
	if yes.kind == no.kind {
		c.kind = yes.kind
	}
	if yes.nodes != nil && no.nodes != nil {
		c.nodes = func(c *Context) []*Node {
			if test(c) {
				return yes.nodes(c)
			}
			return no.nodes(c)
		}
	}
	return c
}

func buildCoalesce(_ *compiler, _ *Call, a []code) code {
	return valueCode(func(c *Context) Value {
		if v := a[0].scalar(c); !v.Blank() {
			return v
		}
		return a[1].scalar(c)
	})
}

// buildOnce compiles once(): the node keeps the value that it has.
func buildOnce(_ *compiler, _ *Call, a []code) code {
	return valueCode(func(c *Context) Value {
		if c.Node != nil {
			if v := c.typed(c.Node); v.String() != "" {
				return v
			}
		}
		return a[0].scalar(c)
	})
}

func buildBoolean(_ *compiler, _ *Call, a []code) code { return truthCode(a[0].truth) }

func buildNot(_ *compiler, _ *Call, a []code) code {
	return truthCode(func(c *Context) bool { return !a[0].truth(c) })
}

func fromString(s string) bool { return s == "1" || strings.EqualFold(s, "true") }

// buildDepend compiles depend(value, ...), which gives its first argument; the
// others only say what the value depends on.
func buildDepend(_ *compiler, _ *Call, a []code) code { return a[0] }

// buildChecklist compiles checklist(min, max, factors...): whether the number of
// factors that are true is within the bounds; a negative bound is none.
func buildChecklist(_ *compiler, _ *Call, a []code) code {
	return truthCode(func(c *Context) bool {
		least, most, n := whole(a[0].number(c)), whole(a[1].number(c)), 0
		for _, x := range a[2:] {
			eachValue(c, x, func(v Value) {
				if v.Bool() {
					n++
				}
			})
		}
		return (least < 0 || n >= least) && (most < 0 || n <= most)
	})
}

// buildWeighted compiles weighted-checklist(min, max, factor, weight, ...). With
// one pair of node-sets the nodes are paired in their order.
func buildWeighted(k *compiler, n *Call, a []code) code {
	if len(a)%2 != 0 {
		return k.bad(n, "calls weighted-checklist() with a factor that has no weight", "give pairs of factor and weight after min and max")
	}
	return truthCode(func(c *Context) bool {
		least, most := a[0].number(c), a[1].number(c)
		sum := 0.0
		if len(a) == 4 && a[2].nodes != nil && a[3].nodes != nil {
			factors, weights := a[2].nodes(c), a[3].nodes(c)
			if len(factors) != len(weights) {
				c.failf("give as many weights as factors", "weighted-checklist() has %d factors and %d weights", len(factors), len(weights))
			}
			for i := range min(len(factors), len(weights)) {
				if c.typed(factors[i]).Bool() {
					sum += c.typed(weights[i]).Number()
				}
			}
		} else {
			for i := 2; i < len(a); i += 2 {
				if a[i].truth(c) {
					sum += a[i+1].number(c)
				}
			}
		}
		return sum >= least && sum <= most
	})
}
