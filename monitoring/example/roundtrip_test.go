package example

import (
	"bytes"
	"context"
	"encoding/csv"
	"testing"

	"waymark/monitoring/instrument"
	"waymark/stats/table"
)

// The file, read as a user's would be, holds what the table holds. A file
// cannot tell "not asked" from blank.
func TestFileReadsBackAsTheTable(t *testing.T) {
	var b bytes.Buffer
	if err := WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	in, err := instrument.Load("fms-2016")
	if err != nil {
		t.Fatal(err)
	}
	result, err := table.ReadFrom(context.Background(), bytes.NewReader(b.Bytes()), int64(b.Len()), Name, table.Options{
		Match: func(h table.Header) (*table.Schema, error) {
			binding, err := in.Bind(h)
			if err != nil {
				return nil, err
			}
			return binding.Schema, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if result.Warnings.Len() != 0 {
		t.Errorf("reading warns: %v", result.Warnings)
	}
	want, got := example(t), result.Table
	if got.Rows() != want.Rows() || len(got.Columns()) != len(want.Columns()) {
		t.Fatalf("%d rows and %d columns, want %d and %d", got.Rows(), len(got.Columns()), want.Rows(), len(want.Columns()))
	}
	for _, w := range want.Columns() {
		g := got.Column(w.Name())
		if g == nil || g.Kind() != w.Kind() {
			t.Errorf("%q reads back as %v", w.Name(), g)
			continue
		}
		for r := range want.Rows() {
			reason := w.Missing(r)
			if reason == table.NotAsked {
				reason = table.Blank
			}
			if g.Text(r) != w.Text(r) || g.Missing(r) != reason {
				t.Errorf("%q, row %d: %q (%s), want %q (%s)", w.Name(), r, g.Text(r), g.Missing(r), w.Text(r), reason)
				break
			}
		}
	}
}

// No value needs quotes: another reader of CSV finds the same cells.
func TestCellsNeedNoQuotes(t *testing.T) {
	var b bytes.Buffer
	if err := WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	if bytes.ContainsRune(b.Bytes(), '"') {
		t.Fatal("a quote in the file")
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	tb := example(t)
	for c, col := range tb.Columns() {
		if rows[0][c] != col.Name() {
			t.Errorf("column %d is %q, want %q", c, rows[0][c], col.Name())
		}
		for r := range tb.Rows() {
			want := col.Text(r)
			if col.Kind() == table.Category {
				want += map[table.Missing]string{table.Refused: "refused", table.DontKnow: "dk"}[col.Missing(r)]
			}
			if rows[r+1][c] != want {
				t.Fatalf("%s, row %d: %q, want %q", col.Name(), r, rows[r+1][c], want)
			}
		}
	}
}

// In every month and route each nationality has its share of Frontex's
// detections, to one person, but for those who did not give theirs.
func TestNationalitiesFollowDetections(t *testing.T) {
	a := read(example(t))
	type month struct{ route, month string }
	people, silent := map[month]int{}, map[month]int{}
	byNat := map[month]map[string]int{}
	for r := range a.Rows() {
		if !a.eligible[r] {
			continue
		}
		m := month{a.level("route", r), a.Column("interview_date").Text(r)[:7]}
		people[m]++
		if byNat[m] == nil {
			byNat[m] = map[string]int{}
		}
		if n := a.level("nationality", r); n != "" {
			byNat[m][n]++
		} else {
			silent[m]++
		}
	}
	ds, err := readDetections()
	if err != nil {
		t.Fatal(err)
	}
	all := map[month]int{}
	for _, d := range ds {
		all[month{d.route, d.month}] += d.n
	}
	if len(all) != 14 || len(people) != 14 {
		t.Fatalf("%d months of detections, %d of interviews, want 10 and 4", len(all), len(people))
	}
	for _, d := range ds {
		m := month{d.route, d.month}
		want := float64(people[m]) * float64(d.n) / float64(all[m])
		got := float64(byNat[m][d.nationality])
		if got > want+1 || got < want-1-float64(silent[m]) {
			t.Errorf("%s %s %s: %v people, the detections' share is %.1f", d.route, d.month, d.nationality, got, want)
		}
	}
}
