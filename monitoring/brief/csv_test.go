package brief

import (
	"bytes"
	"encoding/csv"
	"math"
	"slices"
	"strings"
	"testing"
)

func readCSV(t *testing.T, data []byte) [][]string {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll() // also holds that rows are equally long
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestCSVs(t *testing.T) {
	files, err := CSVs(sample("en"))
	if err != nil {
		t.Fatal(err)
	}
	const source = "Synthetic example data: no real interviews. Trafficking indicators on two routes. Central and Eastern Mediterranean, December 2015 to September 2016"
	want := [][]string{
		{"Nationality", "n", "'=1+1", "not_shown", "source"},
		{"#group+name", "#affected+num", "#meta+text", "#meta+not_shown", "#meta+source"},
		{"'=HYPERLINK(\"x\")", "2780", "'@a, \"b\"\nc", "", source},
		{"Eastern Mediterranean", "", "'-", "n: – (fewer than 30 answers)", source},
	}
	got := readCSV(t, files["counts.csv"])
	if !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
	for name, data := range files {
		rows := readCSV(t, data)
		if !strings.HasPrefix(rows[1][0], "#") {
			t.Errorf("%s: second row %q is not of tags", name, rows[1])
		}
		if bytes.Count(data, []byte("\n")) != bytes.Count(data, []byte("\r\n")) {
			t.Errorf("%s: a line does not end in CRLF", name)
		}
		for _, row := range rows[2:] {
			if !strings.HasPrefix(row[len(row)-1], "Synthetic") {
				t.Errorf("%s: a row is not labelled synthetic", name)
			}
		}
	}
	// The value is unrounded, and the heading of a group becomes a column.
	if rows := readCSV(t, files["indicators-by-route.csv"]); rows[2][1] != "0.4900719424460432" {
		t.Errorf("share %q is rounded", rows[2][1])
	}
	wide := readCSV(t, files["indicators-by-nationality.csv"])
	if wide[0][0] != groupColumn || wide[1][0] != groupTag || wide[2][0] != "Central Mediterranean" || wide[7][0] != "Eastern Mediterranean" || len(wide) != 12 {
		t.Errorf("groups are not kept: %q", wide)
	}
}

func TestCSVLeavesOutUntaggedColumns(t *testing.T) {
	doc := &Document{Lang: "en", Title: "T", Sections: []Section{{ID: "s", Blocks: []Block{
		&Table{ID: "t", Columns: []TableColumn{{Label: "a", HXL: "#x"}, {Label: "b"}, {Label: "where", HXL: sourceTag}}, Rows: [][]Cell{{{Text: "1"}, {Text: "2"}, {Text: "3"}}}},
		&Table{ID: "u", Columns: []TableColumn{{Label: "a"}, {Label: "b"}}, Rows: [][]Cell{{{Text: "1"}, {Text: "2"}}}},
	}}}}
	files, err := CSVs(doc)
	if err != nil {
		t.Fatal(err)
	}
	if got := string(files["t.csv"]); got != "a,where\r\n#x,#meta+source\r\n1,3\r\n" {
		t.Errorf("got %q", got)
	}
	if got := string(files["u.csv"]); got != "a,b,source\r\n1,2,T\r\n" {
		t.Errorf("a table without tags: got %q", got)
	}
}

func TestCSVRefusesUnsafeIDs(t *testing.T) {
	for _, id := range []string{"../x", "a/b", ".x", "a b", "é"} {
		doc := &Document{Sections: []Section{{Blocks: []Block{&Table{ID: id}}}}}
		if _, err := CSVs(doc); err == nil {
			t.Errorf("id %q passes", id)
		}
	}
}

func TestCSVValue(t *testing.T) {
	for _, c := range []struct {
		cell    Cell
		numeric bool
		field   string
		shown   bool
	}{
		{Cell{Text: "49%", Value: 0.49}, true, "0.49", true},
		{Cell{Text: "1", Value: 1e-9}, true, "0.000000001", true},
		{Cell{Text: "x", Value: math.NaN()}, true, "", false},
		{Cell{Text: "x", Value: math.Inf(1)}, true, "", false},
		{Cell{Text: "7", Value: 7}, true, "7", true},
		{Cell{Text: "–"}, true, "", false},
		{Cell{}, true, "", true},
		{Cell{Text: "\u2068Mali\u2069"}, false, "Mali", true},
		{Cell{Text: "Mali", Value: "MLI"}, false, "MLI", true},
		{Cell{Text: "+1"}, false, "'+1", true},
	} {
		field, shown := csvValue(c.cell, c.numeric)
		if field != c.field || shown != c.shown {
			t.Errorf("%+v: got %q, %v; want %q, %v", c.cell, field, shown, c.field, c.shown)
		}
	}
}
