package codebook

import (
	"archive/zip"
	"bytes"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"waymark/forms/outline"
)

// XLSX writes a workbook: a sheet about the form, one of variables, one of the
// labels of values, and one of all texts in all languages. Headers stay in view
// and have filters. Text is never a formula, whatever it begins with.
func (b *Codebook) XLSX(w io.Writer) error {
	f := excelize.NewFile()
	defer f.Close()
	// A fixed time makes the same form the same file.
	if err := f.SetDocProps(&excelize.DocProperties{Title: b.Title, Created: epoch, Modified: epoch, Creator: "waymark"}); err != nil {
		return err
	}
	sheets := []struct {
		name   string
		header []string
		widths []float64
		rows   func(yield func([]string) bool)
	}{
		{"About", []string{"about", "this codebook"}, []float64{24, 80}, b.aboutRows},
		{"Variables", header, []float64{16, 28, 22, 34, 28, 50, 30, 16, 22, 10, 18, 40, 30, 40, 30, 40, 30, 30, 16, 40, 30, 16, 16}, b.variableRows},
		{"Values", []string{"list", "code", "label", "missing", "used by"}, []float64{22, 22, 50, 18, 60}, b.valueRows},
	}
	if len(b.Languages) > 0 {
		head := []string{"what", "name", "part"}
		widths := []float64{14, 34, 14}
		for _, l := range b.Languages {
			head, widths = append(head, l.Name), append(widths, 46)
		}
		sheets = append(sheets, struct {
			name   string
			header []string
			widths []float64
			rows   func(yield func([]string) bool)
		}{"Languages", head, widths, b.languageRows})
	}
	style, err := f.NewStyle(&excelize.Style{Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	if err != nil {
		return err
	}
	for n, s := range sheets {
		if n == 0 {
			err = f.SetSheetName("Sheet1", s.name)
		} else {
			_, err = f.NewSheet(s.name)
		}
		if err != nil {
			return err
		}
		if err := writeSheet(f, s.name, s.header, s.widths, style, s.rows); err != nil {
			return err
		}
	}
	var packed bytes.Buffer
	if err := f.Write(&packed); err != nil {
		return err
	}
	return inOrder(w, packed.Bytes())
}

// inOrder writes the parts of a workbook sorted by name. Streamed sheets are
// packed in the order of a map, which is another one each time.
func inOrder(w io.Writer, packed []byte) error {
	in, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		return err
	}
	slices.SortFunc(in.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	out := zip.NewWriter(w)
	for _, part := range in.File {
		if err := out.Copy(part); err != nil {
			return err
		}
	}
	return out.Close()
}

const epoch = "2000-01-01T00:00:00Z"

// maxCell is the most characters that a cell of a workbook may hold.
// Source: ECMA-376, part 1, and excelize.TotalCellChars.
const maxCell = excelize.TotalCellChars

func writeSheet(f *excelize.File, name string, head []string, widths []float64, style int, rows func(yield func([]string) bool)) error {
	if err := printed(f, name); err != nil {
		return err
	}
	out, err := f.NewStreamWriter(name)
	if err != nil {
		return err
	}
	for n, width := range widths {
		if err := out.SetColWidth(n+1, n+1, width); err != nil {
			return err
		}
	}
	if err := out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	cells := make([]any, len(head))
	for n, h := range head {
		cells[n] = h
	}
	if err := out.SetRow("A1", cells); err != nil {
		return err
	}
	row := 1
	rows(func(texts []string) bool {
		row++
		for n := range cells {
			cells[n] = nil
			if n < len(texts) && texts[n] != "" {
				cells[n] = excelize.Cell{StyleID: style, Value: outline.Shorten(texts[n], maxCell)}
			}
		}
		err = out.SetRow("A"+strconv.Itoa(row), cells)
		return err == nil && row < excelize.TotalRows
	})
	if err != nil {
		return err
	}
	last, err := excelize.CoordinatesToCellName(len(head), max(row, 2))
	if err != nil {
		return err
	}
	stripes := true
	if err := out.AddTable(&excelize.Table{Range: "A1:" + last, Name: "table_" + strings.ToLower(name), StyleName: "TableStyleLight1", ShowRowStripes: &stripes}); err != nil {
		return err
	}
	return out.Flush()
}

// printed makes a sheet print across: all columns on a page's width. The sheet
// of variables has too many for that.
func printed(f *excelize.File, name string) error {
	orientation, fit, high, wide := "landscape", name != "Variables", 0, 1
	if err := f.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	return f.SetPageLayout(name, &excelize.PageLayoutOptions{Orientation: &orientation, FitToHeight: &high, FitToWidth: &wide})
}

func (b *Codebook) aboutRows(yield func([]string) bool) {
	asked := 0
	for _, v := range b.Variables {
		if v.Asks() {
			asked++
		}
	}
	rows := [][]string{{"form", b.Title}, {"form id", b.ID}, {"version", b.Version}, {"variables", strconv.Itoa(len(b.Variables))}, {"asked of people", strconv.Itoa(asked)}, {"language of the labels", b.Language.Name}}
	for _, t := range b.Tables[1:] {
		rows = append(rows, []string{"table " + t.Name, "one row for each “" + t.Label + "”; " + strconv.Itoa(t.Variables) + " variables"})
	}
	rows = append(rows, notes...)
	for _, r := range rows {
		if r[1] != "" && !yield(r) {
			return
		}
	}
}

// notes say how to read the codebook.
var notes = [][]string{
	{"column", "the column in a CSV export: the names of the groups and of the question, joined by hyphens; a repeat has a table of its own"},
	{"asked if", "who is asked, with the conditions of the groups around the question; a value that is not asked for is blank"},
	{"missing", "codes that stand for a missing answer; judged by code and English label, so check them"},
	{"words", "the words for the logic are made from the expressions beside them; where they differ, the expression decides"},
}

func (b *Codebook) variableRows(yield func([]string) bool) {
	for _, v := range b.Variables {
		if !yield(v.cells()) {
			return
		}
	}
}

func (b *Codebook) valueRows(yield func([]string) bool) {
	for _, l := range b.Lists {
		for n, x := range l.Values {
			users := ""
			if n == 0 {
				var names []string
				for _, u := range l.Users {
					names = append(names, u.Name)
				}
				users = strings.Join(names, ", ")
			}
			if !yield([]string{l.Name, x.Code, x.Label, x.Missing, users}) {
				return
			}
		}
		if l.Source != "" && len(l.Values) == 0 && !yield([]string{l.Name, "", "in the file " + l.Source}) {
			return
		}
	}
}
