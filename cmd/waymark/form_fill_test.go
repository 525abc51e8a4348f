package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"waymark/forms/fill"
	"waymark/forms/xform"
	"waymark/monitoring/instrument"
)

// TestRandomDocumentsPassTheCheck: what is made at random is what a server would
// take, for the built-in instruments and published forms. The files that answers
// name are not there, which is no fault of a document for testing.
func TestRandomDocumentsPassTheCheck(t *testing.T) {
	forms := instrument.Builtin()
	for _, kind := range []string{"*.xlsx", "*.xml"} {
		shared, err := filepath.Glob(filepath.Join("..", "..", "..", "shared", "data", "*", kind))
		if err != nil || len(shared) == 0 && os.Getenv("CI") != "" {
			t.Fatalf("../shared is needed in CI: %v", err)
		}
		for _, path := range shared {
			if strings.Contains(path, "xlsform") {
				forms = append(forms, path)
			}
		}
	}
	for _, name := range forms {
		t.Run(filepath.Base(name), func(t *testing.T) {
			form, _, err := readForm(nil, name)
			if err != nil {
				t.Fatal(err)
			}
			random := fill.NewRandom(form, fill.RandomOptions{Seed: 11, Blank: 0.1, Start: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)})
			for i := range 40 {
				s, err := random.Document(i)
				if err != nil {
					t.Fatalf("document %d: %v", i, err)
				}
				report, err := form.Check(s.XML(), xform.CheckOptions{})
				if err != nil {
					t.Fatal(err)
				}
				for _, p := range report.Problems {
					if p.Kind != xform.Attachment {
						t.Errorf("document %d: %+v", i, p)
					}
				}
			}
		})
	}
}
