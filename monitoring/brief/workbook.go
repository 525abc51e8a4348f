package brief

import (
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"

	"waymark/internal/fault"
)

// Workbook writes every table of the brief, and the data behind every figure,
// as an XLSX file: a sheet of contents, then one sheet a table with its
// header, its HXL tags, its values as numbers, and its notes. A share is a
// number from 0 to 1 in a percentage format; the digits shown are the brief's,
// and the value keeps the 15 that Excel does. Text is never a formula,
// whatever it begins with.
func Workbook(doc *Document) ([]byte, error) { return workbook(doc, orderOf(doc)) }

func workbook(doc *Document, o *order) ([]byte, error) {
	f := excelize.NewFile()
	defer f.Close()
	b := &book{doc: doc, file: f, formats: map[string]int{}}
	b.do(f.SetDocProps(&excelize.DocProperties{
		Title: doc.Title, Subject: doc.Subtitle, Description: doc.Synthetic,
		Creator: "Waymark", LastModifiedBy: "Waymark", Language: doc.Lang,
	}))
	names := sheetNames(doc, o)
	b.contents(names, o)
	for i, e := range o.exports {
		b.sheet(names[i+1], names[0], e)
	}
	f.SetActiveSheet(0)
	if b.err == nil {
		var out strings.Builder
		if err := f.Write(&out); err != nil {
			b.err = err
		} else {
			return []byte(out.String()), nil
		}
	}
	return nil, fault.Wrap(fault.Internal, fault.Place{}, "the tables could not be written as XLSX", "", b.err)
}

// book writes sheets and keeps the first error.
type book struct {
	doc     *Document
	file    *excelize.File
	formats map[string]int
	err     error
}

func (b *book) do(err error) {
	if err != nil && b.err == nil {
		b.err = err
	}
}

// sheetNames are the contents' name and one for each export: "Table 3". Excel
// takes 31 characters, without []:*?/\ and quotes at the ends.
func sheetNames(doc *Document, o *order) []string {
	bad := strings.NewReplacer("[", "", "]", "", ":", "", "*", "", "?", "", "/", "", `\`, "", "'", "’")
	used := map[string]bool{}
	name := func(label string) string {
		r := []rune(strings.TrimSpace(bad.Replace(label)))
		r = r[:min(len(r), 26)]
		n := string(r)
		for i := 2; n == "" || used[strings.ToLower(n)]; i++ {
			n = fmt.Sprintf("%s (%d)", string(r), i)
		}
		used[strings.ToLower(n)] = true
		return n
	}
	names := []string{name(doc.word("contents"))}
	for _, e := range o.exports {
		names = append(names, name(e.label))
	}
	return names
}

func (b *book) contents(names []string, o *order) {
	f, sheet, doc := b.file, names[0], b.doc
	b.do(f.SetSheetName("Sheet1", sheet))
	b.text(sheet, 1, 1, doc.Title, "title")
	b.do(f.SetRowHeight(sheet, 1, titleHeight))
	row := 2
	for _, line := range []struct{ text, style string }{{doc.Subtitle, "line"}, {doc.Synthetic, "label"}, {doc.Footer, "quiet"}} {
		if line.text != "" {
			b.text(sheet, 1, row, line.text, line.style)
			b.do(f.SetCellStyle(sheet, at(1, row), at(2, row), b.style(line.style)))
			row++
		}
	}
	row++
	b.text(sheet, 1, row, doc.word("sheet"), "head")
	b.text(sheet, 2, row, doc.word("tables"), "head")
	for i, e := range o.exports {
		row++
		name := names[i+1]
		b.text(sheet, 1, row, name, "link")
		b.do(f.SetCellHyperLink(sheet, at(1, row), inside(name), "Location"))
		b.text(sheet, 2, row, e.table.Caption, "wrap")
	}
	b.do(f.SetColWidth(sheet, "A", "A", 18))
	b.do(f.SetColWidth(sheet, "B", "B", 90))
	b.finish(sheet)
}

// inside is the address of a sheet's first cell.
func inside(sheet string) string { return "'" + sheet + "'!A1" }

// at is a cell's name; both numbers count from 1.
func at(column, row int) string {
	name, _ := excelize.CoordinatesToCellName(column, row) // both are at least 1
	return name
}

// text writes a string as a string: never as a number or a formula.
func (b *book) text(sheet string, column, row int, s, style string) {
	cell := at(column, row)
	b.do(b.file.SetCellStr(sheet, cell, s))
	if style != "" {
		b.do(b.file.SetCellStyle(sheet, cell, cell, b.style(style)))
	}
}

// finish sets what all sheets share: direction, no grid lines, and a page that
// fits its width and carries the synthetic label and its number.
func (b *book) finish(sheet string) {
	yes, no, landscape, a4, one, any := true, false, "landscape", 9, 1, 0
	b.do(b.file.SetSheetView(sheet, 0, &excelize.ViewOptions{RightToLeft: &b.doc.RTL, ShowGridLines: &no}))
	b.do(b.file.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &yes}))
	b.do(b.file.SetPageLayout(sheet, &excelize.PageLayoutOptions{Orientation: &landscape, Size: &a4, FitToWidth: &one, FitToHeight: &any}))
	b.do(b.file.SetHeaderFooter(sheet, &excelize.HeaderFooterOptions{
		OddHeader: "&C&B" + headerText(b.doc.Synthetic),
		OddFooter: "&C" + headerText(b.doc.Title) + "  &P/&N",
	}))
}

// headerText doubles the ampersands, which begin a code in a page header, and
// keeps within the 255 characters that Excel allows for the whole.
func headerText(s string) string {
	r := []rune(s)
	return strings.ReplaceAll(string(r[:min(len(r), 100)]), "&", "&&")
}
