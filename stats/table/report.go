package table

import (
	"fmt"
	"strings"

	"waymark/internal/fault"
)

// Gap is a run of rows of the file that hold nothing and that the table leaves out.
type Gap struct {
	Row   int // first empty row of the file, from 1
	Count int
}

// FileRow returns the file's row number, from 1, of a row of the table, or 0
// where the rows of the format have no numbers.
func (s Source) FileRow(row int) int {
	if s.FirstRow == 0 {
		return 0
	}
	return fileRow(s.FirstRow, s.Gaps, row)
}

func fileRow(first int, gaps []Gap, row int) int {
	at := first + row
	for _, g := range gaps {
		if g.Row > at {
			break
		}
		at += g.Count
	}
	return at
}

// report collects what is to be said about one reading. Faults make the
// reading fail in the end; warnings go beside the result.
type report struct {
	file     string
	sheet    string
	firstRow int
	gaps     []Gap
	limits   Limits
	// decimalComma says that the file separates cells by semicolons, as
	// programs do where the comma is decimal.
	decimalComma bool
	warnings     *fault.List
	faults       *fault.List
}

func newReport(file string, opt Options) *report {
	bound := opt.MaxFaults
	if bound <= 0 {
		bound = DefaultMaxFaults
	}
	return &report{
		file:     file,
		limits:   opt.Limits.orDefault(),
		warnings: fault.NewList(bound),
		faults:   fault.NewList(bound),
	}
}

// at is a place by the file's own row and column numbers; 0 leaves one out.
func (r *report) at(row, column int, field string) fault.Place {
	return fault.Place{File: r.file, Sheet: r.sheet, Row: row, Column: column, Field: field}
}

// row is the file's number of a row of the table.
func (r *report) row(tableRow int) int {
	if r.firstRow == 0 {
		return 0
	}
	return fileRow(r.firstRow, r.gaps, tableRow)
}

// warn adds a warning.
func (r *report) warn(at fault.Place, remedy, format string, args ...any) {
	r.warnings.Addf(fault.Invalid, at, remedy, format, args...)
}

// fail adds a fault and lets the reading go on, so that all are found.
func (r *report) fail(at fault.Place, remedy, format string, args ...any) {
	r.faults.Addf(fault.Invalid, at, remedy, format, args...)
}

// stop makes a fault that ends the reading at once.
func (r *report) stop(at fault.Place, remedy, format string, args ...any) error {
	return fault.New(fault.Invalid, at, fmt.Sprintf(format, args...), remedy)
}

// end joins the faults found so far with the one that ended the reading, if any.
func (r *report) end(err error) error {
	if err == nil {
		return r.faults.Err()
	}
	f, ok := err.(*fault.Fault)
	if r.faults.Len() == 0 || !ok {
		return err
	}
	// The one that stopped the reading goes first: the bound must not drop it.
	all := &fault.List{Faults: append([]*fault.Fault{f}, r.faults.Faults...), Dropped: r.faults.Dropped}
	return all
}

// tally counts rows and remembers the first few, to name them in one sentence.
type tally struct {
	count int
	kept  int
	first [3]int
}

func (t *tally) add(row int) { t.addMany(row, 1) }

// addMany counts n rows of which only the first is known.
func (t *tally) addMany(row, n int) {
	if t.kept < len(t.first) {
		t.first[t.kept] = row
		t.kept++
	}
	t.count += n
}

// rows names the rows: "row 5", "rows 5, 9 and 12", "rows 5, 9, 12 and 4 more".
// name turns a remembered row into the number that people see; 0 gives "".
func (t *tally) rows(name func(int) int) string {
	if t.kept == 0 || name(t.first[0]) == 0 {
		return ""
	}
	parts := make([]string, t.kept)
	for i := range parts {
		parts[i] = fmt.Sprint(name(t.first[i]))
	}
	if t.count > t.kept {
		return fmt.Sprintf("rows %s and %d more", strings.Join(parts, ", "), t.count-t.kept)
	}
	if len(parts) == 1 {
		return "row " + parts[0]
	}
	last := len(parts) - 1
	return fmt.Sprintf("rows %s and %s", strings.Join(parts[:last], ", "), parts[last])
}

// plural renders "1 row" or "2 rows".
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
