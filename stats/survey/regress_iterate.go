package survey

import (
	"context"
	"math"

	vec "gonum.org/v1/gonum/floats"
)

// solution is a fit in terms of the layout's columns, with centred values.
type solution struct {
	iterations int
	deviance   float64
	beta       []float64 // 0 where not estimable
	before     []float64 // of the step before, whose working weights inv has; nil: the start
	step       []float64 // the last step of beta
	at         []int
	inv        []float64
	aliased    []string // why a column is not estimable, or ""
	why        string   // why there is no fit
}

// glmTolerance and glmIterations are where R's glm stops.
const (
	glmTolerance  = 1e-8
	glmIterations = 25
)

// fit fits the model with these weights by position. start, if not nil, is
// where the logistic fit begins; then it goes on to the last digits: what is left
// after a step is of the order of its square.
func (m *modelRows) fit(ctx context.Context, family Family, weights, start []float64, workers int) (*solution, error) {
	return m.fitWithout(ctx, family, weights, start, nil, workers)
}

// fitWithout is fit without the columns where drop is true.
func (m *modelRows) fitWithout(ctx context.Context, family Family, weights, start []float64, drop []bool, workers int) (*solution, error) {
	plan := m.gramPlan()
	q := len(m.layout.columns)
	s := &solution{beta: make([]float64, q), aliased: make([]string, q)}
	tolerance := glmTolerance
	rows := m.startRows(family, weights)
	if start != nil {
		copy(s.beta, start)
		tolerance = 1e-14
		if family == Binomial {
			rows = m.logisticRows(weights, s.beta)
		}
	}
	sums, err := m.gram(ctx, plan, workers, rows)
	if err != nil {
		return nil, err
	}
	xx, xr := plan.square(sums)
	for k, out := range drop {
		if out {
			xx[k*q+k] = 0
		}
	}
	f := m.factorise(xx, s)
	if len(f.at) == 0 {
		s.why = "no coefficient can be estimated"
		return s, nil
	}
	s.at = f.at
	if family == Gaussian {
		return s, m.linearFit(ctx, plan, weights, f, xr, s, workers)
	}
	before := sums.beside
	if start == nil {
		s.step = s.move(f, xr)
	} else {
		s.before = append([]float64(nil), s.beta...)
		s.step = s.move(f, xr)
	}
	if len(m.values) == 0 && m.pattern != nil { // from here on patterns are all that counts
		m = m.collapsed(weights)
		weights = m.weights
	}
	for s.iterations = 1; ; s.iterations++ {
		if sums, err = m.gram(ctx, plan, workers, m.logisticRows(weights, s.beta)); err != nil {
			return nil, err
		}
		s.deviance = sums.beside
		if math.Abs(s.deviance-before)/(0.1+math.Abs(s.deviance)) < tolerance || start != nil && vec.Norm(s.step, math.Inf(1)) < 1e-8*(1+vec.Norm(s.beta, math.Inf(1))) {
			break
		}
		if s.iterations == glmIterations {
			s.why = "the logistic model does not converge"
			break
		}
		before = s.deviance
		xx, xr = plan.square(sums)
		next := factorise(restrict(xx, q, s.at), len(s.at), nil, nil)
		if len(next.at) < len(s.at) {
			s.why = "the logistic model does not converge: the terms predict the outcome almost completely"
			break
		}
		f = &factorised{at: s.at, lower: next.lower}
		s.before = append(s.before[:0], s.beta...)
		s.step = s.move(f, xr)
	}
	s.inv = f.inverse()
	return s, nil
}

// factorise finds the columns that can be estimated, without those that s
// already leaves out.
func (m *modelRows) factorise(xx []float64, s *solution) *factorised {
	l := m.layout
	q := len(l.columns)
	scale := make([]float64, q)
	for _, t := range l.slots {
		for j := range t.width {
			k := t.base + j
			if scale[k] = xx[k*q+k]; t.partner >= 0 {
				p := l.slots[t.partner].base + j
				scale[k] += t.shift * t.shift * xx[p*q+p]
			}
		}
	}
	return factorise(xx, q, scale, func(col int, at []int, coef []float64) { s.aliased[col] = l.aliasReason(col, at, coef) })
}

// move adds the solution of one step to beta and returns it by column.
func (s *solution) move(f *factorised, xr []float64) []float64 {
	b := make([]float64, len(f.at))
	for k, col := range f.at {
		b[k] = xr[col]
	}
	step := make([]float64, len(s.beta))
	for k, v := range f.solve(b) {
		step[f.at[k]] = v
		s.beta[f.at[k]] += v
	}
	return step
}

// linearFit solves, and solves again for what rounding left over.
func (m *modelRows) linearFit(ctx context.Context, plan *gramPlan, weights []float64, f *factorised, xr []float64, s *solution, workers int) error {
	clear(s.beta)
	s.move(f, xr)
	linear := m.predictor(s.beta)
	sums, err := m.gram(ctx, plan, workers, func(b *gramScratch, from, to int) float64 {
		w, r, dev := b.w[:to-from], b.r[:to-from], 0.0
		eta := b.eta[:to-from]
		linear.block(eta, from)
		for i := range w {
			w[i] = 0
			e := m.y[from+i] - eta[i]
			r[i] = weights[from+i] * e
			dev += r[i] * e
		}
		return dev
	})
	if err != nil {
		return err
	}
	_, xr = plan.square(sums)
	s.move(f, xr)
	s.deviance, s.iterations, s.inv = sums.beside, 2, f.inverse()
	return nil
}

// startRows gives the first step: of a linear model the weights and w y, of a
// logistic one the working weights and response at R's starting values.
func (m *modelRows) startRows(family Family, weights []float64) func(s *gramScratch, from, to int) float64 {
	if family == Gaussian {
		return func(s *gramScratch, from, to int) float64 {
			copy(s.w, weights[from:to])
			vec.MulTo(s.r[:to-from], weights[from:to], m.y[from:to])
			return 0
		}
	}
	return func(s *gramScratch, from, to int) float64 {
		dev := 0.0
		for i := range to - from {
			w, y := weights[from+i], m.y[from+i]
			u := (w*y + 0.5) / (w + 1)
			h := u * (1 - u)
			s.w[i] = w * h
			s.r[i] = w * (h*math.Log(u/(1-u)) + y - u)
			dev -= 2 * w * math.Log(1-math.Abs(y-u))
		}
		return dev
	}
}

// logisticRows gives a further step from beta: working weights w μ(1-μ) and the
// gradient w (y-μ); beside them the deviance.
func (m *modelRows) logisticRows(weights, beta []float64) func(s *gramScratch, from, to int) float64 {
	linear := m.predictor(beta)
	return func(s *gramScratch, from, to int) float64 {
		eta, dev := s.eta[:to-from], 0.0
		linear.block(eta, from)
		y, w := m.y[from:to], weights[from:to]
		sw, sr := s.w[:len(eta)], s.r[:len(eta)]
		for i, e := range eta {
			small := math.Exp(-math.Abs(e))
			d := 1 / (1 + small)
			u, loss := d, (1-y[i])*e
			if e < 0 {
				u, loss = small*d, -y[i]*e
			}
			sw[i] = w[i] * small * d * d
			sr[i] = w[i] * (y[i] - u)
			dev += w[i] * (math.Log(1+small) + loss) // minus the log likelihood
		}
		return 2 * dev
	}
}

// logistic returns the mean at a linear predictor, and its slope.
func logistic(eta float64) (mean, slope float64) {
	small := math.Exp(-math.Abs(eta))
	d := 1 / (1 + small)
	if eta < 0 {
		return small * d, small * d * d
	}
	return d, small * d * d
}

// response returns the working residual times the working weight of every
// position, and the dispersion: the weighted variance of the Pearson residuals.
func (m *modelRows) response(ctx context.Context, family Family, s *solution, workers int) ([]float64, float64, error) {
	r := make([]float64, m.n)
	blocks := (m.n + gramBlock - 1) / gramBlock
	stripes := min(gramStripes, max(1, blocks))
	linear := m.predictor(s.beta)
	last := linear
	if s.before != nil {
		last = m.predictor(s.before)
	}
	sums := make([][3]float64, stripes) // weights, and weighted Pearson residuals and squares
	err := each(ctx, workers, stripes, func(k int) {
		now, before := make([]float64, gramBlock), make([]float64, gramBlock)
		for b := blocks * k / stripes; b < blocks*(k+1)/stripes; b++ {
			from, to := b*gramBlock, min(m.n, (b+1)*gramBlock)
			linear.block(now[:to-from], from)
			if s.before != nil {
				last.block(before[:to-from], from)
			}
			for i := range to - from {
				w, y := m.weights[from+i], m.y[from+i]
				pearson := y - now[i]
				if r[from+i] = w * pearson; family == Binomial {
					u, h := logistic(now[i])
					u0, h0 := (w*y+0.5)/(w+1), 0.0
					if h0 = u0 * (1 - u0); s.before != nil {
						_, h0 = logistic(before[i])
					}
					r[from+i] = w * h0 * (y - u) / h
					pearson = (y - u) / math.Sqrt(h)
				}
				sums[k][0] += w
				sums[k][1] += w * pearson
				sums[k][2] += w * pearson * pearson
			}
		}
	})
	if err != nil || m.n < 2 {
		return r, 0, err
	}
	var all [3]float64
	for _, part := range sums {
		for k, v := range part {
			all[k] += v
		}
	}
	mean := all[1] / all[0]
	return r, max(0, all[2]/all[0]-mean*mean) * float64(m.n) / float64(m.n-1), nil
}
