package workbook

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"waymark/internal/fault"
)

// kind is what a cell held before it became text.
type kind uint8

const (
	textCell kind = iota
	numberCell
	boolCell
	dateCell
)

var kindWords = [...]string{"text", "a number", "TRUE or FALSE", "a date"}

// budget is what is left of the limits that all sheets of a file share.
type budget struct {
	cells, text int
	over        bool
	faults      *fault.List
	warnings    []*fault.Fault
}

func newBudget() *budget {
	return &budget{cells: MaxCells, text: MaxTextBytes, faults: fault.NewList(MaxFaults)}
}

// grid builds one sheet from cells that come row by row. The rules are those of
// pyxform's readers: the first row is the header; a run of more than 20 empty
// columns or 60 empty rows ends the sheet; columns without a header are not read.
type grid struct {
	sheet  *Sheet
	shared *budget
	// runs says whether runs of empty rows and columns end the sheet.
	runs bool

	row     int // the row being built, from 1; 0 before the first
	last    int // the last row with text
	done    bool
	chunk   []Cell // cells of many rows; Rows hold slices of it
	start   int    // where the row being built starts in chunk
	sized   bool   // the header is complete
	byName  map[string]int
	strayed bool // text was found though row 1 is empty
	// beyond says that the row being built lies behind the end of the sheet: it
	// is looked at only to say that it is not read.
	beyond   bool
	overlaid bool // text behind the last column was told of
	// unstored counts formulas without a value by column, with the first's fault.
	unstored map[int]*unstored
}

// unstored are the formulas without a stored value in one column.
type unstored struct {
	first *fault.Fault
	count int
}

func newGrid(name, title string, shared *budget, runs bool) *grid {
	return &grid{sheet: &Sheet{Name: name, Title: title}, shared: shared, runs: runs}
}

// startRow begins a row, which counts from 1 and must be beyond the one before.
// It returns false where the sheet has ended.
func (g *grid) startRow(row int) bool {
	empty := row - max(g.last, 1) - 1
	if g.done || g.shared.over || g.runs && empty > lookedRows {
		g.done = true
		return false
	}
	g.beyond = g.runs && empty > emptyRows
	if row > 1 && !g.sized {
		g.endHeader()
	}
	g.row, g.start = row, len(g.chunk)
	return true
}

// wants says whether a cell in a column, which counts from 0, is read at all.
func (g *grid) wants(column int) bool {
	switch {
	case g.row <= 1:
		return !g.overlaid
	case len(g.sheet.Header) == 0:
		return !g.strayed
	default:
		return column < len(g.sheet.Header) && g.sheet.Header[column] != ""
	}
}

// place is the place of a cell in the row being built.
func (g *grid) place(column int) fault.Place {
	p := fault.Place{Sheet: g.sheet.Title, Row: g.row, Column: column + 1}
	if g.row > 1 && column < len(g.sheet.Header) {
		p.Field = g.sheet.Header[column]
	}
	return p
}

// faultf adds a fault at a cell of the row being built.
func (g *grid) faultf(column int, remedy, format string, args ...any) {
	if g.beyond {
		return
	}
	g.last = max(g.last, g.row)
	g.shared.faults.Addf(fault.Invalid, g.place(column), remedy, format, args...)
}

// warnf adds a warning at a cell of the row being built.
func (g *grid) warnf(column int, remedy, format string, args ...any) {
	g.shared.warnings = append(g.shared.warnings, fault.New(fault.Invalid, g.place(column), fmt.Sprintf(format, args...), remedy))
}

// noValue tells of a formula without a stored value: one fault a column, since a
// program that stores none stores none at all.
func (g *grid) noValue(column int) {
	if g.beyond {
		return
	}
	g.last = max(g.last, g.row)
	if u := g.unstored[column]; u != nil {
		u.count++
		u.first.Message = fmt.Sprintf("%d cells of this column from here on hold a formula without a stored value", u.count)
		return
	}
	f := fault.New(fault.Invalid, g.place(column), "the cell holds a formula without a stored value",
		"open the workbook in a spreadsheet program and save it, or write the value instead of the formula")
	if g.unstored == nil {
		g.unstored = map[int]*unstored{}
	}
	g.unstored[column] = &unstored{first: f, count: 1}
	g.shared.faults.Add(f)
}

// put adds a cell that wants has let through. Its text is clean already; an
// empty one is no cell. Of two cells in one place the later one counts.
func (g *grid) put(column int, text string, k kind) {
	if text == "" || g.shared.over {
		return
	}
	if len(text) > MaxTextChars && utf8.RuneCountInString(text) > MaxTextChars {
		g.faultf(column, "shorten it", "the cell holds %d characters; the most is %d", utf8.RuneCountInString(text), MaxTextChars)
		return
	}
	if g.row <= 1 {
		if g.runs && column-len(g.sheet.Header) > emptyColumns {
			g.overlaid = true
			g.warnf(column, "move the columns together", "this column and those behind it are not read: more than %d empty columns lie before it", emptyColumns)
			return
		}
		g.putHeader(column, text, k)
		return
	}
	if g.beyond {
		if g.done {
			return
		}
		g.done = true
		g.warnf(column, "take out the empty rows", "this row and those below it are not read: more than %d empty rows lie above it", emptyRows)
		return
	}
	if len(g.sheet.Header) == 0 {
		if !g.strayed {
			g.strayed = true
			g.faultf(column, "put the column headers into row 1", "the sheet has text here, but its row 1 is empty")
		}
		g.done = true
		return
	}
	g.shared.cells--
	g.shared.text -= len(text)
	if g.shared.cells < 0 || g.shared.text < 0 {
		g.shared.over = true
		g.shared.faults.Addf(fault.Unavailable, g.place(column), "split the form or move its choices to a file of their own",
			"the form has more than %d cells or %d MiB of text", MaxCells, MaxTextBytes>>20)
		return
	}
	g.last = g.row
	if n := len(g.chunk); n > g.start && g.chunk[n-1].Column >= column {
		g.insert(column, text)
		return
	}
	g.grow()
	g.chunk = append(g.chunk, Cell{Column: column, Text: text})
}

// grow makes room for one more cell of the row being built, and moves the row
// to a new chunk if there is none.
func (g *grid) grow() {
	if len(g.chunk) < cap(g.chunk) {
		return
	}
	row := g.chunk[g.start:]
	next := make([]Cell, len(row), max(128, 2*len(row), min(2*cap(g.chunk), 1<<16)))
	copy(next, row)
	g.chunk, g.start = next, 0
}

// insert puts a cell into its place in a row whose cells came out of order.
func (g *grid) insert(column int, text string) {
	at := len(g.chunk)
	for at > g.start && g.chunk[at-1].Column >= column {
		at--
	}
	if g.chunk[at].Column == column {
		g.chunk[at].Text = text
		return
	}
	moved := at - g.start
	g.grow()
	at = g.start + moved
	g.chunk = append(g.chunk, Cell{})
	copy(g.chunk[at+1:], g.chunk[at:])
	g.chunk[at] = Cell{Column: column, Text: text}
}

// endRow completes the row. A row without text leaves nothing.
func (g *grid) endRow() {
	if g.row > 1 && len(g.chunk) > g.start {
		n := len(g.chunk)
		g.sheet.Rows = append(g.sheet.Rows, Row{Number: g.row, Cells: g.chunk[g.start:n:n]})
	}
}

// putHeader adds a header cell.
func (g *grid) putHeader(column int, text string, k kind) {
	switch {
	case column >= MaxColumns:
		g.faultf(column, "remove the columns that the form does not need", "the sheet has more than %d columns", MaxColumns)
		return
	case k != textCell:
		g.faultf(column, "write the name of the column as text", "the header cell holds %s, %s", kindWords[k], text)
		return
	}
	text = oneSpace(text)
	if g.byName == nil {
		g.byName = make(map[string]int)
	}
	if first, twice := g.byName[text]; twice && first != column {
		g.faultf(column, "rename one of them or remove it", "the column header %q is in column %s and again in column %s",
			text, ColumnName(first), ColumnName(column))
		return
	}
	g.byName[text] = column
	for len(g.sheet.Header) <= column {
		g.sheet.Header = append(g.sheet.Header, "")
	}
	g.sheet.Header[column] = text
}

// endHeader closes the header once a row below it comes.
func (g *grid) endHeader() {
	g.sized, g.byName = true, nil
}

// clean trims a text at both ends and turns no-break spaces into spaces.
func clean(s string) string {
	s = strings.TrimSpace(s)
	if strings.Contains(s, "\u00a0") {
		s = strings.ReplaceAll(s, "\u00a0", " ")
	}
	return s
}

// oneSpace makes one space of every run of spaces.
func oneSpace(s string) string {
	if !strings.Contains(s, "  ") {
		return s
	}
	var b strings.Builder
	for i := range len(s) {
		if s[i] != ' ' || i == 0 || s[i-1] != ' ' {
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// control returns the place-free message about a character that no form may
// hold, or "". XML, in which forms are written, has no way to write it.
func control(s string) string {
	for i := range len(s) {
		if c := s[i]; c < ' ' && c != '\t' && c != '\n' && c != '\r' {
			return fmt.Sprintf("the cell holds the control character U+%04X", c)
		}
	}
	for _, c := range []string{"\uFFFE", "\uFFFF"} {
		if strings.Contains(s, c) {
			return fmt.Sprintf("the cell holds U+%X, which is no character", []rune(c)[0])
		}
	}
	return ""
}
