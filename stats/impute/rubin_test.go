package impute

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"waymark/stats/survey"
	"waymark/stats/table"
)

// Rubin's rules are those of mice::pool.scalar.
func TestPoolAgainstMice(t *testing.T) {
	n := 0
	for name, want := range reference(t) {
		if !strings.HasPrefix(name, "scalar.") {
			continue
		}
		n++
		p, err := Pool(name, numbers(t, want["q"]), numbers(t, want["u"]), numbers(t, want["complete"])[0], 0)
		if err != nil {
			t.Fatal(err)
		}
		for field, got := range map[string]float64{"value": p.Value, "within": p.Within, "between": p.Between, "se": p.SE, "df": p.DF,
			"increase": p.Increase, "lost": p.Lost, "lo": p.Lo, "hi": p.Hi, "p": p.P} {
			near(t, name+" "+field, []float64{got}, numbers(t, want[field]), 1e-8)
		}
	}
	if n < 4 {
		t.Errorf("only %d cases were compared", n)
	}
}

func TestPoolOfWhatCannotBeCombined(t *testing.T) {
	for _, c := range [][2][]float64{{{1}, {1}}, {{1, 2}, {1}}, {nil, nil}} {
		if _, err := Pool("a", c[0], c[1], 0, 0); err == nil {
			t.Errorf("%v were combined", c)
		}
	}
	if _, err := Pool("a", []float64{1, 2}, []float64{1, 1}, 0, 1.5); err == nil {
		t.Error("a confidence of 1.5 was taken")
	}
	for _, u := range []float64{math.NaN(), math.Inf(1), -1} {
		if p, err := Pool("a", []float64{1, 2}, []float64{1, u}, 0, 0); err != nil || p.NotEstimable == "" {
			t.Errorf("a variance of %v: %+v, %v", u, p, err)
		}
	}
	p, err := Pool("a", []float64{2, 2}, []float64{0, 0}, 10, 0)
	if err != nil || p.SE != 0 || p.Lo != 2 || p.Hi != 2 || p.P != 1 || p.NotEstimable != "" {
		t.Errorf("%+v, %v", p, err)
	}
	if p, err = Pool("a", []float64{1, 2, 3}, []float64{0, 0, 0}, 0, 0); err != nil || p.Lost != 1 || p.SE == 0 {
		t.Errorf("%+v, %v", p, err)
	}
}

// schools reads R's apistrat; its api99 is filled in from imputed.csv.
func schools(t *testing.T) (map[string][]string, [][]float64) {
	t.Helper()
	path := filepath.Join("..", "..", "..", "shared", "oracles", "survey", "apistrat.csv")
	if _, err := os.Stat(path); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("the reference data are needed in CI: %v", err)
		}
		t.Skipf("the reference data are not here: %v", err)
	}
	c := readCSV(t, path)
	made := readCSV(t, filepath.Join("testdata", "imputed.csv"))
	var files [][]float64
	for k := range 5 {
		values := append([]float64(nil), number(t, "api99", c["api99"]).Values...)
		for j, row := range made["row"] {
			i, err := strconv.Atoi(row)
			if err != nil {
				t.Fatal(err)
			}
			if values[i-1], err = strconv.ParseFloat(made["file"+strconv.Itoa(k+1)][j], 64); err != nil {
				t.Fatal(err)
			}
		}
		files = append(files, values)
	}
	return c, files
}

// Estimates of a survey from fixed imputations, combined as mitools does.
func TestPoolVectorsAgainstMitools(t *testing.T) {
	c, files := schools(t)
	ref := reference(t)
	stype := category("stype", c["stype"], "E", "H", "M")
	d, err := survey.New(survey.Spec{Weights: number(t, "pw", c["pw"]), Strata: stype, FPC: []*table.NumberColumn{number(t, "fpc", c["fpc"])}})
	if err != nil {
		t.Fatal(err)
	}
	api00 := number(t, "api00", c["api00"])
	made := map[string][]*survey.Vector{}
	for _, values := range files {
		api99 := table.NewNumber("api99", values, nil)
		for name, requests := range map[string][]survey.Request{
			"survey.means": {{Statistic: survey.Mean, Variable: api99, By: []*table.CategoryColumn{stype}}},
			"survey.both":  {{Statistic: survey.Mean, Variable: api99}, {Statistic: survey.Mean, Variable: api00}},
		} {
			v, err := d.Joint(context.Background(), requests, survey.EngineOptions{})
			if err != nil {
				t.Fatal(err)
			}
			v.DF = math.Inf(1)
			made[name] = append(made[name], v)
		}
	}
	compared := 0
	for name, vectors := range made {
		pooled, v, err := PoolVectors(vectors, 0)
		if err != nil {
			t.Fatal(err)
		}
		near(t, name+" value", v.Values, numbers(t, ref[name]["value"]), 1e-9)
		cov := numbers(t, ref[name]["cov"])
		largest := 0.0
		for _, x := range cov {
			largest = max(largest, math.Abs(x))
		}
		for k, x := range cov {
			if math.Abs(v.Cov[k]-x) > 1e-9*largest {
				t.Errorf("%s: covariance %d is %v, want %v", name, k, v.Cov[k], x)
			}
		}
		for i, p := range pooled {
			if want := numbers(t, ref[name]["df"])[i]; want == 0 { // R's is infinite
				if p.DF < 1e6 {
					t.Errorf("%s: %v degrees of freedom where nothing was filled", name, p.DF)
				}
			} else {
				near(t, name+" df", []float64{p.DF}, []float64{want}, 1e-8)
				compared++
			}
			if math.Abs(p.SE-math.Sqrt(cov[i*len(pooled)+i])) > 1e-9*p.SE {
				t.Errorf("%s: %+v", name, p)
			}
		}
	}
	if compared < 4 {
		t.Errorf("%d degrees of freedom were compared", compared)
	}
	for _, v := range made["survey.both"] {
		v.DF = 197
	}
	pooled, v, err := PoolVectors(made["survey.both"], 0)
	if err != nil {
		t.Fatal(err)
	}
	p := pooled[0]
	for field, got := range map[string]float64{"value": p.Value, "se": p.SE, "df": p.DF, "lost": p.Lost} {
		near(t, "survey.finite "+field, []float64{got}, numbers(t, ref["survey.finite"][field]), 1e-8)
	}
	if _, err := v.Linear("change", map[string]float64{v.Names[0]: -1, v.Names[1]: 1}, .95); err != nil {
		t.Error(err)
	}
	other := *made["survey.both"][0]
	other.Names = []string{"a", "b"}
	if _, _, err := PoolVectors([]*survey.Vector{made["survey.both"][0], &other}, 0); err == nil {
		t.Error("different estimates were combined")
	}
	if _, _, err := PoolVectors(made["survey.both"][:1], 0); err == nil {
		t.Error("one file was combined")
	}
}

// Filled in and estimated under the design: the mean is nearer to the truth
// than what was observed by chance gives, and its error is larger than that of
// the complete file.
func TestResultPool(t *testing.T) {
	c, _ := schools(t)
	stype := category("stype", c["stype"], "E", "H", "M")
	weights := number(t, "pw", c["pw"])
	d, err := survey.New(survey.Spec{Weights: weights, Strata: stype, FPC: []*table.NumberColumn{number(t, "fpc", c["fpc"])}})
	if err != nil {
		t.Fatal(err)
	}
	texts := append([]string(nil), c["api99"]...)
	meals := number(t, "meals", c["meals"])
	for i := range texts {
		if meals.Values[i] > 60 && i%3 > 0 {
			texts[i] = ""
		}
	}
	r, err := Fill(context.Background(), []Variable{{Column: number(t, "api99", texts)}, {Column: number(t, "api00", c["api00"])}, {Column: meals}, {Column: stype}, {Column: weights, Keep: true}}, Options{M: 10, Seed: 5})
	if err != nil {
		t.Fatal(err)
	}
	mean := func(ctx context.Context, column Completed) (*survey.Vector, error) {
		return d.Joint(ctx, []survey.Request{{Statistic: survey.Mean, Variable: column("api99")}}, survey.EngineOptions{})
	}
	pooled, _, err := r.Pool(context.Background(), 0, mean)
	if err != nil {
		t.Fatal(err)
	}
	full, err := d.Joint(context.Background(), []survey.Request{{Statistic: survey.Mean, Variable: number(t, "api99", c["api99"])}}, survey.EngineOptions{})
	if err != nil {
		t.Fatal(err)
	}
	seen, err := d.Joint(context.Background(), []survey.Request{{Statistic: survey.Mean, Variable: number(t, "api99", texts)}}, survey.EngineOptions{})
	if err != nil {
		t.Fatal(err)
	}
	p := pooled[0]
	if math.Abs(p.Value-full.Values[0]) > math.Abs(seen.Values[0]-full.Values[0])/5 || p.SE < full.SE(0)*.98 || !(p.Lo < full.Values[0] && full.Values[0] < p.Hi) || p.Lost <= 0 {
		t.Errorf("%+v; of the complete file %v (%v), of what was observed %v", p, full.Values[0], full.SE(0), seen.Values[0])
	}
}
