package survey

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// FitTestRequest asks whether the shares of a category are given ones.
type FitTestRequest struct {
	Variable *table.CategoryColumn // Required
	// Shares has one number for each level, above zero; they are scaled to sum
	// to 1. Required.
	Shares []float64
	By     []*table.CategoryColumn
	Where  []bool
	// Method of the sum of chi-squareds. Default SumIntegration, which is exact;
	// R's svygofchisq has SumSatterthwaite.
	Method SumMethod
}

// FitTest is the result in one domain.
type FitTest struct {
	Domain []int
	// Statistic is Σ (o - e)²/e of the weighted counts.
	Statistic float64
	// Scale and DF are those of Satterthwaite's chi-squared: Statistic/Scale
	// with DF degrees of freedom.
	Scale, DF    float64
	P            float64
	Base         int
	Missing      int
	NotEstimable string // then the numbers above are NaN
}

// FitTests tests a category's shares against given ones in every combination of
// By columns. Its statistic Σ (o_i - e_i)²/e_i of the weighted counts o_i and
// e_i = s_i Σ o is referred to Σ λ_i X_i, λ the eigenvalues of the design
// covariance of (o_i - e_i)/√e_i, X_i chi-squared with one degree of freedom.
// Missing answers and rows of weight zero take no part. It fails for a missing
// column or one of another length, shares that are not above zero or not one a
// level, and more than 200 levels or 2,048 in all domains.
// Source: R survey 4.1-1, svygofchisq; Rao and Scott (1981), JASA 76.
func (d *Design) FitTests(ctx context.Context, r FitTestRequest, opt EngineOptions) ([]FitTest, error) {
	share, err := d.checkFitTest(&r)
	if err != nil {
		return nil, err
	}
	g, err := numberDomains(ctx, d, r.By, r.Where, opt.Workers)
	if err != nil {
		return nil, err
	}
	n, k := max(g.n(), 1-min(len(r.By), 1)), len(share)
	if n*k > vectorLimit {
		return nil, fault.New(fault.Unavailable, fault.Place{Field: r.Variable.Name()}, fmt.Sprintf("there are more than %d levels in all domains", vectorLimit), "ask for fewer groups")
	}
	out := make([]FitTest, n)
	count, all := make([]float64, n*k), make([]float64, n)
	place := func(row int) (domain, level int) {
		if domain = g.domain(row); domain >= g.n() {
			return -1, -1
		}
		return domain, r.Variable.Level(row)
	}
	for i := range d.rows {
		switch domain, level := place(i); {
		case domain < 0:
		case level < 0:
			out[domain].Missing++
		default:
			out[domain].Base++
			count[domain*k+level] += d.Weight(i)
			all[domain] += d.Weight(i)
		}
	}
	cov := d.rowCovariance(n*k, func(row int, part []float64) bool {
		clear(part)
		domain, level := place(row)
		if domain < 0 || level < 0 {
			return false
		}
		w := d.Weight(row)
		for l, s := range share {
			e := s * all[domain]
			x := -s/math.Sqrt(e) - (count[domain*k+l]-e)*s/(2*e*math.Sqrt(e))
			if l == level {
				x += 1 / math.Sqrt(e)
			}
			part[domain*k+l] = w * x
		}
		return true
	})
	for domain := range out {
		o := &out[domain]
		if o.Domain = []int{}; len(r.By) > 0 {
			o.Domain = g.domains[domain]
		}
		v := mat.NewSymDense(k, nil)
		for i := range k {
			for j := range i + 1 {
				v.SetSym(i, j, cov[(domain*k+i)*n*k+domain*k+j])
			}
		}
		o.finish(share, count[domain*k:(domain+1)*k], all[domain], v, r.Method)
	}
	return out, nil
}

func (d *Design) checkFitTest(r *FitTestRequest) ([]float64, error) {
	a := &asker{p: &program{d: d, faults: fault.NewList(maxFaults)}, what: "test of shares", ok: true}
	if r.Variable == nil {
		a.refuse("", "name a category column", "there is no variable")
		return nil, a.p.faults.Err()
	}
	a.groups(r.Where, r.By...)
	a.groups(nil, r.Variable)
	if n := len(r.Variable.Levels); len(r.Shares) != n || n < 2 || n > rankGroups {
		a.refuse(r.Variable.Name(), fmt.Sprintf("give one share for each of 2 to %d levels", rankGroups), "there are %d shares for %d levels", len(r.Shares), n)
	}
	sum := 0.0
	for _, s := range r.Shares {
		if !(s > 0) || s > maxFinite {
			a.refuse(r.Variable.Name(), "shares are above zero", "the share %v cannot be used", s)
		}
		sum += s
	}
	if r.Method > SumSatterthwaite {
		a.refuse("", "choose a listed method", "there is no such method")
	}
	share := make([]float64, len(r.Shares))
	for i, s := range r.Shares {
		share[i] = s / sum
	}
	return share, a.p.faults.Err()
}

// finish makes the test from counts and the covariance of their differences.
func (o *FitTest) finish(share, count []float64, all float64, v *mat.SymDense, method SumMethod) {
	o.Statistic, o.Scale, o.DF, o.P = math.NaN(), math.NaN(), math.NaN(), math.NaN()
	if o.Base == 0 {
		o.NotEstimable = emptyGroup
		return
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(v, false) {
		o.NotEstimable = "the numbers are too large for a variance"
		return
	}
	values := eigen.Values(nil)
	// Nothing but rounding, against what a sample of one row each would have.
	if last := values[len(values)-1]; !(last > 1e-12*all/float64(o.Base)) {
		o.NotEstimable = "the answers do not vary between primary sampling units"
		return
	}
	a, b := 0.0, 0.0
	for i, x := range values {
		if values[i] = x; x < 1e-12*values[len(values)-1] {
			values[i] = 0
		}
		a += values[i]
		b += values[i] * values[i]
	}
	o.Statistic = 0
	for l, s := range share {
		e := s * all
		o.Statistic += (count[l] - e) * (count[l] - e) / e
	}
	o.Scale, o.DF = b/a, a*a/b
	if o.P = chiUpper(o.Statistic/o.Scale, o.DF); method != SumSatterthwaite {
		o.P = fSum(o.Statistic, values, math.Inf(1), method)
	}
}
