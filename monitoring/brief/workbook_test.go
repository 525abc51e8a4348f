package brief

import (
	"bytes"
	"testing"

	"github.com/xuri/excelize/v2"
)

func openBook(t *testing.T, doc *Document) *excelize.File {
	t.Helper()
	data, err := Workbook(doc)
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func cellText(t *testing.T, f *excelize.File, sheet, cell string) string {
	t.Helper()
	s, err := f.GetCellValue(sheet, cell)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestWorkbook(t *testing.T) {
	f := openBook(t, sample("en"))
	want := []string{"Contents", "Figure 1", "Table 1", "Table 2", "Figure 2"}
	if got := f.GetSheetList(); len(got) != len(want) {
		t.Fatalf("sheets %q, want %q", got, want)
	}
	for cell, want := range map[string]string{
		"A1": "Table 1. People interviewed, by route", "B5": "n", "B6": "#affected+num",
		"A7": `=HYPERLINK("x")`, "B7": "2,780", "C5": "=1+1", "B8": "– (fewer than 30 answers)",
	} {
		if got := cellText(t, f, "Table 1", cell); got != want {
			t.Errorf("Table 1!%s is %q, want %q", cell, got, want)
		}
	}
	// Text that begins as a formula stays text.
	for _, cell := range []string{"A7", "C5", "C7"} {
		if formula, _ := f.GetCellFormula("Table 1", cell); formula != "" {
			t.Errorf("Table 1!%s is the formula %q", cell, formula)
		}
		if kind, _ := f.GetCellType("Table 1", cell); kind != excelize.CellTypeSharedString {
			t.Errorf("Table 1!%s has type %v", cell, kind)
		}
	}
	// A share is a number, unrounded, shown with the brief's digits.
	if got := cellText(t, f, "Figure 1", "B7"); got != "49%" {
		t.Errorf("share shows as %q", got)
	}
	if raw, _ := f.GetCellValue("Figure 1", "B7", excelize.Options{RawCellValue: true}); raw != "0.490071942446043" {
		t.Errorf("share is %q", raw) // 15 digits, all that Excel keeps
	}
	if got := cellText(t, f, "Table 2", "B8"); got != "1.0%" {
		t.Errorf("share with a decimal shows as %q", got)
	}
	panes, err := f.GetPanes("Table 1")
	if err != nil || !panes.Freeze || panes.YSplit != 6 {
		t.Errorf("panes %+v, %v: the header does not stay", panes, err)
	}
	for row := 6; row <= 9; row++ {
		if ok, target, _ := f.GetCellHyperLink("Contents", at(1, row)); ok {
			if target != inside(cellText(t, f, "Contents", at(1, row))) {
				t.Errorf("contents row %d leads to %q", row, target)
			}
		} else if row > 6 {
			t.Errorf("contents row %d has no link", row)
		}
	}
	for _, sheet := range f.GetSheetList() {
		found := false
		rows, _ := f.GetRows(sheet)
		for _, row := range rows[:4] {
			for _, c := range row {
				found = found || len(c) > 9 && c[:9] == "Synthetic"
			}
		}
		if !found {
			t.Errorf("sheet %s is not labelled synthetic", sheet)
		}
	}
}

func TestWorkbookRightToLeft(t *testing.T) {
	f := openBook(t, sample("ar"))
	for _, sheet := range f.GetSheetList() {
		view, err := f.GetSheetView(sheet, 0)
		if err != nil || view.RightToLeft == nil || !*view.RightToLeft {
			t.Errorf("sheet %s does not go from right to left", sheet)
		}
	}
}

func TestSheetNames(t *testing.T) {
	doc := &Document{Words: map[string]string{"contents": "History: [all]/of*it?", "table": "'A table with a very long name indeed"}}
	o := &order{exports: []export{{label: doc.numbered("table", 1)}, {label: doc.numbered("table", 2)}, {label: ""}}}
	names := sheetNames(doc, o)
	f := excelize.NewFile()
	defer f.Close()
	for _, n := range names {
		if _, err := f.NewSheet(n); err != nil {
			t.Errorf("%q: %v", n, err)
		}
	}
	if f.SheetCount != len(names)+1 {
		t.Errorf("%q are not all different", names)
	}
}

func TestDecimals(t *testing.T) {
	for _, c := range []struct {
		text  string
		value float64
		want  int
	}{
		{"49%", .49, 0}, {"49.1%", .491, 1}, {"49,1 %", .491, 1}, {"2,780", 2780, 0}, {"1,234.50", 1234.5, 2},
		{"1.234.567", 1234567, 0}, {"7.9 (7.1–8.8)", 7.9, 1}, {"0.125", .125, 3}, {"", 3, 0}, {"–", 0, 0}, {"-0.25", -.25, 2},
	} {
		if got := decimals(c.text, c.value); got != c.want {
			t.Errorf("%q: %d decimals, want %d", c.text, got, c.want)
		}
	}
}
