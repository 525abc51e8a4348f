package survey

import (
	"context"
	"strings"
	"testing"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// Three PSUs: group "one" has answers of a single PSU, "same" one value only,
// "none" no answer, and the table has an empty row and column.
func TestInferenceSaysWhyThereIsNoNumber(t *testing.T) {
	ctx, opt := context.Background(), EngineOptions{Workers: 1}
	psu := category("psu", "a", "a", "a", "b", "b", "b", "b", "c", "c", "c", "c", "c")
	group := category("group", "one", "one", "same", "same", "ok", "ok", "none", "none", "same", "ok", "ok", "ok")
	n := number("n", 1, 2, 7, 7, 3, 5, nan(), nan(), 7, 1, 9, 4)
	m := number("m", 2, 1, 7, 7, 5, 4, 1, 1, 7, 2, 8, 4)
	arm := category("arm", "x", "y", "x", "y", "x", "y", "x", "y", "x", "x", "x", "y")
	empty := table.NewCategory("empty", []table.Level{{Code: "x"}, {Code: "unused"}, {Code: "y"}}, func() []uint32 {
		codes := make([]uint32, 12)
		for i := range codes {
			codes[i] = table.FirstLevel + uint32(2*(i%2))
		}
		return codes
	}())
	d := design(t, Spec{Clusters: []*table.CategoryColumn{psu}})
	by := []*table.CategoryColumn{group} // one, same, ok, none
	nowhere := make([]bool, 12)
	expect := func(what, got, want string) {
		t.Helper()
		if want == "" != (got == "") || !strings.Contains(got, want) {
			t.Errorf("%s: reason %q, want %q", what, got, want)
		}
	}
	const few, nobody = "too few primary sampling units", emptyGroup

	q := quantiles(t, d, QuantileRequest{Variable: n, P: []float64{.5}, By: by})
	for k, want := range []string{"", "", "", nobody} {
		expect("quantile", q[k].NotEstimable, want)
	}
	for k, want := range []string{few, "", "neither limit", nobody} {
		expect("quantile's interval", q[k].NoInterval, want)
	}
	if q[1].Value != 7 || q[1].SE != 0 || q[0].Value != 1 {
		t.Errorf("quantiles of one value, and of one PSU: %+v %+v", q[1], q[0])
	}
	q = quantiles(t, d, QuantileRequest{Variable: n, P: []float64{.25, .5}, Where: nowhere})
	if len(q) != 2 {
		t.Fatalf("%d quantiles of nobody", len(q))
	}
	expect("quantile of nobody", q[1].NotEstimable, nobody)
	q = quantiles(t, d, QuantileRequest{Variable: number("tiny", 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2), P: []float64{.999}, Interval: IntervalScore})
	expect("a limit beyond the sample", q[0].NoInterval, "reach")

	moments, v, err := d.Moments(ctx, MomentRequest{Variables: []*table.NumberColumn{n, m}, By: by, DF: 3}, opt)
	if err != nil {
		t.Fatal(err)
	}
	for k, x := range moments { // var, cov, var, cor by domain
		switch {
		case k/4 == 3:
			expect("moment of nobody", x.NotEstimable, nobody)
		case k == 7:
			expect("correlation of a constant", x.NotEstimable, "one value only")
		default:
			expect(v.Names[0]+" and so on", x.NotEstimable, "")
		}
	}
	if moments[4].Value != 0 || moments[4].SE != 0 || moments[4].P != 1 {
		t.Errorf("the variance of a constant: %+v", moments[4])
	}
	moments, _, err = d.Moments(ctx, MomentRequest{Variables: []*table.NumberColumn{n}, Where: nowhere}, opt)
	if err != nil || len(moments) != 1 {
		t.Fatalf("moments of nobody: %v, %v", moments, err)
	}
	expect("moment of nobody", moments[0].NotEstimable, nobody)
	only := append([]bool{true}, make([]bool, 11)...)
	if moments, _, err = d.Moments(ctx, MomentRequest{Variables: []*table.NumberColumn{n}, Where: only}, opt); err != nil {
		t.Fatal(err)
	}
	expect("moment of one person", moments[0].NotEstimable, "two people")

	tests := func(r TTestRequest) []TTest {
		out, err := d.TTests(ctx, r, opt)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	for k, want := range []string{few, "do not vary", few, nobody} { // the two PSUs of "ok" leave no degree of freedom
		expect("one sample", tests(TTestRequest{Variable: n, By: by})[k].NotEstimable, want)
	}
	expect("pairs that are all equal", tests(TTestRequest{Variable: n, Minus: n})[0].NotEstimable, "do not vary")
	expect("one arm only", tests(TTestRequest{Variable: n, Over: group, Of: "ok", Against: "none"})[0].NotEstimable, nobody)
	expect("two samples", tests(TTestRequest{Variable: n, Over: arm})[0].NotEstimable, "")
	expect("nobody", tests(TTestRequest{Variable: n, Where: nowhere})[0].NotEstimable, nobody)
	expect("nobody in two samples", tests(TTestRequest{Variable: n, Over: arm, Where: nowhere})[0].NotEstimable, nobody)

	constant := category("g", strings.Split("x x x x x x x x x x x x", " ")...)
	ranks := func(r RankTestRequest) []RankTest {
		r.Variable = n
		out, err := d.RankTests(ctx, r, opt)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	for k, want := range []string{few, "do not vary", few, nobody} {
		expect("ranks", ranks(RankTestRequest{Over: arm, By: by})[k].NotEstimable, want)
	}
	expect("one group", ranks(RankTestRequest{Over: constant})[0].NotEstimable, "one group only")
	expect("nobody", ranks(RankTestRequest{Over: arm, Where: nowhere})[0].NotEstimable, nobody)
	expect("many groups for few PSUs", ranks(RankTestRequest{Over: group})[0].NotEstimable, few)
	expect("an empty level", ranks(RankTestRequest{Over: empty})[0].NotEstimable, "")

	for form := SecondOrder; form <= Saddlepoint; form++ {
		ask := func(r IndependenceRequest) []Independence {
			r.Method = form
			a, err := d.Run(ctx, Query{Independences: []IndependenceRequest{r}}, opt)
			if err != nil {
				t.Fatal(err)
			}
			return a.Independences[0]
		}
		expect("an empty row and column", ask(IndependenceRequest{Rows: empty, Columns: arm})[0].NotEstimable, "")
		expect("a table of one column", ask(IndependenceRequest{Rows: arm, Columns: constant})[0].NotEstimable, "fewer than two")
		expect("one PSU", ask(IndependenceRequest{Rows: arm, Columns: empty, By: by})[0].NotEstimable, few)
	}
	fits, err := d.FitTests(ctx, FitTestRequest{Variable: arm, Shares: []float64{1, 1}, By: by}, opt)
	if err != nil || len(fits) != 4 {
		t.Fatalf("tests of shares: %+v, %v", fits, err)
	}
	for k, want := range []string{"do not vary", "", "", ""} {
		expect("shares", fits[k].NotEstimable, want)
	}
	if fits, err = d.FitTests(ctx, FitTestRequest{Variable: arm, Shares: []float64{1, 1}, Where: nowhere}, opt); err != nil {
		t.Fatal(err)
	}
	expect("shares of nobody", fits[0].NotEstimable, nobody)
}

func nan() float64 { var zero float64; return zero / zero }

// Bad requests are faults of the caller, all of them at once.
func TestInferenceRefusesBadRequests(t *testing.T) {
	ctx, opt := context.Background(), EngineOptions{}
	n, short := number("n", 1, 2, 3, 4), number("short", 1)
	inf := number("inf", 1, 2, 3, 1e300)
	c := category("c", "x", "y", "z", "x")
	d := design(t, Spec{Rows: 4})
	bad := func(what string, faults int, err error) {
		t.Helper()
		if err == nil || fault.KindOf(err) != fault.Invalid || strings.Count(err.Error(), "\n")+1 != faults {
			t.Errorf("%s: %v, want %d faults", what, err, faults)
		}
	}
	for what, r := range map[string]QuantileRequest{
		"no variable": {P: []float64{.5}}, "short": {Variable: short, P: []float64{.5}}, "one": {Variable: n, P: []float64{1}},
		"many": {Variable: n, P: append(make([]float64, 0), repeated(.5, 1001)...)}, "rule": {Variable: n, Rule: RuleHF9 + 1}, "interval": {Variable: n, Interval: IntervalScore + 1}, "number": {Variable: inf, P: []float64{.5}},
	} {
		_, err := d.Quantiles(ctx, r, opt)
		bad("quantile: "+what, 1, err)
	}
	_, err := d.Quantiles(ctx, QuantileRequest{Variable: n, P: []float64{0}, Confidence: 2, DF: -1, By: []*table.CategoryColumn{nil}, Where: []bool{true}}, opt)
	bad("quantile", 5, err)
	_, _, err = d.Moments(ctx, MomentRequest{}, opt)
	bad("no variables", 1, err)
	_, _, err = d.Moments(ctx, MomentRequest{Variables: []*table.NumberColumn{n, n, nil, short, inf}, Confidence: 7}, opt)
	bad("moments", 5, err)
	_, err = d.TTests(ctx, TTestRequest{}, opt)
	bad("t test of nothing", 1, err)
	_, err = d.TTests(ctx, TTestRequest{Variable: n, Over: c, Minus: n, Confidence: -1}, opt)
	bad("t test", 3, err)
	_, err = d.TTests(ctx, TTestRequest{Variable: n, Over: c, Of: "x", Against: "q", Null: nan()}, opt)
	bad("t test", 2, err)
	_, err = d.RankTests(ctx, RankTestRequest{Variable: n}, opt)
	bad("rank test of nothing", 1, err)
	_, err = d.RankTests(ctx, RankTestRequest{Variable: short, Over: c, Score: rankScoreCount}, opt)
	bad("rank test", 2, err)
	_, err = d.FitTests(ctx, FitTestRequest{}, opt)
	bad("test of shares of nothing", 1, err)
	_, err = d.FitTests(ctx, FitTestRequest{Variable: c, Shares: []float64{1, 0}, Method: SumSatterthwaite + 1}, opt)
	bad("test of shares", 3, err)
	_, err = d.Run(ctx, Query{Independences: []IndependenceRequest{{Rows: c, Columns: c, Method: Saddlepoint + 1}}}, opt)
	bad("form of a test", 1, err)
	for what, s := range map[string]struct {
		x     float64
		w, df []float64
		m     SumMethod
	}{
		"length": {1, []float64{1}, nil, 0}, "none": {1, nil, nil, 0}, "point": {nan(), []float64{1}, []float64{1}, 0}, "weight": {1, []float64{nan()}, []float64{1}, 0},
		"df": {1, []float64{1}, []float64{0}, 0}, "negative": {1, []float64{-1}, []float64{1}, SumSatterthwaite}, "method": {1, []float64{1}, []float64{1}, 9},
	} {
		_, _, err := ChiSquaredSum(s.x, s.w, s.df, s.m)
		bad("sum: "+what, 1, err)
	}
}

func repeated(v float64, n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = v
	}
	return out
}
