package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waymark/forms/outline"
	"waymark/forms/preview"
	"waymark/monitoring/instrument"
)

// TestRealFormsInWords: every rule of the built-in instruments and of published
// forms is said in words, and their pages hold what they promise.
func TestRealFormsInWords(t *testing.T) {
	forms := instrument.Builtin()
	shared, err := filepath.Glob(filepath.Join("..", "..", "..", "shared", "data", "*", "*.xlsx"))
	if err != nil || len(shared) < 3 && os.Getenv("CI") != "" {
		t.Fatalf("../shared is needed in CI: %v", err)
	}
	for _, path := range shared {
		if strings.Contains(path, "xlsform") {
			forms = append(forms, path)
		}
	}
	rules := 0
	for _, name := range forms {
		t.Run(filepath.Base(name), func(t *testing.T) {
			form, _, err := readForm(nil, name)
			if err != nil {
				t.Fatal(err)
			}
			o := outline.Of(form)
			for i := range o.All() {
				d := i.Definition
				if d == nil {
					continue
				}
				says := []outline.Sentence{o.Condition(d.Relevant, i), o.Constraint(d.Constraint, i), o.Condition(d.Required, i), o.Value(d.Calculate, i)}
				if i.Control != nil && i.Control.Itemset != nil {
					which, _ := o.Filter(i.Control.Itemset.Nodeset, i)
					says = append(says, which)
				}
				for _, s := range o.Settings(i) {
					_, set := o.Set(s, i)
					says = append(says, set)
				}
				for _, s := range says {
					if len(s) > 0 {
						rules++
					}
					if !s.Whole() {
						t.Errorf("%s is not said whole: %s", d.Path, s.In(o, form.Default))
					}
				}
			}
			var page bytes.Buffer
			if err := preview.Write(&page, form, preview.Options{}); err != nil {
				t.Fatal(err)
			}
			for _, bad := range []string{"ZgotmplZ", "<script", "<img"} {
				if strings.Contains(page.String(), bad) {
					t.Errorf("the page holds %s", bad)
				}
			}
		})
	}
	if rules < 100 {
		t.Errorf("only %d rules were looked at", rules)
	}
}
