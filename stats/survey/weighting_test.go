package survey

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"waymark/stats/table"
)

// weighingData reads a file of the api data of R's survey.
func weighingData(t testing.TB, file string) *sample {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "shared", "oracles", "survey")
	if _, err := os.Stat(dir); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("the reference data are needed in CI: %v", err)
		}
		t.Skipf("the reference data are not here: %v", err)
	}
	return readSampleAt(t, filepath.Join(dir, file))
}

// weighingReference is testdata/weighting.json: R 4.2.2, survey 4.1.1, calls in
// weighting.R.
func weighingReference(t *testing.T) *reference {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "weighting.json"))
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

func margin(c *table.CategoryColumn, totals map[string]float64) Margin {
	m := Margin{Columns: categories(c)}
	for _, l := range c.Levels {
		m.Totals = append(m.Totals, MarginTotal{Levels: []string{l.Code}, Count: totals[l.Code]})
	}
	return m
}

// weighingBases are the designs of weighting.R.
func weighingBases(t *testing.T) map[string]*sampled {
	c1, c2, st := weighingData(t, "apiclus1.csv"), weighingData(t, "apiclus2.csv"), weighingData(t, "apistrat.csv")
	return map[string]*sampled{
		"clus1": {c1, design(t, Spec{Weights: c1.num["pw"], Clusters: categories(c1.cat["dnum"]), FPC: []*table.NumberColumn{c1.num["fpc"]}})},
		"clus2": {c2, design(t, Spec{Weights: c2.num["pw"], Clusters: categories(c2.cat["dnum"], c2.cat["snum"]), FPC: []*table.NumberColumn{c2.num["fpc1"], c2.num["fpc2"]}})},
		"strat": {st, design(t, Spec{Weights: st.num["pw"], Strata: st.cat["stype"], FPC: []*table.NumberColumn{st.num["fpc"]}})},
	}
}

type sampled struct {
	*sample
	d *Design
}

// auxiliaries are the constant, two types of school and api99.
func (s *sampled) auxiliaries() []Auxiliary {
	return []Auxiliary{{"constant", ones1(s.n), 6194}, {"H", dummy(s.cat["stype"], "H"), 755},
		{"M", dummy(s.cat["stype"], "M"), 1018}, {"api99", s.num["api99"].Values, 3914069}}
}

func (s *sampled) margins() []Margin {
	return []Margin{margin(s.cat["stype"], map[string]float64{"E": 4421, "H": 755, "M": 1018}),
		margin(s.cat["sch.wide"], map[string]float64{"No": 1072, "Yes": 5122})}
}

// answers is what all.of of weighting.R computes.
func (s *sampled) answers(t *testing.T, d *Design) map[string][]float64 {
	t.Helper()
	out, err := d.Estimate(context.Background(), []Request{
		{Statistic: Mean, Variable: s.num["api00"]},
		{Statistic: Total, Variable: s.num["enroll"]},
		{Statistic: Mean, Variable: s.num["api00"], By: categories(s.cat["awards"])},
		{Statistic: Ratio, Variable: s.num["api.stu"], Denominator: s.num["enroll"]},
	}, EngineOptions{})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][]float64{"sum": one(d.SumWeights())}
	for k, name := range []string{"mean", "total", "by", "ratio"} {
		for _, e := range out[k].Estimates {
			got[name] = append(got[name], e.Value)
			got[name+".se"] = append(got[name+".se"], e.SE)
		}
	}
	least, most := math.Inf(1), math.Inf(-1)
	for i := range d.Rows() {
		if w := d.Weight(i); w != 0 {
			least, most = min(least, w), max(most, w)
		}
	}
	got["range"] = one(least, most)
	columns := columnSetOf(s.num, s.cat)
	for name, family := range map[string]Family{"linear": Gaussian, "logit": Binomial} {
		m := fitted(t, d, family, map[string]string{"linear": "api00 ~ ell + meals", "logit": "sch.wide=Yes ~ ell + meals"}[name], columns)
		for _, k := range m.Coefficients {
			got[name] = append(got[name], k.Value)
			got[name+".se"] = append(got[name+".se"], k.SE)
		}
	}
	return got
}

func TestRowScoresOfWeightedDesignsAgainstR(t *testing.T) {
	r := weighingReference(t)
	for name, s := range weighingBases(t) {
		weighted := map[string]func() (*Design, *Weighting, error){
			"post": func() (*Design, *Weighting, error) { return s.d.PostStratify(s.margins()[0]) },
			"rake": func() (*Design, *Weighting, error) { return s.d.Rake(s.margins(), RakeOptions{Tolerance: 1e-14}) },
		}
		for kind, opt := range map[string]CalibrateOptions{
			"linear": {Distance: LinearDistance}, "raking": {Distance: RakingDistance, Tolerance: 1e-13},
			"logit": {Distance: LogitDistance, Lower: .2, Upper: 4, Tolerance: 1e-13},
		} {
			weighted[kind] = func() (*Design, *Weighting, error) { return s.d.Calibrate(s.auxiliaries(), opt) }
		}
		for kind, make := range weighted {
			d, _, err := make()
			if err != nil {
				t.Fatalf("%s %s: %v", name, kind, err)
			}
			r.near(name+"."+kind, 1e-8, s.answers(t, d))
			byRow := *d
			byRow.cal = nil // tables row by row too
			r.near(name+"."+kind, 1e-8, s.answers(t, &byRow))
		}
	}
}

// jsonNumbers reads one number or several.
func jsonNumbers(raw json.RawMessage, out *[]float64) error {
	var v float64
	if json.Unmarshal(raw, &v) == nil {
		*out = []float64{v}
		return nil
	}
	return json.Unmarshal(raw, out)
}
