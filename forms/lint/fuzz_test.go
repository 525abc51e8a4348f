package lint

import (
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"waymark/forms/xlsform/definition"
	"waymark/forms/xlsform/workbook"
)

// FuzzCheck holds that no form, good or bad, stops the rules: they look at what
// could be read of it.
func FuzzCheck(f *testing.F) {
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(paths) == 0 {
		f.Fatalf("no fixtures: %v", err)
	}
	for _, p := range paths {
		archive, err := txtar.ParseFile(p)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range archive.Files {
			if file.Name != "want" {
				f.Add(file.Data)
			}
		}
	}
	f.Add([]byte("| survey |\n| | type | name |\n| | begin loop over l | x |\n| | text | q |\n| | end loop | |\n| choices |\n| | list_name | name | label |\n| | l | a | A |\n| | l | b | B |\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		book, err := workbook.Read(data)
		if err != nil {
			return
		}
		form, _ := definition.Read(book, definition.Options{})
		for _, found := range Check(book, form) {
			if found.Message == "" || found.Place.Sheet == "" {
				t.Errorf("a finding without place or message: %+v", found)
			}
		}
	})
}
