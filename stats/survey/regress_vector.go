package survey

import "math"

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
