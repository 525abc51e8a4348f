package lint

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"waymark/forms/xlsform/definition"
	"waymark/forms/xlsform/workbook"
)

var update = flag.Bool("update", false, "write what is found into the fixtures")

// checkMarkdown runs the rules over a form written as markdown tables.
func checkMarkdown(t *testing.T, markdown []byte) []Finding {
	t.Helper()
	book, err := workbook.Read(markdown)
	if err != nil {
		t.Fatal(err)
	}
	form, err := definition.Read(book, definition.Options{})
	if err != nil {
		t.Fatalf("the form does not compile: %v", err)
	}
	return Check(book, form)
}

// linesOf writes the findings of one rule, one a line.
func linesOf(found []Finding, rule string) string {
	var b strings.Builder
	for _, f := range found {
		if f.Rule == rule {
			fmt.Fprintf(&b, "%s: %s (%s)\n", f.Place, f.Message, f.Remedy)
		}
	}
	return b.String()
}

// Every rule has testdata/ID.txtar: bad.md, a form that breaks it; good.md, one
// that does not; want, what it says of the first.
func TestRules(t *testing.T) {
	for _, rule := range Rules {
		t.Run(rule.ID, func(t *testing.T) {
			path := filepath.Join("testdata", rule.ID+".txtar")
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatalf("the rule has no fixture: %v", err)
			}
			files := map[string]*txtar.File{}
			for i := range archive.Files {
				files[archive.Files[i].Name] = &archive.Files[i]
			}
			if files["bad.md"] == nil || files["good.md"] == nil || files["want"] == nil {
				t.Fatal("a fixture holds bad.md, good.md and want")
			}
			got := linesOf(checkMarkdown(t, files["bad.md"].Data), rule.ID)
			if *update {
				files["want"].Data = []byte(got)
				if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if got == "" {
				t.Error("the rule finds nothing in bad.md")
			}
			if want := string(files["want"].Data); got != want {
				t.Errorf("found\n%swant\n%s", got, want)
			}
			if got := linesOf(checkMarkdown(t, files["good.md"].Data), rule.ID); got != "" {
				t.Errorf("found in good.md\n%s", got)
			}
		})
	}
}

// Every fixture belongs to a rule.
func TestFixturesHaveRules(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no fixtures: %v", err)
	}
	for _, p := range paths {
		id := strings.TrimSuffix(filepath.Base(p), ".txtar")
		if !slices.ContainsFunc(Rules, func(r Rule) bool { return r.ID == id }) {
			t.Errorf("%s belongs to no rule", p)
		}
	}
}

// A rule says what it finds, why it matters and where it comes from, in a file
// of its own name.
func TestRulesAreComplete(t *testing.T) {
	seen := map[string]bool{}
	last := ""
	for _, r := range AllRules() {
		if r.ID == "" || r.Finds == "" || r.Why == "" || r.Source == "" || !slices.Contains(Severities, r.Severity) {
			t.Errorf("rule %q is not complete: %+v", r.ID, r)
		}
		if seen[r.ID] {
			t.Errorf("two rules have the id %q", r.ID)
		}
		seen[r.ID] = true
	}
	for _, r := range Rules {
		if _, err := os.Stat(strings.ReplaceAll(r.ID, "-", "_") + ".go"); err != nil {
			t.Errorf("rule %q has no file of its name: %v", r.ID, err)
		}
		if r.ID < last {
			t.Errorf("rule %q stands after %q", r.ID, last)
		}
		last = r.ID
	}
}
