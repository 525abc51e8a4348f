package survey

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"waymark/stats/table"
)

// readJoint reads testdata/pps-joint.csv.
func readJoint(t *testing.T) []float64 {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "pps-joint.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []float64
	for _, r := range rows {
		for _, c := range r {
			v, err := strconv.ParseFloat(c, 64)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, v)
		}
	}
	return out
}

func TestUnequalProbabilitiesAgainstR(t *testing.T) {
	one1, two := readSampleAt(t, filepath.Join("testdata", "pps.csv")), readSampleAt(t, filepath.Join("testdata", "pps-two.csv"))
	data, err := os.ReadFile(filepath.Join("testdata", "pps.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all struct {
		Values map[string]map[string]json.RawMessage
	}
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	ref := &reference{t, all.Values, map[string]bool{}}
	p := []*table.NumberColumn{one1.num["p"]}
	strata := one1.cat["stratum"]
	ctx := context.Background()
	formula, err := ParseFormula("y ~ kind")
	if err != nil {
		t.Fatal(err)
	}
	for name, spec := range map[string]Spec{
		"brewer":    {PPS: &PPS{Probabilities: p}},
		"strata":    {Strata: strata, PPS: &PPS{Probabilities: p}},
		"two":       {Strata: two.cat["stratum"], Clusters: []*table.CategoryColumn{two.cat["unit"], two.cat["ssu"]}, PPS: &PPS{Probabilities: []*table.NumberColumn{two.num["p"], two.num["p2"]}}},
		"ht":        {Rows: one1.n, PPS: &PPS{Variance: HorvitzThompson, Joint: readJoint(t)}},
		"yg":        {Rows: one1.n, PPS: &PPS{Variance: YatesGrundy, Joint: readJoint(t)}},
		"overton":   {Strata: strata, PPS: &PPS{Variance: HorvitzThompson, Approximation: Overton, Probabilities: p}},
		"overtonyg": {Strata: strata, PPS: &PPS{Variance: YatesGrundy, Approximation: Overton, Probabilities: p}},
		"hr":        {Strata: strata, PPS: &PPS{Variance: HorvitzThompson, Approximation: HartleyRao, Probabilities: p}},
		"hryg":      {Strata: strata, PPS: &PPS{Variance: YatesGrundy, Approximation: HartleyRao, Probabilities: p}},
	} {
		x := one1
		if name == "two" {
			x = two
		}
		d := design(t, spec)
		kind := []*table.CategoryColumn{x.cat["kind"]}
		out, err := d.Estimate(ctx, []Request{
			{Statistic: Total, Variable: x.num["y"]}, {Statistic: Mean, Variable: x.num["y"]},
			{Statistic: Mean, Variable: x.num["y"], By: kind}, {Statistic: Share, Variable: x.cat["kind"]},
		}, EngineOptions{})
		if err != nil {
			t.Fatal(err)
		}
		total, mean, domain := out[0].Estimates[0], out[1].Estimates[0], out[2].Estimates[0]
		ref.near(name+".total", 1e-9, map[string][]float64{"estimate": one(total.Value), "se": one(total.SE)})
		ref.near(name+".mean", 1e-9, map[string][]float64{"estimate": one(mean.Value), "se": one(mean.SE), "df": one(d.DF())})
		ref.near(name+".domain", 1e-9, map[string][]float64{"estimate": one(domain.Value), "se": one(domain.SE)})
		var v, se []float64
		for _, e := range out[3].Estimates {
			v, se = append(v, e.Value), append(se, e.SE)
		}
		ref.near(name+".share", 1e-9, map[string][]float64{"estimate": v, "se": se})
		joint, err := d.Joint(ctx, []Request{{Statistic: Share, Variable: x.cat["kind"]}}, EngineOptions{})
		if err != nil {
			t.Fatal(err)
		}
		ref.near(name+".share", 1e-9, map[string][]float64{"cov": joint.Cov})
		if _, ok := all.Values[name+".model"]; ok {
			fit, err := d.Fit(ctx, ModelRequest{Family: Gaussian, Formula: formula, Data: ColumnSet{"y": x.num["y"], "kind": x.cat["kind"]}}, EngineOptions{})
			if err != nil || fit.NotEstimable != "" {
				t.Fatal(err, fit)
			}
			var v, se []float64
			for _, c := range fit.Coefficients {
				v, se = append(v, c.Value), append(se, c.SE)
			}
			ref.near(name+".model", 1e-9, map[string][]float64{"estimate": v, "se": se})
		}
	}
}

// Equal probabilities give the usual variance.
func TestBrewerWithEqualProbabilitiesIsTheUsualVariance(t *testing.T) {
	s := readSample(t)
	two := s.specs()["two"]
	fraction := func(sizes *table.NumberColumn, n float64) *table.NumberColumn {
		v := make([]float64, s.n)
		for i := range v {
			v[i] = n / sizes.Values[i]
		}
		return table.NewNumber("p", v, nil)
	}
	pps := two
	pps.FPC = nil
	pps.PPS = &PPS{Probabilities: []*table.NumberColumn{fraction(s.num["fpc1"], 6), fraction(s.num["fpc2"], 4)}}
	ask := []Request{{Statistic: Mean, Variable: s.num["age"], By: []*table.CategoryColumn{s.cat["route"]}}}
	a, err := design(t, two).Estimate(context.Background(), ask, EngineOptions{})
	if err != nil {
		t.Fatal(err)
	}
	b, err := design(t, pps).Estimate(context.Background(), ask, EngineOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for k, e := range a[0].Estimates {
		if g := b[0].Estimates[k]; math.Abs(g.SE/e.SE-1) > 1e-12 || g.Value != e.Value || g.DF != e.DF {
			t.Errorf("%+v, want %+v", g, e)
		}
	}
}

func TestUnequalProbabilitiesThatCannotBe(t *testing.T) {
	x := readSampleAt(t, filepath.Join("testdata", "pps.csv"))
	p := []*table.NumberColumn{x.num["p"]}
	bad := table.NewNumber("bad", append([]float64{0, 2, math.NaN()}, x.num["p"].Values[3:]...), nil)
	joint := readJoint(t)
	joint[1] = 0
	pairs := table.NewCategory("pair", levels(11), func() []uint32 {
		c := make([]uint32, x.n)
		for i := range c {
			c[i] = table.FirstLevel + uint32(i/2)
		}
		return c
	}())
	for want, spec := range map[string]Spec{
		"row 2":                    {PPS: &PPS{Probabilities: []*table.NumberColumn{bad}}},
		"no FPC beside":            {FPC: p, PPS: &PPS{Probabilities: p}},
		"no probabilities":         {Rows: x.n, PPS: &PPS{}},
		"from one source":          {PPS: &PPS{Variance: YatesGrundy, Probabilities: p}},
		"has no joint":             {PPS: &PPS{Approximation: Overton, Probabilities: p}},
		"of PSUs 2 and 1":          {Rows: x.n, PPS: &PPS{Variance: YatesGrundy, Joint: joint}},
		"has 2 numbers":            {Rows: x.n, PPS: &PPS{Variance: YatesGrundy, Joint: []float64{1, 1}}},
		"for 1 stages":             {PPS: &PPS{Probabilities: append(p, p...)}},
		"varies within a cluster":  {Clusters: []*table.CategoryColumn{pairs}, PPS: &PPS{Probabilities: p}},
		"no such variance":         {PPS: &PPS{Variance: 9, Probabilities: p}},
		"for one stage of samplin": {Clusters: []*table.CategoryColumn{pairs, x.cat["unit"]}, PPS: &PPS{Variance: YatesGrundy, Approximation: Overton, Probabilities: p}},
	} {
		if _, err := New(spec); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
	d := design(t, Spec{PPS: &PPS{Probabilities: p}})
	if _, err := d.Replicate(JKn, ReplicateOptions{}); err == nil {
		t.Error("replicates of unequal probabilities must be refused")
	}
}

// A Horvitz-Thompson estimate below zero is told, not shown as zero.
func TestNegativeHorvitzThompsonVariance(t *testing.T) {
	y := table.NewNumber("y", []float64{1, 1}, nil)
	// D = 1 - 0.25/0.05 = -4 between the two, 0.5 on the diagonal.
	d := design(t, Spec{Rows: 2, PPS: &PPS{Variance: HorvitzThompson, Joint: []float64{.5, .05, .05, .5}}})
	out, err := d.Estimate(context.Background(), []Request{{Statistic: Total, Variable: y}}, EngineOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if e := out[0].Estimates[0]; !strings.Contains(e.NotEstimable, "negative") || !math.IsNaN(e.SE) {
		t.Errorf("%+v", e)
	}
}
