// Package workbook reads the sheets of an XLSForm from XLSX, XLS, CSV or
// markdown tables into rows of text, with the place of every cell.
//
// It knows files and sheets; it must not know what a column means.
package workbook

import "waymark/internal/fault"

// Format is what the bytes of a file turned out to be, whatever its name says.
type Format uint8

// The formats that are read.
const (
	XLSX Format = iota
	XLS
	CSV
	Markdown
)

// Workbook is the sheets of one XLSForm.
type Workbook struct {
	Format Format
	// Stem is the file's name without folder and extension, or empty if it came
	// from a stream. It is the form's id where the settings give none.
	Stem string
	// Names are all sheets of the file as written, in order, for spelling hints.
	Names []string
	// Sheets are the sheets that an XLSForm has: survey, choices, settings,
	// external_choices, osm, entities. A file with a single sheet of another
	// name has it here as survey.
	Sheets []*Sheet
	// Warnings tell of text that lies too far out to be read.
	Warnings []*fault.Fault
}

// Sheet returns the sheet of a (lower-case) name, or nil.
func (w *Workbook) Sheet(name string) *Sheet {
	for _, s := range w.Sheets {
		if s.Name == name {
			return s
		}
	}
	return nil
}

// Sheet is one sheet: a header and rows below it.
type Sheet struct {
	Name  string // lower case: "survey"
	Title string // as written: "Survey"
	// Header has the text of every header cell by its column; an empty string
	// is a column without a header, whose cells are not read.
	Header []string
	Rows   []Row
}

// Row is one row under the header. Rows without any text are left out.
type Row struct {
	// Number counts from 1 with the header as row 1, as spreadsheets show it.
	// In CSV and markdown it counts the rows of that sheet that have text.
	Number int
	// Cells are the non-empty cells in the order of columns.
	Cells []Cell
}

// Cell is one non-empty cell.
type Cell struct {
	// Column counts from 0 and indexes Header.
	Column int
	// Text is trimmed at both ends, with no-break spaces turned into spaces.
	// Numbers are written without a trailing ".0", booleans as TRUE and FALSE,
	// dates as 2006-01-02 15:04:05, formulas as their stored value.
	Text string
}

// Get returns the text in a column, or "".
func (r Row) Get(column int) string {
	for _, c := range r.Cells {
		if c.Column == column {
			return c.Text
		}
	}
	return ""
}

// ColumnName returns the spreadsheet's letters for a column that counts from 0:
// 0 is A, 26 is AA.
func ColumnName(column int) string {
	name := ""
	for column++; column > 0; column = (column - 1) / 26 {
		name = string(rune('A'+(column-1)%26)) + name
	}
	return name
}
