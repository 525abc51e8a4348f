package filltest

import (
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// get asks for a path and wants a status.
func (w *world) get(path string, status int) (http.Header, string) {
	w.Helper()
	res, err := http.Get(w.server.Base + path)
	w.must(err)
	body, err := io.ReadAll(res.Body)
	w.must(err)
	w.must(res.Body.Close())
	if res.StatusCode != status {
		w.Fatalf("%s answered %d", path, res.StatusCode)
	}
	return res.Header, string(body)
}

var named = regexp.MustCompile(`"(/(?:fill/static|assets)/[A-Za-z0-9_.-]+)"`)

// TestFiles: what the page and its worker name is there, under a policy of its own, and
// is kept as long as its name lasts.
func TestFiles(t *testing.T) {
	w := newWorld(t)
	h, shell := w.get("/fill/", 200)
	if got := h.Get("Content-Security-Policy"); !strings.Contains(got, "script-src 'self' 'wasm-unsafe-eval';") || !strings.Contains(got, "connect-src 'self'") {
		t.Errorf("the policy is %s", got)
	}
	if got := h.Get("Permissions-Policy"); !strings.Contains(got, "geolocation=(self)") || !strings.Contains(got, "camera=()") {
		t.Errorf("permissions are %s", got)
	}
	h2, worker := w.get("/fill/worker.js", 200)
	if h.Get("Cache-Control") != "no-cache" || h2.Get("Cache-Control") != "no-cache" {
		t.Error("the page or its worker is kept without asking")
	}
	names := named.FindAllStringSubmatch(shell+worker, -1)
	if len(names) < 12 {
		t.Fatalf("named are %q", names)
	}
	for _, m := range names {
		name := m[1]
		if h, _ := w.get(name, 200); !strings.Contains(h.Get("Cache-Control"), "immutable") {
			t.Errorf("%s is kept: %s", name, h.Get("Cache-Control"))
		}
	}
	w.get("/fill/static/none.js", 404)
	w.get("/fill/static/..%2fshell.html", 404)
	if strings.Contains(worker, "MapBlock") {
		t.Error("every device fetches the part that draws maps")
	}
	if h, _ := w.get("/about", 200); strings.Contains(h.Get("Content-Security-Policy"), "unsafe") {
		t.Error("the policy of other pages is loosened too")
	}
}
