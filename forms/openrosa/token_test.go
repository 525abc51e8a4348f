package openrosa_test

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"waymark/forms/openrosa"
	"waymark/forms/openrosa/phonetest"
	"waymark/internal/ids"
)

func TestNewToken(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		token, hash := openrosa.NewToken()
		raw, err := base64.RawURLEncoding.DecodeString(token)
		if err != nil || len(raw) != 32 || len(hash) != 32 || string(openrosa.HashToken(token)) != string(hash) || seen[token] {
			t.Fatalf("%q, %v", token, err)
		}
		seen[token] = true
	}
}

// Every token but the right one gets the same answer after the same look-ups,
// and never one that makes Collect ask for a password.
func TestForgedTokens(t *testing.T) {
	w := newWorld(t, nil)
	unknown, _ := openrosa.NewToken()
	padded := w.token + "="
	flipped := flip(w.token)
	var want *phonetest.Reply
	for name, token := range map[string]string{
		"unknown": unknown, "cut": w.token[:42], "longer": w.token + "A", "padded": padded, "one letter": flipped,
		"spare bits": w.token[:42] + string(spare(w.token[42])), "upper case": strings.ToUpper(w.token), "short": "a",
		"escaped": "%00", "space": "%20" + w.token, "quotes": "'%20or%20'1'='1", "huge": strings.Repeat("A", 7000), "slash": w.token + "%2f..",
	} {
		w.house.mu.Lock()
		w.asked = 0
		w.house.mu.Unlock()
		r, err := phonetest.New(w.server.URL+"/key/"+token).Request(http.MethodGet, w.server.URL+"/key/"+token+"/formList", "", nil)
		if err != nil || r.Status != http.StatusForbidden || r.Header.Get("Www-Authenticate") != "" {
			t.Errorf("%s: %+v, %v", name, r, err)
			continue
		}
		if w.asked != 1 {
			t.Errorf("%s: %d look-ups", name, w.asked)
		}
		if want == nil {
			want = r
		}
		if string(r.Body) != string(want.Body) {
			t.Errorf("%s: answered %s", name, r.Body)
		}
	}
	w.silent()
}

// Tokens that nobody has are told to wait after some a minute; a known one from
// the same address is not.
func TestGuessesAreHeldUp(t *testing.T) {
	var minute atomic.Int64
	noon := time.Date(2016, 10, 6, 12, 0, 0, 0, time.UTC)
	w := newWorld(t, func(o *openrosa.Options) {
		o.Limits.Unknown = 5
		o.Now = func() time.Time { return noon.Add(time.Duration(minute.Load()) * time.Minute) }
	})
	ask := func(prefix, token, remote string) *httptest.ResponseRecorder {
		rec, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, prefix+token+"/formList", nil)
		r.RemoteAddr = remote
		w.handler.ServeHTTP(rec, r)
		return rec
	}
	const camp, other = "203.0.113.9:4711", "203.0.113.10:4711"
	for i := range 5 {
		unknown, _ := openrosa.NewToken()
		if got := ask([]string{openrosa.KeyPath, openrosa.TestPath}[i%2], unknown, camp); got.Code != http.StatusForbidden {
			t.Fatalf("try %d: %d", i, got.Code)
		}
	}
	for range 100 {
		unknown, _ := openrosa.NewToken()
		got := ask(openrosa.KeyPath, unknown, camp)
		if got.Code != http.StatusTooManyRequests || got.Header().Get("Retry-After") != "60" || !strings.Contains(got.Body.String(), "Wait a minute") {
			t.Fatalf("%d %v %s", got.Code, got.Header(), got.Body)
		}
		if got := ask(openrosa.KeyPath, w.token, camp); got.Code != http.StatusOK {
			t.Fatalf("a known token from the same address: %d", got.Code)
		}
	}
	unknown, _ := openrosa.NewToken()
	if got := ask(openrosa.KeyPath, unknown, other); got.Code != http.StatusForbidden {
		t.Errorf("another address: %d", got.Code)
	}
	minute.Add(1)
	if got := ask(openrosa.KeyPath, unknown, camp); got.Code != http.StatusForbidden {
		t.Errorf("a minute later: %d", got.Code)
	}
	if n := strings.Count(w.log.String(), "tokens that nobody has"); n != 1 || strings.Contains(w.log.String(), "203.0.113") {
		t.Errorf("the log: %s", w.log)
	}
	w.silent()
}

func flip(token string) string {
	b := []byte(token)
	if b[10] == 'A' {
		b[10] = 'B'
	} else {
		b[10] = 'A'
	}
	return string(b)
}

// spare changes the two bits of the last letter that carry nothing.
func spare(c byte) byte {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	return letters[strings.IndexByte(letters, c)^1]
}

// Revoking takes effect at the next request, and so do a policy's no and the
// deletion of what the token opened.
func TestRevoked(t *testing.T) {
	w := newWorld(t, nil)
	w.sends(w.phone, http.StatusCreated, interview("uuid:1", ""), nil)
	w.who.Revoked = time.Now()
	w.sends(w.phone, http.StatusForbidden, interview("uuid:2", ""), nil)
	w.who.Revoked = time.Time{}
	w.sends(w.phone, http.StatusCreated, interview("uuid:2", ""), nil)
	w.may.Store(false)
	w.sends(w.phone, http.StatusForbidden, interview("uuid:3", ""), nil)
	w.may.Store(true)
	delete(w.enumerators, string(openrosa.HashToken(w.token)))
	w.sends(w.phone, http.StatusForbidden, interview("uuid:3", ""), nil)
	if w.submissions() != 2 {
		t.Errorf("%d submissions", w.submissions())
	}
}

// The policies are asked about each route's own action, for the phone's programme.
func TestPoliciesAreAsked(t *testing.T) {
	var asked []string
	var w *world
	w = newWorld(t, func(o *openrosa.Options) {
		o.May = func(_ context.Context, phone, programme ids.ID, action string) bool {
			if phone == w.who.ID && programme == w.round.Programme {
				asked = append(asked, action)
			}
			return true
		}
	})
	w.list(w.phone, "")
	w.sends(w.phone, http.StatusCreated, interview("uuid:1", ""), nil)
	if got := strings.Join(asked, " "); got != "form.view submission.add submission.add" { // HEAD and POST
		t.Errorf("asked %q", got)
	}
}

func TestNewNeedsItsOptions(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a handler without policies was made")
		}
	}()
	w := newWorld(t, nil)
	w.options.May = nil
	openrosa.New(w.options)
}

// The last use is noted once an hour.
func TestTouch(t *testing.T) {
	now := time.Date(2016, 10, 6, 10, 30, 0, 0, time.UTC)
	w := newWorld(t, func(o *openrosa.Options) { o.Now = func() time.Time { return now } })
	for range 3 {
		w.list(w.phone, "")
	}
	if w.touched != 1 {
		t.Errorf("%d touches", w.touched)
	}
	now = now.Add(time.Hour)
	w.list(w.phone, "")
	w.list(w.phone, "")
	if w.touched != 2 {
		t.Errorf("%d touches", w.touched)
	}
	w.who.Used = now.Add(time.Hour)
	now = now.Add(time.Hour)
	w.list(w.phone, "")
	if w.touched != 2 {
		t.Errorf("%d touches", w.touched)
	}
}

func TestMethods(t *testing.T) {
	w := newWorld(t, nil)
	for _, tt := range []struct {
		method, path, allow string
	}{
		{"POST", "/formList", "GET, HEAD"}, {"DELETE", "/submission", "POST, HEAD"}, {"GET", "/submission", "POST, HEAD"},
		{"OPTIONS", "/submission", "POST, HEAD"}, {"PUT", "/forms/x/form.xml", "GET, HEAD"}, {"TRACE", "/forms/x/manifest", "GET, HEAD"},
	} {
		r := httptest.NewRequest(tt.method, "/key/"+w.token+tt.path, nil)
		r.Header.Set("Origin", "https://evil.example")
		r.Header.Set("Cookie", "session=x")
		rec := httptest.NewRecorder()
		w.handler.ServeHTTP(rec, r)
		h := rec.Result().Header
		if rec.Code != http.StatusMethodNotAllowed || h.Get("Allow") != tt.allow || h.Get("Access-Control-Allow-Origin") != "" || h.Get("Set-Cookie") != "" {
			t.Errorf("%s %s answered %d %v", tt.method, tt.path, rec.Code, h)
		}
	}
	r, err := w.phone.Request(http.MethodHead, w.phone.Server+"/submission", "", nil)
	if err != nil || r.Status != http.StatusNoContent || len(r.Body) != 0 || r.Header.Get("X-OpenRosa-Accept-Content-Length") != "10000000" {
		t.Errorf("%+v, %v", r, err)
	}
	r, err = w.phone.Request(http.MethodHead, w.server.URL+"/key/x/submission", "", nil)
	if err != nil || r.Status != http.StatusForbidden {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestRedact(t *testing.T) {
	token, _ := openrosa.NewToken()
	for in, want := range map[string]string{
		"/key/" + token + "/formList":                           "/key/-/formList",
		"/key/" + token:                                         "/key/-",
		"/test/short/submission":                                "/test/-/submission",
		"/key/" + token + "/submission?deviceID=collect:abc":    "/key/-/submission",
		"https://data.example.org/KEY/" + token + "/formList#x": "https://data.example.org/KEY/-/formList",
		"//key//" + token + "/formList":                         "//key//-/formList",
		"/key/key/" + token:                                     "/key/-/-",
		"/a/" + token + "/b":                                    "/a/-/b",
		"/key%2f" + token + "/formList":                         "/-/formList",
		"/rounds/0123456789abc/submissions":                     "/rounds/0123456789abc/submissions",
		"/x" + token + "y":                                      "/-",
		"":                                                      "",
	} {
		got := openrosa.Redact(in)
		if got != want || strings.Contains(got, token) {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}
