package impute

import "math"

// drawOrdered fills an ordered category by proportional odds,
//
//	P(y ≤ k) = 1/(1 + exp(β'x - θ_k)),
//
// with parameters drawn from the normal approximation of the posterior at its
// mode; a draw in which thresholds are out of order is drawn again.
func (c *chain) drawOrdered(k int) {
	v := &c.w.vars[k]
	cuts, p := len(v.levels)-1, len(v.reads)-1
	q := cuts + p
	if c.start[k] == nil {
		c.start[k] = make([]float64, q)
		n := make([]float64, cuts+1)
		for _, i := range v.seen {
			n[int(v.values[i])]++
		}
		below := 0.0
		for j := range cuts {
			below += n[j]
			share := below / float64(len(v.seen))
			c.start[k][j] = math.Log(share / (1 - share))
		}
	}
	at := c.start[k]
	gradient, l := make([]float64, q), make([]float64, q*q)
	value := c.orderedScore(v, at, gradient, l)
	for step := 0; ; step++ {
		cholesky(l, q)
		forward(l, q, gradient)
		gain := dot(gradient, gradient)
		backward(l, q, gradient)
		if gain < enough || step == maxSteps {
			break
		}
		move := append([]float64(nil), gradient...)
		from := append([]float64(nil), at...)
		ahead := false
		for size := 1.0; size > 1e-6 && !ahead; size /= 2 {
			for a := range at {
				at[a] = from[a] + size*move[a]
			}
			if !rising(at[:cuts]) {
				continue
			}
			now := c.orderedScore(v, at, gradient, l)
			if ahead = now > value; ahead {
				value = now
			}
		}
		if !ahead {
			copy(at, from)
			c.orderedScore(v, at, gradient, l)
			cholesky(l, q)
			break
		}
	}
	star := make([]float64, q)
	for range 100 {
		for a := range star {
			star[a] = c.rng.NormFloat64()
		}
		backward(l, q, star)
		for a := range star {
			star[a] += at[a]
		}
		if rising(star[:cuts]) {
			break
		}
		copy(star, at)
	}
	for _, i := range v.missing {
		eta := dot(c.row(v, i)[1:], star[cuts:])
		u := c.rng.Float64()
		level := 0
		for level < cuts && u >= expit(star[level]-eta) {
			level++
		}
		c.state[k][i] = float64(level)
	}
}

func rising(v []float64) bool {
	for k := 1; k < len(v); k++ {
		if !(v[k] > v[k-1]) {
			return false
		}
	}
	return true
}

func expit(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// orderedScore is the log posterior of thresholds and slopes, with its gradient
// and its expected curvature on and below the diagonal.
func (c *chain) orderedScore(v *variable, at, gradient, curvature []float64) float64 {
	cuts := len(v.levels) - 1
	q := len(at)
	clear(gradient)
	clear(curvature)
	below, slope := make([]float64, cuts+2), make([]float64, cuts+2) // P(y < k) and its derivative
	value := 0.0
	for _, i := range v.seen {
		x := c.row(v, i)[1:]
		eta := dot(x, at[cuts:])
		for k := range cuts {
			g := expit(at[k] - eta)
			below[k+1], slope[k+1] = g, g*(1-g)
		}
		below[cuts+1] = 1
		y := int(v.values[i])
		toX := 0.0 // Σ (slope difference)²/p: curvature of eta
		for k := range cuts + 1 {
			p := max(below[k+1]-below[k], 1e-12)
			d := slope[k+1] - slope[k]
			toX += d * d / p
			if k < cuts { // threshold k ends level k and begins level k+1
				next := max(below[k+2]-below[k+1], 1e-12)
				s := slope[k+1]
				curvature[k*q+k] += s * s * (1/p + 1/next)
				if k > 0 {
					curvature[k*q+k-1] -= s * slope[k] / p
				}
				cross := -s * (d/p - (slope[k+2]-slope[k+1])/next)
				for b, xb := range x {
					curvature[(cuts+b)*q+k] += cross * xb
				}
			}
			if k == y {
				value += math.Log(p)
				if k < cuts {
					gradient[k] += slope[k+1] / p
				}
				if k > 0 {
					gradient[k-1] -= slope[k] / p
				}
				for b, xb := range x {
					gradient[cuts+b] -= d / p * xb
				}
			}
		}
		for a, xa := range x {
			if xa == 0 {
				continue
			}
			for b, xb := range x[:a+1] {
				curvature[(cuts+a)*q+cuts+b] += toX * xa * xb
			}
		}
	}
	for a := cuts; a < q; a++ {
		value -= precision / 2 * at[a] * at[a]
		gradient[a] -= precision * at[a]
		curvature[a*q+a] += precision
	}
	return value
}
