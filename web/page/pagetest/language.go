package pagetest

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"waymark/internal/lang"
	"waymark/web/page"
)

// used finds the keys that templates name: {{t "key"}}, {{has "key"}}.
var used = regexp.MustCompile(`\b(?:t|has) "([a-z][a-zA-Z0-9.-]*)"`)

// CheckLanguages checks an area's words: the same keys and variables in every
// language, keys that begin with the area's name, and no template that names a key
// that is not there. Keys of the kit ("page....") are the kit's to check.
func CheckLanguages(t *testing.T, a page.Area) {
	t.Helper()
	var all []*lang.Catalogue
	for _, code := range page.Languages {
		c, err := lang.Load(a.Files, "lang", code)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, c)
	}
	if err := lang.Compare(all...).Err(); err != nil {
		t.Error(err)
	}
	keys := all[0].Keys()
	if len(keys) == 0 {
		t.Fatal("the area has no words")
	}
	for _, k := range keys {
		if !strings.HasPrefix(k, a.Name+".") {
			t.Errorf("the key %q does not begin with %q", k, a.Name+".")
		}
	}
	files, err := fs.Glob(a.Files, "*.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := fs.ReadFile(a.Files, file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range used.FindAllStringSubmatch(string(text), -1) {
			// A key that ends in a dot is put together at run time.
			if strings.HasPrefix(m[1], a.Name+".") && !strings.HasSuffix(m[1], ".") && !all[0].Has(m[1]) {
				t.Errorf("%s names the key %q, which has no words", file, m[1])
			}
		}
	}
	for _, l := range a.Links {
		if !all[0].Has(l.Key) {
			t.Errorf("the link to %s names the key %q, which has no words", l.Path, l.Key)
		}
	}
}
