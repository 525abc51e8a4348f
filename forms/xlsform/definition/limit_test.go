package definition

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"waymark/forms/xlsform/workbook"
)

// grid is a sheet of cells by row, for sizes that markdown is too slow for.
func grid(name string, header []string, rows int, cell func(row, column int) string) *workbook.Sheet {
	s := &workbook.Sheet{Name: name, Title: name, Header: header}
	for i := range rows {
		row := workbook.Row{Number: i + 2}
		for j := range header {
			if text := cell(i, j); text != "" {
				row.Cells = append(row.Cells, workbook.Cell{Column: j, Text: text})
			}
		}
		s.Rows = append(s.Rows, row)
	}
	return s
}

func numbered(prefix string, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprint(prefix, i)
	}
	return out
}

// Hostile sheets are told so, or read, in seconds and not in hours. The bound of
// time is wide: it is there for squares of large numbers.
func TestHostileSheets(t *testing.T) {
	one := func(int, int) string { return "x" }
	long := strings.Repeat("n", 30_000)
	for _, c := range []struct {
		name   string
		sheets []*workbook.Sheet
		want   string
	}{
		{"rows", []*workbook.Sheet{grid("survey", []string{"type", "name", "label"}, maxRows+10, func(i, j int) string {
			return []string{"text", fmt.Sprint("q", i), "Q"}[j]
		})}, "more than 100000 rows"},
		{"columns", []*workbook.Sheet{grid("survey", append([]string{"type", "name"}, numbered("bind::k", 5000)...), 20, one)}, "more than 1000 columns"},
		{"languages", []*workbook.Sheet{grid("survey", append([]string{"type", "name"}, numbered("label::k", 5000)...), 20, one)}, "more than 1000 columns"},
		{"references to long names", []*workbook.Sheet{grid("survey", []string{"type", "name", "label", "relevant"}, 2000, func(i, j int) string {
			return []string{"text", fmt.Sprint(long, i), "Q", "${" + long + "x}"}[j]
		})}, "there is no question"},
		{"unknown types", []*workbook.Sheet{grid("survey", []string{"type", "name"}, 20_000, func(_, j int) string { return []string{long, "x"}[j] })}, "is not known"},
		{"depth with entities", []*workbook.Sheet{grid("survey", []string{"type", "name", "label", "save_to"}, 2000, func(i, j int) string {
			return []string{"begin repeat", fmt.Sprint("q", i), "Q", "p"}[j]
		}), grid("entities", []string{"list_name", "label"}, 1, func(_, j int) string { return []string{"e", "${q1999}"}[j] })}, "inside one another"},
		{"warnings", []*workbook.Sheet{grid("survey", []string{"type", "name", "label"}, 1, func(_, j int) string { return []string{"text", "a", "A"}[j] }),
			grid("choices", []string{"list_name", "name"}, 3000, func(i, j int) string { return []string{"l", fmt.Sprint("c", i)}[j] })}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			began := time.Now()
			form, err := Read(&workbook.Workbook{Sheets: c.sheets}, Options{})
			if took := time.Since(began); took > time.Minute {
				t.Errorf("it took %v", took)
			}
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("%.300v", err)
			}
			if len(form.Warnings) > maxWarnings+1 {
				t.Errorf("%d warnings", len(form.Warnings))
			}
			if c.name == "warnings" && !strings.Contains(form.Warnings[maxWarnings].Message, "2000 more") {
				t.Errorf("%v", form.Warnings[maxWarnings])
			}
		})
	}
}
