package instrument

import (
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"waymark/forms/xlsform/workbook"
	"waymark/internal/fault"
)

// Widths of columns in the written workbook, in characters.
const (
	widthText  = 48 // labels, hints and messages
	widthLogic = 32 // relevant, constraint, calculation
	widthShort = 18
)

// Row heights are set, because not every program fits them to wrapped text.
const (
	lineHeight = 14.0 // points, for a font of 10 points
	perWidth   = 0.95 // characters that surely fit in a unit of width
)

// rightToLeft are the languages, by BCP 47 code, whose cells read from the
// right. Source: the script of each in the CLDR's likely subtags.
var rightToLeft = map[string]bool{"ar": true, "prs": true, "ps": true, "ur": true, "fa": true, "ku": true, "ckb": true, "he": true, "sd": true, "ug": true, "yi": true}

// logicColumns hold expressions.
var logicColumns = map[string]bool{"relevant": true, "constraint": true, "calculation": true, "repeat_count": true, "choice_filter": true, "instance_name": true, "parameters": true}

// WriteXLSX writes an instrument as an XLSForm workbook for people to edit:
// sheets survey, choices and settings with a header that stays in view, texts
// wrapped, and cells of right-to-left languages set from the right. What is
// written reads back as the same questions.
func WriteXLSX(w io.Writer, idOrFolder string) error {
	book, err := XLSForm(idOrFolder)
	if err != nil {
		return err
	}
	f := excelize.NewFile()
	defer f.Close()
	x := &xlsxWriter{f: f}
	if err := x.styles(); err == nil {
		for i, sheet := range book.Sheets {
			if err = x.sheet(i, sheet); err != nil {
				break
			}
		}
		if err == nil {
			err = f.Write(w)
		}
		if err == nil {
			return nil
		}
	}
	return fault.Wrap(fault.Internal, fault.Place{File: idOrFolder}, "the workbook could not be written", "check that the place can be written to and has room", err)
}

// xlsxWriter holds the styles of the workbook.
type xlsxWriter struct {
	f                          *excelize.File
	header, left, right, logic int // styles
	open, openRight            int // of a row that opens or closes a group or repeat
}

func (x *xlsxWriter) styles() error {
	style := func(to *int, bold bool, family, fill string, order uint64, horizontal string) error {
		s := &excelize.Style{Font: &excelize.Font{Bold: bold, Size: 10, Family: family},
			Alignment: &excelize.Alignment{WrapText: true, Vertical: "top", ReadingOrder: order, Horizontal: horizontal}, NumFmt: 49} // 49: text
		if fill != "" {
			s.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{fill}}
		}
		var err error
		*to, err = x.f.NewStyle(s)
		return err
	}
	for _, e := range []error{
		style(&x.header, true, "Calibri", "D9E2EC", 1, "left"),
		style(&x.left, false, "Calibri", "", 1, "left"),
		style(&x.right, false, "Calibri", "", 2, "right"),
		style(&x.logic, false, "Courier New", "", 1, "left"),
		style(&x.open, true, "Calibri", "F0F4F8", 1, "left"),
		style(&x.openRight, true, "Calibri", "F0F4F8", 2, "right"),
	} {
		if e != nil {
			return e
		}
	}
	return nil
}

// sheet writes one sheet.
func (x *xlsxWriter) sheet(i int, s *workbook.Sheet) error {
	if i == 0 {
		if err := x.f.SetSheetName("Sheet1", s.Title); err != nil {
			return err
		}
	} else if _, err := x.f.NewSheet(s.Title); err != nil {
		return err
	}
	styles, widths := make([]int, len(s.Header)), make([]float64, len(s.Header))
	typeColumn := -1
	for c, h := range s.Header {
		name, lang, translated := strings.Cut(canonicalHeader(h), "::")
		width := float64(widthShort)
		styles[c] = x.left
		switch {
		case translated && rightToLeft[languageCode(lang)]:
			styles[c], width = x.right, widthText
		case translated:
			width = widthText
		case logicColumns[name]:
			styles[c], width = x.logic, widthLogic
		case name == "type" || name == "form_title":
			width = widthLogic
		}
		if name == "type" {
			typeColumn = c
		}
		widths[c] = width
		letters := workbook.ColumnName(c)
		if err := x.f.SetColWidth(s.Title, letters, letters, width); err != nil {
			return err
		}
		if err := x.cell(s.Title, c, 1, h, x.header); err != nil {
			return err
		}
	}
	for r, row := range s.Rows {
		opens := false
		if typeColumn >= 0 {
			t := row.Get(typeColumn)
			opens = strings.HasPrefix(t, "begin") || strings.HasPrefix(t, "end_") || strings.HasPrefix(t, "end ")
		}
		lines := 1
		for _, cell := range row.Cells {
			style := styles[cell.Column]
			switch {
			case opens && style == x.left:
				style = x.open
			case opens && style == x.right:
				style = x.openRight
			}
			if err := x.cell(s.Title, cell.Column, r+2, cell.Text, style); err != nil {
				return err
			}
			lines = max(lines, int(float64(utf8.RuneCountInString(cell.Text))/(widths[cell.Column]*perWidth))+1)
		}
		if err := x.f.SetRowHeight(s.Title, r+2, min(float64(lines)*lineHeight+2, excelize.MaxRowHeight)); err != nil {
			return err
		}
	}
	return x.layout(s)
}

// layout keeps the header and, where rows have names, the names in view, says
// how far the sheet reaches, and prepares it for printing.
func (x *xlsxWriter) layout(s *workbook.Sheet) error {
	// Readers that stream trust the stated reach; without it they see one cell.
	if err := x.f.SetSheetDimension(s.Title, "A1:"+workbook.ColumnName(max(len(s.Header), 1)-1)+strconv.Itoa(len(s.Rows)+1)); err != nil {
		return err
	}
	frozen, active := 0, "bottomLeft"
	if s.Name == "survey" || s.Name == "choices" {
		frozen, active = 2, "bottomRight" // type and name, or list_name and name
	}
	if err := x.f.SetPanes(s.Title, &excelize.Panes{Freeze: true, XSplit: frozen, YSplit: 1,
		TopLeftCell: workbook.ColumnName(frozen) + "2", ActivePane: active}); err != nil {
		return err
	}
	landscape, a3 := "landscape", 8 // 8: A3 in the format's list of paper sizes
	if err := x.f.SetPageLayout(s.Title, &excelize.PageLayoutOptions{Orientation: &landscape, Size: &a3}); err != nil {
		return err
	}
	titles := "'" + s.Title + "'!$1:$1"
	if frozen > 0 {
		titles = "'" + s.Title + "'!$A:$B," + titles
	}
	return x.f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: titles, Scope: s.Title})
}

// cell writes one cell as text, so that no code turns into a number or date.
func (x *xlsxWriter) cell(sheet string, column, row int, text string, style int) error {
	at, err := excelize.CoordinatesToCellName(column+1, row)
	if err != nil {
		return err
	}
	if err := x.f.SetCellStr(sheet, at, text); err != nil {
		return err
	}
	return x.f.SetCellStyle(sheet, at, at, style)
}
