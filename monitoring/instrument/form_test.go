package instrument

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// TestXLSXReadsBack: the workbook that people edit is the same questionnaire.
func TestXLSXReadsBack(t *testing.T) {
	eachBuiltin(t, func(t *testing.T, in *Instrument) {
		var b bytes.Buffer
		if err := WriteXLSX(&b, in.ID); err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		path := filepath.Join(dir, in.ID+".xlsx")
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		yaml, err := embedded.ReadFile(in.ID + "/" + definition)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, definition), yaml, 0o644); err != nil {
			t.Fatal(err)
		}
		got, err := Load(path)
		if err != nil {
			t.Fatal(err)
		}
		got.SHA256 = in.SHA256
		if !reflect.DeepEqual(got, in) {
			for i := range in.Questions {
				if i < len(got.Questions) && !reflect.DeepEqual(got.Questions[i], in.Questions[i]) {
					t.Errorf("got  %+v\nwant %+v", got.Questions[i], in.Questions[i])
				}
			}
			t.Error("the workbook reads back as another instrument")
		}

		sheets, err := XLSForm(in.ID)
		if err != nil {
			t.Fatal(err)
		}
		again, err := XLSForm(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range sheets.Sheets {
			if o := again.Sheet(s.Name); o == nil || !reflect.DeepEqual(o.Header, s.Header) || !reflect.DeepEqual(o.Rows, s.Rows) {
				t.Errorf("the sheet %s reads back otherwise", s.Name)
			}
		}
	})
}

// TestXLSXIsForPeople: the header stays in view, and cells of right-to-left
// languages begin at the right.
func TestXLSXIsForPeople(t *testing.T) {
	var b bytes.Buffer
	if err := WriteXLSX(&b, "fms-2016"); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := f.GetSheetList(); !slices.Equal(got, []string{"survey", "choices", "settings"}) {
		t.Errorf("sheets %v", got)
	}
	panes, err := f.GetPanes("survey")
	if err != nil || !panes.Freeze || panes.YSplit != 1 || panes.XSplit != 2 {
		t.Errorf("panes %+v, %v", panes, err)
	}
	header, err := f.GetRows("survey")
	if err != nil {
		t.Fatal(err)
	}
	// Readers that stream, such as those of most form servers, trust this.
	reach, err := f.GetSheetDimension("survey")
	if _, last, ok := strings.Cut(reach, ":"); err != nil || !ok {
		t.Errorf("the sheet says that it reaches %q, %v", reach, err)
	} else if c, r, err := excelize.CellNameToCoordinates(last); err != nil || c != len(header[0]) || r != len(header) {
		t.Errorf("the sheet says that it reaches %s; it has %d columns and %d rows", reach, len(header[0]), len(header))
	}
	for c, h := range header[0] {
		if !strings.HasPrefix(h, "label::") {
			continue
		}
		at, _ := excelize.CoordinatesToCellName(c+1, 8)
		id, err := f.GetCellStyle("survey", at)
		if err != nil {
			t.Fatal(err)
		}
		style, err := f.GetStyle(id)
		if err != nil {
			t.Fatal(err)
		}
		want := uint64(1)
		if rightToLeft[languageCode(strings.TrimPrefix(h, "label::"))] {
			want = 2
		}
		if style.Alignment.ReadingOrder != want || !style.Alignment.WrapText {
			t.Errorf("%s: %+v", h, style.Alignment)
		}
	}
}

// TestXLSFormRefuses: what Load refuses is not handed to a compiler.
func TestXLSFormRefuses(t *testing.T) {
	if _, err := XLSForm("fms-2015"); err == nil || !strings.Contains(err.Error(), "did you mean fms-2016?") {
		t.Errorf("%v", err)
	}
	if err := WriteXLSX(&bytes.Buffer{}, t.TempDir()); err == nil || !strings.Contains(err.Error(), "survey.csv") {
		t.Errorf("%v", err)
	}
}
