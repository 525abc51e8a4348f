package workbook

import (
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// Every cell of the real forms is what excelize 2.11 finds in the same place,
// where it is read for its stored value, but for what this package cleans.
func TestSameCellsAsExcelize(t *testing.T) {
	for _, name := range []string{
		"xlsforms/all-question-types-v2024091201-3.xlsx",
		"xlsforms/socio-economic-survey-v20240515.xlsx",
		"htcds/htcds_xlsform.xlsx",
	} {
		path := sharedFile(t, name)
		got, err := ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		peer, err := excelize.OpenFile(path, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		defer peer.Close()
		if a, b := strings.Join(got.Names, "|"), strings.Join(peer.GetSheetList(), "|"); a != b {
			t.Errorf("%s: sheets %s, excelize has %s", name, a, b)
		}
		compared := 0
		for _, sheet := range got.Sheets {
			rows, err := peer.GetRows(sheet.Title)
			if err != nil {
				t.Fatal(err)
			}
			byNumber := make(map[int]Row)
			for _, r := range sheet.Rows {
				byNumber[r.Number] = r
			}
			for i, cells := range rows {
				for column, want := range cells {
					if column >= len(sheet.Header) || sheet.Header[column] == "" && i > 0 {
						continue
					}
					have := byNumber[i+1].Get(column)
					if i == 0 {
						have = sheet.Header[column]
					}
					want = clean(strings.ReplaceAll(want, "\r\n", "\n"))
					if want == "1" && have == "TRUE" || want == "0" && have == "FALSE" {
						want = have // excelize gives the raw value of a boolean
					}
					if have != want {
						t.Errorf("%s, %s, row %d, column %s: %q, excelize has %q", name, sheet.Title, i+1, ColumnName(column), have, want)
					}
					compared++
				}
			}
			if n := len(sheet.Rows); n > 0 && sheet.Rows[n-1].Number > len(rows) {
				t.Errorf("%s, %s: row %d is not in excelize's %d", name, sheet.Title, sheet.Rows[n-1].Number, len(rows))
			}
		}
		if compared < 100 {
			t.Errorf("%s: only %d cells compared", name, compared)
		}
	}
}
