package main

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// apistratPlan asks for the figures that the reference values have.
const apistratPlan = `version: 1
design: {weights: pw, strata: stype, fpc: [fpc]}
interval: logit
measures:
  - {statistic: mean, variable: api00, by: [[], [stype]]}
  - {statistic: mean, variable: enroll}
  - {statistic: total, variable: api00}
  - {statistic: total, variable: enroll}
  - {statistic: ratio, variable: api.stu, denominator: enroll}
  - {statistic: share, variable: stype, interval: normal}
  - {statistic: proportion, variable: sch.wide, level: "Yes", by: [[], [stype, awards]]}
minimum_base: 2
mask_below: 1
`

type referenceCase struct {
	ID     string
	Result []struct {
		Level    string
		Domain   any
		Estimate float64
		SE       *float64
		CI       []float64
	}
}

// TestAnySurveyEqualsR drafts an instrument from the California schools sample,
// makes a brief of it and compares its figures with R 4.2.2, package survey
// 4.1.1 (svymean, svytotal, svyratio, svyby, svyciprop; the calls are in make.R
// beside the reference values), to a relative 1e-8.
func TestAnySurveyEqualsR(t *testing.T) {
	shared := filepath.Join("..", "..", "..", "shared", "oracles", "survey")
	data, err := os.ReadFile(filepath.Join(shared, "expected.json"))
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("../shared is needed in CI: %v", err)
		}
		t.Skip("the reference values in ../shared are not here")
	}
	var expected struct{ Cases []referenceCase }
	if err := json.Unmarshal(data, &expected); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	plan := filepath.Join(dir, "plan.yaml")
	if err := os.WriteFile(plan, []byte(apistratPlan), 0o600); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(shared, "apistrat.csv")
	drafted := filepath.Join(dir, "api")
	mustRun(t, "instrument", "init", file, "--out", drafted)
	out := mustRun(t, "brief", file, "--instrument", drafted, "--plan", plan, "--out", filepath.Join(dir, "out"), "--format", "json")
	var report struct {
		Findings []struct {
			ID, Level string
			Group     map[string]string
			Estimate  float64
			SE        float64
			CI        []float64
		}
	}
	if err := json.Unmarshal(out, &report); err != nil {
		t.Fatal(err)
	}
	// Reference case to finding id, and the names of its domain's variables.
	compared := 0
	for id, match := range map[string][]string{
		"apistrat.mean.api00":                          {"mean.api00"},
		"apistrat.mean.enroll":                         {"mean.enroll"},
		"apistrat.total.api00":                         {"total.api00"},
		"apistrat.total.enroll":                        {"total.enroll"},
		"apistrat.ratio.api.stu.enroll":                {"ratio.api.stu.enroll"},
		"apistrat.share.stype":                         {"share.stype"},
		"apistrat.proportion.sch.wide.logit":           {"proportion.sch.wide"},
		"apistrat.mean.api00.by.stype":                 {"mean.api00", "stype"},
		"apistrat.proportion.sch.wide.by.stype.awards": {"proportion.sch.wide", "stype", "awards"},
	} {
		for _, want := range caseOf(t, expected.Cases, id).Result {
			levels, _ := want.Domain.([]any)
			if s, one := want.Domain.(string); one {
				levels = []any{s}
			}
			found := false
			for _, f := range report.Findings {
				if f.ID != match[0] || len(f.Group) != len(levels) || strings.HasPrefix(f.ID, "share") && f.Level != want.Level {
					continue
				}
				same := true
				for i, v := range match[1:] {
					same = same && f.Group[v] == levels[i]
				}
				if !same {
					continue
				}
				found = true
				compared++
				near(t, id+" estimate", f.Estimate, want.Estimate)
				if want.SE != nil {
					near(t, id+" standard error", f.SE, *want.SE)
				}
				for i, limit := range want.CI {
					near(t, id+" limit", f.CI[i], limit)
				}
			}
			if !found {
				t.Errorf("%s %v %s is not among the findings", id, want.Domain, want.Level)
			}
		}
	}
	if compared < 18 {
		t.Errorf("only %d figures were compared", compared)
	}
}

func caseOf(t *testing.T, cases []referenceCase, id string) referenceCase {
	t.Helper()
	for _, c := range cases {
		if c.ID == id {
			return c
		}
	}
	t.Fatalf("there is no reference case %s", id)
	return referenceCase{}
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-8*math.Abs(want) {
		t.Errorf("%s: %.15g, R has %.15g", what, got, want)
	}
}

// mustRun runs a command line in the process and returns what it printed.
func mustRun(t *testing.T, args ...string) []byte {
	t.Helper()
	var out, errs bytes.Buffer
	if code := run(context.Background(), args, strings.NewReader(""), &out, &errs); code != 0 {
		t.Fatalf("waymark %s: exit %d\n%s", strings.Join(args, " "), code, errs.String())
	}
	return out.Bytes()
}
