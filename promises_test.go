package waymark

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

const promises = 18

// TestEveryPromiseHasItsTests holds docs/promises.md to the tests that it names: all
// promises are there in order, each has tests, and a test that is renamed or removed
// must be put right on the page.
func TestEveryPromiseHasItsTests(t *testing.T) {
	text, err := os.ReadFile("docs/promises.md")
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile("`([a-z0-9/]+)\\.(Test[A-Za-z0-9]+)(?:/([^`]+))?`")
	last := 0
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		no, err := strconv.Atoi(strings.TrimSpace(cells[0]))
		if err != nil {
			continue
		}
		if no != last+1 {
			t.Errorf("promise %d follows %d", no, last)
		}
		if last = no; len(cells) != 4 {
			t.Fatalf("promise %d has %d columns", no, len(cells))
		}
		tests := named.FindAllStringSubmatch(cells[2], -1)
		if len(tests) == 0 {
			t.Errorf("promise %d has no test", no)
		}
		if rest := strings.TrimSpace(named.ReplaceAllString(cells[2], "")); rest != "" {
			t.Errorf("promise %d: %q names no test", no, rest)
		}
		for _, m := range tests {
			pkg, name, part := m[1], m[2], m[3]
			if !contains(t, pkg+"/*_test.go", "\nfunc "+name+"(t *testing.T)") {
				t.Errorf("promise %d: %s has no %s", no, pkg, name)
			}
			// Parts of a contract stand beside its package: store and store/storetest.
			if part != "" && !contains(t, pkg+"/*_test.go", `"`+part+`"`) && !contains(t, pkg+"/"+path.Base(pkg)+"test/*.go", `{"`+part+`"`) {
				t.Errorf("promise %d: %s of %s has no part %q", no, name, pkg, part)
			}
		}
	}
	if last != promises {
		t.Errorf("%d promises, not %d", last, promises)
	}
}

// contains says whether one of the files of a pattern holds a text.
func contains(t *testing.T, pattern, text string) bool {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(data), text) {
			return true
		}
	}
	return false
}
