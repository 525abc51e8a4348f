package survey

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"waymark/stats/table"
)

// A post-stratification to very many levels is made row by row and gives the
// estimates of any other.
func TestAMillionLevels(t *testing.T) {
	const n, levels = 400_000, 200_000
	codes, values, half := make([]uint32, n), make([]float64, n), make([]uint32, n)
	m := Margin{}
	dictionary := make([]table.Level, levels)
	for i := range n {
		codes[i] = uint32(i/2 + table.FirstLevel)
		values[i] = float64(i % 7)
		half[i] = uint32(i%2 + table.FirstLevel)
	}
	for k := range dictionary {
		dictionary[k].Code = fmt.Sprint(k)
		m.Totals = append(m.Totals, MarginTotal{Levels: []string{dictionary[k].Code}, Count: float64(1 + k%3)})
	}
	m.Columns = categories(table.NewCategory("place", dictionary, codes))
	d, w, err := design(t, Spec{Rows: n}).PostStratify(m)
	if err != nil || !w.Converged || len(w.Margins) != levels {
		t.Fatal(w.Converged, len(w.Margins), err)
	}
	out, err := d.Estimate(context.Background(), []Request{
		{Statistic: Mean, Variable: table.NewNumber("y", values, nil)},
		{Statistic: Mean, Variable: table.NewNumber("y", values, nil), By: categories(table.NewCategory("half", []table.Level{{Code: "a"}, {Code: "b"}}, half))},
	}, EngineOptions{})
	if err != nil {
		t.Fatal(err)
	}
	// by hand: weights (1 + k%3)/2, residuals from the means of pairs
	sum, total := 0.0, 0.0
	for i, v := range values {
		sum += d.Weight(i) * v
		total += d.Weight(i)
	}
	sq := 0.0
	for i, v := range values {
		pair := (v + values[i^1]) / 2
		z := d.Weight(i) * (v - pair) / total
		sq += z * z
	}
	e := out[0].Estimates[0]
	if se := math.Sqrt(sq * n / (n - 1)); math.Abs(e.Value-sum/total) > 1e-12 || math.Abs(e.SE/se-1) > 1e-9 {
		t.Errorf("%v (%v), want %v (%v)", e.Value, e.SE, sum/total, se)
	}
	if len(out[1].Estimates) != 2 || !(out[1].Estimates[0].SE > 0) {
		t.Errorf("%+v", out[1].Estimates)
	}
	if _, err := design(t, Spec{Rows: n}).MarginColumns([]Margin{m}); err == nil || !strings.Contains(err.Error(), "more than 500 levels") {
		t.Errorf("columns of very many levels: %v", err)
	}
}

// Rows of weight zero, rows left out, and weights that a bound makes zero take
// no part and leave no NaN.
func TestWeightingWithRowsOfWeightZero(t *testing.T) {
	s := weighingBases(t)["clus1"]
	weights := append([]float64(nil), s.num["pw"].Values...)
	include := make([]bool, s.n)
	api99 := append([]float64(nil), s.num["api99"].Values...)
	for i := range weights {
		include[i] = i%17 != 3
		if i%10 == 4 {
			weights[i], api99[i] = 0, math.NaN()
		}
		if !include[i] {
			weights[i], api99[i] = math.NaN(), math.NaN()
		}
	}
	d := design(t, Spec{Weights: table.NewNumber("w", weights, nil), Clusters: categories(s.cat["dnum"]), Include: include})
	x := []Auxiliary{{"constant", ones1(s.n), d.SumWeights()}, {"api99", api99, 0}}
	for i := range api99 {
		if d.Weight(i) > 0 {
			x[1].Total += 0.8 * d.Weight(i) * api99[i]
		}
	}
	tight, _, err := d.Calibrate(x, CalibrateOptions{Distance: LinearDistance, Lower: 0, Upper: 5})
	if err != nil {
		t.Fatal(err)
	}
	if tight.Base() >= d.Base() {
		t.Fatalf("no weight became zero: %d of %d", tight.Base(), d.Base())
	}
	trimmed, _, err := tight.Trim(TrimOptions{Upper: 2 * d.SumWeights() / float64(d.Base()), Strict: true})
	if err != nil {
		t.Fatal(err)
	}
	responded := make([]bool, s.n)
	for i := range responded {
		responded[i] = i%6 != 1
	}
	answered, _, err := trimmed.Nonresponse(NonresponseOptions{Responded: responded, Cells: categories(s.cat["stype"])})
	if err != nil {
		t.Fatal(err)
	}
	for name, d := range map[string]*Design{"calibrated": tight, "trimmed": trimmed, "answered": answered} {
		for what, numbers := range s.answers(t, d) {
			for _, v := range numbers {
				if v-v != 0 {
					t.Errorf("%s: %s is %v", name, what, numbers)
				}
			}
		}
		for i := range s.n {
			if (weights[i] == 0 || !include[i]) && d.Weight(i) != 0 {
				t.Errorf("%s: row %d came alive", name, i)
			}
		}
	}
}

// The weights of those who answered one question stand for all.
func TestItemNonresponse(t *testing.T) {
	s := weighingBases(t)["strat"]
	values, missing := append([]float64(nil), s.num["api99"].Values...), make([]table.Missing, s.n)
	for i := range values {
		switch i % 8 {
		case 1:
			missing[i] = table.Refused
		case 5:
			values[i] = math.NaN()
		}
	}
	item := table.NewNumber("api99", values, missing)
	responded := Answered(item)
	d, w, err := s.d.Nonresponse(NonresponseOptions{Responded: responded, Cells: categories(s.cat["stype"], s.cat["sch.wide"]), MinRespondents: 5})
	if err != nil {
		t.Fatal(err)
	}
	out, err := d.Estimate(context.Background(), []Request{{Statistic: Total, Variable: item}}, EngineOptions{})
	if err != nil {
		t.Fatal(err)
	}
	e := out[0].Estimates[0]
	if e.Base != countTrue(responded) || math.Abs(e.SumWeights-s.d.SumWeights()) > 1e-6 || e.SE == 0 || w.MaxFactor <= 1 || w.MinFactor < 1 {
		t.Errorf("%+v, %+v", e, w)
	}
	if got := Answered(s.cat["stype"]); countTrue(got) != s.n {
		t.Error("a category without gaps has gaps")
	}
}

// Estimates of adjusted designs are the same bit for bit for any number of
// workers.
func TestAdjustedDesignsDoNotDependOnWorkers(t *testing.T) {
	for name, s := range weighingBases(t) {
		responded := make([]bool, s.n)
		for i := range responded {
			responded[i] = i%4 != 1
		}
		answered, _, err := s.d.Nonresponse(NonresponseOptions{Responded: responded, Cells: categories(s.cat["sch.wide"])})
		if err != nil {
			t.Fatal(err)
		}
		d, _, err := answered.Calibrate(s.auxiliaries(), CalibrateOptions{Distance: RakingDistance})
		if err != nil {
			t.Fatal(err)
		}
		ask := []Request{{Statistic: Mean, Variable: s.num["api00"], By: categories(s.cat["stype"], s.cat["awards"])}, {Statistic: Share, Variable: s.cat["stype"], By: categories(s.cat["awards"])}, {Statistic: Total, Variable: s.num["enroll"]}}
		var first []Result
		for _, workers := range []int{1, 2, 7} {
			out, err := d.Estimate(context.Background(), ask, EngineOptions{Workers: workers})
			if err != nil {
				t.Fatal(err)
			}
			if first == nil {
				first = out
			}
			for k := range out {
				for j, e := range out[k].Estimates {
					if w := first[k].Estimates[j]; math.Float64bits(e.SE) != math.Float64bits(w.SE) || math.Float64bits(e.Value) != math.Float64bits(w.Value) {
						t.Errorf("%s: %d workers give %v (%v), one %v (%v)", name, workers, e.Value, e.SE, w.Value, w.SE)
					}
				}
			}
		}
	}
}
