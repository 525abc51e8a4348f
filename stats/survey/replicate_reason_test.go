package survey

import (
	"context"
	"math"
	"reflect"
	"strings"
	"testing"

	"waymark/stats/table"
)

// reasoned reports numbers that are not finite in a result that gives no reason.
// A design effect may have no meaning, and normal tests have infinite degrees of
// freedom.
func reasoned(t *testing.T, where string, v reflect.Value) {
	t.Helper()
	switch v.Kind() {
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			reasoned(t, where, v.Index(i))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			reasoned(t, where, v.Elem())
		}
	case reflect.Struct:
		reason := ""
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.Type.Kind() == reflect.String && strings.HasPrefix(f.Name, "No") {
				reason += v.Field(i).String()
			}
		}
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if !f.IsExported() {
				continue
			}
			if f.Type.Kind() != reflect.Float64 {
				if reason == "" {
					reasoned(t, where+"."+f.Name, v.Field(i))
				}
				continue
			}
			if x := v.Field(i).Float(); reason == "" && f.Name != "Deff" && (math.IsNaN(x) || math.IsInf(x, 0) && !strings.HasPrefix(f.Name, "DF")) {
				t.Errorf("%s.%s is %v without a reason: %+v", where, f.Name, x, v)
			}
		}
	}
}

// Everything that a design answers, it answers with replicate weights and with
// unequal probabilities: with numbers or reasons.
func TestReplicatesAndProbabilitiesGiveNumbersOrReasons(t *testing.T) {
	s := readSample(t)
	designs := map[string]*Design{}
	for name, r := range referenceReplicates(t, s) {
		designs[name] = r.Design
	}
	p := make([]float64, s.n)
	for i, w := range s.num["weight"].Values {
		p[i] = 1 / w
	}
	col := []*table.NumberColumn{table.NewNumber("p", p, nil)}
	for name, pps := range map[string]*PPS{
		"brewer":      {Probabilities: col},
		"overton":     {Variance: HorvitzThompson, Approximation: Overton, Probabilities: col},
		"hartley-rao": {Variance: YatesGrundy, Approximation: HartleyRao, Probabilities: col},
	} {
		designs[name] = design(t, Spec{Strata: s.cat["stratum"], PPS: pps})
	}
	raked, _, err := designs["jkn"].PostStratify(Margin{Columns: []*table.CategoryColumn{s.cat["sex"]}, Totals: []MarginTotal{{[]string{"female"}, 6000}, {[]string{"male"}, 11000}}})
	if err != nil {
		t.Fatal(err)
	}
	designs["post-stratified"] = raked
	// One domain lies in a single PSU, which a jackknife empties.
	code := make([]uint32, s.n)
	for i := range code {
		if code[i] = table.FirstLevel; s.cat["psu"].Text(i) == "p1" {
			code[i]++
		}
	}
	by := []*table.CategoryColumn{table.NewCategory("lone", levels(2), code)}
	ctx := context.Background()
	formula, err := ParseFormula("age ~ sex + transit")
	if err != nil {
		t.Fatal(err)
	}
	for name, d := range designs {
		see := func(what string, v any, err error) {
			t.Helper()
			if err != nil {
				t.Errorf("%s %s: %v", name, what, err)
				return
			}
			reasoned(t, name+" "+what, reflect.ValueOf(v))
		}
		q := everything(s)
		for k := range q.Estimates {
			q.Estimates[k].By = by
		}
		for k := range q.Comparisons {
			q.Comparisons[k].By = by
		}
		q.Trends[0].By, q.Independences[0].By = by, by
		a, err := d.Run(ctx, q, EngineOptions{})
		see("query", a, err)
		v, err := d.Joint(ctx, q.Estimates[:2], EngineOptions{})
		if see("joint", []int{}, err); err == nil {
			for k := range v.Values {
				if why := v.why(k); math.IsNaN(v.Values[k]) != (why != "") {
					t.Errorf("%s: %s is %v, reason %q", name, v.Names[k], v.Values[k], why)
				}
			}
		}
		m, _, err := d.Moments(ctx, MomentRequest{Variables: []*table.NumberColumn{s.num["age"], s.num["cost"]}, By: by}, EngineOptions{})
		see("moments", m, err)
		tt, err := d.TTests(ctx, TTestRequest{Variable: s.num["age"], Over: s.cat["sex"], By: by}, EngineOptions{})
		see("t tests", tt, err)
		rt, err := d.RankTests(ctx, RankTestRequest{Variable: s.num["age"], Over: s.cat["sex"], By: by}, EngineOptions{})
		see("rank tests", rt, err)
		ft, err := d.FitTests(ctx, FitTestRequest{Variable: s.cat["sex"], Shares: []float64{.4, .6}, By: by}, EngineOptions{})
		see("tests of shares", ft, err)
		qs, err := d.Quantiles(ctx, QuantileRequest{Variable: s.num["age"], P: []float64{.5}, By: by}, EngineOptions{})
		see("quantiles", qs, err)
		fit, err := d.Fit(ctx, ModelRequest{Family: Gaussian, Formula: formula, Data: ColumnSet{"age": s.num["age"], "sex": s.cat["sex"], "transit": s.num["transit"]}}, EngineOptions{})
		if see("model", []int{}, err); err == nil {
			see("model", fit.Coefficients, nil)
		}
	}
}
