package survey

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waymark/stats/table"
)

// Three stages, FPC as counts and as fractions, a single cluster at a later
// stage, a domain that lies in one PSU of a stratum. R's option
// survey.adjust.domain.lonely stays FALSE, its default: a stratum of which a
// domain has one PSU is no lonely stratum, as its other PSUs count as zeros.
func TestDesignsOfThreeStagesAgainstR(t *testing.T) {
	s := readSampleAt(t, filepath.Join("testdata", "designs.csv"))
	data, err := os.ReadFile(filepath.Join("testdata", "designs.json"))
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
	three := []*table.CategoryColumn{s.cat["psu"], s.cat["ssu"], s.cat["row"]}
	rules := map[string]Lonely{"remove": LonelyRemove, "certainty": LonelyCertainty, "adjust": LonelyAdjust, "average": LonelyAverage}
	check := func(name string, spec Spec) {
		t.Helper()
		spec.Weights, spec.Strata, spec.Nest = s.num["w"], s.cat["stratum"], true
		d := design(t, spec)
		out, err := d.Estimate(context.Background(), []Request{
			{Statistic: Total, Variable: s.num["y"]}, {Statistic: Mean, Variable: s.num["y"]},
			{Statistic: Mean, Variable: s.num["y"], By: []*table.CategoryColumn{s.cat["group"]}},
		}, EngineOptions{})
		if err != nil {
			t.Fatal(err)
		}
		var domain []float64
		for _, e := range out[2].Estimates {
			domain = append(domain, e.SE)
		}
		ref.near(name, 1e-9, map[string][]float64{"total": one(out[0].Estimates[0].SE), "mean": one(out[1].Estimates[0].SE), "domain": domain, "df": one(d.DF())})
	}
	for _, rule := range []string{"remove", "certainty", "adjust"} {
		check("counts."+rule, Spec{Clusters: three, FPC: []*table.NumberColumn{s.num["N1"], s.num["N2"], s.num["N3"]}, LonelyPSU: rules[rule]})
		check("fractions."+rule, Spec{Clusters: three, FPC: []*table.NumberColumn{s.num["f1"], s.num["f2"], s.num["f3"]}, LonelyPSU: rules[rule]})
	}
	check("nofpc", Spec{Clusters: three, LonelyPSU: LonelyRemove})
	include := make([]bool, s.n)
	for i := range include {
		include[i] = s.cat["stratum"].Text(i) == "south" || s.cat["psu"].Text(i) == "p1"
	}
	for rule, how := range rules {
		check("lonely."+rule, Spec{Clusters: three[:1], Include: include, LonelyPSU: how})
	}
	// A single cluster at a later stage is named, and has no average.
	for rule, want := range map[Lonely]string{LonelyFail: `at stage 2 these strata have only one PSU, so their variance cannot be estimated: cluster "p2"`, LonelyAverage: "cannot stand for single clusters at stage 2"} {
		_, err := New(Spec{Strata: s.cat["stratum"], Nest: true, Clusters: three, FPC: []*table.NumberColumn{s.num["N1"], s.num["N2"], s.num["N3"]}, LonelyPSU: rule})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
	// PSU codes are used again in the other stratum.
	if _, err := New(Spec{Strata: s.cat["stratum"], Clusters: three}); err == nil || !strings.Contains(err.Error(), "nest") {
		t.Errorf("clusters in two strata must be refused without nest: %v", err)
	}
}
