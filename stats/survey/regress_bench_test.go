package survey

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"waymark/stats/table"
)

// modelBench is n synthetic rows in 20 strata of 20 PSUs: four categories and
// seven numbers, 20 coefficients in all, as the file of bench/logistic.
func modelBench(n int) (Spec, ColumnSet) {
	rng := rand.New(rand.NewPCG(6, 2026))
	category := func(name string, size int) *table.CategoryColumn {
		codes := make([]uint32, n)
		for i := range codes {
			codes[i] = table.FirstLevel + uint32(rng.IntN(size))
		}
		return table.NewCategory(name, levels(size), codes)
	}
	columns := ColumnSet{}
	for name, size := range map[string]int{"route": 2, "sex": 2, "age": 6, "region": 6} {
		columns[name] = category(name, size)
	}
	eta := make([]float64, n)
	for k := range 7 {
		v := make([]float64, n)
		for i := range v {
			v[i] = float64(k) + rng.NormFloat64()
			eta[i] += 0.1 * v[i] * float64(k%3-1)
		}
		columns[fmt.Sprint("x", k+1)] = table.NewNumber("x", v, nil)
	}
	y, weight, stratum := make([]float64, n), make([]float64, n), make([]uint32, n)
	psu := category("psu", 400)
	for i := range y {
		if rng.Float64() < expit(eta[i]-0.8) {
			y[i] = 1
		}
		weight[i] = 0.5 + 2*rng.Float64()
		stratum[i] = table.FirstLevel + uint32(psu.Level(i)/20)
	}
	columns["held"] = table.NewNumber("held", y, nil)
	return Spec{Weights: table.NewNumber("weight", weight, nil), Strata: table.NewCategory("stratum", levels(20), stratum), Clusters: categories(psu)}, columns
}

// The peer: R 4.2.2 with survey 4.1.1, svyglm with quasibinomial, takes 16 s of
// the processor for the same model of as many rows (bench/logistic.R; docs/benchmarks.md).
func BenchmarkLogistic(b *testing.B) {
	spec, columns := modelBench(1_000_000)
	d, err := New(spec)
	if err != nil {
		b.Fatal(err)
	}
	for name, text := range map[string]string{
		"20": "held ~ route + sex + age + region + x1 + x2 + x3 + x4 + x5 + x6 + x7", "categories": "held ~ route + sex + age + region"} {
		formula, err := ParseFormula(text)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				f, err := d.Fit(context.Background(), ModelRequest{Family: Binomial, Formula: formula, Data: columns}, EngineOptions{})
				if err != nil || f.NotEstimable != "" {
					b.Fatal(err, f.NotEstimable)
				}
			}
		})
	}
}
