package survey

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/mat"

	"waymark/internal/fault"
)

// TermTest is a test that all coefficients of some terms are 0.
type TermTest struct {
	Terms []string
	// F with DF1 and DF2 degrees of freedom: Chisq over DF1.
	F, DF1, DF2 float64
	P           float64 // of F
	// Chisq is Wald's statistic, with DF1 degrees of freedom and ChisqP.
	Chisq, ChisqP float64
	NotEstimable  string
}

// WorkingTest is a test by the model's own covariance, corrected for the design.
type WorkingTest struct {
	Terms []string
	// Statistic is b' V0⁻¹ b, or the difference of deviances.
	Statistic float64
	// Lambda are the design effects, of which the statistic is a weighted sum of
	// chi-squared variables if all coefficients are 0; largest first.
	Lambda []float64
	DF1    int
	DF2    float64
	// P by Rao and Scott's second order: an F with fractional degrees of freedom.
	P            float64
	NotEstimable string
}

// termColumns finds the places, among the estimable coefficients, of terms.
func (f *Fit) termColumns(terms []string) ([]int, error) {
	var out []int
	faults := fault.NewList(maxFaults)
	for _, want := range terms {
		found := false
		for k, c := range f.rows.layout.columns {
			if !sameTerm(c.term, want) {
				continue
			}
			found = true
			if at := slices.Index(f.at, k); at >= 0 && !slices.Contains(out, at) {
				out = append(out, at)
			}
		}
		if !found {
			faults.Addf(fault.Invalid, fault.Place{Field: want}, "use a term of the formula", "the model has no such term")
		}
	}
	if len(terms) == 0 {
		faults.Addf(fault.Invalid, fault.Place{}, "name a term", "there is no term to test")
	}
	slices.Sort(out)
	return out, faults.Err()
}

// sameTerm compares labels; the order of an interaction's factors does not count.
func sameTerm(a, b string) bool {
	if a == b {
		return true
	}
	x, y := strings.Split(a, ":"), strings.Split(b, ":")
	slices.Sort(x)
	slices.Sort(y)
	return slices.Equal(x, y)
}

// TestTerms tests that all coefficients of the terms are 0, by Wald's statistic
// with the design's covariance.
//
//	W = b' V⁻¹ b,  F = W/k with k and the model's degrees of freedom
//
// Terms are labels of the formula, such as "stype" or "stype:awards"; a
// coefficient that is not estimable takes no part. A covariance that is
// singular, as with more coefficients than PSUs, is NotEstimable. It fails for a
// term that the model does not have.
// Source: R survey 4.1-1, regTermTest(method = "Wald"), with df and df = Inf.
func (f *Fit) TestTerms(terms ...string) (TermTest, error) {
	nan := math.NaN()
	out := TermTest{Terms: terms, F: nan, DF1: nan, DF2: nan, P: nan, Chisq: nan, ChisqP: nan}
	if f.NotEstimable != "" {
		out.NotEstimable = f.NotEstimable
		return out, nil
	}
	at, err := f.termColumns(terms)
	if err != nil {
		return out, err
	}
	n := len(at)
	b, v := f.part(at)
	c := factorise(v, n, nil, nil)
	switch {
	case n == 0:
		out.NotEstimable = "no coefficient of the terms can be estimated"
		return out, nil
	case len(c.at) < n:
		out.NotEstimable = fmt.Sprintf("the design has too few primary sampling units for a test of %d coefficients at once", n)
		return out, nil
	}
	w := 0.0
	for k, x := range c.solve(b) {
		w += x * b[k]
	}
	out.Chisq, out.DF1, out.DF2 = w, float64(n), f.DF
	out.ChisqP = chiUpper(w, out.DF1)
	out.F = w / out.DF1
	out.P = fUpper(out.F, out.DF1, out.DF2)
	return out, nil
}

// part returns the coefficients at places of the estimable ones, and their
// covariance.
func (f *Fit) part(at []int) (b, v []float64) {
	for _, k := range at {
		b = append(b, f.Coefficients[f.at[k]].Value)
	}
	return b, restrict(f.cov, len(f.at), at)
}

// WorkingWald tests that all coefficients of the terms are 0 by the model's own
// covariance V0 = A⁻¹, corrected for the design.
//
//	b' V0⁻¹ b ~ Σ λ_i X_i, X_i chi-squared with 1, λ the eigenvalues of V0⁻¹ V
//
// P is that of Rao and Scott's second order correction. It is more stable than
// Wald's test where PSUs are few.
// Source: Lumley and Scott (2014), Australian and New Zealand Journal of
// Statistics 56; R survey 4.1-1, regTermTest(method = "WorkingWald"), which takes
// P from a saddlepoint approximation instead: see docs/divergences.md.
func (f *Fit) WorkingWald(terms ...string) (WorkingTest, error) {
	at, out, err := f.working(terms)
	if err != nil || out.NotEstimable != "" {
		return out, err
	}
	b, _ := f.part(at)
	n := len(at)
	v0 := f.workingCovariance(at)
	c := factorise(v0, n, nil, nil)
	if len(c.at) < n {
		out.NotEstimable = "the model's covariance of the terms is singular"
		return out, nil
	}
	out.Statistic = 0
	for k, x := range c.solve(b) {
		out.Statistic += x * b[k]
	}
	out.rate()
	return out, nil
}

// LikelihoodRatio tests that all coefficients of the terms are 0 by the
// difference of the deviances without and with them, corrected as WorkingWald is.
// Source: Lumley and Scott (2014); R survey 4.1-1, regTermTest(method = "LRT").
func (f *Fit) LikelihoodRatio(ctx context.Context, opt EngineOptions, terms ...string) (WorkingTest, error) {
	at, out, err := f.working(terms)
	if err != nil || out.NotEstimable != "" {
		return out, err
	}
	drop := make([]bool, len(f.rows.layout.columns))
	for _, k := range at {
		drop[f.at[k]] = true
	}
	for _, t := range f.rows.layout.slots {
		if t.width > 0 && t.partner >= 0 && !drop[t.base] && drop[f.rows.layout.slots[t.partner].base] {
			out.NotEstimable = "an interaction with the term stays in the model, so it cannot be taken out alone"
			return out, nil
		}
	}
	s, err := f.rows.fitWithout(ctx, f.Family, f.rows.weights, nil, drop, opt.Workers)
	if err != nil {
		return out, err
	}
	if s.why != "" {
		out.NotEstimable = s.why
		return out, nil
	}
	out.Statistic = s.deviance - f.Deviance
	out.rate()
	return out, nil
}

// working finds the coefficients and the design effects of a working test.
func (f *Fit) working(terms []string) ([]int, WorkingTest, error) {
	out := WorkingTest{Terms: terms, Statistic: math.NaN(), P: math.NaN(), DF2: f.DF, NotEstimable: f.NotEstimable}
	if f.NotEstimable != "" {
		return nil, out, nil
	}
	at, err := f.termColumns(terms)
	if err != nil {
		return nil, out, err
	}
	if out.DF1 = len(at); out.DF1 == 0 {
		out.NotEstimable = "no coefficient of the terms can be estimated"
		return at, out, nil
	}
	_, v := f.part(at)
	c := factorise(f.workingCovariance(at), len(at), nil, nil)
	if len(c.at) < len(at) {
		out.NotEstimable = "the model's covariance of the terms is singular"
		return at, out, nil
	}
	out.Lambda = generalisedEigenvalues(c, v)
	return at, out, nil
}

// rate makes P of the statistic by its first two moments.
func (w *WorkingTest) rate() {
	var sum, squares float64
	for _, l := range w.Lambda {
		sum += l
		squares += l * l
	}
	if !(sum > 0) {
		w.NotEstimable = "the terms do not vary between primary sampling units"
		w.Statistic = math.NaN()
		return
	}
	df := sum * sum / squares
	w.P = fUpper(w.Statistic/sum, df, w.DF2)
}

// workingCovariance is the model's own covariance A⁻¹, weights of mean 1, of
// places of the estimable coefficients.
func (f *Fit) workingCovariance(at []int) []float64 {
	v := slices.Clone(f.inv)
	f.rows.layout.original(f.beta, v, f.at)
	return restrict(v, len(f.at), at)
}

// generalisedEigenvalues are those of (L L')⁻¹ V, largest first.
func generalisedEigenvalues(c *factorised, v []float64) []float64 {
	n := len(c.at)
	half := slices.Clone(v)
	for range 2 { // L⁻¹ V, and then the same from the other side
		for j := range n {
			for i := range n {
				for k := range i {
					half[i*n+j] -= c.lower[i*n+k] * half[k*n+j]
				}
				half[i*n+j] /= c.lower[i*n+i]
			}
		}
		for i := range n {
			for j := range i {
				half[i*n+j], half[j*n+i] = half[j*n+i], half[i*n+j]
			}
		}
	}
	sym := mat.NewSymDense(n, nil)
	for i := range n {
		for j := range i + 1 {
			sym.SetSym(i, j, (half[i*n+j]+half[j*n+i])/2)
		}
	}
	var e mat.EigenSym
	if !e.Factorize(sym, false) {
		return nil
	}
	out := e.Values(nil)
	slices.Reverse(out)
	for i, x := range out {
		out[i] = max(0, x)
	}
	return out
}
