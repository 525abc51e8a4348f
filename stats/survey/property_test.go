package survey

import (
	"context"
	"fmt"
	"math"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// drawn is a small random survey.
type drawn struct {
	spec    Spec
	yes     *table.CategoryColumn
	group   *table.CategoryColumn
	size    *table.NumberColumn
	codes   map[string][]uint32
	numbers map[string][]float64
}

// drawSurvey draws rows of few values, so that odd cases are common: empty
// cells, single PSUs, weights of zero, all or none with the characteristic.
func drawSurvey(t *rapid.T) drawn {
	n := rapid.IntRange(2, 60).Draw(t, "rows")
	d := drawn{codes: map[string][]uint32{}, numbers: map[string][]float64{}}
	column := func(name string, least, most int) {
		codes := make([]uint32, n)
		for i := range codes {
			codes[i] = uint32(rapid.IntRange(least, most).Draw(t, name))
		}
		d.codes[name] = codes
	}
	column("yes", table.FirstLevel-1, table.FirstLevel+1)
	column("group", table.FirstLevel-1, table.FirstLevel+2)
	column("stratum", table.FirstLevel, table.FirstLevel+1)
	column("psu", table.FirstLevel, table.FirstLevel+3)
	column("ssu", table.FirstLevel, table.FirstLevel+2)
	d.numbers["size"] = rapid.SliceOfN(rapid.Float64Range(-5, 50), n, n).Draw(t, "size")
	d.numbers["weight"] = rapid.SliceOfN(rapid.SampledFrom([]float64{0, 1, 1, 2.5, 7}), n, n).Draw(t, "weight")
	d.build(rapid.IntRange(0, 4).Draw(t, "design"))
	return d
}

func (d *drawn) build(kind int) {
	col := func(name string, size int) *table.CategoryColumn {
		return table.NewCategory(name, levels(size), d.codes[name])
	}
	d.yes, d.group = col("yes", 2), col("group", 3)
	d.size = table.NewNumber("size", append([]float64(nil), d.numbers["size"]...), nil)
	weight := table.NewNumber("weight", append([]float64(nil), d.numbers["weight"]...), nil)
	psu := []*table.CategoryColumn{col("psu", 4)}
	d.spec = Spec{Rows: len(d.codes["yes"]), LonelyPSU: LonelyAdjust, Nest: true}
	switch kind {
	case 1:
		d.spec.Weights, d.spec.Strata = weight, col("stratum", 2)
	case 2:
		d.spec.Weights, d.spec.Clusters = weight, psu
	case 3:
		d.spec.Weights, d.spec.Strata, d.spec.Clusters = weight, col("stratum", 2), psu
	case 4:
		fpc := make([]float64, d.spec.Rows)
		for i := range fpc {
			fpc[i] = 200
		}
		d.spec.Weights, d.spec.Strata = weight, col("stratum", 2)
		d.spec.Clusters = append(psu, col("ssu", 3))
		d.spec.FPC = []*table.NumberColumn{table.NewNumber("N1", fpc, nil), table.NewNumber("N2", append([]float64(nil), fpc...), nil)}
	}
}

func (d *drawn) query() Query {
	by := []*table.CategoryColumn{d.group}
	q := Query{Estimates: []Request{
		{Statistic: Mean, Variable: d.size}, {Statistic: Total, Variable: d.size, By: by}, {Statistic: Total, Variable: d.size},
		{Statistic: Ratio, Variable: d.size, Denominator: d.size, By: by},
		{Statistic: Share, Variable: d.yes, By: by},
	}}
	for m := IntervalDefault; m <= ClopperPearson; m++ {
		q.Estimates = append(q.Estimates, Request{Statistic: Proportion, Variable: d.yes, Level: "1", By: by, Interval: m})
	}
	for m := RiskRatio; m <= OddsRatio; m++ {
		q.Comparisons = append(q.Comparisons, ComparisonRequest{Measure: m, Variable: d.yes, Level: "1", Over: by, Of: []string{"0"}, Against: []string{"1"}})
	}
	q.Trends = []TrendRequest{{Variable: d.yes, Level: "1", Over: d.group}}
	q.Independences = []IndependenceRequest{{Rows: d.yes, Columns: d.group}, {Rows: d.yes, Columns: d.group, Method: FirstOrder}}
	return q
}

func finite(values ...float64) bool {
	for _, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}

// No NaN without a reason, whatever the data; limits enclose the value.
func TestNumbersOrReasons(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSurvey(t)
		d, err := New(s.spec)
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Fatal(err)
			}
			return
		}
		a, err := d.Run(context.Background(), s.query(), EngineOptions{Workers: 1})
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range a.Estimates {
			for _, e := range r.Estimates {
				switch {
				case e.NotEstimable != "":
				case !finite(e.Value, e.SE, e.Lo, e.Hi, e.NEff), math.IsInf(e.Deff, 0):
					t.Fatalf("request %d: a number is not finite: %+v", i, e)
				case e.Lo > e.Value+1e-9*math.Abs(e.Value)+1e-12 || e.Hi < e.Value-1e-9*math.Abs(e.Value)-1e-12:
					if e.Method != ClopperPearson { // of the unweighted count
						t.Fatalf("request %d: the interval leaves the value out: %+v", i, e)
					}
				}
			}
		}
		for _, c := range a.Comparisons {
			for _, x := range c {
				if x.NotEstimable == "" && !finite(x.Value, x.SE, x.Lo, x.Hi, x.P) {
					t.Fatalf("a number is not finite: %+v", x)
				}
			}
		}
		for _, x := range a.Trends[0] {
			if x.NotEstimable == "" && !finite(x.Statistic, x.P) || x.NoOddsRatio == "" && !finite(x.OddsRatio, x.Lo, x.Hi) {
				t.Fatalf("a number is not finite: %+v", x)
			}
		}
		for _, i := range a.Independences {
			for _, x := range i {
				if x.NotEstimable == "" && !finite(x.Statistic, x.DF1, x.P) {
					t.Fatalf("a number is not finite: %+v", x)
				}
			}
		}
	})
}

// The order of rows does not matter but for rounding, weights' scale matters to
// totals only, and domain totals add up.
func TestOrderScaleAndSums(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSurvey(t)
		kind := rapid.IntRange(0, 4).Draw(t, "kind")
		s.build(kind)
		d, err := New(s.spec)
		if err != nil {
			return
		}
		q := s.query()
		before, err := d.Run(context.Background(), q, EngineOptions{Workers: 1})
		if err != nil {
			t.Fatal(err)
		}
		order := rapid.Permutation(indexes(s.spec.Rows)).Draw(t, "order")
		for name, c := range s.codes {
			s.codes[name] = permuted(c, order)
		}
		for name, c := range s.numbers {
			s.numbers[name] = permuted(c, order)
		}
		scale := 1.0
		if kind > 0 && kind < 4 {
			scale = 8 // a power of two, so that rounding does not change
		}
		for i := range s.numbers["weight"] {
			s.numbers["weight"][i] *= scale
		}
		s.build(kind)
		after, err := mustNew(t, s.spec).Run(context.Background(), s.query(), EngineOptions{Workers: 1})
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range before.Estimates {
			times := 1.0
			if q.Estimates[i].Statistic == Total {
				times = scale
			}
			for k, e := range r.Estimates {
				f := after.Estimates[i].Estimates[k]
				if (e.NotEstimable == "") != (f.NotEstimable == "") || e.Base != f.Base || e.N != f.N || e.Missing != f.Missing {
					t.Fatalf("order changes a count: %+v, %+v", e, f)
				}
				if e.NotEstimable == "" && (!close(e.Value*times, f.Value) || !close(e.SE*times, f.SE) && math.Abs(e.SE*times-f.SE) > 1e-5*(1+math.Abs(f.Value))) {
					t.Fatalf("request %d: order or scale changes a number: %+v, %+v", i, e, f)
				}
			}
		}
		missing := 0
		for i := range s.spec.Rows {
			if s.codes["group"][i] < table.FirstLevel {
				missing++
			}
		}
		if missing > 0 {
			return
		}
		sum := 0.0
		for _, e := range after.Estimates[1].Estimates {
			if e.NotEstimable == "" {
				sum += e.Value
			}
		}
		if whole := after.Estimates[2].Estimates; len(whole) > 0 && math.Abs(sum-whole[0].Value) > 1e-9*(1+whole[0].SumWeights*50) {
			t.Fatalf("domain totals add up to %v, the whole is %v", sum, whole[0].Value)
		}
	})
}

func mustNew(t *rapid.T, s Spec) *Design {
	d, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func close(a, b float64) bool { return math.Abs(a-b) <= 1e-9*max(math.Abs(a), math.Abs(b), 1e-3) }

func indexes(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

func permuted[T any](values []T, order []int) []T {
	out := make([]T, len(values))
	for i, k := range order {
		out[i] = values[k]
	}
	return out
}

// Results are the same bit for bit for 1, 2 and 16 workers.
func TestWorkersDoNotMatter(t *testing.T) {
	r := newRound(150_000, 3)
	specs := map[string]Spec{
		"simple":    {Rows: 150_000},
		"weighted":  {Weights: r.weight, Strata: r.stratum},
		"clustered": {Weights: r.weight, Strata: r.stratum, Clusters: []*table.CategoryColumn{r.psu}},
	}
	for name, s := range specs {
		d := design(t, s)
		q := Query{Estimates: r.ask(r.route, r.nationality)}
		q.Estimates = append(q.Estimates, r.ask(r.groups[3])...)
		q.Estimates = append(q.Estimates, Request{Statistic: Mean, Variable: r.weight, By: r.groups[:2]})
		q.Comparisons = []ComparisonRequest{{Measure: RiskRatio, Variable: r.yes[0], Level: "yes", Over: []*table.CategoryColumn{r.route}, Of: []string{"0"}, Against: []string{"1"}, By: r.groups[1:2]}}
		q.Trends = []TrendRequest{{Variable: r.yes[1], Level: "yes", Over: r.groups[5]}}
		q.Independences = []IndependenceRequest{{Rows: r.yes[2], Columns: r.groups[4]}}
		var first string
		for _, workers := range []int{1, 2, 16} {
			a, err := d.Run(context.Background(), q, EngineOptions{Workers: workers})
			if err != nil {
				t.Fatal(err)
			}
			text := fmt.Sprintf("%+v", a) // %v of a float64 is exact
			if first == "" {
				first = text
			} else if text != first {
				t.Errorf("%s: %d workers give another result than 1", name, workers)
			}
		}
	}
}

// The ways to scan rows agree: bitmaps, dense tables and lists.
func TestScansAgree(t *testing.T) {
	r := newRound(3000, 1)
	for name, s := range map[string]Spec{
		"simple":    {Rows: 3000},
		"weighted":  {Weights: r.weight, Strata: r.stratum},
		"clustered": {Weights: r.weight, Strata: r.stratum, Clusters: []*table.CategoryColumn{r.psu}},
		"counted":   {Strata: r.stratum, Clusters: []*table.CategoryColumn{r.psu}},
	} {
		d := design(t, s)
		g, err := newGrouping(context.Background(), d, []*table.CategoryColumn{r.route, r.groups[2]}, nil, 1)
		if err != nil {
			t.Fatal(err)
		}
		v := &variable{cat: r.yes[0], wanted: map[int]bool{1: true}}
		v.prepare(fault.NewList(1))
		request := &Request{Statistic: Proportion, Variable: r.yes[0], Level: "yes", By: []*table.CategoryColumn{r.route, r.groups[2]}}
		var all [][]Estimate
		for _, scan := range []func(*cellTable){(*cellTable).countBits, (*cellTable).countDense, (*cellTable).weighDense, (*cellTable).numberDense, (*cellTable).list} {
			table := emptyCellTable(d, g, v)
			kind := reflect.ValueOf(scan).Pointer()
			bits := kind == reflect.ValueOf((*cellTable).countBits).Pointer()
			count := kind == reflect.ValueOf((*cellTable).countDense).Pointer()
			weigh := kind == reflect.ValueOf((*cellTable).weighDense).Pointer()
			if bits && g.bits == nil || count && d.weights != nil || weigh && d.weights == nil {
				continue
			}
			scan(table)
			table.sum()
			all = append(all, table.estimates(request))
		}
		if len(all) < 3 {
			t.Errorf("%s: %d scans were compared", name, len(all))
		}
		for _, other := range all[1:] {
			for k, e := range all[0] {
				o := other[k]
				if e.N != o.N || e.Base != o.Base || e.Missing != o.Missing || e.DF != o.DF || !close(e.Value, o.Value) || !close(e.SE, o.SE) || !close(e.Lo, o.Lo) {
					t.Errorf("%s: scans differ: %+v, %+v", name, e, o)
				}
			}
		}
	}
}
