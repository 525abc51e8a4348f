package impute

import "math"

// precision of the normal prior of logistic coefficients, on predictors that
// are standardised: it holds them where levels are perfectly predicted, and is
// that of a few hundredths of a row elsewhere. The constant has none.
const precision = 0.01

// The end of an iterative fit: the gain in log posterior, and the steps.
const (
	enough   = 1e-8
	maxSteps = 50
)

// drawLevel fills a category by a multinomial logistic model, which for two
// levels is the logistic one: β* from the normal approximation of the posterior
// at its mode, then a level from its probabilities. Source: Rubin (1987), p. 169.
func (c *chain) drawLevel(k int) {
	v := &c.w.vars[k]
	p, others := len(v.reads), len(v.levels)-1
	q := p * others
	if c.start[k] == nil {
		c.start[k] = make([]float64, q)
	}
	beta := c.start[k]
	prob := make([]float64, others+1)
	gradient, l := make([]float64, q), make([]float64, q*q)
	value := c.levelScore(v, beta, prob, gradient, l)
	for step := 0; ; step++ {
		cholesky(l, q)
		forward(l, q, gradient)
		gain := dot(gradient, gradient)
		backward(l, q, gradient)
		if gain < enough || step == maxSteps {
			break
		}
		move := append([]float64(nil), gradient...)
		from := append([]float64(nil), beta...)
		ahead := false
		for size := 1.0; size > 1e-6 && !ahead; size /= 2 {
			for a := range beta {
				beta[a] = from[a] + size*move[a]
			}
			now := c.levelScore(v, beta, prob, gradient, l)
			if ahead = now > value; ahead {
				value = now
			}
		}
		if !ahead {
			copy(beta, from)
			c.levelScore(v, beta, prob, gradient, l)
			cholesky(l, q)
			break
		}
	}
	star := make([]float64, q)
	for a := range star {
		star[a] = c.rng.NormFloat64()
	}
	backward(l, q, star)
	for a := range star {
		star[a] += beta[a]
	}
	for _, i := range v.missing {
		softmax(prob, c.row(v, i), star)
		u := c.rng.Float64()
		level := 0
		for level < others && u >= prob[level] {
			u -= prob[level]
			level++
		}
		c.state[k][i] = float64(level)
	}
}

// softmax writes the probabilities of levels; the first has no coefficients.
func softmax(prob, x, beta []float64) {
	p := len(x)
	largest := 0.0
	prob[0] = 0
	for k := range len(prob) - 1 {
		prob[k+1] = dot(x, beta[k*p:(k+1)*p])
		largest = max(largest, prob[k+1])
	}
	sum := 0.0
	for k := range prob {
		prob[k] = math.Exp(prob[k] - largest)
		sum += prob[k]
	}
	for k := range prob {
		prob[k] /= sum
	}
}

// levelScore is the log posterior, with its gradient and its curvature on and
// below the diagonal.
func (c *chain) levelScore(v *variable, beta, prob, gradient, curvature []float64) float64 {
	p, others := len(v.reads), len(v.levels)-1
	q := p * others
	clear(gradient)
	clear(curvature)
	value := 0.0
	for _, i := range v.seen {
		x := c.row(v, i)
		softmax(prob, x, beta)
		y := int(v.values[i])
		value += math.Log(max(prob[y], 1e-300))
		for k := range others {
			r := -prob[k+1]
			if y == k+1 {
				r++
			}
			for a, xa := range x {
				gradient[k*p+a] += r * xa
			}
			for m := range k + 1 {
				h := -prob[k+1] * prob[m+1]
				if m == k {
					h += prob[k+1]
				}
				if h == 0 {
					continue
				}
				for a, xa := range x {
					if xa == 0 {
						continue
					}
					line := curvature[(k*p+a)*q+m*p:][:p]
					for b, xb := range x {
						line[b] += h * xa * xb
					}
				}
			}
		}
	}
	for a, b := range beta {
		if a%p == 0 {
			curvature[a*q+a] += 1e-6 // the constant, for levels that are hardly there
			continue
		}
		value -= precision / 2 * b * b
		gradient[a] -= precision * b
		curvature[a*q+a] += precision
	}
	return value
}
