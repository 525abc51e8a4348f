package table

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// TestWorkbookCells reads cells of each kind that excelize wrote.
func TestWorkbookCells(t *testing.T) {
	data := workbookOf(t, func(f *excelize.File) {
		format := func(at string, style excelize.Style) {
			id, err := f.NewStyle(&style)
			if err == nil {
				err = f.SetCellStyle("Sheet1", at, at, id)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		custom := `[$-809]dd" of "mmmm yyyy;@`
		setCells(t, f, "Sheet1", map[string]any{
			"A1": "text", "B1": "number", "C1": "day", "D1": "instant", "E1": "truth", "F1": "clock", "G1": "formula", "H1": "other day",
			"A2": "é <b>&amp;", "B2": 0.1, "C2": 42649, "D2": time.Date(2016, 10, 6, 9, 30, 0, 0, time.UTC), "E2": true, "F2": 0.5, "G2": 3, "H2": 42649,
			"A3": "007", "B3": -1e-7, "C3": 42650, "D3": time.Date(2016, 10, 7, 0, 0, 0, 0, time.UTC), "E3": false, "F3": 0.25, "G3": 4, "H3": 42650,
		})
		for _, row := range []string{"2", "3"} {
			format("C"+row, excelize.Style{NumFmt: 14})
			format("D"+row, excelize.Style{NumFmt: 22})
			format("F"+row, excelize.Style{NumFmt: 20})
			format("H"+row, excelize.Style{CustomNumFmt: &custom})
		}
	})
	r, err := ReadFrom(context.Background(), bytes.NewReader(data), int64(len(data)), "test.xlsx", Options{})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"text":      "é <b>&amp;|007",
		"number":    "0.1|-0.0000001",
		"day":       "2016-10-06|2016-10-07",
		"instant":   "2016-10-06T09:30:00Z|2016-10-07T00:00:00Z",
		"truth":     "true|false",
		"clock":     "12:00:00|06:00:00",
		"formula":   "3|4",
		"other day": "2016-10-06|2016-10-07",
	} {
		if got := texts(r.Table.Column(name)); got != want {
			t.Errorf("%s = %q, expected %q", name, got, want)
		}
	}
}

// TestWorkbookAgainstExcelize reads real workbooks and compares every text cell
// with what excelize reads.
func TestWorkbookAgainstExcelize(t *testing.T) {
	for _, path := range [][]string{
		{"data", "htcds", "htcds_xlsform.xlsx"}, {"data", "xlsforms", "all-question-types-v2024091201-3.xlsx"}, {"data", "xlsforms", "socio-economic-survey-v20240515.xlsx"},
	} {
		file := shared(t, path...)
		book, err := excelize.OpenFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, sheet := range book.GetSheetList() {
			rows, err := book.GetRows(sheet, excelize.Options{RawCellValue: true})
			if err != nil {
				t.Fatal(err)
			}
			if len(rows) == 0 {
				continue
			}
			r, err := Read(context.Background(), file, Options{Sheet: sheet, Match: func(h Header) (*Schema, error) {
				s := &Schema{}
				for i, n := range h.Names {
					s.Fields = append(s.Fields, Field{Name: n, Kind: Text})
					s.Targets = append(s.Targets, Target{Field: i, Option: -1})
				}
				return s, nil
			}})
			if err != nil && strings.Contains(err.Error(), "name all columns in the first row") {
				continue // two sheets of the three files have no header
			}
			if err != nil {
				t.Errorf("%s, sheet %s: %v", path[2], sheet, err)
				continue
			}
			compared := 0
			for row := range r.Table.Rows() {
				cells := rows[r.Source.FileRow(row)-1]
				for i, c := range r.Table.Columns() {
					want := ""
					if i < len(cells) {
						want = cells[i]
					}
					if c.Missing(row) == Present {
						compared++
						if got := c.Text(row); got != want && strings.ToLower(want) != got && !(want == "1" && got == "true" || want == "0" && got == "false") {
							t.Errorf("%s, sheet %s, row %d, %s: %q, excelize reads %q", path[2], sheet, r.Source.FileRow(row), c.Name(), got, want)
						}
					} else if strings.TrimSpace(want) != "" && !isNotAvailable([]byte(want)) {
						t.Errorf("%s, sheet %s, row %d, %s: blank, excelize reads %q", path[2], sheet, r.Source.FileRow(row), c.Name(), want)
					}
				}
			}
			if compared == 0 && len(rows) > 1 && r.Table.Rows() > 0 {
				t.Errorf("%s, sheet %s: nothing compared", path[2], sheet)
			}
		}
		if err := book.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestFormatStyle(t *testing.T) {
	for code, want := range map[string]dateStyle{
		"General": styleNumber, "0.00": styleNumber, "#,##0;[Red]-#,##0": styleNumber, `0" days"`: styleNumber, "@": styleNumber, "0.0E+00": styleNumber,
		"yyyy-mm-dd": styleDate, "d/m/yy": styleDate, "mmm": styleDate, `[$-409]d\ mmm\ yyyy;@`: styleDate,
		"dd/mm/yyyy hh:mm": styleDateTime, "h:mm AM/PM": styleClock, "[h]:mm:ss": styleClock, "mm:ss": styleClock,
	} {
		if got := formatStyle(code); got != want {
			t.Errorf("%s is style %d, expected %d", code, got, want)
		}
	}
}
