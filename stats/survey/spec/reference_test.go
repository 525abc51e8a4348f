package spec

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
)

// referenceDir finds the reference values beside the project.
func referenceDir(t *testing.T) string {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "..", "shared", "oracles", "survey")
	if _, err := os.Stat(filepath.Join(dir, "expected.json")); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("the reference values are needed in CI: %v", err)
		}
		t.Skipf("the reference values are not here: %v", err)
	}
	return dir
}

// supported kinds of case, each of which must occur.
var supported = []string{"mean", "total", "share", "proportion", "ratio", "independence", "domain_ratio",
	"poststratify", "rake", "lonely", "quantile", "jackknife", "greg", "logit", "linear"}

// kindOf names what a case needs.
func kindOf(c Case) string {
	switch {
	case c.Variance != "":
		return "jackknife"
	case c.Calibrate != nil && len(c.Calibrate.Kind) > 4 && c.Calibrate.Kind[:4] == "greg":
		return "greg"
	case c.Calibrate != nil:
		return c.Calibrate.Kind
	case c.LonelyPSU != "":
		return "lonely"
	}
	return c.Estimate
}

// The expected values come from R 4.2.2 with package survey 4.1.1; the calls
// are in make.R beside expected.json. Tolerance 1e-8 relative, 1e-6 for what is
// iterative.
func TestReference(t *testing.T) {
	dir := referenceDir(t)
	data, err := os.ReadFile(filepath.Join(dir, "expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	cases, several, err := Parse(data, "expected.json")
	if err != nil || !several || len(cases) < 100 {
		t.Fatalf("read %d cases, several %v, error %v", len(cases), several, err)
	}
	var raw struct {
		Cases []struct {
			Result []map[string]any
		}
	}
	if err := json.Unmarshal(data, &raw); err != nil {
		t.Fatal(err)
	}
	files := NewLibrary(dir)
	seen := map[string]int{}
	for i, c := range cases {
		kind := kindOf(c)
		seen[kind]++
		t.Run(c.ID, func(t *testing.T) {
			rows, err := Run(context.Background(), c, files)
			if err != nil {
				t.Fatal(err)
			}
			tolerance := 1e-8
			if kind == "rake" || kind == "logit" || kind == "quantile" || kind == "greg" || c.Method == "likelihood" || c.Method == "logit" {
				tolerance = 1e-6
			}
			compare(t, rows, raw.Cases[i].Result, tolerance)
		})
	}
	for _, k := range supported {
		if seen[k] == 0 {
			t.Errorf("kind %s is supported and must have a case", k)
		}
	}
	for k := range seen {
		if !slices.Contains(supported, k) {
			t.Errorf("kind %s is not supported", k)
		}
	}
}

// compare checks every field of the expected rows against ours.
func compare(t *testing.T, rows []Row, want []map[string]any, tolerance float64) {
	t.Helper()
	text, err := json.Marshal(rows)
	if err != nil {
		t.Fatal(err)
	}
	var got []map[string]any
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if len(got) != len(want) {
		t.Fatalf("%d rows, want %d: %s", len(got), len(want), text)
	}
	for i, w := range want {
		for field, v := range w {
			if why := differs(got[i][field], v, tolerance); why != "" {
				t.Errorf("row %d, %s: %s", i+1, field, why)
			}
		}
	}
}

func differs(got, want any, tolerance float64) string {
	switch w := want.(type) {
	case float64:
		g, ok := got.(float64)
		if !ok || math.Abs(g-w) > tolerance*max(math.Abs(w), 1e-12) && math.Abs(g-w) > 1e-13 {
			return fmt.Sprintf("got %v, want %v", got, want)
		}
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(w) {
			return fmt.Sprintf("got %v, want %v", got, want)
		}
		for k := range w {
			if why := differs(g[k], w[k], tolerance); why != "" {
				return why
			}
		}
	default:
		if !reflect.DeepEqual(got, want) {
			return fmt.Sprintf("got %v, want %v", got, want)
		}
	}
	return ""
}
