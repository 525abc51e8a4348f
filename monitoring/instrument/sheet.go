package instrument

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"waymark/internal/fault"
)

// The bounds of a workbook: bytes that it may unpack to, and rows of a sheet
// that are read.
const (
	maxUnpacked = 256 << 20
	maxRows     = 100_000
)

// sheet is one sheet of an XLSForm: header names in lower case, and rows of
// cells without surrounding space.
type sheet struct {
	at     fault.Place
	header []string
	rows   []sheetRow
	index  map[string]int
	// translated has the columns of texts by name without language.
	translated map[string][]languageColumn
}

type sheetRow struct {
	number int // in the file, from 1
	cells  []string
}

// cell returns a row's cell under a header, or "".
func (s *sheet) cell(row sheetRow, header string) string {
	if i, ok := s.index[header]; ok && i < len(row.cells) {
		return row.cells[i]
	}
	return ""
}

// place is where a row's cell is. Column 0 if there is no such header.
func (s *sheet) place(row int, header string) fault.Place {
	p := s.at
	p.Row = row
	if i, ok := s.index[header]; ok {
		p.Column = i + 1
	}
	return p
}

// newSheet takes the first row with text as the header.
func newSheet(at fault.Place, rows []sheetRow, faults *fault.List) *sheet {
	s := &sheet{at: at, index: map[string]int{}}
	for _, row := range rows {
		blank := true
		for i, c := range row.cells {
			row.cells[i] = strings.TrimSpace(c)
			blank = blank && row.cells[i] == ""
		}
		if blank {
			continue
		}
		if s.header != nil {
			s.rows = append(s.rows, row)
			continue
		}
		s.header = row.cells
		for i, h := range s.header {
			s.header[i] = canonicalHeader(h)
			if s.header[i] == "" {
				continue
			}
			if first, twice := s.index[s.header[i]]; twice {
				p := at
				p.Row, p.Column = row.number, i+1
				faults.Addf(fault.Invalid, p, "keep one of the two", "column %q is also column %d", s.header[i], first+1)
				continue
			}
			s.index[s.header[i]] = i
		}
	}
	s.readLanguages()
	return s
}

// canonicalHeader brings a header of an XLSForm sheet to one spelling:
// "Label :: English (en)" becomes "label::English (en)", "list name" list_name.
func canonicalHeader(h string) string {
	h = strings.TrimSpace(h)
	name, lang, translated := strings.Cut(h, "::")
	if !translated {
		name, lang, translated = strings.Cut(h, ":")
	}
	name = strings.ReplaceAll(strings.ToLower(strings.TrimSpace(name)), " ", "_")
	switch name {
	case "relevance":
		name = "relevant"
	case "constraint_msg":
		name = "constraint_message"
	case "calculate":
		name = "calculation"
	case "value":
		name = "name"
	}
	if translated {
		return name + "::" + strings.TrimSpace(lang)
	}
	return name
}

// readCSV reads a sheet kept as CSV in UTF-8, with commas, or semicolons where
// the header has no comma. Row numbers are those of a spreadsheet.
func readCSV(at fault.Place, data []byte, faults *fault.List) *sheet {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(data) {
		faults.Addf(fault.Invalid, at, "save it as CSV in UTF-8", "the file is not in UTF-8")
		return newSheet(at, nil, faults)
	}
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord = -1
	header, _, _ := bytes.Cut(data, []byte("\n"))
	if bytes.IndexByte(header, ',') < 0 && bytes.IndexByte(header, ';') >= 0 {
		r.Comma = ';'
	}
	var rows []sheetRow
	inside := 0 // line breaks inside cells so far
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			p := at
			var parse *csv.ParseError
			if errors.As(err, &parse) {
				p.Row = parse.StartLine - inside
			}
			faults.Add(fault.Wrap(fault.Invalid, p, "the line cannot be read as CSV", `put cells with commas or quotes in double quotes, and double the quotes inside`, err))
			break
		}
		line, _ := r.FieldPos(0)
		rows = append(rows, sheetRow{line - inside, cells})
		for _, c := range cells {
			inside += strings.Count(c, "\n")
		}
		if len(rows) > maxRows {
			faults.Addf(fault.Invalid, at, "an instrument holds questions, not answers", "the sheet has more than %d rows", maxRows)
			break
		}
	}
	return newSheet(at, rows, faults)
}

// readWorkbook reads the survey, choices and settings sheets of an XLSForm.
func readWorkbook(at fault.Place, data []byte, faults *fault.List) map[string]*sheet {
	book, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: maxUnpacked})
	if err != nil {
		faults.Add(fault.Wrap(fault.Invalid, at, "the file cannot be read as a workbook", "save it as .xlsx again, without a password", err))
		return nil
	}
	defer book.Close()
	sheets := map[string]*sheet{}
	for _, name := range book.GetSheetList() {
		key := strings.ToLower(strings.TrimSpace(name))
		if key != "survey" && key != "choices" && key != "settings" {
			continue
		}
		p := at
		p.Sheet = name
		grid, err := book.GetRows(name, excelize.Options{RawCellValue: true})
		if err != nil {
			faults.Add(fault.Wrap(fault.Invalid, p, "the sheet cannot be read", "save the workbook again", err))
			continue
		}
		if len(grid) > maxRows {
			faults.Addf(fault.Invalid, p, "an instrument holds questions, not answers", "the sheet has more than %d rows", maxRows)
			grid = grid[:maxRows]
		}
		rows := make([]sheetRow, len(grid))
		for i, cells := range grid {
			rows[i] = sheetRow{i + 1, cells}
		}
		sheets[key] = newSheet(p, rows, faults)
	}
	return sheets
}
