package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waymark/monitoring/example"
	"waymark/monitoring/instrument"
	"waymark/stats/table"
)

// TestFileFormatsGiveTheSameFindings writes the example round as exports come -
// workbook, Parquet, Stata, SPSS, UTF-16 with semicolons, group prefixes, select-multiple in
// split columns, labels in French for names and codes - and expects the same
// findings from each, to the last bit.
func TestFileFormatsGiveTheSameFindings(t *testing.T) {
	dir := t.TempDir()
	var plain bytes.Buffer
	if err := example.WriteCSV(&plain); err != nil {
		t.Fatal(err)
	}
	in, err := instrument.Load("fms-2016")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(plain.Bytes())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	result, err := table.ReadFrom(context.Background(), bytes.NewReader(plain.Bytes()), int64(plain.Len()), "a.csv", table.Options{Match: in.Match})
	if err != nil {
		t.Fatal(err)
	}
	variants := map[string]func(io.Writer) error{
		"round.csv":     func(w io.Writer) error { _, err := w.Write(plain.Bytes()); return err },
		"round.xlsx":    func(w io.Writer) error { return table.WriteXLSX(w, result.Table, table.WriteOptions{}) },
		"round.parquet": func(w io.Writer) error { return table.WriteParquet(w, result.Table, table.WriteOptions{}) },
		"round.dta":     func(w io.Writer) error { return table.WriteDTA(w, result.Table, table.WriteOptions{}) },
		"round.sav":     func(w io.Writer) error { return table.WriteSAV(w, result.Table, table.WriteOptions{}) },
		"round.zsav":    func(w io.Writer) error { return table.WriteZSAV(w, result.Table, table.WriteOptions{}) },
		"kobo.csv":      func(w io.Writer) error { return splitSets(w, rows, in) },
		"french.csv":    func(w io.Writer) error { return inFrench(w, rows, in) },
	}
	findings := map[string]string{}
	for name, write := range variants {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		out := mustRun(t, "brief", path, "--instrument", "fms-2016", "--out", filepath.Join(dir, name+".out"), "--format", "json")
		var report struct{ Counts, Findings json.RawMessage }
		if err := json.Unmarshal(out, &report); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		findings[name] = string(report.Counts) + string(report.Findings)
	}
	for name, got := range findings {
		if got != findings["round.csv"] {
			t.Errorf("%s gives other findings than the plain CSV", name)
		}
	}
}

// splitSets writes names with their groups, and select-multiple both whole and
// as one 0/1 column for each choice, as KoboToolbox does.
func splitSets(w io.Writer, rows [][]string, in *instrument.Instrument) error {
	out := csv.NewWriter(w)
	for r, row := range rows {
		var line []string
		for i, cell := range row {
			q := in.Question(rows[0][i])
			switch {
			case r == 0 && q != nil && q.Group != "":
				line = append(line, q.Group+"/"+cell)
			default:
				line = append(line, cell)
			}
			if q == nil || q.Kind != table.Set {
				continue
			}
			for _, c := range in.Lists[q.List] {
				switch {
				case r == 0:
					line = append(line, q.Group+"/"+cell+"/"+c.Name)
				case cell == "":
					line = append(line, "")
				case strings.Contains(" "+cell+" ", " "+c.Name+" "):
					line = append(line, "1")
				default:
					line = append(line, "0")
				}
			}
		}
		if err := out.Write(line); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// inFrench writes labels for names and codes, with semicolons, in UTF-16.
func inFrench(w io.Writer, rows [][]string, in *instrument.Instrument) error {
	var text bytes.Buffer
	out := csv.NewWriter(&text)
	out.Comma = ';'
	for r, row := range rows {
		line := make([]string, len(row))
		for i, cell := range row {
			name := rows[0][i]
			q := in.Question(name)
			line[i] = cell
			switch {
			case q == nil || q.Metadata:
			case r == 0 && q.Label["fr"] != "":
				line[i] = q.Label["fr"]
			case r > 0 && q.Kind == table.Category:
				line[i] = in.LevelLabel(name, cell, "fr")
			}
		}
		if err := out.Write(line); err != nil {
			return err
		}
	}
	out.Flush()
	if _, err := w.Write([]byte{0xff, 0xfe}); err != nil {
		return err
	}
	for _, r := range text.String() {
		if _, err := w.Write([]byte{byte(r), byte(r >> 8)}); err != nil { // no character is beyond 16 bits
			return err
		}
	}
	return out.Error()
}
