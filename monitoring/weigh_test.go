package monitoring_test

import (
	"bytes"
	"context"
	"math"
	"strings"
	"testing"

	"waymark/monitoring"
	"waymark/monitoring/example"
)

const weighingPlan = `
design: {strata: route, clusters: [point+interview_date], nest: true}
indicators: [held, unpaid_work]
groups: [[], [route]]
`

// weighedWith runs a weighting to the example's totals.
func weighedWith(t *testing.T, weighting string) (*monitoring.Analysis, error) {
	t.Helper()
	in, tab := exampleRound(t)
	text := weighingPlan + "weighting: {totals: example, count: n, within: route, " + weighting + "}\n"
	plan, err := monitoring.ReadPlan("plan.yaml", []byte(text), in)
	if err != nil {
		return nil, err
	}
	again, err := monitoring.ReadPlan("plan.yaml", []byte(plan.YAML(in)), in)
	if err != nil || again.YAML(in) != plan.YAML(in) {
		t.Fatalf("the plan does not read back as it was: %v\n%s", err, plan.YAML(in))
	}
	data := example.Totals()
	totals, err := monitoring.ReadTotalsFrom(context.Background(), bytes.NewReader(data), int64(len(data)), "arrival-totals.csv", again.Weighting, in)
	if err != nil {
		t.Fatal(err)
	}
	return monitoring.Analyse(context.Background(), &monitoring.Round{Table: tab, Instrument: in}, again, monitoring.Options{PlanText: text, Totals: totals})
}

// offMargins is the largest difference between a share and its target.
func offMargins(a *monitoring.Analysis) float64 {
	most := 0.0
	for _, m := range a.Weighting.Margins {
		for _, l := range m.Levels {
			most = max(most, math.Abs(l.Target-l.Weighted))
		}
	}
	return most
}

func TestEveryWeightingMeetsItsMarginsAndBounds(t *testing.T) {
	for weighting, check := range map[string]func(w *monitoring.Weighting) bool{
		"margins: [nationality, sex]":                                                       func(w *monitoring.Weighting) bool { return w.Method == "rake" },
		"margins: [nationality, sex], method: linear":                                       func(w *monitoring.Weighting) bool { return w.Iterations == 1 },
		"margins: [nationality, sex], method: logit, lower: 0.1, upper: 6":                  func(w *monitoring.Weighting) bool { return w.Lower == 0.1 && w.Upper == 6 },
		"margins: [nationality, sex], lower: 0.1, upper: 6":                                 func(w *monitoring.Weighting) bool { return w.Method == "rake" },
		"margins: [nationality], method: post-stratify":                                     func(w *monitoring.Weighting) bool { return w.Method == "post-stratify" },
		"margins: [nationality, sex], trim: {upper: 3, keep_margins: true}":                 func(w *monitoring.Weighting) bool { return w.MaxRatio <= 3+1e-6 },
		"margins: [nationality, sex], method: linear, trim: {upper: 3, keep_margins: true}": func(w *monitoring.Weighting) bool { return w.MaxRatio <= 3+1e-6 },
	} {
		a, err := weighedWith(t, weighting)
		if err != nil {
			t.Errorf("%s: %v", weighting, err)
			continue
		}
		if w := a.Weighting; !check(w) || !w.Converged || w.After.Rows == 0 || w.Before.Deff != 1 || math.Abs(w.After.Deff-w.Deff) > 1e-12 {
			t.Errorf("%s: %+v", weighting, w)
		}
		if off := offMargins(a); off > 1e-8 {
			t.Errorf("%s: a margin is off by %v", weighting, off)
		}
		if f := find(t, a, "weighted.held.route-CMR"); f.NotShown != "" || !(f.SE > 0) {
			t.Errorf("%s: %+v", weighting, f)
		}
	}
}

// Linear calibration to one margin is post-stratification.
func TestLinearCalibrationToOneMarginIsPostStratification(t *testing.T) {
	a, err := weighedWith(t, "margins: [nationality], method: post-stratify")
	if err != nil {
		t.Fatal(err)
	}
	b, err := weighedWith(t, "margins: [nationality], method: linear")
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"weighted.held", "weighted.held.route-CMR", "weighted.unpaid_work.route-EMR"} {
		x, y := find(t, a, key), find(t, b, key)
		if math.Abs(x.Estimate-y.Estimate) > 1e-10 || math.Abs(x.SE-y.SE) > 1e-10 {
			t.Errorf("%s: %v (%v) and %v (%v)", key, x.Estimate, x.SE, y.Estimate, y.SE)
		}
	}
}

func TestTrimmedWeightsMissTheMarginsAndSaySo(t *testing.T) {
	a, err := weighedWith(t, "margins: [nationality, sex], trim: {upper: 2}")
	if err != nil {
		t.Fatal(err)
	}
	w := a.Weighting
	if w.Trimmed == 0 || w.MaxRatio > 2+1e-9 || offMargins(a) < 1e-6 {
		t.Fatalf("%d trimmed, largest %v, margins off by %v", w.Trimmed, w.MaxRatio, offMargins(a))
	}
	report := monitoring.Report(a, nil).Weighting
	if report.Trimmed == nil || *report.Trimmed != w.Trimmed || len(report.Margins) == 0 || report.After.Max <= report.After.Mean {
		t.Errorf("the report: %+v", report)
	}
}

// What cannot be met is an error that names the cell.
func TestImpossibleMarginsNameTheCell(t *testing.T) {
	for weighting, want := range map[string]string{
		"margins: [nationality, sex], method: logit, lower: 0.98, upper: 1.02": `"nationality: `,
		"margins: [nationality, sex], trim: {upper: 1.0001, lower: 0.9999}":    "cannot hold the weights",
	} {
		_, err := weighedWith(t, weighting)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "arrival-totals.csv") {
			t.Errorf("%s: %v, want %s", weighting, err, want)
		}
	}
}

func TestWeightingFaults(t *testing.T) {
	for weighting, want := range map[string]string{
		"margins: [sex], method: raking":                            "one of linear, logit, post-stratify, rake",
		"margins: [sex], method: logit":                             "needs bounds",
		"margins: [sex], lower: 2, upper: 4":                        "must enclose 1",
		"margins: [sex], upper: 0.5":                                "must enclose 1",
		"margins: [sex, nationality], method: post-stratify":        "takes one margin",
		"margins: [sex], method: post-stratify, lower: 0, upper: 2": "has no bounds",
		"margins: [sex], trim: {}":                                  "needs a bound",
		"margins: [sex], trim: {upper: 0.9}":                        "times the average weight",
		"margins: [sex], trim: {uper: 3}":                           "uper",
	} {
		if _, err := weighedWith(t, weighting); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", weighting, err, want)
		}
	}
}
