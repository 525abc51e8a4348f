package main

import (
	"bytes"
	"context"
	"encoding/base32"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"waymark/forms/openrosa"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/monitoring/collection/demo"
	"waymark/monitoring/collection/draft"
	"waymark/trust/access"
	"waymark/trust/account"
	"waymark/trust/audit"
	"waymark/web/webtest"
)

var testBy = audit.Actor{Kind: audit.System, Via: "command"}

// running is the assembled server on a port of this machine, as a user has it.
type running struct {
	*site
	t       testing.TB
	server  *webtest.Server
	secrets map[string]string // of one-time codes, by e-mail
}

func newRunning(t testing.TB) *running {
	t.Helper()
	return startRunning(t, t.TempDir(), slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError})))
}

// startRunning runs a server over a data folder until the test ends.
func startRunning(t testing.TB, data string, log *slog.Logger) *running {
	t.Helper()
	server := webtest.NewServer(t)
	server.Base = strings.Replace(server.Base, "127.0.0.1", "localhost", 1)
	c := &serveConfig{Data: data, Listen: "127.0.0.1:0", Base: server.Base, Log: logConfig{Format: "text", Level: "error"}}
	if err := c.check(); err != nil {
		t.Fatal(err)
	}
	h, err := openHouse(t.Context(), c, log)
	if err != nil {
		t.Fatal(err)
	}
	s, err := newSite(t.Context(), h, c, false, log)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.check(ctx) }()
	t.Cleanup(func() {
		s.stopStreams()
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
	server.Serve(t, s.handler)
	return &running{site: s, t: t, server: server, secrets: map[string]string{}}
}

// What phones are told is in the language of the settings.
func TestPhonesAreToldInTheServersLanguage(t *testing.T) {
	c := &serveConfig{Data: t.TempDir(), Listen: "127.0.0.1:0", Language: "fr", Log: logConfig{Format: "text", Level: "error"}}
	if err := c.check(); err != nil {
		t.Fatal(err)
	}
	h, err := openHouse(t.Context(), c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	s, err := newSite(t.Context(), h, c, false, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	token, _ := openrosa.NewToken()
	for asked, want := range map[string]string{"": "Ce téléphone", "en": "This phone"} {
		w, r := httptest.NewRecorder(), httptest.NewRequest("GET", "/key/"+token+"/formList", nil)
		r.Header.Set("Accept-Language", asked)
		s.handler.ServeHTTP(w, r)
		if w.Code != 403 || !strings.Contains(w.Body.String(), want) {
			t.Errorf("asked for %q: %d %s", asked, w.Code, w.Body)
		}
	}
}

// code is a one-time code that was not used yet: of this half minute or the next.
func (r *running) code(email string) string {
	r.t.Helper()
	a, err := r.house.db.AccountByEmail(r.t.Context(), email)
	at := time.Now()
	secret := r.secrets[email]
	if err == nil && a.OneTime != nil {
		secret = base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(a.OneTime)
		if step := at.Unix() / 30; a.OneTimeLast >= step {
			at = time.Unix((a.OneTimeLast+1)*30, 0)
		}
	}
	code, err := totp.GenerateCode(strings.ReplaceAll(secret, " ", ""), at)
	if err != nil {
		r.t.Fatal(err)
	}
	return code
}

// join goes from a one-time link to a page of one's own, with one-time codes as the
// second factor.
func (r *running) join(link *account.Shown, name, email, password string) *webtest.Tab {
	t := r.t
	t.Helper()
	tab := r.server.Tab(t)
	if status := tab.Go("/link/" + link.Token); status != 200 {
		t.Fatalf("the link answered %d", status)
	}
	if name != "" {
		tab.Fill("name", name)
		if email != "" && tab.Count(`[name="email"]`) > 0 {
			tab.Fill("email", email)
		}
	}
	tab.Fill("password", password)
	tab.Fill("again", password)
	if status := tab.Press("Continue"); status != 200 {
		t.Fatalf("joining answered %d: %s", status, tab.Text("main"))
	}
	r.secrets[email] = tab.Text("main code")
	tab.Fill("code", r.code(email))
	if status := tab.Press("Continue"); status != 200 {
		t.Fatalf("the code answered %d: %s", status, tab.Text("main"))
	}
	return tab
}

// fresh answers the question to prove who one is, where a page asks it.
func (r *running) fresh(tab *webtest.Tab, email, password string) {
	r.t.Helper()
	if !strings.HasPrefix(tab.Path(), "/sign-in/again") {
		return
	}
	if tab.Count(`[name="password"]`) > 0 {
		tab.Fill("password", password)
	}
	if tab.Count(`[name="code"]`) > 0 {
		tab.Fill("code", r.code(email))
	}
	if status := tab.Press("Continue"); status != 200 {
		r.t.Fatalf("the proof answered %d: %s", status, tab.Text("main"))
	}
}

// world is a programme with an open round of the built-in questionnaire and one
// enumerator.
type world struct {
	programme *collection.Programme
	round     *collection.Round
	form      *collection.Form
	version   *collection.Version
	person    *collection.FieldEnumerator
	token     string
}

func newWorld(t testing.TB, db collection.Store, newToken func() (string, []byte)) *world {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx := context.Background()
	w := &world{programme: &collection.Programme{Name: "Programme (synthetic)", Created: time.Now()}}
	must(db.PutProgramme(ctx, testBy, w.programme))
	w.round = &collection.Round{Programme: w.programme.ID, Name: "Autumn 2016", Instrument: demo.Instrument, From: "2015-12-01", To: "2016-12-31",
		State: collection.Open, Created: time.Now(), Routes: []collection.Route{{Code: "CMR", Name: "Central Mediterranean"}, {Code: "EMR", Name: "Eastern Mediterranean"}}}
	must(db.PutRound(ctx, testBy, w.round))
	d, err := draft.Builtin(demo.Instrument, draft.Options{Now: time.Now()})
	must(err)
	w.form = &collection.Form{Round: w.round.ID, FormID: d.FormID, Title: d.Title, State: collection.FormDraft, Created: time.Now()}
	must(db.PutForm(ctx, testBy, w.form))
	w.version = d.Version
	w.version.Form, w.version.Created = w.form.ID, time.Now()
	must(db.PutDraft(ctx, testBy, w.version, 0))
	_, err = db.Publish(ctx, testBy, w.form.ID, w.version.ID, time.Now())
	must(err)
	w.person = &collection.FieldEnumerator{Round: w.round.ID, Code: "E01", Name: "Synthetic enumerator", Created: time.Now()}
	token, hash := newToken()
	w.token = token
	must(db.PutEnumerator(ctx, testBy, w.person, hash))
	return w
}

// interviews are n whole ones as phones send them.
func interviews(t testing.TB, n int) []*demo.Interview {
	t.Helper()
	var all []*demo.Interview
	err := demo.Interviews(2*n+20, 7, false, func(i *demo.Interview) error {
		if one := *i; len(all) < n && bytes.Contains(one.XML, []byte("<age>")) {
			all = append(all, &one)
		}
		return nil
	})
	if err != nil || len(all) < n {
		t.Fatalf("%d of %d interviews: %v", len(all), n, err)
	}
	return all
}

// member invites a person into a programme and returns their link.
func (r *running) member(by ids.ID, email string, programme ids.ID, role access.Role) *account.Shown {
	r.t.Helper()
	inviter, err := r.house.db.Account(r.t.Context(), by)
	if err != nil {
		r.t.Fatal(err)
	}
	_, link, err := r.accounts.InvitePerson(r.t.Context(), inviter, account.Invitee{Name: "Synthetic person", Email: email, Lang: "en",
		Member: access.Membership{Programme: programme, Role: role}})
	if err != nil {
		r.t.Fatal(err)
	}
	return link
}

// sendOne stores one interview as if a phone had sent it.
func sendOne(t testing.TB, h *house, w *world) {
	t.Helper()
	i := interviews(t, 1)[0]
	_, err := h.db.Arrive(context.Background(), testBy, &collection.Arrival{Form: w.form.ID, Version: w.version.ID, Round: w.round.ID,
		InstanceID: i.InstanceID, XML: i.XML, Enumerator: w.person.ID, At: i.Sent, Day: i.Day})
	if err != nil {
		t.Fatal(err)
	}
}
