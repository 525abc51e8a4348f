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
	"waymark/trust/access"
	"waymark/web/page"
	"waymark/web/page/pagetest"
)

func client(t *testing.T) *pagetest.Client {
	t.Helper()
	policies, err := access.Load()
	if err != nil {
		t.Fatal(err)
	}
	h := pagetest.House(page.House{Policies: policies})
	return pagetest.New(t, h, &pagetest.Person{}, Area(h))
}

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

// TestFiles: what the page and its worker name is there, under a policy of its own, and
// is kept as long as its name lasts.
func TestFiles(t *testing.T) {
	c := client(t)
	shell := c.Get("/fill/").Want(t, 200)
	if got := shell.Header.Get("Content-Security-Policy"); !strings.Contains(got, "script-src 'self' 'wasm-unsafe-eval';") || !strings.Contains(got, "connect-src 'self'") {
		t.Errorf("the policy is %s", got)
	}
	if got := shell.Header.Get("Permissions-Policy"); !strings.Contains(got, "geolocation=(self)") || !strings.Contains(got, "camera=()") {
		t.Errorf("permissions are %s", got)
	}
	worker := c.Get("/fill/worker.js").Want(t, 200)
	for _, a := range []*pagetest.Answer{shell, worker} {
		if got := a.Header.Get("Cache-Control"); got != "no-cache" {
			t.Errorf("kept: %s", got)
		}
	}
	named := regexp.MustCompile(`/fill/static/[A-Za-z0-9_.-]+`)
	names := append(named.FindAllString(shell.Body, -1), named.FindAllString(worker.Body, -1)...)
	if len(names) < 10 {
		t.Fatalf("named are %q", names)
	}
	for _, name := range names {
		a := c.Get(name).Want(t, 200)
		if got := a.Header.Get("Cache-Control"); !strings.Contains(got, "immutable") || a.Header.Get("Content-Security-Policy") == "" {
			t.Errorf("%s: %s", name, got)
		}
	}
	c.Get("/fill/static/none.js").Want(t, 404)
	c.Get("/fill/static/..%2fshell.html").Want(t, 404)
	if strings.Contains(worker.Body, "MapBlock") {
		t.Error("every device fetches the part that draws maps")
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
