package survey

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"waymark/stats/table"
)

// Without weights clustered rows are counted as bits, and proportions without a
// table of cells; with equal weights of 2 they go the general way. Shares and
// their variances do not depend on the scale of weights, so both must agree.
func TestBitsAgreeWithWeightsOfTwo(t *testing.T) {
	const rows = 3000
	for seed := range uint64(6) {
		r := rand.New(rand.NewPCG(seed, 1))
		codes := func(levels int, missing bool) []uint32 {
			out := make([]uint32, rows)
			for i := range out {
				if out[i] = uint32(table.FirstLevel + r.IntN(levels)); missing && r.IntN(9) == 0 {
					out[i] = 1 + uint32(r.IntN(4))
				}
			}
			return out
		}
		column := func(name string, levels int, codes []uint32) *table.CategoryColumn {
			l := make([]table.Level, levels)
			for i := range l {
				l[i].Code = fmt.Sprint(i)
			}
			return table.NewCategory(name, l, codes)
		}
		psu := codes(40+int(seed)*150, false)
		stratum := make([]uint32, rows)
		for i, k := range psu {
			stratum[i] = table.FirstLevel + k%(3+uint32(seed))
		}
		psu[0], stratum[0] = table.FirstLevel, uint32(table.FirstLevel+3+seed) // a stratum with one PSU
		twos := make([]float64, rows)
		include := make([]bool, rows)
		for i := range twos {
			twos[i], include[i] = 2, r.IntN(20) > 0
		}
		include[0] = true
		spec := Spec{Clusters: []*table.CategoryColumn{column("psu", 40+int(seed)*150, psu)}, Strata: column("stratum", 12, stratum),
			Nest: true, Include: include, LonelyPSU: []Lonely{LonelyAdjust, LonelyAverage, LonelyRemove}[seed%3]}
		bits := mustDesign(t, spec)
		spec.Weights = table.NewNumber("two", twos, nil)
		general := mustDesign(t, spec)
		y, by, wide := column("y", 2, codes(2, true)), column("by", 5, codes(5, true)), column("wide", 30, codes(30, true))
		var requests []Request
		for _, m := range []Interval{Wilson, Logit, Beta, Likelihood, Asin, XLogit, Normal} {
			requests = append(requests, Request{Statistic: Proportion, Variable: y, Level: "1", Interval: m},
				Request{Statistic: Proportion, Variable: y, Level: "1", By: []*table.CategoryColumn{by}, Interval: m},
				Request{Statistic: Proportion, Variable: wide, Level: "3", By: []*table.CategoryColumn{by}, Interval: m})
		}
		requests = append(requests, Request{Statistic: Share, Variable: wide, By: []*table.CategoryColumn{by}},
			Request{Statistic: Share, Variable: by, By: []*table.CategoryColumn{wide}},
			Request{Statistic: Proportion, Variable: y, Level: "0", By: []*table.CategoryColumn{wide, by}})
		query := Query{Estimates: requests,
			Comparisons:   []ComparisonRequest{{Measure: RiskRatio, Variable: y, Level: "1", Over: []*table.CategoryColumn{by}, Of: []string{"1"}, Against: []string{"2"}}},
			Trends:        []TrendRequest{{Variable: y, Level: "1", Over: by}},
			Independences: []IndependenceRequest{{Rows: y, Columns: wide}}}
		if general.inBits() {
			t.Fatal("both ways are the same")
		}
		a, b := mustRun(t, bits, query), mustRun(t, general, query)
		for i := range requests {
			if len(a.Estimates[i].Estimates) != len(b.Estimates[i].Estimates) {
				t.Fatalf("request %d: %d and %d estimates", i, len(a.Estimates[i].Estimates), len(b.Estimates[i].Estimates))
			}
			for k, x := range a.Estimates[i].Estimates {
				z := b.Estimates[i].Estimates[k]
				if x.N != z.N || x.Base != z.Base || x.Missing != z.Missing || x.DF != z.DF || x.Method != z.Method || x.NotEstimable != z.NotEstimable ||
					!alike(x.Value, z.Value) || !alike(x.SE, z.SE) || !alike(x.Lo, z.Lo) || !alike(x.Hi, z.Hi) || !alike(x.Deff, z.Deff) {
					t.Errorf("seed %d, request %d, estimate %d:\n%+v\n%+v", seed, i, k, x, z)
				}
			}
		}
		if x, z := a.Comparisons[0][0], b.Comparisons[0][0]; !alike(x.Value, z.Value) || !alike(x.SE, z.SE) {
			t.Errorf("seed %d, ratio: %+v\n%+v", seed, x, z)
		}
		if x, z := a.Trends[0][0], b.Trends[0][0]; !alike(x.Statistic, z.Statistic) || !alike(x.LogSE, z.LogSE) {
			t.Errorf("seed %d, trend: %+v\n%+v", seed, x, z)
		}
		if x, z := a.Independences[0][0], b.Independences[0][0]; !alike(x.Statistic, z.Statistic) || !alike(x.P, z.P) {
			t.Errorf("seed %d, independence: %+v\n%+v", seed, x, z)
		}
	}
}

func alike(a, b float64) bool {
	return a == b || math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) <= 1e-9*math.Max(math.Abs(a), math.Abs(b))+1e-13
}

func mustDesign(t *testing.T, spec Spec) *Design {
	t.Helper()
	d, err := New(spec)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func mustRun(t *testing.T, d *Design, q Query) *Answer {
	t.Helper()
	a, err := d.Run(context.Background(), q, EngineOptions{Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	return a
}
