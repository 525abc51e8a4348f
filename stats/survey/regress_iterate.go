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
// where the logistic fit begins; then it goes on to the last digits.
func (m *modelRows) fit(ctx context.Context, family Family, weights, start []float64, workers int) (*solution, error) {
	plan := newGramPlan(m.layout)
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
	for s.iterations = 1; ; s.iterations++ {
		if sums, err = m.gram(ctx, plan, workers, m.logisticRows(weights, s.beta)); err != nil {
			return nil, err
		}
		s.deviance = sums.beside
		if math.Abs(s.deviance-before)/(0.1+math.Abs(s.deviance)) < tolerance || start != nil && vec.Norm(s.step, math.Inf(1)) < 1e-13 {
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
	sums, err := m.gram(ctx, plan, workers, func(b *gramScratch, from, to int) float64 {
		w, r, dev := b.w[:to-from], b.r[:to-from], 0.0
		eta := b.eta[:to-from]
		m.linear(eta, s.beta, from)
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
	return func(s *gramScratch, from, to int) float64 {
		eta, dev := s.eta[:to-from], 0.0
		m.linear(eta, beta, from)
		y, w := m.y[from:to], weights[from:to]
		for i, e := range eta {
			u, h, loss := logistic(e, y[i])
			s.w[i] = w[i] * h
			s.r[i] = w[i] * (y[i] - u)
			dev += w[i] * loss
		}
		return 2 * dev
	}
}

// logistic returns the mean at a linear predictor, its slope, and minus the log
// likelihood of an outcome y.
func logistic(eta, y float64) (mean, slope, loss float64) {
	small := math.Exp(-math.Abs(eta))
	d := 1 / (1 + small)
	mean, slope, loss = d, small*d*d, math.Log1p(small)
	if eta < 0 {
		mean = small * d
		loss += y * -eta
	} else {
		loss += (1 - y) * eta
	}
	return mean, slope, loss
}

// response returns the working residual times the working weight of every
// position, and the dispersion: the weighted variance of the Pearson residuals.
func (m *modelRows) response(ctx context.Context, family Family, s *solution, workers int) ([]float64, float64, error) {
	r := make([]float64, m.n)
	pearson := make([]float64, m.n)
	blocks := (m.n + gramBlock - 1) / gramBlock
	stripes := min(gramStripes, max(1, blocks))
	err := each(ctx, workers, stripes, func(k int) {
		now, before := make([]float64, gramBlock), make([]float64, gramBlock)
		for b := blocks * k / stripes; b < blocks*(k+1)/stripes; b++ {
			from, to := b*gramBlock, min(m.n, (b+1)*gramBlock)
			m.linear(now[:to-from], s.beta, from)
			if s.before != nil {
				m.linear(before[:to-from], s.before, from)
			}
			for i := range to - from {
				w, y := m.weights[from+i], m.y[from+i]
				if family == Gaussian {
					e := y - now[i]
					r[from+i], pearson[from+i] = w*e, e
					continue
				}
				u, h, _ := logistic(now[i], y)
				var h0 float64
				if s.before != nil {
					_, h0, _ = logistic(before[i], y)
				} else {
					u0 := (w*y + 0.5) / (w + 1)
					h0 = u0 * (1 - u0)
				}
				r[from+i] = w * h0 * (y - u) / h
				pearson[from+i] = (y - u) / math.Sqrt(h)
			}
		}
	})
	if err != nil || m.n < 2 {
		return r, 0, err
	}
	var sw, mean, v float64
	for i, w := range m.weights {
		sw += w
		mean += w * pearson[i]
	}
	mean /= sw
	for i, w := range m.weights {
		v += w * (pearson[i] - mean) * (pearson[i] - mean)
	}
	return r, v / sw * float64(m.n) / float64(m.n-1), nil
}
