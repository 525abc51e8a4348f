package signin

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"waymark/trust/access"
	"waymark/trust/account"
	"waymark/web/page/pagetest"
)

// holding sends a request with a session token that was known before.
func (s *site) holding(token, path string) *pagetest.Answer {
	r := httptest.NewRequest("GET", "http://waymark.test"+path, nil)
	r.AddCookie(&http.Cookie{Name: "session", Value: token})
	return s.client().Do(r)
}

// TestPromise10Rotation: session identifiers rotate at sign-in and at step-up, and
// the old ones open nothing.
func TestPromise10Rotation(t *testing.T) {
	s := newSite(t)
	secret := s.setUp(s.client())
	c := s.client()
	s.pass(time.Minute)
	goes(t, c.Post("/sign-in", url.Values{"email": {"first@example.org"}, "password": {password}}), "/sign-in/code?to=%2F")
	half := token(c)
	goes(t, c.Post("/sign-in/code", url.Values{"code": {s.code(secret)}}), "/")
	in := token(c)
	if half == "" || in == half {
		t.Fatalf("no new token at sign-in: %q, %q", half, in)
	}
	goes(t, s.holding(half, "/"), "/sign-in?to=%2F")
	s.pass(11 * time.Minute)
	goes(t, c.Post("/sign-in/again", url.Values{"password": {password}, "code": {s.code(secret)}, "to": {"/people/new"}}), "/people/new")
	again := token(c)
	if again == in {
		t.Fatal("no new token at step-up")
	}
	goes(t, s.holding(in, "/"), "/sign-in?to=%2F")
	c.Get("/people/new").Want(t, 200, "dangerous")
	k := c.Cookie("session")
	if k == nil || !k.HttpOnly || k.SameSite != http.SameSiteLaxMode || k.MaxAge != 0 || !k.Expires.IsZero() {
		t.Errorf("%+v", k)
	}
	// Idle, and absolute in spite of use.
	s.pass(31 * time.Minute)
	goes(t, c.Get("/"), "/sign-in?to=%2F")
}

// TestPromise10PasswordChange: a password change ends all other sessions, and the
// token of the one that did it changes.
func TestPromise10PasswordChange(t *testing.T) {
	s := newSite(t)
	s.setUp(s.client())
	s.person("officer@example.org", access.Reviewer)
	c, d := s.client(), s.client()
	s.enter(c, "officer@example.org")
	s.enter(d, "officer@example.org")
	before := token(c)
	goes(t, c.Post("/account/password", url.Values{"password": {"lamp otter kite 8"}, "again": {"lamp otter kite 8"}}), "/account")
	goes(t, d.Get("/"), "/sign-in?to=%2F")
	goes(t, s.holding(before, "/"), "/sign-in?to=%2F")
	c.Get("/").Want(t, 200)
}

// TestPromise5SuspensionAtOnce: over the pages.
func TestPromise5SuspensionAtOnce(t *testing.T) {
	s := newSite(t)
	s.setUp(s.client())
	a := s.person("officer@example.org", access.Reviewer)
	c := s.client()
	s.enter(c, "officer@example.org")
	if err := s.service.Suspend(ctx, s.byEmail("first@example.org"), a.ID); err != nil {
		t.Fatal(err)
	}
	goes(t, c.Get("/"), "/sign-in?to=%2F")
}

// TestSessionFixation: a token that someone put into the browser is never made that
// of a session.
func TestSessionFixation(t *testing.T) {
	s := newSite(t)
	s.setUp(s.client())
	s.person("officer@example.org", access.Reviewer)
	// An attacker's own visitor session, whose token the victim's browser is given.
	evil := s.client()
	evil.Post("/sign-in/passkey/ask", nil).Want(t, 200)
	for _, planted := range []string{token(evil), "made-up", strings.Repeat("A", 43)} {
		r := httptest.NewRequest("POST", "http://waymark.test/sign-in", strings.NewReader(url.Values{"email": {"officer@example.org"}, "password": {password}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.AddCookie(&http.Cookie{Name: "session", Value: planted})
		victim := s.client()
		goes(t, victim.Do(r), "/")
		if token(victim) == planted || token(victim) == "" {
			t.Errorf("the planted token %q was taken over", planted)
		}
		goes(t, s.holding(planted, "/"), "/sign-in?to=%2F")
	}
}

// TestCSRF: changes that another site's page sends are refused and do nothing.
func TestCSRF(t *testing.T) {
	s := newSite(t)
	s.setUp(s.client())
	s.person("officer@example.org", access.Reviewer)
	c := s.client()
	s.enter(c, "officer@example.org")
	before := s.byEmail("officer@example.org")
	paths := 0
	for _, route := range s.Area().Routes {
		path, post := strings.CutPrefix(route.Pattern, "POST ")
		if !post {
			continue
		}
		paths++
		for _, header := range []map[string]string{{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "none-such", "Origin": "https://evil.example"}} {
			form := url.Values{"email": {"officer@example.org"}, "password": {"lamp otter kite 8"}, "again": {"lamp otter kite 8"}, "name": {"Owned"}, "lang": {"en"}, "all": {"yes"}}
			r := httptest.NewRequest("POST", "http://waymark.test"+strings.ReplaceAll(path, "{passkey}", "0000000000001"), strings.NewReader(form.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			for k, v := range header {
				r.Header.Set(k, v)
			}
			c.Do(r).Want(t, 403, "Sent from another site")
		}
	}
	if paths < 15 {
		t.Fatalf("only %d routes were tried", paths)
	}
	if after := s.byEmail("officer@example.org"); after.Password != before.Password || after.Name != before.Name || after.Epoch != before.Epoch {
		t.Error("another site's page changed the account")
	}
	c.Get("/").Want(t, 200)
}

// TestReplayedOneTimeCode: a code that was seen over a shoulder opens nothing.
func TestReplayedOneTimeCode(t *testing.T) {
	s := newSite(t)
	secret := s.setUp(s.client())
	s.pass(time.Minute)
	code := s.code(secret)
	enter := func() *pagetest.Client {
		c := s.client()
		goes(t, c.Post("/sign-in", url.Values{"email": {"first@example.org"}, "password": {password}}), "/sign-in/code?to=%2F")
		return c
	}
	a, b := enter(), enter()
	var wg sync.WaitGroup
	answers := make([]*pagetest.Answer, 2)
	for i, c := range []*pagetest.Client{a, b} {
		wg.Go(func() { answers[i] = c.Post("/sign-in/code", url.Values{"code": {code}}) })
	}
	wg.Wait()
	if answers[0].Code == answers[1].Code {
		t.Errorf("two with one code: %d and %d", answers[0].Code, answers[1].Code)
	}
	enter().Post("/sign-in/code", url.Values{"code": {code}}).Want(t, 422, "did not work")
	// Nor does it prove anything a second time in a session.
	c := enter()
	s.pass(30 * time.Second)
	fresh := s.code(secret)
	goes(t, c.Post("/sign-in/code", url.Values{"code": {fresh}}), "/")
	c.Post("/sign-in/again", url.Values{"password": {password}, "code": {fresh}}).Want(t, 422, "did not work")
}

// TestEnumeration: the pages answer the same for every address, to the byte.
func TestEnumeration(t *testing.T) {
	s := newSite(t)
	s.setUp(s.client())
	s.person("officer@example.org", access.Reviewer)
	gone := s.person("banned@example.org", access.Reviewer)
	if err := s.service.Suspend(ctx, s.byEmail("first@example.org"), gone.ID); err != nil {
		t.Fatal(err)
	}
	ask := func(email, password string) (answers []string) {
		c := s.client()
		for range 8 {
			a := c.Post("/sign-in", url.Values{"email": {email}, "password": {password}})
			a.Header.Del("Date")
			var headers strings.Builder
			if err := a.Header.Write(&headers); err != nil {
				t.Fatal(err)
			}
			answers = append(answers, strings.ReplaceAll(headers.String()+http.StatusText(a.Code)+a.Body, email, "ADDRESS"))
		}
		return answers
	}
	want := ask("nobody1@example.org", "wrong password 1")
	for email, p := range map[string]string{"officer@example.org": "wrong password 1", gone.Email: password, "first@example.org": "wrong password 1"} {
		for i, got := range ask(email, p) {
			if stripLength(got) != stripLength(want[i]) {
				t.Errorf("try %d of %s is answered otherwise:\n%s\n\n%s", i, email, got, want[i])
			}
		}
	}
}

// stripLength takes away what depends on how long the address is, and references
// that are new each time.
func stripLength(s string) string {
	var lines []string
	for line := range strings.Lines(s) {
		if !strings.HasPrefix(line, "Content-Length:") && !strings.HasPrefix(line, "X-Request-Id:") {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "")
}

// TestOpenRedirect: no way through these pages leads to another site.
func TestOpenRedirect(t *testing.T) {
	s := newSite(t)
	secret := s.setUp(s.client())
	s.person("officer@example.org", access.Reviewer)
	for _, evil := range []string{"https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example", "javascript:alert(1)",
		"https:evil.example", "http:///evil.example", "/%0d%0aLocation:https://evil.example", " //evil.example", "///evil.example", "/.//evil.example\r\nX: y", "data:text/html,x"} {
		check := func(what string, a *pagetest.Answer) {
			t.Helper()
			to := a.Location()
			u, err := url.Parse(to)
			if a.Code == 303 && (err != nil || u.Host != "" || u.Scheme != "" || strings.HasPrefix(to, "//") || strings.HasPrefix(to, "/\\")) {
				t.Errorf("%s with %q leads to %q", what, evil, to)
			}
			if strings.Contains(a.Body, `value="`+evil) && !strings.HasPrefix(evil, "/%0d") {
				t.Errorf("%s with %q keeps it in its form", what, evil)
			}
			if a.Header.Get("X") != "" {
				t.Errorf("%s with %q made a header", what, evil)
			}
		}
		q := "?to=" + url.QueryEscape(evil)
		c := s.client()
		check("the sign-in page", c.Get("/sign-in"+q))
		check("a wrong sign-in", c.Post("/sign-in", url.Values{"email": {"x@example.org"}, "password": {"x"}, "to": {evil}}))
		check("sign-in", c.Post("/sign-in", url.Values{"email": {"officer@example.org"}, "password": {password}, "to": {evil}}))
		check("sign-in when in", c.Get("/sign-in"+q))
		check("the proof", c.Get("/sign-in/again"+q))
		check("a proof", c.Post("/sign-in/again", url.Values{"password": {password}, "to": {evil}}))
		check("strong", c.Get("/sign-in/strong"+q))
		check("codes", c.Get("/account/codes"+q))
		check("codes kept", c.Post("/account/codes", url.Values{"to": {evil}}))
		check("language", c.Post("/language", url.Values{"to": {evil}, "lang": {"en"}}))
		check("signing out", c.Post("/sign-out", url.Values{"to": {evil}}))
		d := s.client()
		s.pass(30 * time.Second)
		check("the first step", d.Post("/sign-in", url.Values{"email": {"first@example.org"}, "password": {password}, "to": {evil}}))
		check("the second step", d.Get("/sign-in/code"+q))
		check("a code", d.Post("/sign-in/code", url.Values{"code": {s.code(secret)}, "to": {evil}}))
	}
}

// TestPromise13SignOut: the browser is told to forget, and the session is gone.
func TestPromise13SignOut(t *testing.T) {
	s := newSite(t)
	s.setUp(s.client())
	s.person("officer@example.org", access.Reviewer)
	c := s.client()
	s.enter(c, "officer@example.org")
	before := token(c)
	a := c.Post("/sign-out", nil)
	goes(t, a, "/sign-in")
	if a.Header.Get("Clear-Site-Data") != `"cache", "storage"` || token(c) != "" {
		t.Errorf("%q, token %q", a.Header.Get("Clear-Site-Data"), token(c))
	}
	goes(t, s.holding(before, "/"), "/sign-in?to=%2F")
	c.Get("/sign-in").Want(t, 200, "You are signed out")
}

// TestPromise12Pages: a wait is said, with the time, and who waits elsewhere is not
// held up.
func TestPromise12Pages(t *testing.T) {
	s := newSite(t)
	s.setUp(s.client())
	s.person("officer@example.org", access.Reviewer)
	c := s.client()
	var last *pagetest.Answer
	for range 6 {
		last = c.Post("/sign-in", url.Values{"email": {"officer@example.org"}, "password": {"wrong"}})
	}
	last.Want(t, 429, "Wait 1 second, then try again")
	if last.Header.Get("Retry-After") != "1" {
		t.Errorf("Retry-After: %q", last.Header.Get("Retry-After"))
	}
	r := httptest.NewRequest("POST", "http://waymark.test/sign-in", strings.NewReader(url.Values{"email": {"officer@example.org"}, "password": {password}}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.RemoteAddr = "203.0.113.9:4711"
	goes(t, s.client().Do(r), "/")
}

// TestNothingPersonalInLogsAndAddresses: after all of it, the log names nobody and
// holds no token.
func TestNothingPersonalInLogsAndAddresses(t *testing.T) {
	s := newSite(t)
	c := s.client()
	s.setUp(c)
	link, err := s.service.SendLink(ctx, account.Actor(1), s.person("officer@example.org", access.Reviewer).ID, false)
	if err != nil {
		t.Fatal(err)
	}
	c.Get("/link/" + link.Token)
	c.Get("/link/" + link.Token + "x")
	d := s.client()
	d.Post("/sign-in", url.Values{"email": {"officer@example.org"}, "password": {"wrong password"}})
	s.enter(d, "officer@example.org")
	said := s.log.String()
	for _, canary := range []string{link.Token, "officer@", "example.org", "Another Person", "First Person", password, "wrong password", token(d), "192.0.2."} {
		if strings.Contains(said, canary) {
			t.Errorf("the log holds %q:\n%s", canary, said)
		}
	}
	for _, e := range s.store.Log() {
		for _, v := range e.Detail {
			if strings.Contains(v, "@") || strings.Contains(v, "Person") {
				t.Errorf("the audit holds %q", v)
			}
		}
	}
}
