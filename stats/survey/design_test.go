package survey

import (
	"context"
	"math"
	"strings"
	"testing"

	"waymark/internal/fault"
	"waymark/stats/table"
)

func category(name string, rows ...string) *table.CategoryColumn {
	var levels []table.Level
	codes := make([]uint32, len(rows))
	for i, r := range rows {
		if r == "" {
			codes[i] = uint32(table.Blank)
			continue
		}
		at := -1
		for k, l := range levels {
			if l.Code == r {
				at = k
			}
		}
		if at < 0 {
			at = len(levels)
			levels = append(levels, table.Level{Code: r})
		}
		codes[i] = uint32(at + table.FirstLevel)
	}
	return table.NewCategory(name, levels, codes)
}

func number(name string, values ...float64) *table.NumberColumn {
	missing := make([]table.Missing, len(values))
	for i, v := range values {
		if v != v {
			missing[i] = table.Blank
		}
	}
	return table.NewNumber(name, values, missing)
}

func categories(c ...*table.CategoryColumn) []*table.CategoryColumn { return c }
func numbers(c ...*table.NumberColumn) []*table.NumberColumn        { return c }

// Each fault of a design names the column and row, or the stratum.
func TestFaultyDesigns(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	h := category("h", "a", "a", "b", "b")
	for name, c := range map[string]struct {
		spec Spec
		want []string
	}{
		"no rows known":      {Spec{}, []string{"number of rows"}},
		"negative weight":    {Spec{Weights: number("w", 1, -2, 1, 1)}, []string{`row 2, "w"`, "-2"}},
		"infinite weight":    {Spec{Weights: number("w", 1, 1, inf, 1)}, []string{`row 3, "w"`}},
		"two missing":        {Spec{Weights: number("w", nan, 1, 1, nan)}, []string{`row 1, "w"`, `row 4, "w"`, "missing"}},
		"all zero":           {Spec{Weights: number("w", 0, 0)}, []string{"no row with a weight above zero"}},
		"missing stratum":    {Spec{Strata: category("h", "a", "", "b")}, []string{`row 2, "h"`, "stratum is missing"}},
		"missing cluster":    {Spec{Clusters: categories(category("c", "a", ""))}, []string{`row 2, "c"`}},
		"other length":       {Spec{Strata: h, Weights: number("w", 1, 1)}, []string{"4 rows", "has 2"}},
		"small population":   {Spec{Strata: h, FPC: numbers(number("N", 9, 9, 1.5, 1.5))}, []string{`"N"`, `"b"`, "1.5", "2"}},
		"FPC varies":         {Spec{Strata: h, FPC: numbers(number("N", 9, 8, 5, 5))}, []string{`"N"`, "varies", `"a"`}},
		"FPC missing":        {Spec{FPC: numbers(number("N", 9, nan))}, []string{`row 2, "N"`, "FPC is missing"}},
		"FPC zero":           {Spec{FPC: numbers(number("N", 9, 0))}, []string{`row 2, "N"`}},
		"FPC mixed":          {Spec{Strata: h, FPC: numbers(number("N", 9, 9, .5, .5))}, []string{"mixes"}},
		"too many FPC":       {Spec{FPC: numbers(number("N", 9, 9), number("M", 1, 1))}, []string{`"M"`, "2 FPC columns for 1"}},
		"cluster in strata":  {Spec{Strata: h, Clusters: categories(category("c", "x", "y", "y", "z"))}, []string{`"c"`, `"y"`, `"a"`, `"b"`, "nest"}},
		"one PSU in stratum": {Spec{Strata: category("h", "a", "a", "b")}, []string{"only one PSU", `"b"`, "merge"}},
		"one PSU":            {Spec{Clusters: categories(category("c", "x", "x"))}, []string{"only one"}},
		"one PSU, average":   {Spec{Clusters: categories(category("c", "x", "x")), LonelyPSU: LonelyAverage}, []string{"no average"}},
	} {
		_, err := New(c.spec)
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		if fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: kind %v", name, fault.KindOf(err))
		}
		for _, w := range c.want {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%s: %q does not say %q", name, err, w)
			}
		}
	}
}

// A faulty request names itself; all are reported at once.
func TestFaultyRequests(t *testing.T) {
	yes := category("yes", "no", "yes", "no")
	d := design(t, Spec{Rows: 3})
	_, err := d.Run(context.Background(), Query{
		Estimates: []Request{
			{Statistic: Mean, Variable: yes},
			{Statistic: Proportion, Variable: yes, Level: "maybe"},
			{Statistic: Proportion, Variable: category("other", "a"), Level: "a"},
			{Variable: yes},
			{Statistic: Proportion, Variable: yes, Level: "yes", Confidence: 95},
		},
		Comparisons:   []ComparisonRequest{{Measure: RiskRatio, Variable: yes, Level: "yes", Over: categories(yes), Of: []string{"no"}, Against: []string{"no"}}},
		Trends:        []TrendRequest{{Variable: yes, Level: "yes"}},
		Independences: []IndependenceRequest{{Rows: number("n", 1, 2, 3), Columns: yes}},
	}, EngineOptions{})
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{"estimate 1", "category column", "estimate 2", `no level "maybe"`, "estimate 3", "1 rows", "estimate 4", "no such statistic", "estimate 5", "95", "comparison 1", "itself", "trend 1", "independence 1"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not say %q", err, want)
		}
	}
}

// Margins that the sample cannot meet are faults that name variable and level.
func TestImpossibleMargins(t *testing.T) {
	sex := category("sex", "f", "m", "m", "f")
	holes := category("age", "old", "", "young", "old")
	d := design(t, Spec{Rows: 4})
	for name, c := range map[string]struct {
		margins []Margin
		want    []string
	}{
		"no rows":     {[]Margin{{categories(sex), []MarginTotal{{[]string{"f"}, 5}, {[]string{"m"}, 5}, {[]string{"x"}, 1}}}}, []string{`"sex"`, `"x"`, "no row"}},
		"no target":   {[]Margin{{categories(sex), []MarginTotal{{[]string{"f"}, 5}}}}, []string{`"sex"`, `"m"`, "2 rows", "no population total"}},
		"zero target": {[]Margin{{categories(sex), []MarginTotal{{[]string{"f"}, 5}, {[]string{"m"}, 0}}}}, []string{`"m"`}},
		"missing":     {[]Margin{{categories(holes), []MarginTotal{{[]string{"old"}, 5}, {[]string{"young"}, 5}}}}, []string{`"age"`, "1 rows", "no value"}},
		"twice":       {[]Margin{{categories(sex), []MarginTotal{{[]string{"f"}, 5}, {[]string{"f"}, 5}, {[]string{"m"}, 5}}}}, []string{`"f"`, "twice"}},
		"other sums": {[]Margin{
			{categories(sex), []MarginTotal{{[]string{"f"}, 5}, {[]string{"m"}, 5}}},
			{categories(category("k", "a", "b", "a", "b")), []MarginTotal{{[]string{"a"}, 5}, {[]string{"b"}, 6}}}}, []string{`"k"`, "11", `"sex"`, "10"}},
		"cannot converge": {[]Margin{
			{categories(sex), []MarginTotal{{[]string{"f"}, 5}, {[]string{"m"}, 5}}},
			{categories(category("k", "a", "b", "b", "a")), []MarginTotal{{[]string{"a"}, 4}, {[]string{"b"}, 6}}}}, []string{"did not converge", "level"}},
	} {
		_, _, err := d.Rake(c.margins, RakeOptions{})
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		for _, w := range c.want {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%s: %q does not say %q", name, err, w)
			}
		}
	}
}

// At exactly 0 and 1 the interval is Clopper-Pearson on the count, and says so;
// answers are counted by the reason they are missing.
func TestEdges(t *testing.T) {
	codes := []uint8{9, 9, 9, 8, 8, 8, uint8(table.Refused)}
	yes := table.NewCategory8("yes", []table.Level{{Code: "n"}, {Code: "y"}}, codes)
	group := category("group", "a", "a", "a", "b", "b", "b", "c")
	d := design(t, Spec{Rows: 7})
	out, err := d.Estimate(context.Background(), []Request{{Statistic: Proportion, Variable: yes, Level: "y", By: categories(group)}}, EngineOptions{})
	if err != nil {
		t.Fatal(err)
	}
	a, b, c := out[0].Estimates[0], out[0].Estimates[1], out[0].Estimates[2]
	low := math.Pow(0.025, 1.0/3) // binom.test(3, 3) in R
	if a.Value != 1 || a.SE != 0 || a.Method != ClopperPearson || math.Abs(a.Lo-low) > 1e-12 || a.Hi != 1 {
		t.Errorf("all: %+v", a)
	}
	if b.Value != 0 || b.Lo != 0 || math.Abs(b.Hi-(1-low)) > 1e-12 {
		t.Errorf("none: %+v", b)
	}
	if c.NotEstimable == "" || !math.IsNaN(c.Value) || c.Missing[table.Refused] != 1 || c.Base != 0 {
		t.Errorf("no answer: %+v", c)
	}
	compared, err := d.Run(context.Background(), Query{Comparisons: []ComparisonRequest{
		{Measure: RiskDifference, Variable: yes, Level: "y", Over: categories(group), Of: []string{"a"}, Against: []string{"b"}},
		{Measure: RiskRatio, Variable: yes, Level: "y", Over: categories(group), Of: []string{"a"}, Against: []string{"b"}},
		{Measure: RiskRatio, Variable: yes, Level: "y", Over: categories(group), Of: []string{"a"}, Against: []string{"c"}},
	}}, EngineOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"both groups", `group ["b"] is not above zero`, `group ["c"]: no one in the group has an answer`} {
		if x := compared.Comparisons[i][0]; !strings.Contains(x.NotEstimable, want) || !math.IsNaN(x.Value) {
			t.Errorf("comparison %d: %+v", i, x)
		}
	}
}
