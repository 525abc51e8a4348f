package xpath

import "math"

func buildNumber(_ *compiler, _ *Call, a []code) code { return numberCode(own(a).number) }

// cut is int(): the fraction goes.
func cut(f float64) float64 { return math.Trunc(f) }

func buildRound(_ *compiler, _ *Call, a []code) code {
	return numberCode(func(c *Context) float64 {
		places := 0
		if len(a) == 2 {
			places = whole(a[1].number(c))
		}
		return round(a[0].number(c), places)
	})
}

func buildRandom(_ *compiler, _ *Call, _ []code) code {
	return numberCode(func(c *Context) float64 { return c.random() })
}

// buildSum compiles sum(); nodes that are no numbers are left out.
func buildSum(k *compiler, n *Call, a []code) code {
	k.wantNodes(n.Args[0], a[0])
	return numberCode(func(c *Context) float64 {
		sum := 0.0
		add := func(n *Node) {
			if f := c.numberOf(n); !math.IsNaN(f) {
				sum += f
			}
		}
		if a[0].path != nil {
			a[0].path.each(c, add)
			return sum
		}
		for _, n := range c.list(a[0]) {
			add(n)
		}
		return sum
	})
}

// buildExtreme compiles max() and min() of nodes or of several arguments. What
// is no number is left out; NaN if nothing is left.
func buildExtreme(pick func(a, b float64) float64) builder {
	return func(_ *compiler, _ *Call, a []code) code {
		return numberCode(func(c *Context) float64 {
			best := math.NaN()
			for _, x := range a {
				eachValue(c, x, func(v Value) {
					f := v.Number()
					if math.IsNaN(best) {
						best = f
					} else if !math.IsNaN(f) {
						best = pick(best, f)
					}
				})
			}
			return best
		})
	}
}

// pow is pow() as Java and JavaScript have it: unlike in IEEE 754, 1 to the power
// of what is no number, or of infinity, is no number.
func pow(x, y float64) float64 {
	if math.IsNaN(y) || math.IsInf(y, 0) && math.Abs(x) == 1 {
		return math.NaN()
	}
	return math.Pow(x, y)
}
