package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

// rCases are the values of testdata/analyse/analyse.json, which analyse.R beside
// it makes with R's survey; source says of which versions.
type rCases struct {
	Source string
	Cases  []struct {
		ID, File  string
		Flags     []string
		Tolerance float64
		Rows      []map[string]any
	}
}

// TestAnalyseEqualsR runs the command line on the api data for each flag and
// compares every number that R gives.
func TestAnalyseEqualsR(t *testing.T) {
	shared := filepath.Join("..", "..", "..", "shared", "oracles", "survey")
	if _, err := os.Stat(shared); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("../shared is needed in CI")
		}
		t.Skip("the api data in ../shared are not here")
	}
	text, err := os.ReadFile(filepath.Join("testdata", "analyse", "analyse.json"))
	if err != nil {
		t.Fatal(err)
	}
	var known rCases
	if err := json.Unmarshal(text, &known); err != nil {
		t.Fatal(err)
	}
	if len(known.Cases) < 50 {
		t.Fatalf("only %d cases", len(known.Cases))
	}
	for _, c := range known.Cases {
		t.Run(c.ID, func(t *testing.T) {
			args := append([]string{"analyse", filepath.Join(shared, c.File)}, c.Flags...)
			out := mustRun(t, append(args, "--format", "json")...)
			var got struct {
				Results []struct{ Rows []map[string]any }
			}
			if err := json.Unmarshal(out, &got); err != nil {
				t.Fatal(err)
			}
			var rows []map[string]any
			for _, r := range got.Results {
				rows = append(rows, r.Rows...)
			}
			if len(rows) != len(c.Rows) {
				t.Fatalf("%d rows, R has %d", len(rows), len(c.Rows))
			}
			for i, want := range c.Rows {
				row := findRow(rows, want, i)
				if row == nil {
					t.Errorf("no row for %v", want)
					continue
				}
				for field, v := range want {
					if why := unlike(row[field], v, c.Tolerance); why != "" {
						t.Errorf("row %d, %s: %s", i+1, field, why)
					}
				}
			}
		})
	}
}

// findRow finds the row that has what identifies one, else the one at a place.
func findRow(rows []map[string]any, want map[string]any, at int) map[string]any {
	if want["domain"] == nil {
		return rows[at]
	}
	for _, r := range rows {
		if reflect.DeepEqual(r["domain"], want["domain"]) {
			return r
		}
	}
	return nil
}

// unlike says how two values of JSON differ.
func unlike(got, want any, tolerance float64) string {
	switch w := want.(type) {
	case float64:
		g, ok := got.(float64)
		if !ok || math.Abs(g-w) > tolerance*math.Abs(w)+1e-13 {
			return fmt.Sprintf("%v, R has %v", got, w)
		}
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(w) {
			return fmt.Sprintf("%v, R has %v", got, w)
		}
		for i := range w {
			if why := unlike(g[i], w[i], tolerance); why != "" {
				return why
			}
		}
	default:
		if !reflect.DeepEqual(got, want) {
			return fmt.Sprintf("%v, R has %v", got, want)
		}
	}
	return ""
}
