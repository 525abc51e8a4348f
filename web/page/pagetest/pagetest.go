// Package pagetest lets an area test its pages without a browser: a site with the
// area in it, a person of one's choosing, and checks of words and pages that hold
// for every area. Tests only.
//
// It knows no area and no store: tests pass in what their pages need.
package pagetest

import (
	"bytes"
	"html"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"waymark/internal/ids"
	"waymark/trust/access"
	"waymark/trust/account"
	"waymark/web/page"
)

// Now is the time in tests.
var Now = time.Date(2026, 3, 2, 10, 30, 0, 0, time.UTC)

// House returns a house with test values for what is not set in h.
func House(h page.House) *page.House {
	if h.Log == nil {
		h.Log = slog.New(slog.DiscardHandler)
	}
	if h.Now == nil {
		h.Now = func() time.Time { return Now }
	}
	if h.Base == "" {
		h.Base = "http://waymark.test"
	}
	if h.Secret == nil {
		h.Secret = bytes.Repeat([]byte("k"), 32)
	}
	if h.Policies == nil {
		h.Policies = AllowAll{}
	}
	return &h
}

// AllowAll allows everything; only for tests of what pages show.
type AllowAll struct{}

// Allow says yes.
func (AllowAll) Allow(access.Principal, access.Action, access.Resource) bool { return true }

// Declared says whether the action is in the list of trust/access.
func (AllowAll) Declared(a access.Action) bool {
	for _, known := range access.Actions {
		if a == known {
			return true
		}
	}
	return false
}

// Only allows the actions that it holds.
type Only map[access.Action]bool

// Allow looks the action up.
func (o Only) Allow(_ access.Principal, a access.Action, _ access.Resource) bool { return o[a] }

// Declared says whether the action is in the list of trust/access.
func (Only) Declared(a access.Action) bool { return AllowAll{}.Declared(a) }

// Person is who is signed in; a zero Person is a visitor.
type Person struct {
	Account *account.Account
	Session page.Session
}

// Somebody is a signed-in person in these roles of a programme. The name is made up.
func Somebody(programme ids.ID, roles ...access.Role) *Person {
	a := &account.Account{ID: 1 << 40, Name: "Synthetic Person", Email: "person@example.org", State: account.Active}
	for _, r := range roles {
		a.Members = append(a.Members, access.Membership{Programme: programme, Role: r})
	}
	return &Person{Account: a, Session: page.Session{Strong: true, Fresh: true}}
}

// Wrap implements page.Sessions.
func (p *Person) Wrap(next http.Handler) http.Handler { return next }

// Identify implements page.Sessions.
func (p *Person) Identify(*http.Request) (*account.Account, page.Session, error) {
	return p.Account, p.Session, nil
}

// Client asks a site as a browser would and keeps its cookies.
type Client struct {
	t       testing.TB
	handler http.Handler
	cookies map[string]*http.Cookie
	// Lang is asked for by Accept-Language. Default "en".
	Lang string
}

// New returns a client of a site with these areas. sessions may be a *Person.
func New(t testing.TB, h *page.House, sessions page.Sessions, areas ...page.Area) *Client {
	t.Helper()
	handler, _, err := page.New(h, sessions, areas...)
	if err != nil {
		t.Fatal(err)
	}
	return NewClient(t, page.Outer(h, handler))
}

// NewClient returns a client of any handler.
func NewClient(t testing.TB, handler http.Handler) *Client {
	return &Client{t: t, handler: handler, cookies: map[string]*http.Cookie{}, Lang: "en"}
}

// For returns the same client, with its cookies, for another test: that of a fuzz
// target.
func (c *Client) For(t testing.TB) *Client {
	other := *c
	other.t = t
	return &other
}

// Answer is what came.
type Answer struct {
	Code   int
	Header http.Header
	Body   string
}

// Get asks for a page.
func (c *Client) Get(path string) *Answer {
	c.t.Helper()
	return c.Do(httptest.NewRequest("GET", "http://waymark.test"+path, nil))
}

// Post sends a form from a page of the same site.
func (c *Client) Post(path string, fields url.Values) *Answer {
	c.t.Helper()
	r := httptest.NewRequest("POST", "http://waymark.test"+path, strings.NewReader(fields.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return c.Do(r)
}

// Upload sends a form with files: field name to file name and content.
func (c *Client) Upload(path string, fields url.Values, files map[string]page.Upload) *Answer {
	c.t.Helper()
	several := map[string][]page.Upload{}
	for name, f := range files {
		several[name] = []page.Upload{f}
	}
	return c.UploadMany(path, fields, several)
}

// UploadMany sends a form with several files a field.
func (c *Client) UploadMany(path string, fields url.Values, files map[string][]page.Upload) *Answer {
	c.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, values := range fields {
		for _, v := range values {
			if err := w.WriteField(name, v); err != nil {
				c.t.Fatal(err)
			}
		}
	}
	for name, list := range files {
		for _, f := range list {
			part, err := w.CreateFormFile(name, f.Name)
			if err != nil {
				c.t.Fatal(err)
			}
			if _, err := part.Write(f.Bytes); err != nil {
				c.t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		c.t.Fatal(err)
	}
	r := httptest.NewRequest("POST", "http://waymark.test"+path, &b)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return c.Do(r)
}

// Do sends a request with the client's cookies and what browsers say.
func (c *Client) Do(r *http.Request) *Answer {
	c.t.Helper()
	if r.Header.Get("Sec-Fetch-Site") == "" {
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	if r.Header.Get("Accept-Language") == "" {
		r.Header.Set("Accept-Language", c.Lang)
	}
	for _, k := range c.cookies {
		r.AddCookie(k)
	}
	w := httptest.NewRecorder()
	c.handler.ServeHTTP(w, r)
	res := w.Result()
	for _, k := range res.Cookies() {
		if k.MaxAge < 0 {
			delete(c.cookies, k.Name)
			continue
		}
		c.cookies[k.Name] = k
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return &Answer{Code: res.StatusCode, Header: res.Header, Body: string(body)}
}

// Cookie returns a cookie that the client holds, or nil.
func (c *Client) Cookie(name string) *http.Cookie { return c.cookies[name] }

// Location is where a redirect leads.
func (a *Answer) Location() string { return a.Header.Get("Location") }

// Want checks the status and that the page holds these texts, as markup or as they
// are read.
func (a *Answer) Want(t testing.TB, code int, texts ...string) *Answer {
	t.Helper()
	if a.Code != code {
		t.Fatalf("the status is %d, wanted %d; the page says %.2000s", a.Code, code, a.Body)
	}
	for _, s := range texts {
		if !strings.Contains(a.Body, s) && !strings.Contains(html.UnescapeString(a.Body), s) {
			t.Errorf("the page does not hold %q; it is %.3000s", s, a.Body)
		}
	}
	return a
}
