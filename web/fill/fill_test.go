package fill

import (
	"io/fs"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"waymark/internal/lang"
	"waymark/web/page/pagetest"
)

func TestWords(t *testing.T) { pagetest.CheckLanguages(t, Area(nil)) }

var (
	called = regexp.MustCompile(`\bt\(([^()]*)`)
	quoted = regexp.MustCompile(`"([a-z][a-z.-]*)"`)
)

// TestWordsOfScripts: the scripts ask for no words that are not there, and none lie
// there in vain.
func TestWordsOfScripts(t *testing.T) {
	c, err := lang.Load(files, "lang", "en")
	if err != nil {
		t.Fatal(err)
	}
	scripts, err := filepath.Glob("app/*.js")
	if err != nil || len(scripts) < 10 {
		t.Fatalf("%d scripts, %v", len(scripts), err)
	}
	all := `"noscript" "skip" "` // the frame's
	for _, name := range scripts {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all += string(text)
		for _, call := range called.FindAllStringSubmatch(string(text), -1) {
			for _, key := range quoted.FindAllStringSubmatch(call[1], -1) {
				if key[1] != "refused" && key[1] != "unsent" && !c.Has("fill."+key[1]) && !strings.Contains(call[1], "=== \""+key[1]) {
					t.Errorf("%s asks for %q", name, key[1])
				}
			}
		}
	}
	for _, key := range c.Keys() {
		key = strings.TrimPrefix(key, "fill.")
		if why, ok := strings.CutPrefix(key, "left."); ok {
			key = why
		}
		if !strings.Contains(all, `"`+key+`"`) {
			t.Errorf("nothing says %q", key)
		}
	}
}

// TestLicences: the licences of what is bundled lie beside it.
func TestLicences(t *testing.T) {
	text, err := fs.ReadFile(built, "static/LICENCES.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"@getodk/web-forms 0.22.0, Apache-2.0", "vue 3.5.29, MIT", "Permission is hereby granted", "Apache License"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the licences lack %q", want)
		}
	}
}

func TestLinks(t *testing.T) {
	token := strings.Repeat("a", 43)
	got := []string{Link("https://x.example", token, ""), Link("https://x.example", token, "E 1/2"), TestLink("https://x.example", token)}
	want := []string{"https://x.example/fill/#" + token, "https://x.example/fill/#" + token + "/E%201%2F2", "https://x.example/fill/#test/" + token}
	if !slices.Equal(got, want) {
		t.Errorf("links are %q", got)
	}
}

// BenchmarkShell is the first answer of the page; its files are small by then.
func BenchmarkShell(b *testing.B) {
	s, err := loaded()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequest("GET", "/fill/", nil)
		r.Header.Set("Accept-Encoding", "br")
		s.shell.Serve(httptest.NewRecorder(), r, "no-cache")
	}
}
