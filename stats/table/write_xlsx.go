package table

import (
	"fmt"
	"io"
	"math"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"waymark/internal/fault"
)

// lastCellUnit is how many UTF-16 units a cell of a workbook holds. Source:
// Excel specifications and limits.
const lastCellUnit = 32_767

// WriteXLSX writes a table as the only sheet of a workbook: a header, the HXL
// tags if there are any, then the rows. Numbers, truths and dates are such
// cells, numbers with the 15 significant digits that spreadsheets show; instants are texts, since a spreadsheet keeps no offset. What is said
// of missing values, sets and formulas at WriteCSV holds here too. Big sheets
// pass through a temporary file of the library, which it deletes.
func WriteXLSX(w io.Writer, t *Table, opt WriteOptions) error {
	if err := opt.check(t); err != nil {
		return err
	}
	name := opt.Sheet
	if name == "" {
		name = "data"
	}
	first := 2
	if opt.HXL != nil {
		first = 3
	}
	if t.rows > lastSheetRow-first+1 {
		return fault.New(fault.Invalid, fault.Place{}, fmt.Sprintf("the table has %d rows; a sheet holds %d", t.rows, lastSheetRow-first+1), "write it as CSV or Parquet")
	}
	if len(t.columns) > lastSheetColumn {
		return fault.New(fault.Invalid, fault.Place{}, fmt.Sprintf("the table has %d columns; a sheet holds %d", len(t.columns), lastSheetColumn), "write it as CSV or Parquet")
	}
	book := excelize.NewFile()
	defer func() { _ = book.Close() }() // only clears temporary files
	if err := book.SetSheetName("Sheet1", name); err != nil {
		return fault.Wrap(fault.Invalid, fault.Place{Sheet: name}, "a sheet cannot have this name", "use up to 31 characters, without : \\ / ? * [ ]", err)
	}
	isoDate := "yyyy-mm-dd"
	style, err := book.NewStyle(&excelize.Style{CustomNumFmt: &isoDate})
	if err != nil {
		return writeFault(err)
	}
	out, err := book.NewStreamWriter(name)
	if err != nil {
		return writeFault(err)
	}
	cells := make([]any, len(t.columns))
	for i, c := range t.columns {
		cells[i] = escapeFormula(c.Name())
	}
	if err := out.SetRow("A1", cells); err != nil {
		return writeFault(err)
	}
	if opt.HXL != nil {
		for i, tag := range opt.HXL {
			cells[i] = tag
		}
		if err := out.SetRow("A2", cells); err != nil {
			return writeFault(err)
		}
	}
	for row := range t.rows {
		for i, c := range t.columns {
			v, err := sheetValue(c, row, style)
			if err != nil {
				return fault.Wrap(fault.Invalid, fault.Place{Sheet: name, Row: row + first, Column: i + 1, Field: c.Name()}, err.Error(), "write it as CSV or Parquet", err)
			}
			cells[i] = v
		}
		if err := out.SetRow(fmt.Sprintf("A%d", row+first), cells); err != nil {
			return writeFault(err)
		}
	}
	if err := out.Flush(); err != nil {
		return writeFault(err)
	}
	if err := book.Write(w); err != nil {
		return writeFault(err)
	}
	return nil
}

// sheetValue is a cell for excelize, or nil for an empty one.
func sheetValue(c Column, row, dateStyle int) (any, error) {
	if c.Missing(row) != Present {
		return nil, nil
	}
	var text string
	switch c := c.(type) {
	case *NumberColumn:
		if v := c.Values[row]; !math.IsInf(v, 0) {
			return v, nil
		}
		return nil, fmt.Errorf("a workbook holds no infinite number")
	case *BoolColumn:
		return c.Values[row], nil
	case *DateColumn:
		if d := c.At(row); d.Year() >= 1901 && d.Year() < 10_000 {
			return excelize.Cell{StyleID: dateStyle, Value: float64(c.Days[row]) + 25_569}, nil
		}
		return c.Text(row), nil // before the days that all spreadsheets count alike
	case *TimeColumn:
		return c.At(row).Format(time.RFC3339), nil
	case *SetColumn:
		text = setText(c, row)
	default:
		text = c.Text(row)
	}
	if text == "" {
		return nil, nil
	}
	if len(text) > lastCellUnit && len(utf16.Encode([]rune(text))) > lastCellUnit {
		return nil, fmt.Errorf("the text is longer than the %d characters that a cell holds", lastCellUnit)
	}
	return escapeFormula(text), nil
}
