package survey

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"waymark/stats/table"
)

// benchDesign is a synthetic sample of a million rows, with a skewed number.
func benchDesign(b *testing.B) (*round, *Design, *table.NumberColumn) {
	b.Helper()
	r := newRound(1_000_000, 2)
	rng := rand.New(rand.NewPCG(3, 4))
	values := make([]float64, 1_000_000)
	for i := range values {
		values[i] = math.Exp(rng.NormFloat64())
	}
	d, err := New(Spec{Weights: r.weight, Strata: r.stratum, Clusters: []*table.CategoryColumn{r.psu}})
	if err != nil {
		b.Fatal(err)
	}
	return r, d, table.NewNumber("size", values, nil)
}

// The peer: R 4.2.2 with survey 4.1.1 took 5.3 s of processor time (19 s of the
// clock on a busy machine) for svyby with svyquantile of one p in ten groups on
// 1,000,000 rows of the same shape, without the design.
func BenchmarkQuantiles(b *testing.B) {
	r, d, size := benchDesign(b)
	for name, p := range map[string][]float64{"one": {.5}, "nine": {.1, .2, .3, .4, .5, .6, .7, .8, .9}} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := d.Quantiles(context.Background(), QuantileRequest{Variable: size, P: p, By: r.groups[8:9]}, EngineOptions{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkJoint(b *testing.B) {
	r, d, size := benchDesign(b)
	requests := append(r.ask(r.groups[8]), Request{Statistic: Mean, Variable: size, By: r.groups[8:9]}, Request{Statistic: Mean, Variable: size, By: []*table.CategoryColumn{r.route}})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.Joint(context.Background(), requests, EngineOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRankTests(b *testing.B) {
	r, d, size := benchDesign(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.RankTests(context.Background(), RankTestRequest{Variable: size, Over: r.route, By: r.groups[8:9]}, EngineOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}
