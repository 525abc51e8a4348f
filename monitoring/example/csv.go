package example

import (
	"bufio"
	"io"
	"strconv"
	"time"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// reasonCodes are the answers that stand for a reason; a test holds them
// against the instrument's lists. Other reasons are empty cells.
var reasonCodes = [table.FirstLevel]string{table.Refused: "refused", table.DontKnow: "dk"}

// Writer writes tables with the same columns as one CSV file: comma, line feed,
// UTF-8 without BOM. No value of the round needs quotes.
type Writer struct {
	out *bufio.Writer
	row []byte
}

// NewWriter writes the header of the table's columns.
func NewWriter(w io.Writer, t *table.Table) (*Writer, error) {
	cw := &Writer{out: bufio.NewWriterSize(w, 1<<18)}
	for i, c := range t.Columns() {
		if i > 0 {
			cw.row = append(cw.row, ',')
		}
		cw.row = append(cw.row, c.Name()...)
	}
	_, err := cw.out.Write(append(cw.row, '\n'))
	return cw, unwritten(err)
}

// Write adds the table's rows and passes everything on.
func (w *Writer) Write(t *table.Table) error {
	cells := make([]func([]byte, int) []byte, len(t.Columns()))
	for i, c := range t.Columns() {
		cells[i] = cell(c)
	}
	for r := range t.Rows() {
		w.row = w.row[:0]
		for i, add := range cells {
			if i > 0 {
				w.row = append(w.row, ',')
			}
			w.row = add(w.row, r)
		}
		if _, err := w.out.Write(append(w.row, '\n')); err != nil {
			return unwritten(err)
		}
	}
	return unwritten(w.out.Flush())
}

func unwritten(err error) error {
	if err == nil {
		return nil
	}
	return fault.Wrap(fault.Unavailable, fault.Place{}, "the example round could not be written: "+err.Error(), "check that there is room and that you may write there", err)
}

// cell returns what appends a column's value of a row.
func cell(c table.Column) func([]byte, int) []byte {
	switch c := c.(type) {
	case *table.CategoryColumn:
		return func(dst []byte, r int) []byte {
			if l := c.Level(r); l >= 0 {
				return append(dst, c.Levels[l].Code...)
			}
			return append(dst, reasonCodes[c.Missing(r)]...)
		}
	case *table.DateColumn:
		return func(dst []byte, r int) []byte {
			if c.Missing(r) != table.Present {
				return dst
			}
			return c.At(r).AppendFormat(dst, time.DateOnly)
		}
	case *table.TimeColumn:
		return func(dst []byte, r int) []byte {
			if c.Missing(r) != table.Present {
				return dst
			}
			return c.At(r).AppendFormat(dst, time.RFC3339)
		}
	case *table.TextColumn:
		return func(dst []byte, r int) []byte { return append(dst, c.Data[c.Offsets[r]:c.Offsets[r+1]]...) }
	case *table.NumberColumn:
		return func(dst []byte, r int) []byte {
			if c.Missing(r) != table.Present {
				return dst
			}
			return strconv.AppendFloat(dst, c.Values[r], 'f', -1, 64)
		}
	default:
		return func(dst []byte, r int) []byte { return append(dst, c.Text(r)...) }
	}
}
