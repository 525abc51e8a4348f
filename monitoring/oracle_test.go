package monitoring_test

import (
	"encoding/csv"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"waymark/monitoring"
)

// TestExampleEqualsR compares the example's brief with R 4.2.2, survey 4.1.1:
// testdata/example.R makes the eligible rows, indicators and design by itself
// from the file of interviews and calls svymean, svyby, svycontrast, svyglm and
// svychisq. Tolerance: relative 1e-8, and 1e-6 for the iterative odds ratios.
func TestExampleEqualsR(t *testing.T) {
	a, _ := exampleAnalysis(t, 2)
	data, err := os.ReadFile("testdata/example.csv")
	if err != nil {
		t.Fatal(err)
	}
	_, body, _ := strings.Cut(string(data), "\n")
	rows, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		key, want := row[0], numbers(t, row[1:])
		switch {
		case strings.HasPrefix(key, "trend."):
			for _, x := range a.Trends {
				if x.Key == key {
					equal(t, key+" odds ratio", x.OddsRatio, want[0], 1e-6)
				}
			}
		case strings.HasPrefix(key, "test."):
			for _, x := range a.Tests {
				if x.Key == key {
					equal(t, key+" F", x.Statistic, want[0], 1e-8)
					equal(t, key+" p", x.P, want[1], 1e-5) // other degrees of freedom: docs/divergences.md
				}
			}
		default:
			f := find(t, a, key)
			equal(t, key, f.Estimate, want[0], 1e-8)
			equal(t, key+" standard error", f.SE, want[1], 1e-8)
			if f.Section == monitoring.SectionIndicator {
				equal(t, key+" design effect", f.Deff, want[2], 1e-8)
			}
		}
	}
	if len(rows) < 30 {
		t.Errorf("only %d rows were compared", len(rows)-1)
	}
}

// numbers parses cells; NA is NaN.
func numbers(t *testing.T, cells []string) []float64 {
	t.Helper()
	out := make([]float64, len(cells))
	for i, cell := range cells {
		if cell == "NA" {
			out[i] = math.NaN()
			continue
		}
		x, err := strconv.ParseFloat(cell, 64)
		if err != nil {
			t.Fatal(err)
		}
		out[i] = x
	}
	return out
}

func equal(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*math.Abs(want)) {
		t.Errorf("%s: %.15g, R has %.15g", what, got, want)
	}
}
