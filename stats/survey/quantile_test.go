package survey

import (
	"context"
	"math"
	"testing"

	"waymark/stats/table"
)

func quantiles(t testing.TB, d *Design, r QuantileRequest) []Quantile {
	t.Helper()
	out, err := d.Quantiles(context.Background(), r, EngineOptions{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// flat is values, limits and standard errors in a row, -1 for NaN.
func flat(q []Quantile) []float64 {
	var out []float64
	for _, x := range q {
		for _, v := range []float64{x.Value, x.Lo, x.Hi, x.SE} {
			if v != v {
				v = -1
			}
			out = append(out, v)
		}
	}
	return out
}

func TestQuantileRulesAndIntervals(t *testing.T) {
	r := readInference(t)
	p := []float64{.1, .5, .85}
	for _, a := range apiDesigns(t) {
		for _, group := range []string{"all", "E"} {
			for rule := RuleMath; rule <= RuleHF9; rule++ {
				for method := IntervalMean; method <= IntervalScore; method++ {
					if a.name == "cal" && group == "E" && method == IntervalBeta {
						continue // R counts the rows of other domains
					}
					q := QuantileRequest{Variable: a.num["api00"], P: p, Rule: rule, Interval: method}
					if group == "E" {
						q.Where = make([]bool, a.n)
						for i := range q.Where {
							q.Where[i] = a.cat["stype"].Text(i) == "E"
						}
					}
					whole := quantiles(t, a.d, q)
					r.near(a.name+".quantile."+group+"."+rule.String()+"."+method.String(), 1e-8, map[string][]float64{"q": flat(whole)})
					if group == "E" { // by domains the same
						q.Where, q.By = nil, []*table.CategoryColumn{a.cat["stype"]}
						by := quantiles(t, a.d, q)
						for k := range p {
							if got := by[3*k]; got.Value != whole[k].Value || !same(got.Lo, whole[k].Lo) || !same(got.Hi, whole[k].Hi) || !same(got.SE, whole[k].SE) {
								t.Errorf("%s %s %s: %+v in domains, %+v as a subset", a.name, rule, method, got, whole[k])
							}
						}
					}
				}
			}
		}
	}
	for _, a := range apiDesigns(t)[:2] {
		if a.name == "clus1" {
			r.near("clus1.quantile.own.score", 1e-8, map[string][]float64{"q": flat(quantiles(t, a.d, QuantileRequest{Variable: a.num["api00"], P: p[1:2], Interval: IntervalScore}))})
			continue
		}
		r.near("strat.quantile.missing", 1e-8, map[string][]float64{"q": flat(quantiles(t, a.d, QuantileRequest{Variable: a.num["target"], P: p[1:2], Confidence: .9, DF: 20}))})
		r.near("strat.quantile.normal", 1e-8, map[string][]float64{"q": flat(quantiles(t, a.d, QuantileRequest{Variable: a.num["target"], P: p[1:2], DF: math.Inf(1)}))})
	}
	r.all("quantile")
}

func same(a, b float64) bool { return a == b || a != a && b != b }
