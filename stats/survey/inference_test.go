package survey

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waymark/stats/table"
)

// apiDesign is one of the designs of testdata/inference.R with its columns.
type apiDesign struct {
	name string
	*sample
	d *Design
}

// apiDesigns reads data(api) of R's survey and makes the script's designs.
func apiDesigns(t testing.TB) []apiDesign {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "shared", "oracles", "survey")
	if _, err := os.Stat(filepath.Join(dir, "apistrat.csv")); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("the reference data are needed in CI: %v", err)
		}
		t.Skipf("the reference data are not here: %v", err)
	}
	strat, clus1, clus2 := readSampleAt(t, filepath.Join(dir, "apistrat.csv")), readSampleAt(t, filepath.Join(dir, "apiclus1.csv")), readSampleAt(t, filepath.Join(dir, "apiclus2.csv"))
	for _, s := range []*sample{strat, clus1, clus2} {
		s.cat["band"] = mealBand(s.num["meals"])
	}
	design := func(name string, s *sample, spec Spec) apiDesign {
		spec.Weights = s.num["pw"]
		d, err := New(spec)
		if err != nil {
			t.Fatal(err)
		}
		return apiDesign{name, s, d}
	}
	one := design("clus1", clus1, Spec{Clusters: []*table.CategoryColumn{clus1.cat["dnum"]}, FPC: []*table.NumberColumn{clus1.num["fpc"]}})
	ones, h, m := make([]float64, clus1.n), make([]float64, clus1.n), make([]float64, clus1.n)
	for i := range ones {
		ones[i] = 1
		switch clus1.cat["stype"].Text(i) {
		case "H":
			h[i] = 1
		case "M":
			m[i] = 1
		}
	}
	cal, _, err := one.d.Calibrate([]Auxiliary{{Name: "one", Values: ones, Total: 6194}, {Name: "H", Values: h, Total: 755}, {Name: "M", Values: m, Total: 1018},
		{Name: "api99", Values: clus1.num["api99"].Values, Total: 3914069}}, CalibrateOptions{Distance: LinearDistance})
	if err != nil {
		t.Fatal(err)
	}
	return []apiDesign{
		design("strat", strat, Spec{Strata: strat.cat["stype"], FPC: []*table.NumberColumn{strat.num["fpc"]}}),
		one,
		design("clus2", clus2, Spec{Clusters: []*table.CategoryColumn{clus2.cat["dnum"], clus2.cat["snum"]}, FPC: []*table.NumberColumn{clus2.num["fpc1"], clus2.num["fpc2"]}}),
		{"cal", clus1, cal},
	}
}

// mealBand cuts the share of meals at 25, 50 and 75 per cent.
func mealBand(c *table.NumberColumn) *table.CategoryColumn {
	codes := make([]uint32, c.Len())
	for i, v := range c.Values {
		if codes[i] = table.FirstLevel; v > 25 {
			codes[i]++
		}
		if v > 50 {
			codes[i]++
		}
		if v > 75 {
			codes[i]++
		}
	}
	return table.NewCategory("band", []table.Level{{Code: "a"}, {Code: "b"}, {Code: "c"}, {Code: "d"}}, codes)
}

// readInference reads testdata/inference.json: R 4.2.2, survey 4.1.1, calls in
// inference.R.
func readInference(t *testing.T) *reference {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "inference.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all struct {
		Values map[string]map[string]json.RawMessage
	}
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	return &reference{t, all.Values, map[string]bool{}}
}

// all fails for cases of this kind (their second word) that no test has used.
func (r *reference) all(kind string) {
	r.t.Helper()
	some := false
	for name := range r.values {
		if strings.HasPrefix(name[strings.Index(name, ".")+1:], kind) {
			if some = true; !r.used[name] {
				r.t.Errorf("the reference value %q is not used", name)
			}
		}
	}
	if !some {
		r.t.Errorf("there is no reference value of kind %q", kind)
	}
}

// vector compares a vector's values to 1e-8 of themselves, and covariances to
// 1e-8 of the product of the standard errors.
func (r *reference) vector(name string, v *Vector) {
	r.t.Helper()
	r.near(name, 1e-8, map[string][]float64{"value": v.Values})
	var cov []float64
	if err := json.Unmarshal(r.values[name]["cov"], &cov); err != nil || len(cov) != len(v.Cov) {
		r.t.Errorf("%s: %d covariances, want %d (%v)", name, len(v.Cov), len(cov), err)
		return
	}
	q := len(v.Values)
	largest := 0.0
	for i := range q {
		largest = max(largest, v.SE(i))
	}
	for k, c := range cov {
		i, j := k/q, k%q
		// R leaves rounding where a variance is zero.
		if math.Abs(v.Cov[k]-c) > 1e-8*v.SE(i)*v.SE(j)+1e-13*largest*largest {
			r.t.Errorf("%s: covariance of %s and %s is %v, want %v", name, v.Names[i], v.Names[j], v.Cov[k], c)
		}
	}
}

func joint(t testing.TB, d *Design, requests ...Request) *Vector {
	t.Helper()
	v, err := d.Joint(context.Background(), requests, EngineOptions{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	return v
}
