package main

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"waymark/internal/fault"
)

func TestDesign(t *testing.T) {
	out := filepath.Join(t.TempDir(), "synthetic-round.csv")
	if err := run(out, 20_000, 1, true); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if rest, err := filepath.Glob(filepath.Join(filepath.Dir(out), ".round-*")); err != nil || rest != nil {
		t.Errorf("left behind: %v %v", rest, err)
	}
	at := func(name string) int { return slices.Index(rows[0], name) }
	of, weights := map[string]string{}, map[string]bool{}
	strataSeen := map[string]int{}
	for _, r := range rows[1:] {
		s, p := r[at("stratum")], r[at("psu")]
		if of[p] == "" {
			strataSeen[s]++
		}
		if before := of[p]; before != "" && before != s {
			t.Fatalf("psu %s in strata %s and %s", p, before, s)
		}
		of[p] = s
		if w, err := strconv.ParseFloat(r[at("weight")], 64); err != nil || w < 0.3 || w > 2.8 {
			t.Fatalf("weight %q", r[at("weight")])
		}
		weights[r[at("weight")]] = true
	}
	if len(strataSeen) != strata || len(of) != strata*psusInEach || len(weights) < 1000 {
		t.Errorf("%d strata, %d psus, %d weights", len(strataSeen), len(of), len(weights))
	}
	for s, n := range strataSeen {
		if n != psusInEach {
			t.Errorf("stratum %s has %d psus", s, n)
		}
	}
}

func TestNoFileNamed(t *testing.T) {
	if err := run("", 1000, 1, false); fault.KindOf(err) != fault.Usage {
		t.Errorf("got %v", err)
	}
}
