package brief

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// turnColumns is the number of columns from which a table stands on a page on
// its side.
const turnColumns = 10

// table writes a table with its caption and notes. Header rows repeat on each
// page and no row breaks over two.
func (w *wordBody) table(t *Table, kind string, n int) {
	turn := len(t.Columns) >= turnColumns && !w.sideways
	width := textWidth
	if turn {
		w.sectionBreak(false)
	}
	if turn || w.sideways {
		width = wideWidth
	}
	w.caption(kind, n, t.Caption)
	// A narrow table would stand at the wrong side in a right-to-left text:
	// programs disagree on which side it begins.
	widths := columnWidths(t, width, !w.rtl)
	width = 0
	for _, x := range widths {
		width += x
	}
	style := "BriefTable"
	if len(t.Columns) >= wideColumns {
		style = "BriefTableSmall"
	}
	w.raw(`<w:tbl><w:tblPr><w:tblStyle w:val="`, style, `"/>`)
	if w.rtl {
		w.raw("<w:bidiVisual/>")
	}
	w.raw(`<w:tblW w:w="`, strconv.Itoa(width), `" w:type="dxa"/><w:tblLayout w:type="fixed"/>`)
	w.raw(`<w:tblLook w:val="0420" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="0" w:noVBand="1"/>`)
	w.raw("<w:tblCaption")
	w.attribute("w:val", t.Caption)
	w.raw("/></w:tblPr><w:tblGrid>")
	for _, x := range widths {
		w.raw(`<w:gridCol w:w="`, strconv.Itoa(x), `"/>`)
	}
	w.raw("</w:tblGrid>")

	w.raw("<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>")
	for j, c := range t.Columns {
		w.tableCell(c.Label, widths[j], 1, c.Numeric, false)
	}
	w.raw("</w:tr>")
	for _, row := range t.Rows {
		w.raw("<w:tr><w:trPr><w:cantSplit/></w:trPr>")
		if isGroupRow(t, row) {
			w.tableCell(row[0].Text, width, len(t.Columns), false, true)
		} else {
			for j := range t.Columns {
				text := ""
				if j < len(row) {
					text = row[j].Text
				}
				w.tableCell(text, widths[j], 1, t.Columns[j].Numeric, false)
			}
		}
		w.raw("</w:tr>")
	}
	w.raw("</w:tbl>")
	for _, note := range t.Notes {
		w.paragraph("TableNote", note)
	}
	if turn {
		w.sectionBreak(true)
	} else {
		w.paragraph("AfterTable", "")
	}
}

// sectionBreak ends a run of upright or sideways pages in the midst of the text.
func (w *wordBody) sectionBreak(sideways bool) {
	w.raw(`<w:p><w:pPr><w:pStyle w:val="AfterTable"/>`)
	w.section(sideways)
	w.raw("</w:pPr></w:p>")
}

func (w *wordBody) tableCell(text string, width, span int, numeric, bold bool) {
	w.raw(`<w:tc><w:tcPr><w:tcW w:w="`, strconv.Itoa(width), `" w:type="dxa"/>`)
	if span > 1 {
		w.raw(`<w:gridSpan w:val="`, strconv.Itoa(span), `"/>`)
	}
	w.raw("</w:tcPr>")
	keep, align := "", ""
	if bold {
		keep = "<w:keepNext/>"
	}
	if numeric {
		// In a right-to-left paragraph Word takes "right" as the far side.
		align = `<w:jc w:val="right"/>`
	}
	w.paragraphStart("TableText", keep, align)
	w.run(text, bold)
	w.paragraphEnd()
	w.raw("</w:tc>")
}

// columnWidths shares a width out by what the columns hold. No column is
// narrower than its longest word needs, as far as the width allows; the rest
// goes to those with more text. A table with little in it stays narrower if it
// may.
func columnWidths(t *Table, width int, narrower bool) []int {
	least, want := columnNeeds(t)
	sumLeast, sumWant := 0, 0
	for j := range least {
		sumLeast += least[j]
		sumWant += want[j]
	}
	if narrower && len(t.Columns) <= narrowColumns {
		width = min(width, max(sumWant, width*6/10))
	}
	out := make([]int, len(least))
	left := width
	for j := range out {
		switch {
		case sumLeast >= width: // too much for the page: all give way
			out[j] = least[j] * width / sumLeast
		case sumWant <= width: // room for all: share what is left over
			out[j] = want[j] * width / sumWant
		default:
			out[j] = least[j] + (width-sumLeast)*(want[j]-least[j])/(sumWant-sumLeast)
		}
		left -= out[j]
	}
	if len(out) > 0 {
		out[0] += left // the rounding
	}
	return out
}

// columnNeeds says for each column how wide its longest word is, and how wide
// its longest cell, in twentieths of a point.
func columnNeeds(t *Table) (least, want []int) {
	const (
		padding = 200
		longest = 60 // characters of a cell that count
		word    = 18 // characters of a word that count; a longer one is broken
		number  = 26 // a number with its interval of this length stays on one line
	)
	character, digit := 120, 100 // what one takes at 9.5 points
	if len(t.Columns) >= wideColumns {
		character, digit = 100, 84 // at 8 points
	}
	least, want = make([]int, len(t.Columns)), make([]int, len(t.Columns))
	measure := func(j int, s string, whole bool) {
		n := utf8.RuneCountInString(s)
		if whole {
			least[j] = max(least[j], n*digit+padding)
			return
		}
		want[j] = max(want[j], min(n, longest)*character+padding)
		for _, w := range strings.Fields(s) {
			least[j] = max(least[j], min(utf8.RuneCountInString(w), word)*character+padding)
		}
	}
	for j, c := range t.Columns {
		for _, w := range strings.Fields(c.Label) { // a label may break at any space
			measure(j, w, false)
		}
	}
	for _, row := range t.Rows {
		if isGroupRow(t, row) {
			continue
		}
		for j := range min(len(row), len(t.Columns)) {
			s := plainSpaces(row[j].Text)
			measure(j, s, t.Columns[j].Numeric && row[j].Value != nil && utf8.RuneCountInString(s) <= number)
		}
	}
	for j := range want {
		want[j] = max(want[j], least[j], 1)
	}
	return least, want
}
