package monitoring

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"waymark/monitoring/instrument"
	"waymark/stats/table"
)

// designed is an instrument with the columns of a survey's design.
func designed() *instrument.Instrument {
	in := &instrument.Instrument{ID: "designed", Title: instrument.Text{"en": "Designed"}, Lists: map[string][]instrument.Choice{}, Roles: map[instrument.Role]string{}}
	add := func(name string, kind table.Kind) {
		in.Questions = append(in.Questions, instrument.Question{Name: name, Kind: kind})
	}
	for _, name := range []string{"w", "n1", "n2", "score", "repw10", "repw2", "repw1", "jk1"} {
		add(name, table.Number)
	}
	for _, name := range []string{"stratum", "psu", "hh", "repwhy"} {
		add(name, table.Category)
	}
	return in
}

func TestDesignsAreWrittenAndReadBackTheSame(t *testing.T) {
	in := designed()
	for _, design := range []string{
		"{}",
		"{weights: w, strata: stratum, clusters: [psu, hh], fpc: [n1, n2], nest: true, lonely_psu: adjust}",
		"{weights: w, clusters: [psu+hh]}",
		"{weights: w, replicates: {type: fay, columns: [repw*], rho: 0.3, mse: true}}",
		"{weights: w, replicates: {type: jkn, columns: [repw1, repw2], rscales: [0.5, 0.3333333333333333], discard_missing: true, df: 7}}",
		"{weights: w, replicates: {type: other, columns: ['repw?', jk1], scale: 1e-7, factors: true}}",
		"{weights: w, strata: stratum, clusters: [psu], replicates: {type: jkn}}",
	} {
		plan, err := ReadPlan("plan.yaml", []byte("design: "+design+"\n"), in)
		if err != nil {
			t.Fatalf("%s: %v", design, err)
		}
		text := plan.YAML(in)
		again, err := ReadPlan("plan.yaml", []byte(text), in)
		if err != nil {
			t.Fatalf("%s: as written it does not read: %v\n%s", design, err, text)
		}
		a, b := plan.Design, again.Design
		for _, d := range []*DesignPlan{&a, &b} { // "" and none, nil and [] say the same
			d.Weights, d.Strata = none(d.Weights), none(d.Strata)
			d.Clusters, d.FPC = append([]string{}, d.Clusters...), append([]string{}, d.FPC...)
			if d.Replicates != nil {
				d.Replicates.Columns = append([]string{}, d.Replicates.Columns...)
			}
		}
		if !reflect.DeepEqual(a, b) {
			t.Errorf("%s: %+v became %+v", design, a, b)
		}
		if twice := again.YAML(in); twice != text {
			t.Errorf("%s: written twice it differs:\n%s\n---\n%s", design, text, twice)
		}
	}
}

func TestReplicateColumnsComeInTheOrderOfTheirNumbers(t *testing.T) {
	r := &ReplicatePlan{Columns: []string{"jk1", "repw*"}}
	if got := strings.Join(r.names(designed()), " "); got != "jk1 repw1 repw2 repw10" {
		t.Errorf("the columns are %s", got)
	}
	for _, c := range []struct{ a, b string }{{"a2", "a10"}, {"a", "a1"}, {"a02b", "a2c"}, {"x9y10", "x10y9"}, {"b", "c1"}} {
		if natural(c.a, c.b) >= 0 || natural(c.b, c.a) <= 0 || natural(c.a, c.a) != 0 {
			t.Errorf("%s does not come before %s", c.a, c.b)
		}
	}
}

func TestFaultsOfADesignComeAllAtOnce(t *testing.T) {
	in := designed()
	for text, want := range map[string][]string{
		`design:
  strata: stratum
  replicates:
    type: jkn
    columns: [repw*, repv*, repw2, 'x[']
    rho: 2
    scale: -1
    rscales: [1, 1]
`: {
			`row 5, column 14: replicate weights in columns hold the design already`, `"repv*": no number of instrument designed`,
			`"x[": this is not a pattern`, `"repw2": this column of replicate weights is named twice`,
			"rho belongs to replicates of type fay", "rho must be 0 or more", "not negative", "there are 2 rscales for 4 columns",
		},
		"design: {replicates: {type: brrr, columns: [repw*]}}\n":                                        {`"brrr"`, "successive-difference"},
		"design: {replicates: {type: jkn, columns: [repw*]}}\n":                                         {"need a factor for each replicate"},
		"design: {replicates: {type: fay, columns: [repw1]}}\n":                                         {"one column of replicate weights"},
		"design: {replicates: {type: jk2, scale: 3, df: 2}}\n":                                          {"replicates of this type are not made", `"scale": this is for`, `"df": this is for`},
		"design: {replicates: {type: fay, columns: [repwhy, none]}}\n":                                  {`"none"`},
		"design: {fpc: [n1, n2, w], clusters: [psu]}\n":                                                 {"3 columns of population sizes for 1 stages"},
		"design: {replicates: {type: jkn}}\nweighting: {totals: t.csv, count: n, margins: [stratum]}\n": {"is not weighted to totals here"},
		"multiple: {method: hochberg, family: brief, level: 2}\n":                                       {`"hochberg"`, "one of bh, bonferroni, by, holm, none", `"brief"`, "between 0 and 1"},
	} {
		_, err := ReadPlan("plan.yaml", []byte(text), in)
		for _, w := range want {
			if err == nil || !strings.Contains(err.Error(), w) {
				t.Errorf("not said of %s: %s\nin:\n%v", text, w, err)
			}
		}
	}
}

func TestTooManyReplicateColumns(t *testing.T) {
	in := designed()
	for i := range maxReplicateColumns + 1 {
		in.Questions = append(in.Questions, instrument.Question{Name: fmt.Sprintf("r%d", i), Kind: table.Number})
	}
	_, err := ReadPlan("plan.yaml", []byte("design: {replicates: {type: other, columns: [r*]}}\n"), in)
	if err == nil || !strings.Contains(err.Error(), "are more than 10000") {
		t.Errorf("the error is: %v", err)
	}
}
