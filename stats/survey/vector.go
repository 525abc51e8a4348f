package survey

import (
	"math"
	"slices"

	"waymark/internal/fault"
)

// Vector is estimates that were made together, with their full covariance.
type Vector struct {
	Names  []string // unique
	Values []float64
	Cov    []float64 // row by row, len(Names) squared
	// DF is the degrees of freedom of intervals and tests; +Inf for the normal.
	DF float64
	// Base is the unweighted rows that count in at least one estimate.
	Base int
	// NotEstimable has one reason an estimate, empty where there is a number;
	// nil if all have one. Where there is none, the value and its covariances
	// are NaN.
	NotEstimable []string
}

// SE is the standard error of estimate i; NaN if it is not estimable.
func (v *Vector) SE(i int) float64 { return math.Sqrt(max(0, v.Cov[i*len(v.Values)+i])) }

// Covariance is that of estimates i and j.
func (v *Vector) Covariance(i, j int) float64 { return v.Cov[i*len(v.Values)+j] }

// Index returns the place of a name, or -1.
func (v *Vector) Index(name string) int { return slices.Index(v.Names, name) }

// why says why estimate i has no number; empty if it has one.
func (v *Vector) why(i int) string {
	if v.NotEstimable != nil && v.NotEstimable[i] != "" {
		return v.NotEstimable[i]
	}
	if x, s := v.Values[i], v.Cov[i*len(v.Values)+i]; x-x != 0 || s-s != 0 {
		return "the estimate has no number"
	}
	return ""
}

// check refuses a vector whose parts do not fit together.
func (v *Vector) check() error {
	q := len(v.Names)
	if len(v.Values) != q || len(v.Cov) != q*q || v.NotEstimable != nil && len(v.NotEstimable) != q {
		return fault.New(fault.Invalid, fault.Place{}, "names, values and covariance of the estimates are not of one size", "make them together")
	}
	return nil
}
