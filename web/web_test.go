package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"testing"

	"waymark/monitoring/collection"
	"waymark/trust/access"
	"waymark/trust/account"
	"waymark/web/page"
	"waymark/web/page/pagetest"
)

type noStore struct{ collection.Store }

func (noStore) ListProgrammes(context.Context) ([]*collection.Programme, error) { return nil, nil }

type noAccounts struct{ account.Store }

func server(t *testing.T, o Options) *pagetest.Client {
	policies, err := access.Load()
	if err != nil {
		t.Fatal(err)
	}
	h := pagetest.House(page.House{Collection: noStore{}, Accounts: noAccounts{}, Policies: policies})
	if o.Sessions == nil {
		o.Sessions = pagetest.Somebody(1, access.DataOfficer)
	}
	handler, routes, err := Handler(h, o)
	if err != nil {
		t.Fatal(err)
	}
	if len(routes) < 4 {
		t.Errorf("there are %d routes", len(routes))
	}
	return pagetest.NewClient(t, handler)
}

func TestHealth(t *testing.T) {
	c := server(t, Options{})
	c.Get("/healthz").Want(t, 200, "ok")
	c.Get("/readyz").Want(t, 200, "ok")
	c = server(t, Options{Ready: func(context.Context) error { return errors.New("the database at 10.0.0.3 is away") }})
	c.Get("/healthz").Want(t, 200)
	if a := c.Get("/readyz").Want(t, 503, "unavailable"); a.Body != "unavailable\n" {
		t.Errorf("readyz tells more than it must: %q", a.Body)
	}
}

func TestMounts(t *testing.T) {
	c := server(t, Options{Mounts: map[string]http.Handler{"/key/": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "phone "+r.URL.Path) // a recorder takes everything
	})}})
	a := c.Get("/key/abc/formList").Want(t, 200, "phone /key/abc/formList")
	if a.Header.Get("X-Content-Type-Options") != "nosniff" || a.Header.Get("X-Request-Id") == "" {
		t.Error("the headers of every answer are missing")
	}
}

// The first page with all that it asks for: 60 kB compressed are the most.
func TestFirstPageIsSmall(t *testing.T) {
	c := server(t, Options{})
	size := func(path string) int {
		r := httptest.NewRequest("GET", "http://waymark.test"+path, nil)
		r.Header.Set("Accept-Encoding", "gzip")
		a := c.Do(r).Want(t, 200)
		if a.Header.Get("Content-Encoding") != "gzip" && len(a.Body) > 1500 {
			t.Errorf("%s is not compressed", path)
		}
		return len(a.Body)
	}
	total := size("/")
	page := c.Get("/").Want(t, 200)
	assets := regexp.MustCompile(`(?:href|src)="(/assets/[^"]+)"`).FindAllStringSubmatch(page.Body, -1)
	if len(assets) < 3 {
		t.Fatalf("the page names %d assets", len(assets))
	}
	for _, m := range assets {
		total += size(m[1])
	}
	t.Logf("%d bytes", total)
	if total > 60_000 {
		t.Errorf("the first page takes %d bytes compressed", total)
	}
}

func TestAssetsAreKept(t *testing.T) {
	c := server(t, Options{})
	css := regexp.MustCompile(`/assets/waymark\.[0-9a-f]{16}\.css`).FindString(c.Get("/about").Body)
	a := c.Get(css).Want(t, 200)
	if a.Header.Get("Cache-Control") != "public, max-age=31536000, immutable" || a.Header.Get("Etag") == "" {
		t.Errorf("the stylesheet is not kept: %v", a.Header)
	}
	r := httptest.NewRequest("GET", "http://waymark.test"+css, nil)
	r.Header.Set("If-None-Match", a.Header.Get("Etag"))
	c.Do(r).Want(t, 304)
	c.Get("/assets/waymark.css").Want(t, 404)
	c.Get("/assets/%2e%2e/web.go").Want(t, 404)
}
