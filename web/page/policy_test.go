package page_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/trust/access"
	"waymark/web/page"
	"waymark/web/page/pagetest"
)

// steps is a policy with what step-up needs.
type steps struct{ pagetest.AllowAll }

func (steps) Allow(p access.Principal, a access.Action, r access.Resource) bool {
	switch a {
	case access.Public:
		return true
	case access.PeopleSet:
		return p.Account != 0 && p.Strong && p.Fresh
	case access.ProgrammeView:
		return p.Account != 0 && r.Programme == 1
	}
	return p.Account != 0 && a != access.AuditRead
}

func done(r *page.Request) error { _, err := r.W.Write([]byte("done")); return err }

// things has one route of each sort.
func things(t *testing.T) page.Area {
	of := func(_ context.Context, r *http.Request) (access.Resource, error) {
		id, err := page.PathID(r, "programme")
		if err != nil {
			return access.Resource{}, err
		}
		if id == 3 {
			return access.Resource{}, fault.New(fault.NotFound, fault.Place{}, "no programme 3", "")
		}
		return access.Resource{Programme: id}, nil
	}
	return area(
		page.Route{Pattern: "GET /open", Action: access.Public, Do: done},
		page.Route{Pattern: "GET /own", Action: access.Home, Of: func(_ context.Context, r *http.Request) (access.Resource, error) {
			if r.URL.Query().Get("tell") != "" {
				t.Error("a visitor's request was looked up")
			}
			return access.Resource{}, nil
		}, Do: done},
		page.Route{Pattern: "GET /programmes/{programme}", Action: access.ProgrammeView, Of: of, Do: done},
		page.Route{Pattern: "GET /people/new", Action: access.PeopleSet, Do: done},
		page.Route{Pattern: "POST /people/new/add", Action: access.PeopleSet, Do: done},
		page.Route{Pattern: "GET /audit", Action: access.AuditRead, Do: done},
		page.Route{Pattern: "GET /away", Action: access.Home, Do: func(r *page.Request) error { return r.Redirect("//evil.example") }},
		page.Route{Pattern: "GET /broken/{word}", Action: access.Home, Of: page.OfSystem, Do: func(*page.Request) error { return errors.New("secret of the store") }},
		page.Route{Pattern: "GET /panic", Action: access.Home, Do: func(*page.Request) error { panic("a value of someone") }},
		page.Route{Pattern: "GET /meets", Action: access.Home, Do: func(*page.Request) error {
			return fault.New(fault.Conflict, fault.Place{}, "the round was closed", "open it again")
		}},
		page.Route{Pattern: "POST /own", Action: access.Home, Do: func(r *page.Request) error {
			if _, err := r.ReadForm("demo"); err != nil {
				return err
			}
			return done(r)
		}},
		page.Route{Pattern: "POST /own/file", Action: access.Home, Do: func(r *page.Request) error {
			if _, err := r.ReadUpload("demo", 1000); err != nil {
				return err
			}
			return done(r)
		}},
	)
}

func id(n int64) string { return ids.ID(n).String() }

func TestVisitorsAreSentToSignIn(t *testing.T) {
	c := pagetest.New(t, house(page.House{Policies: steps{}}), &pagetest.Person{}, things(t))
	c.Get("/open").Want(t, 200, "done")
	for path, want := range map[string]string{
		"/own?tell=x&y=1":      "/sign-in?to=%2Fown%3Ftell%3Dx%26y%3D1",
		"/programmes/" + id(1): "/sign-in?to=%2Fprogrammes%2F" + id(1),
		"/programmes/" + id(3): "/sign-in?to=%2Fprogrammes%2F" + id(3),
	} {
		if a := c.Get(path).Want(t, 303); a.Location() != want {
			t.Errorf("%s leads to %s, wanted %s", path, a.Location(), want)
		}
	}
	if a := c.Post("/own", nil).Want(t, 303); a.Location() != "/sign-in?to=%2Fown" {
		t.Errorf("a change leads to %s", a.Location())
	}
}

func TestWhatOneMayNotSeeLooksLikeNothing(t *testing.T) {
	c := pagetest.New(t, house(page.House{Policies: steps{}}), pagetest.Somebody(1, access.Reviewer), things(t))
	c.Get("/programmes/"+id(1)).Want(t, 200, "done")
	none := c.Get("/nowhere").Want(t, 404, "Page not found")
	for _, path := range []string{"/programmes/" + id(2), "/programmes/" + id(3), "/programmes/%2e%2e", "/programmes/x", "/audit"} {
		a := c.Get(path).Want(t, 404)
		// The way back of the language switch is the page's own path.
		clean := func(s, path string) string { return strings.ReplaceAll(s, `value="`+path+`"`, "") }
		if clean(a.Body, path) != clean(none.Body, "/nowhere") {
			t.Errorf("%s looks different from a page that is not there", path)
		}
		for name := range a.Header {
			if name != "X-Request-Id" && name != "Content-Length" && !slices.Equal(a.Header[name], none.Header[name]) {
				t.Errorf("%s: the header %s tells it from a page that is not there", path, name)
			}
		}
	}
}

func TestStepUp(t *testing.T) {
	who := pagetest.Somebody(1, access.Coordinator)
	c := pagetest.New(t, house(page.House{Policies: steps{}}), who, things(t))
	c.Get("/people/new").Want(t, 200)
	who.Session.Fresh = false
	if a := c.Get("/people/new?role=x"); a.Location() != "/sign-in/again?to=%2Fpeople%2Fnew%3Frole%3Dx" {
		t.Errorf("leads to %q", a.Location())
	}
	if a := c.Post("/people/new/add", nil); a.Location() != "/sign-in/again?to=%2Fpeople%2Fnew" {
		t.Errorf("a change leads to %q", a.Location())
	}
	who.Session.Strong = false
	if a := c.Get("/people/new"); a.Location() != "/sign-in/strong?to=%2Fpeople%2Fnew" {
		t.Errorf("leads to %q", a.Location())
	}
}

func TestErrorsTellNothing(t *testing.T) {
	var log bytes.Buffer
	c := pagetest.New(t, house(page.House{Policies: steps{}, Log: slog.New(slog.NewJSONHandler(&log, nil))}),
		pagetest.Somebody(1, access.Reviewer), things(t))
	a := c.Get("/broken/Amina").Want(t, 500, "Internal error")
	reference := a.Header.Get("X-Request-Id")
	if strings.Contains(a.Body, "secret of the store") || !strings.Contains(a.Body, reference) || !strings.Contains(log.String(), reference) {
		t.Errorf("the page must hold the reference %s and nothing of the error: %s", reference, a.Body)
	}
	c.Get("/panic").Want(t, 500, "Internal error")
	c.Get("/away").Want(t, 500)
	c.Get("/meets").Want(t, 409, "Someone else changed this", "the round was closed (open it again)")
	r := httptest.NewRequest("GET", "http://waymark.test/own?name=Amina", nil)
	r.RemoteAddr = "203.0.113.9:4711"
	c.Do(r)
	for _, secret := range []string{"Amina", "a value of someone", "203.0.113.9", "Synthetic Person", "person@example.org", "/broken/A"} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
	if !strings.Contains(log.String(), `"pattern":"GET /broken/{word}"`) {
		t.Errorf("the log does not hold the pattern: %s", log.String())
	}
}

func TestChangesFromOtherSites(t *testing.T) {
	c := pagetest.New(t, house(page.House{Policies: steps{}}), pagetest.Somebody(1, access.Reviewer), things(t))
	post := func(site, origin string) int {
		r := httptest.NewRequest("POST", "http://waymark.test/own", strings.NewReader("a=b"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", site)
		if origin != "" {
			r.Header.Set("Origin", origin)
		}
		return c.Do(r).Code
	}
	for site, want := range map[string]int{"same-origin": 200, "none": 200, "same-site": 403, "cross-site": 403} {
		if got := post(site, ""); got != want {
			t.Errorf("a change from %s is answered with %d, wanted %d", site, got, want)
		}
	}
	if got := post("cross-site", "https://evil.example"); got != 403 {
		t.Errorf("a change from another origin is answered with %d", got)
	}
	if got := post("cross-site", "http://waymark.test"); got != 200 {
		t.Errorf("a change from our own origin is answered with %d", got)
	}
}

func TestBodiesAreLimited(t *testing.T) {
	c := pagetest.New(t, house(page.House{Policies: steps{}}), pagetest.Somebody(1, access.Reviewer), things(t))
	c.Post("/own", url.Values{"a": {strings.Repeat("x", page.MaxForm)}}).Want(t, 413, "Too large")
	c.Upload("/own/file", nil, map[string]page.Upload{"f": {Name: "a.csv", Bytes: make([]byte, 1000)}}).Want(t, 200)
	c.Upload("/own/file", nil, map[string]page.Upload{"f": {Name: "a.csv", Bytes: make([]byte, 1001)}}).Want(t, 413)
	c.Upload("/own/file", url.Values{"a": {strings.Repeat("x", page.MaxForm+1)}}, nil).Want(t, 413)
	many := url.Values{}
	for i := range 5001 {
		many.Add("n", id(int64(i)))
	}
	c.Post("/own", many).Want(t, 400, "not understood")
	r := httptest.NewRequest("POST", "http://waymark.test/own", strings.NewReader(`{"a":1}`))
	r.Header.Set("Content-Type", "application/json")
	c.Do(r).Want(t, 400)
}

func TestHeaders(t *testing.T) {
	h := house(page.House{Policies: steps{}, Base: "https://waymark.test"})
	c := pagetest.New(t, h, pagetest.Somebody(1, access.Reviewer), things(t))
	for _, path := range []string{"/own", "/nowhere", "/panic", "/away", "/people/new"} {
		got := c.Get(path).Header
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; " +
				"connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
			"Cache-Control":                "no-store",
			"Referrer-Policy":              "no-referrer",
			"X-Content-Type-Options":       "nosniff",
			"Cross-Origin-Opener-Policy":   "same-origin",
			"Cross-Origin-Resource-Policy": "same-origin",
			"Strict-Transport-Security":    "max-age=31536000",
		} {
			if got.Get(name) != want {
				t.Errorf("%s: %s is %q", path, name, got.Get(name))
			}
		}
		if got.Get("X-Request-Id") == "" || !strings.Contains(got.Get("Permissions-Policy"), "geolocation=()") {
			t.Errorf("%s: headers are missing: %v", path, got)
		}
	}
}
