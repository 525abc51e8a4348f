package workbook

import (
	"bytes"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// saved is a workbook that a spreadsheet program would save.
func saved(t *testing.T, cells map[string]string, formulas ...string) []byte {
	t.Helper()
	f := excelize.NewFile()
	if err := f.SetSheetName("Sheet1", "survey"); err != nil {
		t.Fatal(err)
	}
	for cell, text := range cells {
		if err := f.SetCellStr("survey", cell, text); err != nil {
			t.Fatal(err)
		}
	}
	for _, cell := range formulas {
		if err := f.SetCellFormula("survey", cell, "1+1"); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Text behind many empty rows or columns is not read, as pyxform has it, but
// said to be so.
func TestTextTooFarOut(t *testing.T) {
	w, err := Read(saved(t, map[string]string{
		"A1": "type", "B1": "name", "A2": "text", "B2": "a", "A70": "text", "B70": "lost", "A71": "text", "AB1": "label", "AC1": "hint",
	}))
	if err != nil {
		t.Fatal(err)
	}
	survey := w.Sheet("survey")
	if len(survey.Rows) != 1 || len(survey.Header) != 2 {
		t.Errorf("%d rows, %d columns are read", len(survey.Rows), len(survey.Header))
	}
	if len(w.Warnings) != 2 {
		t.Fatalf("%d warnings: %v", len(w.Warnings), w.Warnings)
	}
	for i, want := range []string{`row 1, column 28: this column and those behind it are not read`, `row 70, column 1, "type": this row and those below it are not read`} {
		if got := w.Warnings[i].Error(); !strings.Contains(got, want) {
			t.Errorf("%q, not %q", got, want)
		}
	}
	near, err := Read(saved(t, map[string]string{"A1": "type", "A2": "text", "A62": "note"}))
	if err != nil || len(near.Warnings) != 0 || len(near.Sheet("survey").Rows) != 2 {
		t.Errorf("a row behind 59 empty ones: %v, %v, %d rows", err, near.Warnings, len(near.Sheet("survey").Rows))
	}
}

// A program that stores no values of formulas stores none at all: a fault a
// column is enough.
func TestFormulasWithoutValues(t *testing.T) {
	_, err := Read(saved(t, map[string]string{"A1": "type", "B1": "name"}, "A2", "A3", "A4", "B4"))
	if err == nil {
		t.Fatal("no fault")
	}
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != 2 || !strings.Contains(lines[0], `row 2, column 1, "type": 3 cells of this column from here on hold a formula without a stored value`) ||
		!strings.Contains(lines[1], `row 4, column 2, "name": the cell holds a formula without a stored value`) {
		t.Errorf("%v", err)
	}
}
