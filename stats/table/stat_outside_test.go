//go:build statfiles

package table

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// The tests of this file run R with haven, and PSPP: `make statfiles`. They
// are the outside readers and writers that the files here are held against.

// outsideTable is a table of synthetic answers with every kind of column.
// Texts have no reasons, nor have dates where datesToo is false.
func outsideTable(t *testing.T, datesToo bool) *Table {
	t.Helper()
	const rows = 400
	r := rand.New(rand.NewPCG(1, 2))
	reasons := func(all bool) []Missing {
		m := make([]Missing, rows)
		for i := range m {
			if r.IntN(6) == 0 {
				m[i] = Blank
				if all {
					m[i] = Missing(1 + r.IntN(6))
				}
			}
		}
		return m
	}
	codes := func(levels []Level) []uint32 {
		c := make([]uint32, rows)
		for i, m := range reasons(true) {
			c[i] = uint32(FirstLevel + r.IntN(len(levels)))
			if m != Present {
				c[i] = uint32(m)
			}
		}
		return c
	}
	text := func(name string, value func(row int) string) *TextColumn {
		c := NewText(name, nil, []uint64{0}, make([]Missing, rows))
		for row := range rows {
			c.Data = append(c.Data, value(row)...)
			if value(row) == "" {
				c.missing[row] = Blank
			}
			c.Offsets = append(c.Offsets, uint64(len(c.Data)))
		}
		return c
	}
	numbers, wholes, truths := make([]float64, rows), make([]float64, rows), make([]bool, rows)
	days, seconds, bits := make([]int32, rows), make([]int64, rows), make([]uint64, rows)
	setMissing := reasons(false)
	for i := range rows {
		numbers[i] = math.Round(r.NormFloat64()*1e6) / 1024
		wholes[i] = float64(r.IntN(300) - 150)
		truths[i] = r.IntN(2) == 1
		days[i] = int32(r.IntN(60_000) - 30_000)
		seconds[i] = int64(r.IntN(4_000_000_000) - 2_000_000_000)
		if setMissing[i] == Present {
			bits[i] = 1 + uint64(r.IntN(6))
		}
	}
	numbered := []Level{{"-99", "Minus ninety-nine"}, {"1", "Man"}, {"2", "Woman, été €"}, {"3", "Other"}}
	worded := []Level{{"CMR", "Central"}, {"EMR", "Eastern"}, {"WMR", "Western"}}
	table, err := New(
		text("id", func(row int) string { return fmt.Sprintf("S%04d é", row) }),
		NewCategory("sex", numbered, codes(numbered)), NewCategory("route", worded, codes(worded)),
		NewNumber("weight", numbers, reasons(true)), NewNumber("count", wholes, reasons(true)), NewBool("held", truths, reasons(true)),
		NewDate("day", days, reasons(datesToo)), NewTime("at", seconds, make([]int16, rows), reasons(datesToo)),
		NewSet("why", []Level{{"a", "A"}, {"b", "B"}, {"c", "C"}}, bits, setMissing),
		text("essay", func(row int) string { return strings.Repeat("é-", 37*(row%40)) }),
	)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

var outsideLabels = map[string]string{"sex": "Sex, été", "weight": "How much", "day": "The day"}

// run runs an outside program in a folder.
func run(t *testing.T, dir, program string, args ...string) {
	t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v (install r-cran-haven and pspp)\n%s", program, err, out)
	}
}

func writeTo(t *testing.T, path string, table *Table) {
	t.Helper()
	write, err := WriterFor(path)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := write(&b, table, WriteOptions{Labels: outsideLabels}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

// byWords reads a file whose characteristics another program has dropped, as a
// questionnaire would: by codes or labels.
func byWords(table *Table) func(Header) (*Schema, error) {
	match := schemaOf(table)
	return func(h Header) (*Schema, error) {
		s, err := match(h)
		for i := range s.Fields {
			f := &s.Fields[i]
			f.Aliases = map[string]string{}
			for _, l := range f.Levels {
				f.Aliases[l.Label] = l.Code
			}
		}
		return s, err
	}
}

func hold(t *testing.T, name string, want *Table, path string, opt Options) {
	t.Helper()
	got, err := Read(context.Background(), path, opt)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	for i, c := range want.Columns() {
		g := got.Table.Columns()[i]
		if g.Name() != c.Name() || g.Kind() != c.Kind() || g.Len() != c.Len() {
			t.Errorf("%s: column %q (%s, %d rows) became %q (%s, %d rows)", name, c.Name(), c.Kind(), c.Len(), g.Name(), g.Kind(), g.Len())
			continue
		}
		for row := range c.Len() {
			if c.Text(row) != g.Text(row) || c.Missing(row) != g.Missing(row) {
				t.Errorf("%s: %s, row %d: %q (%s) became %q (%s)", name, c.Name(), row, c.Text(row), c.Missing(row), g.Text(row), g.Missing(row))
				break
			}
		}
		if got.Labels[c.Name()] != outsideLabels[c.Name()] {
			t.Errorf("%s: the label of %s is %q", name, c.Name(), got.Labels[c.Name()])
		}
	}
}

const havenScript = `suppressMessages(library(haven))
options(digits = 17)
show <- function(d, to) {
  for (n in names(d)) {
    v <- d[[n]]
    labels <- attr(v, "labels")
    tag <- if (is.double(v)) na_tag(v) else NA
    text <- if (inherits(v, "Date")) format(v) else if (inherits(v, "POSIXct")) format(v, "%Y-%m-%dT%H:%M:%SZ", tz = "UTC")
      else if (is.numeric(v)) sprintf("%.17g", as.numeric(v)) else as.character(v)
    text[is.na(v) & is.na(tag)] <- ""
    text[!is.na(tag)] <- paste0(".", tag[!is.na(tag)])
    words <- if (is.null(labels)) text else { w <- names(labels)[match(as.numeric(v), as.numeric(labels))]; ifelse(is.na(w), "", w) }
    write.csv(data.frame(text, words), paste0(to, ".", n, ".csv"), row.names = FALSE)
  }
}
d <- read_dta("ours.dta")
show(d, "dta")
d <- read_dta("plain.dta") # haven writes no tagged missing values of dates
write_dta(d, "v13.dta", version = 13, strl_threshold = 100)
write_dta(d, "v14.dta", version = 14)
write_dta(d, "v15.dta", version = 15)
for (from in c("sav", "zsav")) {
  s <- read_sav(paste0("ours.", from), user_na = TRUE)
  show(zap_missing(s), from)
  for (how in c("byte", "none", "zsav")) write_sav(s, paste0(from, "_", how, ".sav"), compress = how)
}
cat(R.version.string, "haven", as.character(packageVersion("haven")), "\n", file = "versions.txt")
`

// TestOutsideHaven: haven reads our files with equal values, labels and missing
// values, and we read what haven makes of them.
func TestOutsideHaven(t *testing.T) {
	dir := t.TempDir()
	all, plain := outsideTable(t, true), outsideTable(t, false)
	writeTo(t, filepath.Join(dir, "ours.dta"), all)
	writeTo(t, filepath.Join(dir, "plain.dta"), plain)
	writeTo(t, filepath.Join(dir, "ours.sav"), plain)
	writeTo(t, filepath.Join(dir, "ours.zsav"), plain)
	if err := os.WriteFile(filepath.Join(dir, "haven.R"), []byte(havenScript), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, dir, "Rscript", "haven.R")
	for from, table := range map[string]*Table{"dta": all, "sav": plain, "zsav": plain} {
		for _, c := range table.Columns() {
			file, err := os.Open(filepath.Join(dir, from+"."+c.Name()+".csv"))
			if err != nil {
				t.Fatal(err)
			}
			rows, err := csv.NewReader(file).ReadAll()
			_ = file.Close() // only read from
			if err != nil || len(rows) != c.Len()+1 {
				t.Fatalf("%s, %s: %d rows, %v", from, c.Name(), len(rows), err)
			}
			for row := range c.Len() {
				text, word := seen(c, row, from == "dta")
				got := rows[row+1]
				if x, err := strconv.ParseFloat(got[0], 64); err == nil && c.Kind() != Text {
					got[0] = number(x)
				}
				if got[0] != text || word != "" && got[1] != word {
					t.Errorf("%s, %s, row %d: haven reads %q, expected %q %q", from, c.Name(), row, got, text, word)
					break
				}
			}
		}
	}
	for _, name := range []string{"v13.dta", "v14.dta", "v15.dta"} {
		hold(t, name, plain, filepath.Join(dir, name), Options{Match: byWords(plain)})
	}
	for _, from := range []string{"sav", "zsav"} {
		for _, how := range []string{"byte", "none", "zsav"} {
			name := from + "_" + how + ".sav"
			hold(t, name, plain, filepath.Join(dir, name), Options{Match: byWords(plain)})
		}
	}
}

// seen is what haven should see of a value: its text, and its label or "".
func seen(c Column, row int, stata bool) (text, word string) {
	if m := c.Missing(row); m != Present {
		if stata && c.Kind() != Text && c.Kind() != Set && stataMarks[m] > 1 {
			return "." + string(rune('a'+stataMarks[m]-2)), ""
		}
		return "", ""
	}
	switch c := c.(type) {
	case *CategoryColumn:
		l := c.Level(row)
		if c.Name() == "route" {
			return strconv.Itoa(l + 1), c.Levels[l].Label
		}
		return c.Levels[l].Code, c.Levels[l].Label
	case *BoolColumn:
		if c.Values[row] {
			return "1", "true"
		}
		return "0", "false"
	}
	return c.Text(row), ""
}

const psppScript = `GET FILE="ours.sav".
SAVE OUTFILE="none.sav" /UNCOMPRESSED.
SAVE OUTFILE="byte.sav" /COMPRESSED.
GET FILE="ours.zsav".
SAVE OUTFILE="zlib.zsav" /ZCOMPRESSED.
SAVE TRANSLATE /OUTFILE="values.csv" /TYPE=CSV /FIELDNAMES /CELLS=VALUES /MISSING=RECODE /REPLACE.
`

// TestOutsidePSPP: PSPP reads our files, and what it saves again is the same
// table, reasons and all; the values that it writes as CSV are ours.
func TestOutsidePSPP(t *testing.T) {
	dir := t.TempDir()
	table := outsideTable(t, true)
	writeTo(t, filepath.Join(dir, "ours.sav"), table)
	writeTo(t, filepath.Join(dir, "ours.zsav"), table)
	if err := os.WriteFile(filepath.Join(dir, "save.sps"), []byte(psppScript), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, dir, "pspp", "save.sps")
	for _, name := range []string{"none.sav", "byte.sav", "zlib.zsav"} {
		hold(t, name, table, filepath.Join(dir, name), Options{})
		hold(t, name, table, filepath.Join(dir, name), Options{Match: schemaOf(table)})
	}
	file, err := os.Open(filepath.Join(dir, "values.csv"))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(file).ReadAll()
	_ = file.Close() // only read from
	if err != nil || len(rows) != table.Rows()+1 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for i, c := range table.Columns() {
		if c.Kind() == Date || c.Kind() == Time {
			continue // written as PSPP shows them; the files above hold them to the second
		}
		for row := range c.Len() {
			text, _ := seen(c, row, false)
			got := strings.TrimSpace(rows[row+1][i])
			if x, err := strconv.ParseFloat(got, 64); err == nil && c.Kind() != Text {
				want, _ := strconv.ParseFloat(text, 64)
				if math.Abs(x-want) <= 1e-12*math.Abs(want) {
					continue
				}
			}
			if got != text {
				t.Errorf("%s, row %d: PSPP writes %q, expected %q", c.Name(), row, got, text)
				break
			}
		}
	}
}
