package table

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"waymark/internal/fault"
)

// cellAdder takes the cells of one column, one call a row. The bytes are only
// valid during the call.
type cellAdder interface {
	add(cell []byte)
	// reserve says how many rows to expect.
	reserve(rows int)
}

// beginFunc gets the header and returns what takes each column's cells: nil
// for a column to skip.
type beginFunc func(Header) ([]cellAdder, error)

// rowFeed gives the rows of a file to the columns: it finds the header and the
// HXL row, leaves out empty rows, and evens out rows that are too short or too
// long.
type rowFeed struct {
	rep  *report
	ctx  context.Context
	size int64 // of the file, to guess the number of rows; 0 if not known
	// sparse says that the format leaves out empty cells at the end of a row.
	sparse bool

	header   bool // seen
	width    int  // of the header with the columns that were cut off
	names    []string
	feeds    []feed
	rows     int
	held     *heldHeader
	padded   [][]byte
	short    tally
	trailing tally
	empty    tally
	bytes    int64
}

type feed struct {
	column int
	to     cellAdder
}

// heldHeader is a header that waits for the next row, which may be HXL.
type heldHeader struct {
	header Header
	row    int
}

// reserveAfter is the number of rows after which the rest is estimated.
const reserveAfter = 1024

// name is the header of a column, from 1.
func (r *rowFeed) name(column int) string {
	if column >= 1 && column <= len(r.names) {
		return r.names[column-1]
	}
	return ""
}

// row takes one record of the file with its number there. blank says that the
// record is an empty line.
func (r *rowFeed) row(number int, cells [][]byte, blank bool, begin beginFunc) error {
	if !r.header {
		if blank || allEmpty(cells) {
			return nil // what stands above the header does not count
		}
		return r.takeHeader(number, cells)
	}
	if r.held != nil {
		h := r.held
		if blank || len(r.names) > 1 && allEmpty(cells) {
			return nil // nothing between the header and the first row
		}
		r.held = nil
		r.rep.firstRow = number
		hxl := isHXLRow(cells)
		if hxl {
			h.header.HXL = hxlTags(cells, len(h.header.Names))
			r.rep.firstRow = number + 1
		}
		if err := r.start(h.header, begin); err != nil {
			return err
		}
		if hxl {
			return nil
		}
	}
	if (blank || len(bytes.TrimSpace(cells[0])) == 0) && (blank || len(r.names) > 1) && allEmpty(cells) {
		r.gap(number)
		return nil
	}
	if len(cells) != len(r.names) {
		if cells = r.even(number, cells); cells == nil {
			return nil
		}
	}
	for _, f := range r.feeds {
		f.to.add(cells[f.column])
	}
	r.rows++
	if r.rows <= reserveAfter || r.rows&0xfff == 0 {
		return r.account(cells)
	}
	return nil
}

// account estimates the number of rows from the first ones, and looks now and
// then whether to stop.
func (r *rowFeed) account(cells [][]byte) error {
	if r.rows <= reserveAfter {
		for _, c := range cells {
			r.bytes += int64(len(c)) + 1
		}
		if r.rows == reserveAfter && r.size > 0 {
			rows := int(r.size / (r.bytes / reserveAfter))
			for _, f := range r.feeds {
				f.to.reserve(min(rows+rows/32, r.rep.limits.Rows))
			}
		}
		return nil
	}
	if err := r.checkRows(); err != nil {
		return err
	}
	return r.ctx.Err()
}

func (r *rowFeed) checkRows() error {
	if r.rows > r.rep.limits.Rows {
		return fault.New(fault.Unavailable, r.rep.at(0, 0, ""), fmt.Sprintf("the file has more than %d rows", r.rep.limits.Rows), "split the file")
	}
	return nil
}

func (r *rowFeed) takeHeader(number int, cells [][]byte) error {
	r.header = true
	if len(cells) > r.rep.limits.Columns {
		return r.rep.stop(r.rep.at(number, 0, ""), "leave out the columns that are not needed, or raise the limit",
			"the header has %d columns; at most %d are read", len(cells), r.rep.limits.Columns)
	}
	h := readHeader(cells, r.rep, number)
	r.names, r.width = h.Names, len(cells)
	if isHXLRow(cells) {
		h.HXL = hxlTags(cells, len(h.Names))
	}
	r.held = &heldHeader{header: h, row: number}
	return nil
}

func (r *rowFeed) start(h Header, begin beginFunc) error {
	if r.rep.faults.Len() > 0 {
		return nil
	}
	adders, err := begin(h)
	if err != nil {
		return err
	}
	for i, a := range adders {
		if a != nil {
			r.feeds = append(r.feeds, feed{i, a})
		}
	}
	return nil
}

// gap notes an empty row.
func (r *rowFeed) gap(number int) {
	r.empty.add(number)
	if n := len(r.rep.gaps); n > 0 && r.rep.gaps[n-1].Row+r.rep.gaps[n-1].Count == number {
		r.rep.gaps[n-1].Count++
		return
	}
	r.rep.gaps = append(r.rep.gaps, Gap{Row: number, Count: 1})
}

// even pads a short row and cuts the empty end of a long one; a row with more
// values than the header has names is a fault.
func (r *rowFeed) even(number int, cells [][]byte) [][]byte {
	n := len(r.names)
	if len(cells) < n {
		if !r.sparse {
			r.short.add(number)
		}
		r.padded = append(r.padded[:0], cells...)
		for len(r.padded) < n {
			r.padded = append(r.padded, nil)
		}
		return r.padded
	}
	if allEmpty(cells[n:]) {
		if len(cells) != r.width && !r.sparse {
			r.trailing.add(number)
		}
		return cells[:n]
	}
	remedy := "a delimiter within a text needs quotes around the text; else remove the extra cells, or name their columns"
	if n == 1 || r.sparse {
		remedy = "name all columns in the first row; if a title stands above the header, remove it"
	}
	r.rep.fail(r.rep.at(number, n+1, ""), remedy, "the row has %d cells, the header %d", len(cells), n)
	return nil
}

// finish ends a file that was read through.
func (r *rowFeed) finish(begin beginFunc) error {
	if !r.header {
		return r.rep.stop(r.rep.at(0, 0, ""), "export it again with the names of the columns in the first row", "the file has no header and no rows")
	}
	if r.held != nil {
		r.rep.firstRow = r.held.row + 1
		if err := r.start(r.held.header, begin); err != nil {
			return err
		}
	}
	r.warnRows()
	return r.checkRows()
}

// abandon ends a file that could not be read through.
func (r *rowFeed) abandon(err error) error {
	if f, ok := err.(*fault.Fault); ok && f.Place.Field == "" {
		f.Place.Field = r.name(f.Place.Column)
	}
	return err
}

func (r *rowFeed) warnRows() {
	same := func(row int) int { return row }
	rep := r.rep
	if t := &r.short; t.count > 0 {
		rep.warn(rep.at(t.first[0], 0, ""), "check these rows in the file", "%s fewer cells than the header; the missing ones count as blank (%s)",
			plural(t.count, "row has", "rows have"), t.rows(same))
	}
	if t := &r.trailing; t.count > 0 {
		rep.warn(rep.at(t.first[0], len(r.names)+1, ""), "", "%s empty cells beyond the header; they were ignored (%s)",
			plural(t.count, "row has", "rows have"), t.rows(same))
	}
	// Empty rows at the very end are how many programs end a file.
	if t := &r.empty; t.count > 0 {
		if n := len(rep.gaps); n > 0 && rep.gaps[n-1].Row == fileRow(rep.firstRow, rep.gaps[:n-1], r.rows) {
			t.count -= rep.gaps[n-1].Count
			rep.gaps = rep.gaps[:n-1]
		}
		if t.count > 0 {
			rep.warn(rep.at(t.first[0], 0, ""), "", "%s without any value; they were left out (%s)", plural(t.count, "row is", "rows are"), t.rows(same))
		}
	}
}

func allEmpty(cells [][]byte) bool {
	for _, c := range cells {
		if len(bytes.TrimSpace(c)) > 0 {
			return false
		}
	}
	return true
}

// readAtMost reads the beginning of a file.
func readAtMost(r io.ReaderAt, n int64) ([]byte, error) {
	head := make([]byte, n)
	got, err := r.ReadAt(head, 0)
	if err == io.EOF {
		err = nil
	}
	return head[:got], err
}
