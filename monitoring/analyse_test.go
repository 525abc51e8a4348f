package monitoring_test

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"waymark/monitoring"
	"waymark/monitoring/example"
	"waymark/monitoring/instrument"
	"waymark/stats/table"
)

// exampleRound is the example's questionnaire and its interviews.
func exampleRound(t *testing.T) (*instrument.Instrument, *table.Table) {
	t.Helper()
	in, err := instrument.Load("fms-2016")
	if err != nil {
		t.Fatal(err)
	}
	tab, err := example.Table()
	if err != nil {
		t.Fatal(err)
	}
	return in, tab
}

// exampleAnalysis runs the default plan on the example round, weighted.
func exampleAnalysis(t *testing.T, workers int) (*monitoring.Analysis, string) {
	t.Helper()
	in, tab := exampleRound(t)
	plan := monitoring.DefaultPlan(in)
	plan.Synthetic, plan.Weighting = true, monitoring.ExampleWeighting()
	text := plan.YAML(in)
	plan, err := monitoring.ReadPlan("plan.yaml", []byte(text), in)
	if err != nil {
		t.Fatal(err)
	}
	data := example.Totals()
	totals, err := monitoring.ReadTotalsFrom(context.Background(), bytes.NewReader(data), int64(len(data)), "arrival-totals.csv", plan.Weighting, in)
	if err != nil {
		t.Fatal(err)
	}
	a, err := monitoring.Analyse(context.Background(), &monitoring.Round{Table: tab, Instrument: in}, plan,
		monitoring.Options{Workers: workers, PlanText: text, Totals: totals})
	if err != nil {
		t.Fatal(err)
	}
	return a, text
}

func find(t *testing.T, a *monitoring.Analysis, key string) *monitoring.Finding {
	t.Helper()
	for i := range a.Findings {
		if a.Findings[i].Key == key {
			return &a.Findings[i]
		}
	}
	t.Fatalf("there is no finding %s", key)
	return nil
}

// The figures are those that IOM published in October 2016 and in companion
// releases; each is given to the rounding of its publication.
func TestPublishedFiguresComeOutOfTheExampleRound(t *testing.T) {
	a, _ := exampleAnalysis(t, 2)
	if a.Counts.Eligible != 8475 || a.Counts.EligibleByRoute[0] != (monitoring.LevelCount{Code: "EMR", Count: 5695}) || a.Counts.EligibleByRoute[1] != (monitoring.LevelCount{Code: "CMR", Count: 2780}) {
		t.Errorf("eligible: %+v", a.Counts)
	}
	left := a.Counts.Received
	for _, e := range a.Counts.Excluded {
		left -= e.Count
	}
	if left != a.Counts.Eligible {
		t.Errorf("the exclusions do not add up: %+v", a.Counts)
	}
	for key, percent := range map[string]float64{
		"at_least_one.route-CMR":           71,
		"at_least_one.route-EMR":           14,
		"held.route-CMR":                   49,
		"held.route-EMR":                   6,
		"unpaid_work.route-CMR":            50,
		"unpaid_work.route-EMR":            7,
		"organs_awareness.route-CMR":       6,
		"at_least_one.abroad_one_year-yes": 79,
		"transit_over_6_months.route-CMR":  35,
		"transit_over_6_months.route-EMR":  11,
	} {
		f := find(t, a, key)
		if got := math.Round(100 * f.Estimate); got != percent {
			t.Errorf("%s: %.2f%%, published %v%%", key, 100*f.Estimate, percent)
		}
		if !(f.Lo < f.Estimate && f.Estimate < f.Hi) || f.NotShown != "" {
			t.Errorf("%s: interval %v to %v around %v", key, f.Lo, f.Hi, f.Estimate)
		}
	}
	for _, id := range []string{"unpaid_work", "forced_work", "job_offer", "marriage_offer", "held"} {
		f := find(t, a, "ratio."+id+".route-CMR.vs.route-EMR")
		if f.Estimate < 7 || f.Estimate > 10 {
			t.Errorf("%s: %.2f times, published 7 to 10 times", f.Key, f.Estimate)
		}
	}
}

func TestResultsDoNotDependOnTheNumberOfWorkers(t *testing.T) {
	first, text := exampleAnalysis(t, 1)
	want, err := monitoring.MakeReceipts(first, text).JSON()
	if err != nil {
		t.Fatal(err)
	}
	for _, workers := range []int{2, 16} {
		a, _ := exampleAnalysis(t, workers)
		got, err := monitoring.MakeReceipts(a, text).JSON()
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%d workers give other bits than one", workers)
		}
	}
}

// TestManyRowsDoNotDependOnTheNumberOfWorkers takes a round that is cut into
// several pieces of work.
func TestManyRowsDoNotDependOnTheNumberOfWorkers(t *testing.T) {
	in, err := instrument.Load("fms-2016")
	if err != nil {
		t.Fatal(err)
	}
	tab, err := example.Generate(140_000, 3)
	if err != nil {
		t.Fatal(err)
	}
	plan := monitoring.DefaultPlan(in)
	var want []byte
	for _, workers := range []int{1, 2, 16} {
		a, err := monitoring.Analyse(context.Background(), &monitoring.Round{Table: tab, Instrument: in}, plan, monitoring.Options{Workers: workers})
		if err != nil {
			t.Fatal(err)
		}
		got, err := monitoring.MakeReceipts(a, "").JSON()
		if err != nil {
			t.Fatal(err)
		}
		if want == nil {
			want = got
		} else if !bytes.Equal(got, want) {
			t.Errorf("%d workers give other bits than one", workers)
		}
	}
}

func TestReceiptsAndReportHoldEveryNumberOnceAndNoMaskedOne(t *testing.T) {
	a, text := exampleAnalysis(t, 2)
	data, err := monitoring.MakeReceipts(a, text).JSON()
	if err != nil {
		t.Fatal(err)
	}
	var r monitoring.Receipts
	if err := json.Unmarshal(data, &r); err != nil {
		t.Fatalf("receipts.json does not read back: %v", err)
	}
	seen := map[string]bool{}
	for i := range r.Receipts {
		rec := &r.Receipts[i]
		if seen[rec.Key] {
			t.Errorf("two receipts are called %s", rec.Key)
		}
		seen[rec.Key] = true
		if rec.Base != nil && *rec.Base > 0 && *rec.Base < a.Plan.MaskBelow || rec.N != nil && *rec.N > 0 && *rec.N < a.Plan.MaskBelow && !strings.HasPrefix(rec.Key, "count.") {
			t.Errorf("%s gives away a count under %d", rec.Key, a.Plan.MaskBelow)
		}
		if rec.NotShown != "" && (rec.Estimate != nil || rec.N != nil || rec.CI != nil) {
			t.Errorf("%s is not shown (%s) and gives a number", rec.Key, rec.NotShown)
		}
		for j := 1; j < len(rec.Filter); j++ {
			if rec.Filter[j].Rows != nil && rec.Filter[j-1].Rows != nil && *rec.Filter[j].Rows > *rec.Filter[j-1].Rows {
				t.Errorf("%s: step %q has more rows than the one before", rec.Key, rec.Filter[j].Step)
			}
		}
	}
	masked := 0
	for i := range a.Findings {
		if !seen[a.Findings[i].Key] {
			t.Errorf("no receipt for %s", a.Findings[i].Key)
		}
		if a.Findings[i].MaskN && a.Findings[i].NotShown == "" {
			masked++
		}
	}
	if masked == 0 {
		t.Error("the example has no masked count, so this test shows nothing")
	}
	report, err := json.Marshal(monitoring.Report(a, nil))
	if err != nil {
		t.Fatal(err)
	}
	var form struct {
		Counts   map[string]any
		Findings []struct {
			ID    string
			Group map[string]any
		}
	}
	if err := json.Unmarshal(report, &form); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"received", "excluded_repeat", "excluded_consent", "excluded_age", "eligible", "eligible_by_route"} {
		if _, ok := form.Counts[key]; !ok {
			t.Errorf("counts lack %s", key)
		}
	}
	pairs := map[string]int{}
	for _, f := range form.Findings {
		group, err := json.Marshal(f.Group)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(f.ID, ".") {
			pairs[f.ID+string(group)]++
		}
	}
	for pair, n := range pairs {
		if n > 1 {
			t.Errorf("%d findings are %s", n, pair)
		}
	}
}

// Raking must give back the totals: shares of each margin after weighting are
// those of the totals.
func TestWeightedSampleMeetsItsMargins(t *testing.T) {
	a, _ := exampleAnalysis(t, 2)
	w := a.Weighting
	if w == nil || !w.Converged || w.Deff <= 1 || w.NEff >= float64(a.Counts.Eligible) {
		t.Fatalf("weighting: %+v", w)
	}
	if len(w.Margins) != 4 {
		t.Errorf("%d margins, want nationality and sex for each of two routes", len(w.Margins))
	}
	for _, m := range w.Margins {
		var target, rows float64
		for _, l := range m.Levels {
			target += l.Target
			rows += float64(l.Rows)
			if math.Abs(l.Target-l.Weighted) > 1e-8 {
				t.Errorf("%s of %s in %s: weighted %v, total %v", l.Code, m.Variable, m.Route, l.Weighted, l.Target)
			}
		}
		if math.Abs(target-1) > 1e-9 || rows == 0 {
			t.Errorf("%s in %s: targets add up to %v", m.Variable, m.Route, target)
		}
	}
	for _, key := range []string{"weighted.held.route-CMR", "weighted.at_least_one"} {
		if f := find(t, a, key); f.NotShown != "" || !(f.SE > 0) {
			t.Errorf("%s: %+v", key, f)
		}
	}
}
