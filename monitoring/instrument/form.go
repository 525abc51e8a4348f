package instrument

import (
	"bytes"
	"encoding/csv"
	"strings"

	"waymark/forms/xlsform/workbook"
	"waymark/internal/fault"
)

// XLSForm returns the sheets of an instrument as a compiler of XLSForms takes
// them. The source is checked first, as Load does.
func XLSForm(idOrFolder string) (*workbook.Workbook, error) {
	src, err := open(idOrFolder)
	if err != nil {
		return nil, err
	}
	in, err := src.parse()
	if err != nil {
		return nil, err
	}
	if src.book != "" {
		book, err := workbook.Read(src.files[src.book])
		if err != nil {
			return nil, fault.InFile(err, src.name)
		}
		book.Stem = src.stem
		return book, nil
	}
	book := &workbook.Workbook{Format: workbook.CSV, Stem: in.ID}
	for _, file := range []string{surveyFile, choicesFile, settingsFile} {
		data, ok := src.files[file]
		if !ok {
			continue
		}
		sheet, err := formSheet(strings.TrimSuffix(file, ".csv"), data)
		if err != nil {
			return nil, fault.Wrap(fault.Invalid, src.at(file), "the file cannot be read as CSV", "save it as CSV in UTF-8", err)
		}
		book.Names = append(book.Names, sheet.Title)
		book.Sheets = append(book.Sheets, sheet)
	}
	return book, nil
}

// formSheet turns a CSV file into a sheet: the first row with text is the
// header, rows without any are left out.
func formSheet(name string, data []byte) (*workbook.Sheet, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord = -1
	header, _, _ := bytes.Cut(data, []byte("\n"))
	if bytes.IndexByte(header, ',') < 0 && bytes.IndexByte(header, ';') >= 0 {
		r.Comma = ';'
	}
	rows, err := r.ReadAll()
	if err != nil {
		return nil, err
	}
	sheet := &workbook.Sheet{Name: name, Title: name}
	for i, cells := range rows {
		row := workbook.Row{Number: i + 1}
		for column, text := range cells {
			text = strings.TrimSpace(strings.ReplaceAll(text, "\u00a0", " "))
			cells[column] = text
			if text != "" {
				row.Cells = append(row.Cells, workbook.Cell{Column: column, Text: text})
			}
		}
		switch {
		case len(row.Cells) == 0:
		case sheet.Header == nil:
			sheet.Header = cells
		default:
			sheet.Rows = append(sheet.Rows, row)
		}
	}
	return sheet, nil
}
