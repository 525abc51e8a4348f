package table

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"waymark/stats/table/dta"
)

// statWriters are the writers of the files of statistics programs.
var statWriters = map[string]WriteFunc{"dta": WriteDTA, "sav": WriteSAV, "zsav": WriteZSAV}

// reasoned gives the missing values of a table other reasons, where the formats
// keep them, and one column of labelled whole numbers.
func reasoned(t *rapid.T, drawn *Table) *Table {
	reason := func() Missing { return Missing(rapid.IntRange(int(Blank), int(Unreadable)).Draw(t, "reason")) }
	some := func(m []Missing) {
		for i := range m {
			if m[i] != Present {
				m[i] = reason()
			}
		}
	}
	var columns []Column
	for _, c := range drawn.Columns() {
		switch c := c.(type) {
		case *NumberColumn:
			for i, v := range c.Values {
				if math.Abs(v) > dta.MaxDouble {
					c.Values[i] = 1
				}
			}
			some(c.missing)
		case *DateColumn:
			some(c.missing)
		case *TimeColumn:
			some(c.missing)
		case *BoolColumn:
			some(c.missing)
		case *CategoryColumn:
			for i, code := range c.Codes8 {
				if code < FirstLevel {
					c.Codes8[i] = uint8(reason())
				}
			}
			c.Ordered = rapid.Bool().Draw(t, "ordered")
		}
		columns = append(columns, c)
	}
	codes := make([]uint32, drawn.Rows())
	levels := []Level{{Code: "-99", Label: "a"}, {Code: "-97", Label: "été"}, {Code: "0", Label: "0"}, {Code: "5", Label: "b"}}
	for i := range codes {
		codes[i] = uint32(rapid.IntRange(1, FirstLevel+len(levels)-1).Draw(t, "numbered"))
		if codes[i] == FirstLevel-1 {
			codes[i] = FirstLevel
		}
	}
	made, err := New(append(columns, NewCategory("numbered", levels, codes))...)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func TestStatRoundTrip(t *testing.T) {
	for name, write := range statWriters {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				table := reasoned(t, genTable(t))
				opt := WriteOptions{Labels: map[string]string{"number": "How many, été", "text": string(bytes.Repeat([]byte("label "), 60))}}
				if rapid.Bool().Draw(t, "tagged") {
					opt.HXL = []string{"#meta+id", "#indicator+num", "#date", "", "", "#status", "", "#description", ""}
				}
				var b, again bytes.Buffer
				if err := write(&b, table, opt); err != nil {
					t.Fatal(err)
				}
				if err := write(&again, table, opt); err != nil || !bytes.Equal(b.Bytes(), again.Bytes()) {
					t.Fatalf("the same table gives other bytes (%v)", err)
				}
				var header Header
				schema := schemaOf(table)
				match := func(h Header) (*Schema, error) {
					header = h
					return schema(h)
				}
				for _, how := range []Options{{}, {Match: match}} {
					r, err := ReadFrom(context.Background(), bytes.NewReader(b.Bytes()), int64(b.Len()), "file."+name, how)
					if err != nil {
						t.Fatalf("reading again failed: %v", err)
					}
					sameColumns(t, table, r.Table)
					if r.Labels["number"] != opt.Labels["number"] || r.Labels["text"] != opt.Labels["text"] {
						t.Fatalf("labels became %q", r.Labels)
					}
				}
				if fmt.Sprint(header.HXL) != fmt.Sprint(opt.HXL) {
					t.Fatalf("tags %q became %q", opt.HXL, header.HXL)
				}
			})
		})
	}
}

// sameColumns holds a table against another: kinds, values, reasons, levels.
func sameColumns(t *rapid.T, want, got *Table) {
	if got.Rows() != want.Rows() || len(got.Columns()) != len(want.Columns()) {
		t.Fatalf("%d rows and %d columns became %d and %d", want.Rows(), len(want.Columns()), got.Rows(), len(got.Columns()))
	}
	for i, c := range want.Columns() {
		g := got.Columns()[i]
		if g.Name() != c.Name() || g.Kind() != c.Kind() {
			t.Fatalf("column %q (%s) became %q (%s)", c.Name(), c.Kind(), g.Name(), g.Kind())
		}
		for row := range c.Len() {
			text := c.Text(row)
			if tc, ok := c.(*TimeColumn); ok && tc.Missing(row) == Present {
				text = tc.At(row).UTC().Format("2006-01-02T15:04:05Z")
			}
			if g.Missing(row) != c.Missing(row) || g.Text(row) != text {
				t.Fatalf("%s, row %d: %q (%s) became %q (%s)", c.Name(), row, text, c.Missing(row), g.Text(row), g.Missing(row))
			}
		}
		if c, ok := c.(*CategoryColumn); ok && c.Len() > 0 {
			g := g.(*CategoryColumn)
			same := slices.EqualFunc(c.Levels, g.Levels, func(a, b Level) bool { return a.Code == b.Code && (a.Label == b.Label || a.Label == "") })
			if !same {
				t.Fatalf("levels %q became %q", c.Levels, g.Levels)
			}
		}
	}
}

// TestStatWide: more columns than format 118 has need format 119.
func TestStatWide(t *testing.T) {
	var columns []Column
	for i := range 32_768 {
		columns = append(columns, NewNumber(fmt.Sprintf("c%d", i), []float64{float64(i)}, nil))
	}
	essay := bytes.Repeat([]byte("x"), dta.MaxStr+1)
	columns = append(columns, NewText("essay", essay, []uint64{0, uint64(len(essay))}, nil))
	table, err := New(columns...)
	if err != nil {
		t.Fatal(err)
	}
	for name, write := range statWriters {
		var b bytes.Buffer
		if err := write(&b, table, WriteOptions{}); err != nil {
			t.Fatal(err)
		}
		if name == "dta" && !bytes.HasPrefix(b.Bytes(), []byte("<stata_dta><header><release>119<")) {
			t.Error("the file is not of format 119")
		}
		if _, err := ReadFrom(context.Background(), bytes.NewReader(b.Bytes()), int64(b.Len()), name, Options{}); err == nil {
			t.Errorf("%s: more columns than the limit are read", name)
		}
		r, err := ReadFrom(context.Background(), bytes.NewReader(b.Bytes()), int64(b.Len()), name, Options{Limits: Limits{Columns: 40_000}})
		if err != nil {
			t.Fatal(err)
		}
		last := r.Table.Columns()[32_768]
		if len(r.Table.Columns()) != 32_769 || r.Table.Number("c32767").Values[0] != 32_767 || last.Text(0) != string(essay) {
			t.Errorf("%s: %d columns, the last of %d bytes", name, len(r.Table.Columns()), len(last.Text(0)))
		}
	}
}

// TestStatNames: what a program does not take as a name is changed, one name
// never becomes two columns', and reading gives the first names again.
func TestStatNames(t *testing.T) {
	for name, write := range statWriters {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				names := rapid.SliceOfNDistinct(rapid.OneOf(
					rapid.StringMatching(`[a-zA-Z0-9_ ./éعñ$#@-]{1,12}`),
					rapid.SampledFrom([]string{"_uuid", "group/question", "if", "AND", "str12", "Age", "age", "a very long name of a question that goes on and on and on and on and on", "a very long name of a question that goes on, and on", "1", "é", "_", "end."}),
				).Filter(func(s string) bool { return fold(s) != "" && s == string(bytes.TrimFunc([]byte(s), isEdge)) }), 1, 12, rapid.ID[string]).Draw(t, "names")
				var columns []Column
				for i, n := range names {
					columns = append(columns, NewNumber(n, []float64{float64(i)}, nil))
				}
				table, err := New(columns...)
				if err != nil {
					t.Fatal(err)
				}
				var b bytes.Buffer
				if err := write(&b, table, WriteOptions{}); err != nil {
					t.Fatal(err)
				}
				r, err := ReadFrom(context.Background(), bytes.NewReader(b.Bytes()), int64(b.Len()), "file."+name, Options{})
				if err != nil {
					t.Fatal(err)
				}
				if !slices.Equal(r.Source.Columns, names) {
					t.Fatalf("%q became %q", names, r.Source.Columns)
				}
			})
		})
	}
}
