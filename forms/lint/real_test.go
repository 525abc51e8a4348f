package lint

import (
	"os"
	"path/filepath"
	"testing"

	"waymark/forms/xlsform/definition"
	"waymark/forms/xlsform/workbook"
)

// Forms that are in use have no errors, and the rules find in them what a look
// at their sheets confirms.
func TestRealForms(t *testing.T) {
	shared := filepath.Join("..", "..", "..", "shared", "data")
	for _, c := range []struct {
		file string
		want map[string]int
	}{
		{"htcds/htcds_xlsform.xlsx", map[string]int{"consent-gate": 1, "label-duplicate": 1, "name-long": 1, "name-reserved": 1, "settings-form-id": 1}},
		{"xlsforms/all-question-types-v2024091201-3.xlsx", map[string]int{"choice-exclusive": 3, "choice-list-unused": 1, "label-duplicate": 6}},
		{"xlsforms/socio-economic-survey-v20240515.xlsx", map[string]int{"relevant-never": 1, "translation-missing": 1, "choice-exclusive": 1, "choice-list-unused": 20, "choice-label-duplicate": 6, "settings-default-language": 1}},
	} {
		path := filepath.Join(shared, c.file)
		book, err := workbook.ReadFile(path)
		if err != nil && missing(path) {
			if os.Getenv("CI") != "" {
				t.Fatalf("the shared forms are needed in CI: %v", err)
			}
			t.Skip("the shared forms are not beside the project")
		}
		if err != nil {
			t.Fatal(err)
		}
		form, err := definition.Read(book, definition.Options{})
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]int{}
		for _, f := range Check(book, form) {
			got[f.Rule]++
			if f.Severity == Error {
				t.Errorf("%s: %s: %s", c.file, f.Place, f.Message)
			}
		}
		for rule, n := range c.want {
			if got[rule] != n {
				t.Errorf("%s: %d findings of %s, want %d", c.file, got[rule], rule, n)
			}
			delete(got, rule)
		}
		for rule, n := range got {
			t.Errorf("%s: %d findings of %s, want none", c.file, n, rule)
		}
	}
}

func missing(path string) bool {
	_, err := os.Stat(path)
	return err != nil
}
