package survey

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"waymark/internal/fault"
)

// Family is the model of an outcome.
type Family uint8

// The families.
const (
	Gaussian Family = iota + 1 // linear
	Binomial                   // logistic; the outcome is 0 or 1
)

// Term is one column of a model matrix. NaN is a missing value.
type Term struct {
	Name   string
	Values []float64
}

// Coefficient is one fitted term.
type Coefficient struct {
	Term      string
	Value, SE float64
	T, P      float64 // against 0, by t with the model's degrees of freedom
}

// Model is a fitted regression.
type Model struct {
	Coefficients []Coefficient
	DF           float64 // the design's degrees of freedom + 1 - terms
	Base         int     // rows with all values
	Iterations   int
}

// Regress fits a linear or logistic model by weighted least squares with the
// sandwich variance of the design, FPC and later stages included. Rows with a
// missing value leave the model and stay in the design. The logistic fit stops
// where R's glm does (deviance within a relative 1e-8), so that standard errors
// agree. Under a
// calibrated design the variance is that of the residuals.
// Source: Binder (1983), International Statistical Review 51; R survey 4.1-1,
// svyglm with gaussian or quasibinomial.
func (d *Design) Regress(family Family, outcome Term, terms []Term) (*Model, error) {
	if err := d.checkModel(family, outcome, terms); err != nil {
		return nil, err
	}
	q := len(terms)
	var rows []int
	total := 0.0
	for i := range d.rows {
		w := d.Weight(i)
		total += w
		ok := w > 0 && !math.IsNaN(outcome.Values[i])
		for _, t := range terms {
			ok = ok && !math.IsNaN(t.Values[i])
		}
		if ok {
			rows = append(rows, i)
		}
	}
	f := &fit{d: d, rows: rows, y: outcome.Values, x: terms, unit: total / float64(max(1, d.nAlive)), beta: make([]float64, q)}
	if len(rows) <= q {
		return nil, fault.New(fault.Invalid, fault.Place{Field: outcome.Name}, fmt.Sprintf("%d rows with all values are too few for %d terms", len(rows), q), "use fewer terms")
	}
	m := &Model{Base: len(rows)}
	if err := f.run(family, m); err != nil {
		return nil, err
	}
	used := make([]bool, d.rows)
	for _, i := range rows {
		used[i] = true
	}
	m.DF = d.freedomOf(func(row int) bool { return used[row] }) + 1 - float64(q)
	if m.DF <= 0 {
		return nil, fault.New(fault.Invalid, fault.Place{Field: outcome.Name}, "the design has too few primary sampling units for a model of so many terms", "use fewer terms")
	}
	v := d.rowCovariance(q, func(row int, part []float64) bool {
		if !used[row] {
			return false
		}
		f.score(family, row, part)
		return true
	})
	for c, t := range terms {
		k := Coefficient{Term: t.Name, Value: f.beta[c], SE: math.Sqrt(max(0, v[c*q+c]))}
		if k.P = 1; k.SE > 0 {
			k.T = k.Value / k.SE
			k.P = tTwoSided(k.T, m.DF)
		}
		m.Coefficients = append(m.Coefficients, k)
	}
	return m, nil
}

func (d *Design) checkModel(family Family, outcome Term, terms []Term) error {
	faults := fault.NewList(maxFaults)
	if len(terms) == 0 || family < Gaussian || family > Binomial {
		faults.Addf(fault.Invalid, fault.Place{}, "give a family and at least one term", "the model is not complete")
	}
	for _, t := range append([]Term{outcome}, terms...) {
		if len(t.Values) != d.rows {
			faults.Addf(fault.Invalid, fault.Place{Field: t.Name}, "use columns of the design's table", "the column has %d rows and the design has %d", len(t.Values), d.rows)
			continue
		}
		for i, v := range t.Values {
			if math.Abs(v) > maxFinite {
				faults.Addf(fault.Invalid, fault.Place{Field: t.Name, Row: i + 1}, "numbers must be finite", "the number cannot be used (data row)")
			}
		}
	}
	if faults.Len() == 0 && family == Binomial {
		for i, y := range outcome.Values {
			if y != 0 && y != 1 && y == y {
				faults.Addf(fault.Invalid, fault.Place{Field: outcome.Name, Row: i + 1}, "code the outcome as 0 and 1", "the outcome of a logistic model is %v (data row)", y)
			}
		}
	}
	return faults.Err()
}

// fit is a weighted least squares fit in progress.
type fit struct {
	d    *Design
	rows []int
	y    []float64
	x    []Term
	unit float64 // mean weight, by which weights are scaled
	beta []float64
	inv  *mat.Dense
	work func(row int) float64 // working weight of the last step, scaled
}

func (f *fit) eta(beta []float64, row int) float64 {
	s := 0.0
	for c, t := range f.x {
		s += beta[c] * t.Values[row]
	}
	return s
}

// step solves one weighted least squares problem: z on the terms, weights work.
func (f *fit) step(z func(row int) float64) error {
	q := len(f.x)
	xx, xz := mat.NewDense(q, q, nil), mat.NewVecDense(q, nil)
	for _, i := range f.rows {
		w, zi := f.work(i), z(i)
		for a := range q {
			va := w * f.x[a].Values[i]
			xz.SetVec(a, xz.AtVec(a)+va*zi)
			for b := range a + 1 {
				xx.Set(a, b, xx.At(a, b)+va*f.x[b].Values[i])
				xx.Set(b, a, xx.At(a, b))
			}
		}
	}
	f.inv = mat.NewDense(q, q, nil)
	if err := f.inv.Inverse(xx); err != nil {
		return fault.Wrap(fault.Invalid, fault.Place{}, "the terms depend on each other, or predict the outcome completely", "leave a term out", err)
	}
	var b mat.VecDense
	b.MulVec(f.inv, xz)
	f.beta = append([]float64(nil), b.RawVector().Data...)
	return nil
}

// run fits the model.
func (f *fit) run(family Family, m *Model) error {
	scaled := func(row int) float64 { return f.d.Weight(row) / f.unit }
	if family == Gaussian {
		m.Iterations = 1
		f.work = scaled
		return f.step(func(row int) float64 { return f.y[row] })
	}
	mean := func(row int) float64 { w := scaled(row); return (w*f.y[row] + 0.5) / (w + 1) }
	before := f.deviance(mean)
	for m.Iterations = 1; m.Iterations <= 25; m.Iterations++ {
		at := mean
		f.work = func(row int) float64 { u := at(row); return scaled(row) * u * (1 - u) }
		if err := f.step(func(row int) float64 {
			u := at(row)
			return math.Log(u/(1-u)) + (f.y[row]-u)/(u*(1-u))
		}); err != nil {
			return err
		}
		beta := f.beta
		mean = func(row int) float64 { return expit(f.eta(beta, row)) }
		now := f.deviance(mean)
		if math.Abs(now-before)/(0.1+math.Abs(now)) < 1e-8 {
			return nil
		}
		before = now
	}
	return fault.New(fault.Invalid, fault.Place{}, "the logistic model does not converge: a term may predict the outcome completely", "leave a term out, or merge its levels")
}

func (f *fit) deviance(mean func(row int) float64) float64 {
	s := 0.0
	for _, i := range f.rows {
		u := mean(i)
		s -= 2 * f.d.Weight(i) / f.unit * math.Log(1-math.Abs(f.y[i]-u))
	}
	return s
}

// score writes a row's part of the coefficients.
func (f *fit) score(family Family, row int, part []float64) {
	u := f.eta(f.beta, row)
	r := f.y[row] - u
	if family == Binomial {
		m := expit(u)
		r = (f.y[row] - m) / (m * (1 - m))
	}
	r *= f.work(row)
	for a := range part {
		part[a] = 0
		for b, t := range f.x {
			part[a] += f.inv.At(a, b) * t.Values[row] * r
		}
	}
}
