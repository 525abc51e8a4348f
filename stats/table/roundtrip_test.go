package table

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// genText draws texts that survive every format: not blank, no space at the
// edges, no control characters, not a spelling of "not available".
func genText() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.StringMatching(`[a-zA-Z0-9_ .,;:|"'=+@éüßعربي-]{1,24}`),
		rapid.SampledFrom([]string{"=1+1", "'=x", "''", "-", "-5", "+44 20", "@a", "a,b", "a\nb", "a\"b", "1,5", "0012", "x;y", "_x0041_", "<b>&amp;"}),
	).Filter(func(s string) bool {
		return fold(s) != "" && s == string(bytes.TrimFunc([]byte(s), isEdge)) && !isNotAvailable([]byte(s))
	})
}

// genTable draws a table with one column of each kind, and an id, so that no
// row is empty. Reasons are Blank, since no format keeps them.
func genTable(t *rapid.T) *Table {
	rows := rapid.IntRange(0, 8).Draw(t, "rows")
	missing := func(name string) []Missing {
		if rapid.Bool().Draw(t, name+" whole") {
			return nil
		}
		m := make([]Missing, rows)
		for i := range m {
			if rapid.IntRange(0, 3).Draw(t, name+" missing") == 0 {
				m[i] = Blank
			}
		}
		return m
	}
	text := func(name string, m []Missing) *TextColumn {
		var data []byte
		offsets := []uint64{0}
		for i := range rows {
			if m == nil || m[i] == Present {
				data = append(data, genText().Draw(t, name)...)
			}
			offsets = append(offsets, uint64(len(data)))
		}
		return NewText(name, data, offsets, m)
	}
	ids := text("id", nil)
	numbers := make([]float64, rows)
	days := make([]int32, rows)
	seconds, offsets := make([]int64, rows), make([]int16, rows)
	truths := make([]bool, rows)
	codes := make([]uint32, rows)
	bits := make([]uint64, 2*rows)
	levels := []Level{{Code: "yes"}, {Code: "no"}, {Code: "other thing"}, {Code: "=x"}, {Code: "7"}}
	var options []Level
	for i := range 70 {
		options = append(options, Level{Code: fmt.Sprintf("o%d", i)})
	}
	if rapid.Bool().Draw(t, "spaced") {
		options[3].Code = "two words"
	}
	setMissing := missing("set")
	for i := range rows {
		numbers[i] = rapid.OneOf(rapid.Float64(), rapid.Map(rapid.Int64Range(-1000, 1000), func(v int64) float64 { return float64(v) / 4 })).Filter(func(v float64) bool { return !math.IsInf(v, 0) && !math.IsNaN(v) }).Draw(t, "number")
		days[i] = rapid.Int32Range(-354_285, 2_932_896).Draw(t, "day") // years 1000 to 9999
		seconds[i] = rapid.Int64Range(-20_000_000_000, 200_000_000_000).Draw(t, "second")
		offsets[i] = rapid.Int16Range(-14*60, 14*60).Draw(t, "offset")
		truths[i] = rapid.Bool().Draw(t, "truth")
		codes[i] = uint32(rapid.IntRange(FirstLevel, FirstLevel+len(levels)-1).Draw(t, "code"))
		if rapid.IntRange(0, 4).Draw(t, "code missing") == 0 {
			codes[i] = uint32(Blank)
		}
		if setMissing == nil || setMissing[i] == Present {
			bits[2*i] = rapid.Uint64().Draw(t, "bits") | 1 // not empty: no format but Parquet tells it from blank
		}
	}
	table, err := New(ids, NewNumber("number", numbers, missing("number")), NewDate("date", days, missing("date")),
		NewTime("time", seconds, offsets, missing("time")), NewBool("truth", truths, missing("truth")),
		NewCategory("category", levels, codes), NewSet("set", options, bits, setMissing), text("text", missing("text")))
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// schemaOf is the schema by which a table's own file is read again.
func schemaOf(t *Table) func(Header) (*Schema, error) {
	var fields []Field
	for _, c := range t.Columns() {
		f := Field{Name: c.Name(), Kind: c.Kind()}
		switch c := c.(type) {
		case *CategoryColumn:
			f.Levels = c.Levels
		case *SetColumn:
			f.Levels = c.Levels
		}
		fields = append(fields, f)
	}
	return fixed(fields...)
}

func TestRoundTrip(t *testing.T) {
	for name, write := range map[string]func(io.Writer, *Table, WriteOptions) error{"csv": WriteCSV, "xlsx": WriteXLSX, "parquet": WriteParquet} {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				table := genTable(t)
				opt := WriteOptions{}
				if rapid.Bool().Draw(t, "tagged") {
					opt.HXL = []string{"#meta+id", "#indicator+num", "#date", "", "", "#status", "", "#description"}
				}
				var b bytes.Buffer
				if err := write(&b, table, opt); err != nil {
					t.Fatal(err)
				}
				var header Header
				match := schemaOf(table)
				r, err := ReadFrom(context.Background(), bytes.NewReader(b.Bytes()), int64(b.Len()), "file."+name, Options{Match: func(h Header) (*Schema, error) {
					header = h
					return match(h)
				}})
				if err != nil {
					t.Fatalf("reading again failed: %v\n%q", err, b.String()[:min(b.Len(), 2000)])
				}
				if r.Table.Rows() != table.Rows() {
					t.Fatalf("%d rows became %d", table.Rows(), r.Table.Rows())
				}
				for i, c := range table.Columns() {
					got := r.Table.Columns()[i]
					for row := range c.Len() {
						want := c.Text(row)
						if tc, ok := c.(*TimeColumn); ok && name == "parquet" && tc.Missing(row) == Present {
							want = tc.At(row).UTC().Format("2006-01-02T15:04:05Z")
						}
						if nc, ok := c.(*NumberColumn); ok && name == "xlsx" && nc.Missing(row) == Present {
							// Workbooks keep 15 significant digits.
							if v := got.(*NumberColumn).Values[row]; math.Abs(v-nc.Values[row]) <= 1e-14*math.Abs(v) {
								continue
							}
						}
						if got.Missing(row) != c.Missing(row) || got.Text(row) != want {
							t.Fatalf("%s, row %d: %q (%s) became %q (%s)", c.Name(), row, want, c.Missing(row), got.Text(row), got.Missing(row))
						}
					}
				}
				if fmt.Sprint(header.HXL) != fmt.Sprint(opt.HXL) {
					t.Fatalf("tags %q became %q", opt.HXL, header.HXL)
				}
				if w := r.Warnings.Err(); w != nil {
					t.Fatalf("unexpected warnings: %v", w)
				}
			})
		})
	}
}
