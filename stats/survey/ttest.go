package survey

import (
	"context"
	"math"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// TTestRequest asks whether a mean is a given number, or two means are equal.
type TTestRequest struct {
	Variable *table.NumberColumn // Required
	// Minus makes it a paired test: of the mean of Variable - Minus.
	Minus *table.NumberColumn
	// Over makes it a test of two samples: of the mean in the level Of less
	// that in the level Against. Both may be empty if Over has two levels: then
	// it is the second less the first.
	Over        *table.CategoryColumn
	Of, Against string
	// Null is the mean, or difference, that is tested. Default 0.
	Null       float64
	By         []*table.CategoryColumn
	Where      []bool
	Confidence float64 // Default 0.95
}

// TTest is the result in one domain.
type TTest struct {
	Domain []int
	Value  float64 // mean, or difference of means
	SE     float64
	Lo, Hi float64 // Value ± t(DF) · SE
	T      float64 // (Value - Null)/SE
	DF     float64
	P      float64 // two-sided
	Base   int     // unweighted rows that count
	// Of and Against are the groups of a test of two samples.
	Of, Against  Arm
	Method       string
	NotEstimable string // then the numbers above are NaN
}

// TTests tests means in every combination of By columns:
//
//	t = (m - m0)/SE(m)  or  (m1 - m0 - null)/SE(m1 - m0)
//
// with t's distribution of the design's degrees of freedom less one: PSUs less
// strata, of those that hold an answer, less one. The standard error of a
// difference counts the PSUs that both groups share. It fails for a missing
// column or one of another length, a level that does not exist, a column with
// other than two levels without Of and Against, and both Minus and Over.
// Source: R survey 4.1-1, svyttest (svymean for one sample, svyglm for two).
func (d *Design) TTests(ctx context.Context, r TTestRequest, opt EngineOptions) ([]TTest, error) {
	if err := d.checkTTest(&r); err != nil {
		return nil, err
	}
	if r.Over != nil {
		return d.twoSampleT(ctx, &r, opt)
	}
	method := "Design-based one-sample t test"
	y := r.Variable
	if r.Minus != nil {
		y, method = difference(r.Variable, r.Minus), "Design-based paired t test"
	}
	results, err := d.Estimate(ctx, []Request{{Statistic: Mean, Variable: y, By: r.By, Where: r.Where, DF: math.Inf(1)}}, opt)
	if err != nil {
		return nil, err
	}
	var out []TTest
	for _, e := range results[0].Estimates {
		o := TTest{Domain: e.Domain, Value: e.Value, SE: e.SE, DF: e.DF - 1, Base: e.Base, Method: method, NotEstimable: e.NotEstimable}
		o.finish(&r)
		out = append(out, o)
	}
	if len(out) == 0 && len(r.By) == 0 {
		o := TTest{Domain: []int{}, Method: method, NotEstimable: emptyGroup}
		o.finish(&r)
		out = append(out, o)
	}
	return out, nil
}

// difference is a - b where both have a number.
func difference(a, b *table.NumberColumn) *table.NumberColumn {
	values, missing := make([]float64, a.Len()), missingNumbers(a)
	for i := range values {
		if missing[i] == table.Present && !present(b, i) {
			if missing[i] = b.Missing(i); missing[i] == table.Present {
				missing[i] = table.Blank
			}
		}
		values[i] = a.Values[i] - b.Values[i]
	}
	return table.NewNumber(a.Name()+" - "+b.Name(), values, missing)
}

func (d *Design) checkTTest(r *TTestRequest) error {
	a := &asker{p: &program{d: d, faults: fault.NewList(maxFaults)}, what: "t test", ok: true}
	if r.Variable == nil {
		a.refuse("", "name a number column", "there is no variable")
		return a.p.faults.Err()
	}
	a.number(r.Variable)
	a.groups(r.Where, r.By...)
	a.confidence(r.Confidence, 0)
	if r.Null-r.Null != 0 {
		a.refuse("", "use a finite number", "the mean to test, %v, cannot be used", r.Null)
	}
	if r.Minus != nil {
		a.number(r.Minus)
		if r.Over != nil {
			a.refuse("", "choose one of them", "a test is either of pairs or of two samples")
		}
	}
	if r.Over != nil {
		a.groups(nil, r.Over)
		a.twoLevels(r.Over, &r.Of, &r.Against)
	}
	return a.p.faults.Err()
}

// twoLevels checks the two levels to compare, and fills them in if both are empty.
func (a *asker) twoLevels(c *table.CategoryColumn, of, against *string) {
	if *of == "" && *against == "" && len(c.Levels) == 2 {
		*of, *against = c.Levels[1].Code, c.Levels[0].Code
	}
	switch {
	case *of == *against:
		a.refuse(c.Name(), "name the two levels to compare", "the column has %d levels and two different ones are not named", len(c.Levels))
	case c.Index(*of) < 0 || c.Index(*against) < 0:
		a.refuse(c.Name(), "use codes of the column", "there is no level %q or no level %q", *of, *against)
	}
}

// twoSampleT compares two means.
func (d *Design) twoSampleT(ctx context.Context, r *TTestRequest, opt EngineOptions) ([]TTest, error) {
	c := ComparisonRequest{Measure: MeanDifference, Variable: r.Variable, Over: []*table.CategoryColumn{r.Over}, Of: []string{r.Of}, Against: []string{r.Against}, By: r.By, Where: r.Where}
	a, err := d.Run(ctx, Query{Comparisons: []ComparisonRequest{c}}, opt)
	if err != nil {
		return nil, err
	}
	const method = "Design-based t test"
	var out []TTest
	for _, c := range a.Comparisons[0] {
		o := TTest{Domain: c.Domain, Value: c.Value, SE: c.SE, DF: c.DF - 1, Base: c.Of.Base + c.Against.Base, Of: c.Of, Against: c.Against, Method: method, NotEstimable: c.NotEstimable}
		o.finish(r)
		out = append(out, o)
	}
	if len(out) == 0 && len(r.By) == 0 {
		o := TTest{Domain: []int{}, Method: method, NotEstimable: emptyGroup, Of: Arm{Value: math.NaN()}, Against: Arm{Value: math.NaN()}}
		o.finish(r)
		out = append(out, o)
	}
	return out, nil
}

// finish makes the test from value, standard error and degrees of freedom.
func (o *TTest) finish(r *TTestRequest) {
	switch {
	case o.NotEstimable != "":
	case !(o.DF > 0):
		o.NotEstimable = "the answers come from too few primary sampling units for a test"
	case !(o.SE > 0):
		o.NotEstimable = "the answers do not vary between primary sampling units"
	}
	if o.NotEstimable != "" {
		nan := math.NaN()
		o.Value, o.SE, o.Lo, o.Hi, o.T, o.P = nan, nan, nan, nan, nan, nan
		o.DF = max(o.DF, 0)
		return
	}
	o.T = (o.Value - r.Null) / o.SE
	o.P = tTwoSided(o.T, o.DF)
	half := tQuantile(1-(1-orConfidence(r.Confidence))/2, o.DF) * o.SE
	o.Lo, o.Hi = o.Value-half, o.Value+half
}
