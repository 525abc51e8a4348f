package survey

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"waymark/stats/table"
)

// Counting side by side must give what counting one by one gives, to the bit:
// the way depends on what else is asked.
func TestSideBySideIsOneByOne(t *testing.T) {
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 7))
		rows := 1 + r.IntN(4000)
		if seed%4 == 2 {
			rows = 120 // calibrated below, which takes long
		}
		column := func(name string, levels int, lacking float64) *table.CategoryColumn {
			codes := make([]uint32, rows)
			for i := range codes {
				if codes[i] = uint32(table.FirstLevel + r.IntN(levels)); r.Float64() < lacking {
					codes[i] = 1 + uint32(r.IntN(6))
				}
			}
			l := make([]table.Level, levels)
			for i := range l {
				l[i].Code = fmt.Sprint(i)
			}
			return table.NewCategory(name, l, codes)
		}
		weights := make([]float64, rows)
		for i := range weights {
			if weights[i] = math.Exp(8 * r.NormFloat64()); r.IntN(20) == 0 {
				weights[i] = 0
			}
		}
		weights[0] = 2
		spec := Spec{Weights: table.NewNumber("w", weights, nil), Strata: column("h", 1+r.IntN(4), 0), LonelyPSU: LonelyAdjust, Nest: true,
			Clusters: []*table.CategoryColumn{column("psu", 2+r.IntN(30), 0)}}
		if seed%4 == 3 {
			spec.Clusters = append(spec.Clusters, column("ssu", 5, 0))
			spec.FPC = append(spec.FPC, table.NewNumber("fpc", constant(rows, 0.25), nil))
		}
		d, err := New(spec)
		if err != nil {
			continue // one PSU only
		}
		lacking := []float64{0, 0.01, 0.4}[seed%3]
		by := []*table.CategoryColumn{column("a", 3, lacking), column("b", 9, lacking)}
		var where []bool
		if seed%2 == 1 {
			where = make([]bool, rows)
			for i := range where {
				where[i] = r.IntN(3) > 0
			}
		}
		var q Query
		for k := range 11 {
			v := column(fmt.Sprint("v", k), 2, lacking)
			if k%4 == 3 {
				v = column(fmt.Sprint("v", k), 7, lacking)
			}
			q.Estimates = append(q.Estimates, Request{Statistic: Proportion, Variable: v, Level: fmt.Sprint(k % 2), By: by, Where: where})
			if k%5 == 4 {
				q.Estimates = append(q.Estimates, Request{Statistic: Share, Variable: v, By: by, Where: where})
			}
			if k%5 == 3 {
				q.Comparisons = append(q.Comparisons, ComparisonRequest{Measure: RiskRatio, Variable: v, Level: "1", Over: by, Of: []string{"0", "1"}, Against: []string{"1", "1"}, Where: where})
			}
		}
		if seed%4 == 2 { // weights that were adjusted have variances of their own
			age := make([]float64, rows)
			for i := range age {
				age[i] = r.Float64()
			}
			if d, _, err = d.Calibrate([]Auxiliary{{Name: "age", Values: age, Total: d.SumWeights() * 0.51}}, CalibrateOptions{Distance: RakingDistance}); err != nil {
				t.Fatal(err)
			}
		}
		a, asked := mustRun(t, d, q), q
		asked.Estimates, asked.Comparisons = slices.Clone(q.Estimates), slices.Clone(q.Comparisons)
		// the same with wide codes is counted one by one
		for i := range q.Estimates {
			q.Estimates[i].Variable = wide(q.Estimates[i].Variable)
		}
		for i := range q.Comparisons {
			q.Comparisons[i].Variable = wide(q.Comparisons[i].Variable)
		}
		b := mustRun(t, d, q)
		if !sameBits(reflect.ValueOf(a), reflect.ValueOf(b)) {
			t.Errorf("seed %d: the ways differ", seed)
		}
		one, err := d.Run(context.Background(), asked, EngineOptions{Workers: 1})
		if err != nil {
			t.Fatal(err)
		}
		if !sameBits(reflect.ValueOf(a), reflect.ValueOf(one)) {
			t.Errorf("seed %d: one worker and two differ", seed)
		}
	}
}

// wide returns the same column with codes of 32 bits.
func wide(c table.Column) table.Column {
	out := *c.(*table.CategoryColumn)
	out.Codes32 = make([]uint32, out.Len())
	out.DecodeInto(out.Codes32, 0)
	out.Codes8 = nil
	return &out
}

func constant(n int, x float64) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = x
	}
	return out
}

// sameBits compares values, NaN being equal to NaN.
func sameBits(a, b reflect.Value) bool {
	switch a.Kind() {
	case reflect.Float64:
		return math.Float64bits(a.Float()) == math.Float64bits(b.Float()) || math.IsNaN(a.Float()) && math.IsNaN(b.Float())
	case reflect.Pointer:
		return a.IsNil() == b.IsNil() && (a.IsNil() || sameBits(a.Elem(), b.Elem()))
	case reflect.Struct:
		for i := range a.NumField() {
			if !sameBits(a.Field(i), b.Field(i)) {
				return false
			}
		}
		return true
	case reflect.Slice, reflect.Array:
		if a.Len() != b.Len() {
			return false
		}
		for i := range a.Len() {
			if !sameBits(a.Index(i), b.Index(i)) {
				return false
			}
		}
		return true
	}
	return a.Interface() == b.Interface()
}
