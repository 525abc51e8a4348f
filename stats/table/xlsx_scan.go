package table

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// lastSheetRow and lastSheetColumn are the bounds of a sheet. Source: Excel
// specifications and limits.
const (
	lastSheetRow    = 1_048_576
	lastSheetColumn = 16_384
)

// sheetScanner reads the rows of one sheet.
type sheetScanner struct {
	book *workbook
	rep  *report
	d    *xml.Decoder
	row  int

	data  []byte // of the row's cells
	ends  []int  // per column: where its cell ends in data
	cells [][]byte
	value []byte

	uncached map[int]*tally // formulas without a result, by column
	broken   map[int]*tally // error values, by column
	merged   tally
	mergedAt string
}

// errPeeked ends a scan that has seen enough.
var errPeeked = errors.New("seen enough")

// scan reads the sheet through; see csvFile.scan.
func (w *workbook) scan(ctx context.Context, rep *report, begin beginFunc) error {
	rep.sheet = w.sheet.name
	if w.chosen != "" {
		rep.warn(rep.at(0, 0, ""), w.chosen, "the workbook has several sheets; this one was read")
	}
	feed := rowFeed{rep: rep, ctx: ctx, sparse: true}
	next := 1
	done := w.tell(ctx)
	s, err := w.scanSheet(ctx, w.sheet, rep, func(number int, cells [][]byte) error {
		for ; next < number; next++ {
			if err := feed.row(next, nil, true, begin); err != nil {
				return err
			}
		}
		next = number + 1
		return feed.row(number, cells, len(cells) == 0, begin)
	})
	if err != nil {
		return w.xmlFault(rep, err)
	}
	done()
	s.warn(&feed)
	return feed.finish(begin)
}

// tell reports a pass over the workbook as progress: packed parts cannot say
// how far they are, so a pass is told when it ends.
func (w *workbook) tell(context.Context) (done func()) {
	w.pass++
	pass := min(w.pass, w.passes)
	return func() {
		if w.progress != nil {
			w.progress(pass*w.size, w.passes*w.size)
		}
	}
}

// peek counts the cells of a sheet's first row with anything in it.
func (w *workbook) peek(ctx context.Context, s sheet, rep *report) (cells int, err error) {
	_, err = w.scanSheet(ctx, s, rep, func(_ int, row [][]byte) error {
		for _, c := range row {
			if len(bytes.TrimSpace(c)) > 0 {
				cells++
			}
		}
		if cells > 0 {
			return errPeeked
		}
		return nil
	})
	if errors.Is(err, errPeeked) {
		err = nil
	}
	return cells, err
}

// scanSheet calls row for each row of the sheet that the file holds, with its
// number. The cells are valid during the call.
func (w *workbook) scanSheet(ctx context.Context, from sheet, rep *report, row func(number int, cells [][]byte) error) (*sheetScanner, error) {
	r, err := w.part(ctx, from.part, newUnpackBudget(rep))
	if err != nil {
		return nil, err
	}
	if r == nil {
		return nil, rep.stop(rep.at(0, 0, ""), "open the workbook and save it again", "the sheet %q is missing from the file", from.name)
	}
	defer func() { _ = r.Close() }() // only read from
	s := &sheetScanner{book: w, rep: rep, d: xml.NewDecoder(r), uncached: map[int]*tally{}, broken: map[int]*tally{}}
	for {
		t, err := s.d.RawToken()
		if err == io.EOF {
			return s, nil
		}
		if err != nil {
			return nil, err
		}
		switch e := t.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "row":
				if err := s.beginRow(e); err != nil {
					return nil, err
				}
			case "c":
				if err := s.cell(e); err != nil {
					return nil, err
				}
			case "mergeCell":
				if s.merged.count == 0 {
					s.mergedAt = attr(e, "ref")
				}
				s.merged.add(0)
			}
		case xml.EndElement:
			if e.Name.Local == "row" {
				if err := row(s.row, s.cut()); err != nil {
					return nil, err
				}
			}
		}
	}
}

func (s *sheetScanner) beginRow(e xml.StartElement) error {
	number := s.row + 1
	if r := attr(e, "r"); r != "" {
		n, err := strconv.Atoi(r)
		if err != nil || n <= s.row || n > lastSheetRow {
			return s.rep.stop(s.rep.at(s.row, 0, ""), "open the workbook in a spreadsheet program and save it again", "the row after this one has the number %q", r)
		}
		number = n
	}
	if number > lastSheetRow {
		return s.rep.stop(s.rep.at(s.row, 0, ""), "split the sheet", "the sheet has more than %d rows", lastSheetRow)
	}
	s.row = number
	s.data, s.ends = s.data[:0], s.ends[:0]
	return nil
}

// cut returns the row's cells, without the empty ones at its end: formats and
// borders leave such cells behind.
func (s *sheetScanner) cut() [][]byte {
	s.cells = s.cells[:0]
	from := 0
	for n := len(s.ends); n > 0; n-- {
		before := 0
		if n > 1 {
			before = s.ends[n-2]
		}
		if s.ends[n-1] > before {
			break
		}
		s.ends = s.ends[:n-1]
	}
	for _, end := range s.ends {
		s.cells = append(s.cells, s.data[from:end])
		from = end
	}
	return s.cells
}

// warn says what the sheet held that is not an answer.
func (s *sheetScanner) warn(feed *rowFeed) {
	same := func(row int) int { return row }
	rep := s.rep
	for column := 1; column <= len(feed.names); column++ {
		if t := s.uncached[column]; t != nil {
			rep.warn(rep.at(t.first[0], column, feed.name(column)), "open the workbook in a spreadsheet program and save it, or paste the values",
				"%s no stored result and counts as blank (%s)", plural(t.count, "formula has", "formulas have"), t.rows(same))
		}
		if t := s.broken[column]; t != nil {
			rep.warn(rep.at(t.first[0], column, feed.name(column)), "mend the formula",
				"%s an error such as #N/A and counts as blank (%s)", plural(t.count, "cell holds", "cells hold"), t.rows(same))
		}
	}
	if s.merged.count > 0 {
		rep.warn(rep.at(0, 0, ""), "unmerge them and fill in every cell", "%s merged, the first is %s; only the top left cell of each has its value",
			plural(s.merged.count, "range of cells is", "ranges of cells are"), fmt.Sprint(s.mergedAt))
	}
}
