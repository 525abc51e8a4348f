package signin

import (
	"context"
	"encoding/base32"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"waymark/monitoring/collection"
	"waymark/trust/access"
	"waymark/trust/account"
	"waymark/trust/account/accounttest"
	"waymark/web/page"
	"waymark/web/page/pagetest"
)

const password = "otter kite lamp 9"

var ctx = context.Background()

// noCollection stands for the store of programmes, which these pages do not reach.
type noCollection struct{ collection.Store }

// site is the area over an empty store, with the real policies.
type site struct {
	*SignIn
	t       testing.TB
	store   *accounttest.Memory
	service *account.Service
	house   *page.House
	handler http.Handler
	log     *strings.Builder
	mu      sync.Mutex
	at      time.Time
}

// where a test's site is, and what else it has.
type option func(*Settings, *page.House)

func newSite(t testing.TB, options ...option) *site {
	t.Helper()
	s := &site{t: t, store: accounttest.New(), log: &strings.Builder{}, at: pagetest.Now}
	policies, err := access.Load()
	if err != nil {
		t.Fatal(err)
	}
	s.house = pagetest.House(page.House{Collection: noCollection{}, Accounts: s.store, Policies: policies, Now: s.now,
		Log: slog.New(slog.NewTextHandler(&locked{w: s.log}, nil))})
	set := Settings{House: s.house}
	for _, o := range options {
		o(&set, s.house)
	}
	if s.service, err = account.New(account.Settings{Store: s.store, Now: s.now, Base: s.house.Base, Secret: s.house.Secret,
		Cost: account.Cost{Memory: 64, Time: 1, Threads: 1}}); err != nil {
		t.Fatal(err)
	}
	set.Accounts = s.service
	if set.Tour == 1 {
		tour, err := s.service.OpenTour(ctx, 7)
		if err != nil {
			t.Fatal(err)
		}
		set.Tour = tour.ID
	}
	if s.SignIn, err = New(set); err != nil {
		t.Fatal(err)
	}
	handler, _, err := page.New(s.house, s.SignIn, s.Area(), rest())
	if err != nil {
		t.Fatal(err)
	}
	s.handler = page.Outer(s.house, handler)
	return s
}

// locked is a writer for several goroutines.
type locked struct {
	mu sync.Mutex
	w  *strings.Builder
}

func (l *locked) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(b)
}

// rest is what other areas would have: a start page, one that needs a fresh proof,
// and one that needs a second factor.
func rest() page.Area {
	say := func(text string) func(*page.Request) error {
		return func(r *page.Request) error {
			_, err := r.W.Write([]byte(text))
			return err
		}
	}
	words := &fstest.MapFile{Data: []byte("rest.x: x\n")}
	return page.Area{Name: "rest", Files: fstest.MapFS{"lang/en.yaml": words, "lang/fr.yaml": words, "lang/ar.yaml": words}, Routes: []page.Route{
		{Pattern: "GET /{$}", Action: access.Home, Do: say("the start page")},
		{Pattern: "GET /people/new", Action: access.PeopleSet, Do: say("dangerous")},
		{Pattern: "GET /people", Action: access.PeopleView, Do: say("people")},
	}}
}

func (s *site) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.at
}

func (s *site) pass(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.at = s.at.Add(d)
}

func (s *site) client() *pagetest.Client { return pagetest.NewClient(s.t, s.handler) }

func (s *site) code(secret []byte) string {
	s.t.Helper()
	code, err := totp.GenerateCodeCustom(base32.StdEncoding.EncodeToString(secret), s.now(), totp.ValidateOpts{Period: 30, Digits: otp.DigitsSix})
	if err != nil {
		s.t.Fatal(err)
	}
	return code
}

func (s *site) byEmail(email string) *account.Account {
	s.t.Helper()
	a, err := s.store.AccountByEmail(ctx, email)
	if err != nil {
		s.t.Fatal(err)
	}
	return a
}

var secretOf = regexp.MustCompile(`<code>([A-Z2-7 ]{20,})</code>`)

// secretOn reads the secret that a page shows.
func secretOn(t testing.TB, a *pagetest.Answer) []byte {
	t.Helper()
	m := secretOf.FindStringSubmatch(a.Body)
	if m == nil {
		t.Fatalf("no secret on the page: %.3000s", a.Body)
	}
	b, err := base32.StdEncoding.DecodeString(strings.ReplaceAll(m[1], " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// goes checks a redirect.
func goes(t testing.TB, a *pagetest.Answer, to string) {
	t.Helper()
	if a.Code != 303 || a.Location() != to {
		t.Fatalf("the answer is %d to %q, wanted a redirect to %q; %.2000s", a.Code, a.Location(), to, a.Body)
	}
}

// setUp lets the first administrator in by the pages, with one-time codes.
func (s *site) setUp(c *pagetest.Client) []byte {
	s.t.Helper()
	link, err := s.service.SetUpLink(ctx)
	if err != nil || link == nil {
		s.t.Fatalf("no link: %v", err)
	}
	goes(s.t, c.Get("/link/"+link.Token), "/join")
	c.Get("/join").Want(s.t, 200, "Set up this server")
	goes(s.t, c.Post("/join", url.Values{"name": {"First Person"}, "email": {"first@example.org"}, "password": {password}, "again": {password}}), "/join/factor")
	secret := secretOn(s.t, c.Get("/join/factor"))
	goes(s.t, c.Post("/join/factor", url.Values{"code": {s.code(secret)}}), "/account/codes")
	return secret
}

// person makes an account with a password alone.
func (s *site) person(email string, role access.Role) *account.Account {
	s.t.Helper()
	first := s.byEmail("first@example.org")
	a, link, err := s.service.InvitePerson(ctx, first, account.Invitee{Name: "Another Person", Email: email, Member: access.Membership{Programme: 7, Role: role}})
	if err != nil {
		s.t.Fatal(err)
	}
	t, err := s.service.Open(ctx, link.Token)
	if err != nil {
		s.t.Fatal(err)
	}
	if t, err = s.service.Choose(ctx, t, account.Chosen{Name: "Another Person", Password: password}); err != nil {
		s.t.Fatal(err)
	}
	if _, err := s.service.JoinPlain(ctx, account.Visit{}, t); err != nil {
		s.t.Fatal(err)
	}
	return a
}

// enter signs in with a password alone.
func (s *site) enter(c *pagetest.Client, email string) {
	s.t.Helper()
	goes(s.t, c.Post("/sign-in", url.Values{"email": {email}, "password": {password}}), "/")
}

// enterFirst signs the administrator in with password and code.
func (s *site) enterFirst(c *pagetest.Client, secret []byte) {
	s.t.Helper()
	s.pass(30 * time.Second)
	goes(s.t, c.Post("/sign-in", url.Values{"email": {"first@example.org"}, "password": {password}}), "/sign-in/code?to=%2F")
	goes(s.t, c.Post("/sign-in/code", url.Values{"code": {s.code(secret)}, "to": {"/"}}), "/")
}

// token is the session cookie that a client holds.
func token(c *pagetest.Client) string {
	if k := c.Cookie("session"); k != nil {
		return k.Value
	}
	return ""
}

func TestWords(t *testing.T) { pagetest.CheckLanguages(t, newSite(t).Area()) }

func TestSetUpAndSignIn(t *testing.T) {
	s := newSite(t)
	c := s.client()
	goes(t, c.Get("/"), "/sign-in?to=%2F")
	c.Get("/sign-in").Want(t, 200, "Sign in", `autocomplete="username"`)
	secret := s.setUp(c)
	codes := c.Get("/account/codes").Want(t, 200, "Keep your recovery codes")
	if n := strings.Count(codes.Body, "<li><code>"); n != 10 {
		t.Errorf("%d recovery codes", n)
	}
	goes(t, c.Post("/account/codes", url.Values{"to": {"/"}}), "/")
	goes(t, c.Get("/account/codes"), "/")
	c.Get("/").Want(t, 200, "the start page")
	c.Get("/people/new").Want(t, 200, "dangerous")
	// Another browser.
	d := s.client()
	s.enterFirst(d, secret)
	d.Get("/account").Want(t, 200, "First Person", "first@example.org", "10 are left", "This browser", "End all others")
	goes(t, d.Get("/sign-in?to=/people"), "/people")
}

func TestJoinSaysEveryFaultAndKeepsWhatWasTyped(t *testing.T) {
	s := newSite(t)
	c := s.client()
	c.Get("/link/x").Want(t, 404, "This link does not work")
	c.Get("/join").Want(t, 404, "This link does not work")
	goes(t, c.Get("/join/factor"), "/join")
	link, err := s.service.SetUpLink(ctx)
	if err != nil {
		t.Fatal(err)
	}
	goes(t, c.Get("/link/"+link.Token), "/join")
	a := c.Post("/join", url.Values{"name": {""}, "email": {"nobody"}, "password": {"password123456"}, "again": {"x"}})
	a.Want(t, 422, "must be filled in", "write one like", "tried first", `value="nobody"`)
	if strings.Contains(a.Body, "password123456") {
		t.Error("the password came back")
	}
	c.Post("/join", url.Values{"name": {"A"}, "email": {"a@example.org"}, "password": {password}, "again": {password + "x"}}).Want(t, 422, "not the same")
	// The link works until the last step.
	d := s.client()
	goes(t, d.Get("/link/"+link.Token), "/join")
}

func TestInvitationWithoutSecondFactor(t *testing.T) {
	s := newSite(t)
	s.setUp(s.client())
	first := s.byEmail("first@example.org")
	for role, needed := range map[access.Role]bool{access.Reviewer: false, access.Coordinator: true} {
		_, link, err := s.service.InvitePerson(ctx, first, account.Invitee{Name: "Invited Person", Email: string(role) + "@example.org", Member: access.Membership{Programme: 7, Role: role}})
		if err != nil {
			t.Fatal(err)
		}
		c := s.client()
		goes(t, c.Get("/link/"+link.Token), "/join")
		c.Get("/join").Want(t, 200, "You were invited", `value="Invited Person"`, string(role)+"@example.org")
		goes(t, c.Post("/join", url.Values{"name": {"My Own Name"}, "password": {password}, "again": {password}}), "/join/factor")
		a := c.Post("/join/plain", nil)
		if needed {
			a.Want(t, 403, "a password alone is not enough")
			continue
		}
		goes(t, a, "/")
		if got := s.byEmail("reviewer@example.org"); got.Name != "My Own Name" || got.State != account.Active {
			t.Errorf("%+v", got)
		}
		c.Get("/").Want(t, 200, "the start page")
		d := s.client()
		d.Get("/link/"+link.Token).Want(t, 404, "does not work")
	}
}

func TestResetEndsSessions(t *testing.T) {
	s := newSite(t)
	s.setUp(s.client())
	a := s.person("officer@example.org", access.Reviewer)
	c := s.client()
	s.enter(c, "officer@example.org")
	link, err := s.service.SendLink(ctx, account.Actor(1), a.ID, false)
	if err != nil {
		t.Fatal(err)
	}
	d := s.client()
	goes(t, d.Get("/link/"+link.Token), "/join")
	d.Get("/join").Want(t, 200, "Set a new password")
	goes(t, d.Post("/join", url.Values{"password": {"lamp otter kite 8"}, "again": {"lamp otter kite 8"}}), "/sign-in")
	d.Get("/sign-in").Want(t, 200, "Your new password is set")
	goes(t, c.Get("/"), "/sign-in?to=%2F")
	d.Post("/sign-in", url.Values{"email": {"officer@example.org"}, "password": {password}}).Want(t, 422, "did not work")
	goes(t, d.Post("/sign-in", url.Values{"email": {"officer@example.org"}, "password": {"lamp otter kite 8"}}), "/")
}

func TestTour(t *testing.T) {
	s := newSite(t, func(set *Settings, _ *page.House) { set.Tour = 1 })
	c := s.client()
	c.Get("/sign-in").Want(t, 200, "Start the tour")
	goes(t, c.Post("/sign-in/tour", nil), "/")
	c.Get("/").Want(t, 200, "the start page")
	c.Get("/account").Want(t, 404)
	c.Get("/account/password").Want(t, 404)
	c.Get("/people").Want(t, 404)
	other := newSite(t).client()
	other.Post("/sign-in/tour", nil).Want(t, 404)
}

func TestStrongIsAskedFor(t *testing.T) {
	s := newSite(t)
	s.setUp(s.client())
	a := s.person("officer@example.org", access.Reviewer)
	if err := s.store.SetMember(ctx, account.Actor(1), a.ID, access.Membership{Role: access.Administrator}, true); err != nil {
		t.Fatal(err)
	}
	c := s.client()
	s.enter(c, "officer@example.org")
	goes(t, c.Get("/people"), "/sign-in/strong?to=%2Fpeople")
	c.Get("/sign-in/strong?to=/people").Want(t, 200, "Set up one-time codes", "/account/one-time?to=%2Fpeople")
	secret := secretOn(t, c.Get("/account/one-time?to=/people"))
	c.Post("/account/one-time", url.Values{"code": {"000000"}, "to": {"/people"}}).Want(t, 422, "code is not right")
	goes(t, c.Post("/account/one-time", url.Values{"code": {s.code(secret)}, "to": {"/people"}}), "/account/codes?to=%2Fpeople")
	c.Get("/account/codes?to=/people").Want(t, 200, "Keep your recovery codes", `value="/people"`)
	c.Get("/people").Want(t, 200, "people")
	goes(t, c.Get("/sign-in/strong?to=/people"), "/people")
}

func TestOwnPages(t *testing.T) {
	s := newSite(t)
	c := s.client()
	secret := s.setUp(c)
	goes(t, c.Post("/account/details", url.Values{"name": {"Renamed"}, "lang": {"fr"}}), "/account")
	c.Get("/account").Want(t, 200, "Renamed", "Votre compte")
	goes(t, c.Post("/account/details", url.Values{"name": {"Renamed"}, "lang": {"en"}}), "/account")
	c.Post("/account/details", url.Values{"name": {""}, "lang": {"tlh"}}).Want(t, 422, "must be filled in")
	// An administrator keeps one second factor.
	c.Get("/account/one-time/remove").Want(t, 200, "Remove one-time codes?")
	c.Post("/account/one-time/remove", nil).Want(t, 409, "Your role needs a passkey or one-time codes")
	goes(t, c.Post("/account/recovery", nil), "/account/codes")
	c.Get("/account/codes").Want(t, 200, "Keep your recovery codes")
	// Nothing dangerous without a fresh proof.
	s.pass(11 * time.Minute)
	goes(t, c.Get("/account/codes"), "/")
	for _, path := range []string{"/account/password", "/account/one-time", "/account/recovery", "/account/passkey", "/account/one-time/remove"} {
		goes(t, c.Get(path), "/sign-in/again?to="+url.QueryEscape(path))
	}
	c.Post("/account/passkey/ask", nil).Want(t, 409)
	goes(t, c.Post("/account/password", url.Values{"password": {"lamp otter kite 8"}, "again": {"lamp otter kite 8"}}), "/sign-in/again?to=%2Faccount%2Fpassword")
	goes(t, c.Post("/account/recovery", nil), "/sign-in/again?to=%2Faccount")
	c.Get("/sign-in/again?to=/account/password").Want(t, 200, "Prove that it is you", `name="code"`)
	c.Post("/sign-in/again", url.Values{"password": {password}, "code": {"000000"}, "to": {"/account/password"}}).Want(t, 422, "did not work")
	goes(t, c.Post("/sign-in/again", url.Values{"password": {password}, "code": {s.code(secret)}, "to": {"/account/password"}}), "/account/password")
	c.Post("/account/password", url.Values{"password": {"Renamed Renamed"}, "again": {"Renamed Renamed"}}).Want(t, 422, "made of your name")
	goes(t, c.Post("/account/password", url.Values{"password": {"lamp otter kite 8"}, "again": {"lamp otter kite 8"}}), "/account")
	c.Get("/account").Want(t, 200, "Your password is changed")
}

func TestListOfSessions(t *testing.T) {
	s := newSite(t)
	s.setUp(s.client())
	s.person("officer@example.org", access.Reviewer)
	c, d, e := s.client(), s.client(), s.client()
	for _, x := range []*pagetest.Client{c, d, e} {
		s.enter(x, "officer@example.org")
	}
	own := c.Get("/account")
	m := regexp.MustCompile(`name="session" value="([0-9a-f]{64})"`).FindAllStringSubmatch(own.Body, -1)
	if len(m) != 2 {
		t.Fatalf("%d other sessions on the page", len(m))
	}
	goes(t, c.Post("/account/sessions", url.Values{"session": {m[0][1]}}), "/account")
	in := 0
	for _, x := range []*pagetest.Client{d, e} {
		if x.Get("/").Code == 200 {
			in++
		}
	}
	if in != 1 {
		t.Errorf("%d of two are still in", in)
	}
	goes(t, c.Post("/account/sessions", url.Values{"all": {"yes"}}), "/account")
	for _, x := range []*pagetest.Client{d, e} {
		goes(t, x.Get("/"), "/sign-in?to=%2F")
	}
	c.Get("/").Want(t, 200)
	c.Post("/account/sessions", url.Values{"session": {"zz"}}).Want(t, 404)
	c.Post("/account/sessions", url.Values{"session": {strings.Repeat("0", 64)}}).Want(t, 404)
}

func TestAgent(t *testing.T) {
	for ua, want := range map[string]string{
		"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0":                                                                  "Firefox, Linux",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0":           "Edge, Windows",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1": "Safari, iPhone",
		"Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36":                            "Chrome, Android",
		"": "", "curl/8": "",
	} {
		if got := agent(ua); got != want {
			t.Errorf("%s: %q, want %q", ua, got, want)
		}
	}
}

func TestPicture(t *testing.T) {
	p, err := picture("otpauth://totp/Waymark:first@example.org?secret=GEZDGNBVGY3TQOJQ&issuer=Waymark")
	if err != nil {
		t.Fatal(err)
	}
	// A finder pattern begins behind the quiet zone: seven dark modules.
	if p.Size < 29 || !strings.HasPrefix(p.Path, "M4 4h7v1h-7z") {
		t.Errorf("%d %.40s", p.Size, p.Path)
	}
}
