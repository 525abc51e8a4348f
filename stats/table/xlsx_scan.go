package table

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"time"
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

// cell reads one cell and adds its text to the row.
func (s *sheetScanner) cell(e xml.StartElement) error {
	column := len(s.ends) + 1
	if ref := attr(e, "r"); ref != "" {
		c, ok := columnOf(ref)
		if !ok || c < column {
			return s.rep.stop(s.rep.at(s.row, column, ""), "open the workbook in a spreadsheet program and save it again", "the cell calls itself %q, which is out of order", ref)
		}
		column = c
	}
	if column > min(s.rep.limits.Columns, lastSheetColumn) {
		return s.rep.stop(s.rep.at(s.row, column, ""), "leave out the columns that are not needed", "the row has more than %d columns", min(s.rep.limits.Columns, lastSheetColumn))
	}
	for len(s.ends) < column-1 {
		s.ends = append(s.ends, len(s.data))
	}
	uncached, inline, err := s.inside()
	if err != nil {
		return err
	}
	if err := s.put(attr(e, "t"), attr(e, "s"), column, uncached, inline); err != nil {
		return err
	}
	s.ends = append(s.ends, len(s.data))
	return nil
}

// columnOf reads the letters of a reference such as AB12.
func columnOf(ref string) (int, bool) {
	n := 0
	for i := 0; i < len(ref); i++ {
		c := ref[i] | 0x20
		if c < 'a' || c > 'z' {
			return n, i > 0
		}
		n = n*26 + int(c-'a') + 1
		if n > lastSheetColumn {
			return 0, false
		}
	}
	return n, n > 0
}

// inside reads a cell's elements into s.value. uncached says that the cell is a
// formula whose result is not in the file; an empty result is one.
func (s *sheetScanner) inside() (uncached, inline bool, err error) {
	s.value = s.value[:0]
	formula, inValue, anyValue := false, false, false
	for {
		t, err := s.d.RawToken()
		if err != nil {
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return false, false, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "f":
				formula = true
			case "v":
				inValue, anyValue = true, true
			case "is":
				inline = true
				if s.value, err = appendText(s.value, s.d, "is"); err != nil {
					return false, false, err
				}
			}
		case xml.CharData:
			if inValue {
				s.value = append(s.value, t...)
			}
		case xml.EndElement:
			inValue = false
			if t.Name.Local == "c" {
				return formula && !anyValue, inline, nil
			}
		}
	}
}

// put appends the text of a cell with this type and style.
func (s *sheetScanner) put(kind, style string, column int, uncached, inline bool) error {
	v := s.value
	if len(v) > s.rep.limits.CellBytes {
		return s.rep.stop(s.rep.at(s.row, column, ""), "shorten the text", "the cell is longer than %d bytes", s.rep.limits.CellBytes)
	}
	if uncached {
		count(s.uncached, column, s.row)
		return nil
	}
	switch {
	case inline || len(v) == 0:
		s.data = append(s.data, v...)
	case kind == "s":
		i, err := strconv.Atoi(string(v))
		text, ok := s.book.strings.get(i)
		if err != nil || !ok {
			return s.rep.stop(s.rep.at(s.row, column, ""), "open the workbook in a spreadsheet program and save it again", "the cell refers to a text that the workbook does not have")
		}
		s.data = append(s.data, text...)
	case kind == "e":
		count(s.broken, column, s.row)
	case kind == "b":
		s.data = strconv.AppendBool(s.data, v[0] == '1' || v[0] == 't')
	case kind == "str", kind == "d":
		from := len(s.data)
		s.data = unescapeXML(append(s.data, v...), from)
	default:
		s.number(v, style)
	}
	return nil
}

func count(m map[int]*tally, column, row int) {
	t := m[column]
	if t == nil {
		t = &tally{}
		m[column] = t
	}
	t.add(row)
}

// number appends a number as its shortest decimal, or as a date or time where
// the cell's format says so.
func (s *sheetScanner) number(v []byte, style string) {
	i, err := strconv.Atoi(style)
	kind := styleNumber
	if err == nil && i >= 0 && i < len(s.book.styles) {
		kind = s.book.styles[i]
	}
	x, ok := plainNumber(bytes.TrimSpace(v))
	if !ok {
		s.data = append(s.data, v...)
		return
	}
	if kind != styleNumber {
		if text, ok := serialText(x, kind, s.book.epoch); ok {
			s.data = append(s.data, text...)
			return
		}
	}
	s.data = strconv.AppendFloat(s.data, x, 'f', -1, 64)
}

// serialText renders a spreadsheet's day number as a date, a date with a time
// of day, or a time of day. Days before 1 March 1900 are one off in the files
// of spreadsheets, which count a 29 February 1900.
func serialText(x float64, style dateStyle, epoch int) (string, bool) {
	x += float64(epoch)
	day := math.Floor(x)
	seconds := int64(math.Round((x - day) * daySeconds))
	if x < 0 || x >= 2_958_466 { // 31 December 9999
		return "", false
	}
	if x < 1 || style == styleClock {
		if x >= 1 {
			return "", false // a span of time or a clock with a hidden date
		}
		t := time.Unix(min(seconds, daySeconds-1), 0).UTC()
		return t.Format(time.TimeOnly), true
	}
	if day < 61 {
		day++
	}
	t := time.Unix((int64(day)-25_569)*daySeconds+seconds, 0).UTC()
	if style == styleDateTime || seconds%daySeconds != 0 {
		return t.Format("2006-01-02T15:04:05"), true
	}
	return t.Format(time.DateOnly), true
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
