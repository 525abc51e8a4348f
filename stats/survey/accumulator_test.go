package survey

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"waymark/stats/table"

	"pgregory.net/rapid"
)

// sampleRows draws a table with the columns of samplePlan. Weights are from tiny
// to huge if spread is large, and some are zero.
func sampleRows(t testing.TB, seed uint64, rows int, spread float64) *table.Table {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 99))
	category := func(name, prefix string, levels int, lacking float64) *table.CategoryColumn {
		codes, names := make([]uint32, rows), make([]table.Level, levels)
		for l := range names {
			names[l].Code = fmt.Sprintf("%s%02d", prefix, l)
		}
		for i := range codes {
			if codes[i] = table.FirstLevel + uint32(r.IntN(levels)); r.Float64() < lacking {
				codes[i] = 1 + uint32(r.IntN(6))
			}
		}
		return table.NewCategory(name, names, codes)
	}
	number := func(name string, lacking float64, draw func() float64) *table.NumberColumn {
		values, missing := make([]float64, rows), make([]table.Missing, rows)
		for i := range values {
			if values[i] = draw(); r.Float64() < lacking {
				missing[i] = table.Refused
			}
		}
		return table.NewNumber(name, values, missing)
	}
	yes := make([]bool, rows)
	for i := range yes {
		yes[i] = r.IntN(4) > 0
	}
	weight := number("w", 0, func() float64 {
		if r.IntN(12) == 0 {
			return 0
		}
		return math.Exp(spread * r.NormFloat64())
	})
	weight.Values[0] = 1
	fpc := make([]float64, rows)
	for i := range fpc {
		fpc[i] = 400
	}
	out, err := table.New(weight, category("stratum", "h", 3, 0), category("psu", "p", 6, 0), category("ssu", "s", 3, 0),
		category("yes", "y", 2, 0.2), category("kind", "k", 5, 0.1), category("group", "g", 4, 0.1), category("other", "o", 3, 0),
		number("x", 0.1, func() float64 { return 1e3*r.NormFloat64() + 7 }), number("y", 0.1, func() float64 { return math.Exp(r.NormFloat64()) }),
		table.NewBool("in", yes, nil), table.NewBool("sex", yes, nil), table.NewNumber("fpc", fpc, nil))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func samplePlan(kind int) Accumulation {
	p := Accumulation{Weights: "w", Strata: "stratum", LonelyPSU: LonelyAdjust, Nest: true, Estimates: []NamedRequest{
		{Statistic: Proportion, Variable: "yes", Level: "y01"},
		{Statistic: Proportion, Variable: "yes", Level: "y01", By: []string{"group", "other"}, Interval: Beta},
		{Statistic: Proportion, Variable: "kind", Level: "k03", By: []string{"group"}, Where: "in", DF: math.Inf(1)},
		{Statistic: Proportion, Variable: "sex", Level: "true", By: []string{"other"}},
		{Statistic: Share, Variable: "kind", By: []string{"group"}},
		{Statistic: Mean, Variable: "x", By: []string{"other"}, Deff: WithReplacement},
		{Statistic: Total, Variable: "y"},
		{Statistic: Ratio, Variable: "x", Denominator: "y", By: []string{"group"}},
	}}
	switch kind {
	case 0:
		p.Clusters = []string{"psu"}
	case 1:
		p.Clusters, p.FPC = []string{"psu", "ssu"}, []string{"fpc"}
	case 2: // rows are the PSUs
		p.Include = "in"
	case 3:
		p.Weights, p.Strata = "", ""
	}
	return p
}

// rowsOf is some of a table's rows.
func rowsOf(t testing.TB, whole *table.Table, rows []int) *table.Table {
	t.Helper()
	var columns []table.Column
	for _, col := range whole.Columns() {
		missing := make([]table.Missing, len(rows))
		for i, row := range rows {
			missing[i] = col.Missing(row)
		}
		switch c := col.(type) {
		case *table.CategoryColumn:
			codes := make([]uint32, len(rows))
			for i, row := range rows {
				codes[i] = c.Code(row)
			}
			col = table.NewCategory(c.Name(), c.Levels, codes)
		case *table.NumberColumn:
			values := make([]float64, len(rows))
			for i, row := range rows {
				values[i] = c.Values[row]
			}
			col = table.NewNumber(c.Name(), values, missing)
		case *table.BoolColumn:
			values := make([]bool, len(rows))
			for i, row := range rows {
				values[i] = c.Values[row]
			}
			col = table.NewBool(c.Name(), values, missing)
		}
		columns = append(columns, col)
	}
	out, err := table.New(columns...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func accumulate(t testing.TB, plan Accumulation, parts ...*table.Table) *Accumulator {
	t.Helper()
	a, err := NewAccumulator(plan)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range parts {
		if err := a.Add(p); err != nil {
			t.Fatal(err)
		}
	}
	return a
}

func encoded(t testing.TB, a *Accumulator) []byte {
	t.Helper()
	b, err := a.AppendBinary(nil)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// However rows are divided, in whatever order they are added and whichever way
// the accumulators are merged, bytes and estimates are the same to the last bit.
func TestAnyDivisionIsTheSame(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		whole := sampleRows(t, rapid.Uint64().Draw(r, "seed"), rapid.IntRange(1, 120).Draw(r, "rows"), 12)
		plan := samplePlan(rapid.IntRange(0, 3).Draw(r, "design"))
		all := make([]int, whole.Rows())
		for i := range all {
			all[i] = i
		}
		want := accumulate(t, plan, whole)
		var parts []*Accumulator
		left := rapid.Permutation(all).Draw(r, "order")
		for len(left) > 0 {
			n := rapid.IntRange(1, len(left)).Draw(r, "piece")
			a := accumulate(t, plan, rowsOf(t, whole, left[:n]))
			if left = left[n:]; rapid.Bool().Draw(r, "sent") {
				var err error
				if a, err = DecodeAccumulator(encoded(t, a)); err != nil {
					t.Fatal(err)
				}
			}
			parts = append(parts, a)
		}
		for len(parts) > 1 {
			i := rapid.IntRange(1, len(parts)-1).Draw(r, "merged")
			j := rapid.IntRange(0, i-1).Draw(r, "into")
			if err := parts[j].Merge(parts[i]); err != nil {
				t.Fatal(err)
			}
			parts = append(parts[:i], parts[i+1:]...)
		}
		if !bytes.Equal(encoded(t, want), encoded(t, parts[0])) {
			t.Fatal("the bytes differ")
		}
		a, err1 := want.Estimate()
		b, err2 := parts[0].Estimate()
		if (err1 == nil) != (err2 == nil) || !sameBits(reflect.ValueOf(a), reflect.ValueOf(b)) {
			t.Fatalf("the estimates differ: %v, %v", err1, err2)
		}
	})
}

// The estimates are those of Design.Run.
func TestAccumulatedIsRun(t *testing.T) {
	for kind := range 4 {
		for seed := range uint64(8) {
			whole, plan := sampleRows(t, seed, 200, 0.5), samplePlan(kind)
			got, err := accumulate(t, plan, whole).Estimate()
			if err != nil {
				t.Fatal(err)
			}
			spec := Spec{LonelyPSU: plan.LonelyPSU, Nest: plan.Nest, Rows: whole.Rows()}
			if plan.Weights != "" {
				spec.Weights = whole.Number(plan.Weights)
			}
			if plan.Strata != "" {
				spec.Strata = whole.Category(plan.Strata)
			}
			for _, c := range plan.Clusters {
				spec.Clusters = append(spec.Clusters, whole.Category(c))
			}
			for _, c := range plan.FPC {
				spec.FPC = append(spec.FPC, whole.Number(c))
			}
			in := whole.Column("in").(*table.BoolColumn).Values
			if plan.Include != "" {
				spec.Include = in
			}
			d := mustDesign(t, spec)
			for i, r := range plan.Estimates {
				q := Request{Statistic: r.Statistic, Variable: whole.Column(r.Variable), Level: r.Level, Interval: r.Interval, DF: r.DF, Deff: r.Deff}
				if r.Denominator != "" {
					q.Denominator = whole.Number(r.Denominator)
				}
				for _, by := range r.By {
					q.By = append(q.By, whole.Category(by))
				}
				if r.Where != "" {
					q.Where = in
				}
				want := mustRun(t, d, Query{Estimates: []Request{q}}).Estimates[0].Estimates
				if len(got[i].Estimates) != len(want) {
					t.Fatalf("kind %d, request %d: %d and %d estimates", kind, i, len(got[i].Estimates), len(want))
				}
				for k, e := range got[i].Estimates {
					w := want[k]
					if e.N != w.N || e.Base != w.Base || e.Missing != w.Missing || e.DF != w.DF || e.Method != w.Method || e.NotEstimable != w.NotEstimable || e.Level != w.Level ||
						!reflect.DeepEqual(e.Domain, w.Domain) && len(r.By) > 0 || !alike(e.Value, w.Value) || !alike(e.SE, w.SE) || !alike(e.Lo, w.Lo) || !alike(e.Hi, w.Hi) ||
						!alike(e.Deff, w.Deff) || !alike(e.SumWeights, w.SumWeights) {
						t.Errorf("kind %d, seed %d, request %d, estimate %d:\n%+v\n%+v", kind, seed, i, k, e, w)
					}
				}
			}
		}
	}
}
