package main

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// planDesigns are designs as a plan says them, by their name in
// testdata/design/design.json.
var planDesigns = map[string]string{
	"two_stages":       "{weights: w, strata: stratum, clusters: [psu, hh], fpc: [npsu, nhh], nest: true}",
	"with_replacement": "{weights: w, strata: stratum, clusters: [psu], nest: true}",
	"fay_columns":      "{weights: w, replicates: {type: fay, rho: 0.3, columns: [repw*]}}",
	"fay_columns_mse":  "{weights: w, replicates: {type: fay, rho: 0.3, columns: ['repw?', 'repw1?'], mse: true}}",
	"other_columns":    "{weights: w, replicates: {type: other, scale: 0.25, rscales: [" + strings.Repeat("0.5, ", 11) + "0.5], columns: [repw*]}}",
	"jkn_made":         "{weights: w, strata: stratum, clusters: [psu], nest: true, replicates: {type: jkn}}",
	"fay_made":         "{weights: w, strata: stratum, clusters: [psu], nest: true, replicates: {type: fay, rho: 0.3}}",
	"lonely_remove":    "{weights: w, strata: stratum, clusters: [psu], nest: true, lonely_psu: remove}",
	"lonely_certainty": "{weights: w, strata: stratum, clusters: [psu], nest: true, lonely_psu: certainty}",
	"lonely_adjust":    "{weights: w, strata: stratum, clusters: [psu], nest: true, lonely_psu: adjust}",
	"lonely_average":   "{weights: w, strata: stratum, clusters: [psu], nest: true, lonely_psu: average}",
}

// designReport is what the tests of designs read of a brief.
type designReport struct {
	Findings []struct {
		ID       string
		Group    map[string]string
		Estimate float64
		SE       float64
	}
}

// draftDesign writes the synthetic data, without the PSU p2 of stratum s3 if
// asked, and drafts its instrument.
func draftDesign(t *testing.T, lonely bool) (file, drafted string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "design", "design.csv"))
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, line := range strings.Split(string(data), "\n") {
		if !lonely || !strings.HasPrefix(line, "s3,p2,") {
			lines = append(lines, line)
		}
	}
	dir := t.TempDir()
	file, drafted = filepath.Join(dir, "design.csv"), filepath.Join(dir, "design")
	if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	mustRun(t, "instrument", "init", file, "--out", drafted)
	return file, drafted
}

// TestPlanDesignsEqualR makes a brief of synthetic data with each design that a
// plan can say, and compares it with R 4.2.2, package survey 4.1.1 (svydesign,
// svrepdesign, as.svrepdesign; the calls are in testdata/design/design.R), to a
// relative 1e-8.
func TestPlanDesignsEqualR(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("testdata", "design", "design.json"))
	if err != nil {
		t.Fatal(err)
	}
	var expected struct {
		Designs map[string]struct {
			DF      float64
			Mean    float64 `json:"mean"`
			MeanSE  float64 `json:"mean_se"`
			By      []float64
			BySE    []float64 `json:"by_se"`
			Share   float64
			ShareSE float64 `json:"share_se"`
		}
	}
	if err := json.Unmarshal(data, &expected); err != nil {
		t.Fatal(err)
	}
	if len(expected.Designs) != len(planDesigns) {
		t.Fatalf("%d designs of R, %d of plans", len(expected.Designs), len(planDesigns))
	}
	whole, instrument := draftDesign(t, false)
	lonely, lonelyInstrument := draftDesign(t, true)
	for name, want := range expected.Designs {
		t.Run(name, func(t *testing.T) {
			file, in := whole, instrument
			if strings.HasPrefix(name, "lonely") {
				file, in = lonely, lonelyInstrument
			}
			dir := t.TempDir()
			plan := filepath.Join(dir, "plan.yaml")
			text := "design: " + planDesigns[name] + `
minimum_base: 2
mask_below: 1
measures:
  - {statistic: mean, variable: score, by: [[], [group]]}
  - {statistic: proportion, variable: yes, level: "yes"}
`
			if err := os.WriteFile(plan, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			var report designReport
			out := mustRun(t, "brief", file, "--instrument", in, "--plan", plan, "--out", filepath.Join(dir, "out"), "--format", "json")
			if err := json.Unmarshal(out, &report); err != nil {
				t.Fatal(err)
			}
			compared := 0
			near := func(what string, got, want float64) {
				compared++
				if !(math.Abs(got-want) <= 1e-8*math.Abs(want)) {
					t.Errorf("%s: %.12g, R has %.12g", what, got, want)
				}
			}
			for _, f := range report.Findings {
				switch {
				case f.ID == "mean.score" && len(f.Group) == 0:
					near("mean", f.Estimate, want.Mean)
					near("error of the mean", f.SE, want.MeanSE)
				case f.ID == "mean.score" && want.By != nil:
					k := map[string]int{"one": 0, "two": 1}[f.Group["group"]]
					near("mean of "+f.Group["group"], f.Estimate, want.By[k])
					near("error of "+f.Group["group"], f.SE, want.BySE[k])
				case f.ID == "proportion.yes" && want.Share > 0:
					near("share", f.Estimate, want.Share)
					near("error of the share", f.SE, want.ShareSE)
				}
			}
			if expects := map[bool]int{true: 8, false: 2}[want.By != nil]; compared != expects {
				t.Errorf("%d figures compared, want %d", compared, expects)
			}
			receipt := mustRun(t, "receipt", "mean.score", "--receipts", filepath.Join(dir, "out", "receipts.json"), "--data", file, "--instrument", in)
			if !strings.Contains(string(receipt), "agrees") {
				t.Errorf("the receipt does not agree:\n%s", receipt)
			}
		})
	}
}
