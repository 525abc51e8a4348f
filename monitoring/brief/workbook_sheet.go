package brief

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// labelColumns is how many columns the line of the source is coloured over.
const labelColumns = 12

// titleHeight is the height of the first row in points, for type of 14.
const titleHeight = 21

// Widths of columns in characters of the standard type.
const (
	narrowest = 9
	widest    = 48
)

// sheet writes one table: its caption, where it comes from, a link back to the
// contents, header, HXL tags, rows, and notes.
func (b *book) sheet(name, contents string, e export) {
	f, t := b.file, e.table
	if _, err := f.NewSheet(name); err != nil {
		b.do(err)
		return
	}
	b.text(name, 1, 1, e.label+". "+t.Caption, "title")
	b.do(f.SetRowHeight(name, 1, titleHeight))
	style := "quiet"
	if b.doc.Synthetic != "" {
		style = "label"
	}
	b.text(name, 1, 2, b.doc.source(), style)
	b.do(f.SetCellStyle(name, at(1, 2), at(max(len(t.Columns), labelColumns), 2), b.style(style)))
	b.text(name, 1, 3, contents, "link")
	b.do(f.SetCellHyperLink(name, at(1, 3), inside(contents), "Location"))

	const head = 5
	row, tagged := head, false
	widths := make([]int, len(t.Columns))
	for j, c := range t.Columns {
		style := "head"
		if c.Numeric {
			style = "headnum"
		}
		b.text(name, j+1, row, c.Label, style)
		widths[j] = min(utf8.RuneCountInString(c.Label), 16)
		tagged = tagged || c.HXL != ""
	}
	if tagged {
		row++
		for j, c := range t.Columns {
			b.text(name, j+1, row, c.HXL, "tag")
			widths[j] = max(widths[j], min(utf8.RuneCountInString(c.HXL), 22))
		}
	}
	first := row + 1
	for _, cells := range t.Rows {
		row++
		group := isGroupRow(t, cells)
		for j, c := range cells {
			if j >= len(t.Columns) {
				break
			}
			b.cell(name, j+1, row, c, t.Columns[j].Numeric, group)
			if !group {
				widths[j] = max(widths[j], utf8.RuneCountInString(c.Text))
			}
		}
	}
	for _, n := range t.Notes {
		row++
		if n == t.Notes[0] {
			row++
		}
		b.text(name, 1, row, n, "quiet")
	}
	for j, w := range widths {
		column, _ := excelize.ColumnNumberToName(j + 1)
		b.do(f.SetColWidth(name, column, column, float64(min(max(w, narrowest), widest))+2))
	}
	b.do(f.SetPanes(name, &excelize.Panes{Freeze: true, XSplit: 1, YSplit: first - 1, TopLeftCell: at(2, first), ActivePane: "bottomRight"}))
	b.do(f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", Scope: name, RefersTo: "'" + name + "'!$5:$" + rowNumber(first-1)}))
	b.finish(name)
}

func rowNumber(n int) string { return strings.TrimLeft(at(1, n), "A") }

// cell writes one value: a number with the digits that the brief shows, or text.
func (b *book) cell(sheet string, column, row int, c Cell, numeric, group bool) {
	name := at(column, row)
	switch v := c.Value.(type) {
	case float64:
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			b.do(b.file.SetCellFloat(sheet, name, v, -1, 64))
			b.do(b.file.SetCellStyle(sheet, name, name, b.style(numberFormat(c))))
			return
		}
	case int:
		b.do(b.file.SetCellInt(sheet, name, int64(v)))
		b.do(b.file.SetCellStyle(sheet, name, name, b.style("#,##0")))
		return
	case string:
		b.text(sheet, column, row, plainSpaces(v), "wrap")
		return
	}
	style := "wrap"
	switch {
	case group:
		style = "group"
	case numeric && c.Text != "":
		style = "withheld"
	}
	b.text(sheet, column, row, plainSpaces(c.Text), style)
}

// plainSpaces takes out the marks of direction, which spreadsheets show.
func plainSpaces(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 0x2066 && r <= 0x2069 || r == 0x200e || r == 0x200f {
			return -1
		}
		return r
	}, s)
}

// numberFormat shows as many decimals as the brief does.
func numberFormat(c Cell) string {
	format := "0"
	if !c.Percent {
		format = "#,##0"
	}
	if n := decimals(c.Text, c.Value); n > 0 {
		format += "." + strings.Repeat("0", n)
	}
	if c.Percent {
		format += "%"
	}
	return format
}

// decimals counts the digits after the decimal mark of the first number in a
// text, be the mark a point or a comma. A single mark before exactly three
// digits parts the thousands if the value is that large.
func decimals(text string, value any) int {
	digits, marks, after := 0, "", 0
number:
	for _, r := range plainSpaces(text) {
		switch {
		case r >= '0' && r <= '9':
			digits++
			after++
		case (r == '.' || r == ',') && digits > 0:
			marks += string(r)
			after = 0
		case digits > 0 && !unicode.IsSpace(r):
			break number
		}
	}
	v, _ := value.(float64)
	thousands := after == 3 && math.Abs(v) >= 999.5 && strings.Count(marks, marks[:min(1, len(marks))]) == len(marks)
	if marks == "" || thousands || after > 6 {
		return 0
	}
	return after
}
