package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestExitCodes(t *testing.T) {
	dir := t.TempDir()
	empty := filepath.Join(dir, "empty.csv")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	header := filepath.Join(dir, "header.csv")
	if err := os.WriteFile(header, []byte("route,consent\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"--help"}, 0, ""},
		{[]string{"--version"}, 0, ""},
		{[]string{"brief"}, 2, "waymark brief --example"},
		{[]string{"brief", "--exampel"}, 2, "--help"},
		{[]string{"brief", "--example", "x.csv"}, 2, "leave out"},
		{[]string{"brief", "--example", "--format", "pdf"}, 2, "--format takes table, json"},
		{[]string{"brief", "--example", "--lang", "tlh", "--out", dir}, 1, "tlh"},
		{[]string{"brief", "a.csv", "b.csv", "--instrument", "fms-2016,fms-2017,fms-2016"}, 2, "one for each"},
		{[]string{"brief", filepath.Join(dir, "none.csv")}, 1, "none.csv"},
		{[]string{"brief", empty}, 1, "empty.csv"},
		{[]string{"brief", header}, 1, "no interviews"},
		{[]string{"brief", "--example", "--instrument", "fms-1999"}, 1, "fms-1999"},
		{[]string{"brief", "--example", "--plan", filepath.Join(dir, "none.yaml")}, 1, "--plan default"},
		{[]string{"receipt"}, 2, "waymark receipt"},
		{[]string{"receipt", "x", "--receipts", filepath.Join(dir, "none.json")}, 1, "--receipts"},
		{[]string{"nonsense"}, 2, "nonsense"},
	} {
		var out, errs bytes.Buffer
		code := run(context.Background(), c.args, strings.NewReader(""), &out, &errs)
		if code != c.code || !strings.Contains(errs.String(), c.says) {
			t.Errorf("waymark %s: exit %d, want %d; said %q, want %q in it", strings.Join(c.args, " "), code, c.code, errs.String(), c.says)
		}
	}
}

// TestExampleBrief is the main job, and the form of its JSON that outside
// checks rely on.
func TestExampleBrief(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	var report struct {
		Counts   map[string]any
		Findings []struct {
			ID       string
			Group    map[string]any
			Estimate *float64
			CI       []float64
			N, Base  *int
		}
		Files []string
	}
	if err := json.Unmarshal(mustRun(t, "brief", "--example", "--out", dir, "--format", "json", "--lang", "en,fr,ar"), &report); err != nil {
		t.Fatal(err)
	}
	if report.Counts["eligible"] != 8475.0 || report.Counts["received"] != 9105.0 {
		t.Errorf("counts: %v", report.Counts)
	}
	for _, f := range report.Findings {
		if f.ID == "held" && len(f.Group) == 1 && f.Group["route"] == "CMR" && (f.Estimate == nil || len(f.CI) != 2 || f.N == nil || f.Base == nil) {
			t.Errorf("held on the Central route: %+v", f)
		}
	}
	kinds := map[string]int{}
	for _, name := range report.Files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Errorf("%s was promised: %v", name, err)
			continue
		}
		ext := filepath.Ext(name)
		kinds[ext]++
		switch ext {
		case ".html", ".svg", ".csv", ".json":
			if s := strings.ToLower(string(data)); !strings.Contains(s, "synth") && !strings.Contains(s, "مصطنعة") {
				t.Errorf("%s does not say that the data are synthetic", name)
			}
			if strings.Contains(string(data), "NaN") {
				t.Errorf("%s has a NaN", name)
			}
		}
	}
	for ext, least := range map[string]int{".html": 4, ".docx": 3, ".xlsx": 3, ".csv": 10, ".svg": 10, ".png": 10, ".json": 2, ".yaml": 1} {
		if kinds[ext] < least {
			t.Errorf("%d files of %s, want %d at the least", kinds[ext], ext, least)
		}
	}
	again := mustRun(t, "receipt", "held.route-CMR", "--receipts", filepath.Join(dir, "receipts.json"))
	if !strings.Contains(string(again), "agrees") {
		t.Errorf("the receipt: %s", again)
	}
	tamper(t, filepath.Join(dir, "interviews-synthetic.csv"))
	var out, errs bytes.Buffer
	if code := run(context.Background(), []string{"receipt", "held.route-CMR", "--receipts", filepath.Join(dir, "receipts.json")}, strings.NewReader(""), &out, &errs); code != 1 || !strings.Contains(out.String(), "DOES NOT AGREE") {
		t.Errorf("after a change to the file: exit %d, said %s", code, out.String())
	}
}

// tamper changes one answer of a file.
func tamper(t *testing.T, path string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.LastIndex(data, []byte("CMR,no,yes,"))
	if at < 0 {
		t.Fatal("no interview to change was found")
	}
	copy(data[at:], "EMR")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}
