package survey

import (
	"context"
	"math"
	"slices"

	vec "gonum.org/v1/gonum/floats"

	"waymark/internal/fault"
)

// Uncertainty is what the variance of an average over the sample counts.
type Uncertainty uint8

// The uncertainties.
const (
	// OfCoefficients takes the rows as fixed: D V D', the delta method. It is
	// what most programs report of average effects.
	OfCoefficients Uncertainty = iota
	// OfParts adds the design's variance of the mean prediction as if the
	// coefficients were known, and leaves out what the two have in common, as R's
	// svypredmeans does.
	OfParts
	// OfSample is the whole linearisation: the rows are a sample, and the same
	// one that gave the coefficients.
	OfSample
)

// AverageRequest asks for averages of a fitted model's predictions.
type AverageRequest struct {
	// Variable is a column of the formula. Required.
	Variable    string
	Uncertainty Uncertainty
}

// PredictedMargins returns the mean prediction with every row set to each level
// of a categorical variable in turn, and everything else as it is, by level.
//
//	m_l = Σ w μ(x with variable = l) / Σ w,  over the rows of the fit
//
// Names are those of the levels, as "stypeH". Means are on the scale of the
// outcome: probabilities of a logistic model. R's svypredmeans has the variance
// OfParts.
// Source: Graubard and Korn (1999), Biometrics 55; R survey 4.1-1, svypredmeans.
func (f *Fit) PredictedMargins(ctx context.Context, r AverageRequest, opt EngineOptions) (*Vector, error) {
	return f.averages(ctx, r, opt, func(a *averages) error {
		x := f.factorOf(r.Variable)
		if x < 0 {
			return fault.New(fault.Invalid, fault.Place{Field: r.Variable}, "the model has no such categorical variable", "name a category of the formula")
		}
		of := f.rows.layout.factors[x]
		for rank, level := range of.used {
			if err := a.atLevel(ctx, x, rank, opt); err != nil {
				return err
			}
			a.names = append(a.names, of.label+of.levelName(level))
		}
		return nil
	})
}

// AverageEffects returns average marginal effects of a variable: for a number the
// mean of the derivative of the prediction, for a category the mean difference
// from the reference level, by level.
//
//	Σ w ∂μ/∂x / Σ w,  or  Σ w (μ(x = l) - μ(x = reference)) / Σ w
//
// Interactions, and arithmetic such as I(x^2), are followed. The default variance
// is OfCoefficients. A number that is also a factor(x) of the formula has no
// derivative and is refused.
// Source: Bartus (2005), Stata Journal 5; delta method.
func (f *Fit) AverageEffects(ctx context.Context, r AverageRequest, opt EngineOptions) (*Vector, error) {
	return f.averages(ctx, r, opt, func(a *averages) error {
		x := f.factorOf(r.Variable)
		if x < 0 {
			a.names = append(a.names, r.Variable)
			return a.slope(ctx, r.Variable, opt)
		}
		of := f.rows.layout.factors[x]
		for rank, level := range of.used {
			if err := a.atLevel(ctx, x, rank, opt); err != nil {
				return err
			}
			if rank > 0 {
				a.names = append(a.names, of.label+of.levelName(level))
			}
		}
		a.contrast()
		return nil
	})
}

// factorOf returns the categorical factor of a column or label, or -1.
func (f *Fit) factorOf(name string) int {
	return slices.IndexFunc(f.rows.layout.factors, func(x *modelFactor) bool { return x.num == nil && (x.name == name || x.label == name) })
}

// averages are means over the rows with their derivatives by coefficient.
type averages struct {
	f      *Fit
	names  []string
	row    [][]float64 // each mean's value by position
	mean   []float64
	change [][]float64 // by the layout's columns
	total  float64
}

func (f *Fit) averages(ctx context.Context, r AverageRequest, opt EngineOptions, fill func(a *averages) error) (*Vector, error) {
	if r.Uncertainty > OfSample {
		return nil, fault.New(fault.Invalid, fault.Place{}, "there is no such uncertainty", "OfCoefficients, OfParts or OfSample")
	}
	if f.NotEstimable != "" {
		return nil, fault.New(fault.Invalid, fault.Place{}, "the model has no estimate: "+f.NotEstimable, "")
	}
	for i, c := range f.Coefficients {
		if c.NotEstimable != "" {
			return nil, fault.New(fault.Invalid, fault.Place{Field: f.Coefficients[i].Name}, "a coefficient is not estimable, so predictions with other values are not either", "leave the term out of the model")
		}
	}
	a := &averages{f: f, total: vec.Sum(f.rows.weights)}
	if err := fill(a); err != nil {
		return nil, err
	}
	return a.vector(ctx, r.Uncertainty, opt)
}

// predictions walks over the rows in blocks, side by side, and sums Σ w g and
// Σ r x: each gives g and r of a block.
func (m *modelRows) predictions(ctx context.Context, beta []float64, workers int, fill func(eta []float64, from int, g, r []float64)) (row []float64, sum float64, grad []float64, err error) {
	plan, linear := m.gramPlan(), m.predictor(beta)
	row = make([]float64, m.n)
	sums, err := m.gram(ctx, plan, workers, func(s *gramScratch, from, to int) float64 {
		eta := s.eta[:to-from]
		linear.block(eta, from)
		clear(s.w)
		fill(eta, from, row[from:to], s.r[:to-from])
		return vec.Dot(row[from:to], m.weights[from:to])
	})
	if err != nil {
		return nil, 0, nil, err
	}
	_, grad = plan.square(sums)
	return row, sums.beside, grad, nil
}

// atLevel adds the mean with a category at one level.
func (a *averages) atLevel(ctx context.Context, factor, rank int, opt EngineOptions) error {
	m := a.f.rows.withLevel(factor, rank)
	row, sum, grad, err := m.predictions(ctx, a.f.beta, opt.Workers, func(eta []float64, from int, g, r []float64) {
		for i, e := range eta {
			if g[i], r[i] = e, m.weights[from+i]; a.f.Family == Binomial {
				u, h := logistic(e)
				g[i] = u
				r[i] *= h
			}
		}
	})
	a.add(row, sum, grad)
	return err
}

func (a *averages) add(row []float64, sum float64, grad []float64) {
	vec.Scale(1/a.total, grad)
	a.row, a.mean, a.change = append(a.row, row), append(a.mean, sum/a.total), append(a.change, grad)
}

// contrast takes the first mean off the others.
func (a *averages) contrast() {
	for k := range a.mean[1:] {
		a.mean[k+1] -= a.mean[0]
		vec.Sub(a.row[k+1], a.row[0])
		vec.Sub(a.change[k+1], a.change[0])
	}
	a.mean, a.row, a.change = a.mean[1:], a.row[1:], a.change[1:]
}

// slope adds the mean derivative by a number.
func (a *averages) slope(ctx context.Context, name string, opt EngineOptions) error {
	m := a.f.rows
	by, err := m.derived(name)
	if err != nil {
		return err
	}
	change := by.predictor(a.f.beta)
	row, sum, grad, err := m.predictions(ctx, a.f.beta, opt.Workers, func(eta []float64, from int, g, r []float64) {
		change.block(g, from)
		for i, e := range eta {
			if r[i] = 0; a.f.Family == Binomial {
				u, h := logistic(e)
				r[i] = m.weights[from+i] * h * (1 - 2*u) * g[i]
				g[i] *= h
			}
		}
	})
	if err != nil {
		return err
	}
	level := m.predictor(a.f.beta)
	_, _, more, err := by.predictions(ctx, a.f.beta, opt.Workers, func(eta []float64, from int, g, r []float64) {
		level.block(eta, from)
		for i, e := range eta {
			if r[i] = m.weights[from+i]; a.f.Family == Binomial {
				_, h := logistic(e)
				r[i] *= h
			}
		}
	})
	if err != nil {
		return err
	}
	vec.Add(grad, more)
	a.add(row, sum, grad)
	return nil
}

// vector makes the covariance.
func (a *averages) vector(ctx context.Context, u Uncertainty, opt EngineOptions) (*Vector, error) {
	f, m, q := a.f, a.f.rows, len(a.mean)
	n := len(f.at)
	v := &Vector{Names: a.names, Values: a.mean, Cov: make([]float64, q*q), DF: f.DF, Base: f.Base, NotEstimable: make([]string, q)}
	if u != OfSample {
		for i := range q {
			for j := range q {
				for k, x := range f.at {
					for l, y := range f.at {
						v.Cov[i*q+j] += a.change[i][x] * f.centred[k*n+l] * a.change[j][y]
					}
				}
			}
		}
	}
	if u == OfCoefficients {
		return v, ctx.Err()
	}
	var influence []*predictor // of the coefficients on each mean
	for i := range q {
		c := make([]float64, len(m.layout.columns))
		for k, x := range f.at {
			for l, y := range f.at {
				c[x] += f.inv[k*n+l] * a.change[i][y]
			}
		}
		influence = append(influence, m.predictor(c))
	}
	err := each(ctx, opt.Workers, q, func(i int) {
		more := make([]float64, gramBlock)
		for from := 0; from < m.n; from += gramBlock {
			to := min(m.n, from+gramBlock)
			if u == OfSample {
				influence[i].block(more[:to-from], from)
			}
			for k := from; k < to; k++ {
				a.row[i][k] = m.weights[k]*(a.row[i][k]-a.mean[i])/a.total + f.resp[k]*more[k-from]
			}
		}
	})
	if err != nil {
		return nil, err
	}
	vec.Add(v.Cov, m.d.rowCovariance(q, func(row int, part []float64) bool {
		clear(part)
		at := m.at[row]
		for i := range part {
			if at >= 0 {
				part[i] = a.row[i][at]
			}
		}
		return at >= 0
	}))
	return v, ctx.Err()
}

// withLevel is the rows with a category set to the level of one rank.
func (m *modelRows) withLevel(factor, rank int) *modelRows {
	out := *m
	out.codes = slices.Clone(m.codes)
	for k, cats := range m.layout.codes {
		if slices.ContainsFunc(cats, func(c coding) bool { return c.factor == factor }) {
			out.codes[k] = m.crossingAt(cats, m.ranks, factor, rank)
		}
	}
	return &out
}

// derived is the rows with every value column replaced by its derivative by a
// number column; what does not depend on it is 0.
func (m *modelRows) derived(name string) (*modelRows, error) {
	l := *m.layout
	out := *m
	out.layout = &l
	l.slots = slices.Clone(l.slots)
	derivative := make([][]float64, len(l.factors)) // by position
	found := false
	for k, x := range l.factors {
		switch {
		case x.num == nil && x.name == name:
			return nil, fault.New(fault.Invalid, fault.Place{Field: name}, "the number is a category in the formula and has no derivative", "ask for the effect of the category")
		case x.num == nil || !x.uses(name):
		default:
			found = true
			derivative[k] = make([]float64, m.n)
			for i, row := range m.row {
				if derivative[k][i] = x.derivative(int(row), name); math.IsNaN(derivative[k][i]) || math.IsInf(derivative[k][i], 0) {
					return nil, fault.New(fault.Invalid, fault.Place{Field: x.label, Row: int(row) + 1}, "the term has no derivative there (data row)", "leave the row out, or change the term")
				}
			}
		}
	}
	if !found {
		return nil, fault.New(fault.Invalid, fault.Place{Field: name}, "the model has no such variable", "name a column of the formula")
	}
	out.values = make([][]float64, len(m.values)+1)
	for k, nums := range l.values {
		v := make([]float64, m.n)
		for _, x := range nums {
			if derivative[x] == nil {
				continue
			}
			for i, row := range m.row {
				d := derivative[x][i]
				for _, y := range nums {
					if y != x {
						d *= l.factors[y].num[row]
					}
				}
				v[i] += d
			}
		}
		out.values[k] = v
	}
	none := len(m.values)
	out.values[none] = make([]float64, m.n)
	for i := range l.slots {
		if l.slots[i].val < 0 {
			l.slots[i].val = none
		}
	}
	return &out, nil
}
