package analysis

import (
	"context"
	"math"
	"strconv"
	"strings"
	"testing"

	"waymark/stats/impute"
	"waymark/stats/survey"
	"waymark/stats/table"
)

// holes is a synthetic file with missing ages and answers.
func holes(t *testing.T) *Data {
	t.Helper()
	const n = 240
	texts := map[string][]string{}
	for i := range n {
		paid := i * 37 % 100
		age := strconv.Itoa(18 + paid/4 + i*13%7)
		yes := []string{"no", "yes"}[(paid+i*11%40)/70]
		if i%5 == 0 {
			age = ""
		}
		if i%7 == 3 {
			yes = ""
		}
		for name, v := range map[string]string{"age": age, "yes": yes, "paid": strconv.Itoa(paid), "route": []string{"east", "west"}[i%2], "sex": []string{"f", "m"}[i/2%2], "w": strconv.Itoa(1 + i%3)} {
			texts[name] = append(texts[name], v)
		}
	}
	number := func(name string) table.Column {
		values, missing := make([]float64, n), make([]table.Missing, n)
		for i, s := range texts[name] {
			var err error
			if values[i], err = strconv.ParseFloat(s, 64); err != nil {
				missing[i] = table.Blank
			}
		}
		return table.NewNumber(name, values, missing)
	}
	category := func(name string, levels ...string) table.Column {
		codes := make([]uint32, n)
		for i, s := range texts[name] {
			codes[i] = uint32(table.Blank)
			for k, l := range levels {
				if l == s {
					codes[i] = uint32(k + table.FirstLevel)
				}
			}
		}
		var all []table.Level
		for _, l := range levels {
			all = append(all, table.Level{Code: l})
		}
		return table.NewCategory(name, all, codes)
	}
	made, err := table.New(number("age"), category("yes", "no", "yes"), number("paid"), category("route", "east", "west"), category("sex", "f", "m"), number("w"))
	if err != nil {
		t.Fatal(err)
	}
	return NewData("synthetic.csv", made)
}

func asks(t *testing.T, kindAndText ...string) []Ask {
	t.Helper()
	var out []Ask
	for i := 0; i < len(kindAndText); i += 2 {
		a, err := ParseAsk(kindAndText[i], kindAndText[i], kindAndText[i+1])
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, a)
	}
	return out
}

// The answers are those of each completed file, combined; notes name what was
// filled.
func TestImputation(t *testing.T) {
	data := holes(t)
	im := &Imputation{Columns: []string{"age", "yes"}, From: []string{"paid", "route"}, Files: 6, Iterations: 3, Seed: 4}
	a := &Analysis{Data: data, Sample: Sample{Weights: "w"}, Imputation: im, By: [][]string{{"route"}},
		Asks: asks(t, "mean", "age", "proportion", "yes=yes", "compare", "yes=yes: sex=f vs sex=m", "independence", "yes~sex"), Options: Options{Adjust: "holm", Explain: true}}
	report, err := a.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	column := func(name string) table.Column {
		c, err := data.Column(name)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	filled, err := impute.Fill(context.Background(), []impute.Variable{{Column: column("age")}, {Column: column("yes")}, {Column: column("paid"), Keep: true}, {Column: column("route"), Keep: true}}, impute.Options{M: 6, Iterations: 3, Seed: 4})
	if err != nil {
		t.Fatal(err)
	}
	d, err := survey.New(survey.Spec{Weights: column("w").(*table.NumberColumn)})
	if err != nil {
		t.Fatal(err)
	}
	pooled, _, err := filled.Pool(context.Background(), 0, func(ctx context.Context, c impute.Completed) (*survey.Vector, error) {
		v, err := d.Joint(ctx, []survey.Request{{Statistic: survey.Mean, Variable: c("age"), By: []*table.CategoryColumn{column("route").(*table.CategoryColumn)}}}, survey.EngineOptions{})
		if err == nil {
			v.DF = math.Inf(1)
		}
		return v, err
	})
	if err != nil {
		t.Fatal(err)
	}
	mean := report.Results[0]
	for k, p := range pooled {
		r := mean.Rows[k]
		if math.Abs(r.Value-p.Value) > 1e-9 || math.Abs(r.SE-p.SE) > 1e-9 || math.Abs(r.Lo-p.Lo) > 1e-9 || math.Abs(r.DF-p.DF) > 1e-6*p.DF || r.Base != 120 {
			t.Errorf("%+v, want %+v", r, p)
		}
		if !strings.Contains(r.Method, "6 files") || !strings.Contains(r.Method, "information lost") {
			t.Error(r.Method)
		}
	}
	if !strings.Contains(strings.Join(mean.Explain, " "), "Barnard and Rubin") || !strings.Contains(mean.R, "mice") {
		t.Errorf("%v, %v", mean.Explain, mean.R)
	}
	notes := strings.Join(report.Notes, "\n")
	for _, want := range []string{"6 completed files", "age: 48 of 240 filled by predictive mean matching", "yes: 34 of 240 filled by logistic regression", "Holm"} {
		if !strings.Contains(notes, want) {
			t.Errorf("the notes do not say %q: %s", want, notes)
		}
	}
	for _, result := range report.Results {
		for _, r := range result.Rows {
			switch {
			case result.Kind == "independence":
				if r.NotEstimable == "" {
					t.Errorf("a test was combined: %+v", r)
				}
			case r.NotEstimable != "" || math.IsNaN(r.Value):
				t.Errorf("%s: %+v", result.Title, r)
			case result.Kind == "compare" && !(r.Lo < r.Value && r.Value < r.Hi && r.LogSE > 0):
				t.Errorf("a ratio: %+v", r)
			}
		}
	}
	if _, err := data.Column("age"); err != nil || data.Table.Column("age").Missing(0) == table.Present {
		t.Error("the file itself was changed")
	}
}

func TestImputationOfWhatIsNotThere(t *testing.T) {
	data := holes(t)
	for says, im := range map[string]*Imputation{
		"no such column":       {Columns: []string{"agee"}},
		"does not matter":      {Columns: []string{"age"}, Ordered: []string{"yes"}},
		"rows have no answer":  {Columns: []string{"age"}, From: []string{"yes"}},
		"1 completed files":    {Columns: []string{"age"}, Files: 1},
		"cannot be filled tog": {},
	} {
		a := &Analysis{Data: data, Imputation: im, Asks: asks(t, "mean", "age")}
		if _, err := a.Run(context.Background()); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("want %q, got %v", says, err)
		}
	}
}
