package survey

import (
	"context"
	"math"

	"waymark/internal/fault"
)

// Vector returns the coefficients with their covariance, for contrasts. One that
// is not estimable says why.
func (f *Fit) Vector() *Vector {
	n, q := len(f.Coefficients), len(f.at)
	v := &Vector{DF: f.DF, Base: f.Base, Values: make([]float64, n), Cov: make([]float64, n*n), NotEstimable: make([]string, n)}
	for i, c := range f.Coefficients {
		v.Names = append(v.Names, c.Name)
		v.Values[i], v.NotEstimable[i] = c.Value, c.NotEstimable
	}
	for i := range v.Cov {
		v.Cov[i] = math.NaN()
	}
	if f.NotEstimable == "" {
		for a, i := range f.at {
			for b, j := range f.at {
				v.Cov[i*n+j] = f.cov[a*q+b]
			}
		}
	}
	return v
}

// fitWeights fits the model again with other weights, one a row of the design,
// and returns the coefficients that are estimable in f, in their order. Only
// rows that f uses count. The fit starts from f and goes on to the last digits.
// It may be called from several goroutines.
func (f *Fit) fitWeights(ctx context.Context, weights []float64) ([]float64, error) {
	m := f.rows
	w, total := make([]float64, m.n), 0.0
	for i, row := range m.row {
		w[i] = weights[row]
		total += w[i]
	}
	if !(total > 0) {
		return nil, fault.New(fault.Invalid, fault.Place{}, "no row of the model has a weight above zero", "")
	}
	for i := range w {
		w[i] *= float64(m.n) / total
	}
	s, err := m.fit(ctx, f.Family, w, f.beta, 1)
	if err != nil {
		return nil, err
	}
	if s.why == "" && len(s.at) < len(f.at) {
		for _, k := range f.at {
			if s.aliased[k] != "" {
				s.why = m.layout.columns[k].name + " is " + s.aliased[k]
				break
			}
		}
	}
	if s.why != "" {
		return nil, fault.New(fault.Invalid, fault.Place{}, s.why, "")
	}
	return m.layout.original(s.beta, nil, f.at), nil
}
