package signin

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/oauth2-proxy/mockoidc"

	"waymark/trust/access"
	"waymark/trust/account"
	"waymark/web/page"
	"waymark/web/page/pagetest"
)

// member is a person at the provider, with the claims that matter here.
type member struct {
	subject, email string
	methods        []string
	authTime       func() time.Time
	nonce          string // in place of the right one, if set
}

func (m *member) ID() string                        { return m.subject }
func (m *member) Userinfo([]string) ([]byte, error) { return []byte("{}"), nil }

func (m *member) Claims(_ []string, c *mockoidc.IDTokenClaims) (jwt.Claims, error) {
	if m.nonce != "" {
		c.Nonce = m.nonce
	}
	claims := struct {
		*mockoidc.IDTokenClaims
		Email    string   `json:"email"`
		Verified bool     `json:"email_verified"`
		Methods  []string `json:"amr,omitempty"`
		AuthTime int64    `json:"auth_time,omitempty"`
	}{c, m.email, true, m.methods, 0}
	if m.authTime != nil {
		claims.AuthTime = m.authTime().Unix()
	}
	return claims, nil
}

// provided is a site with a provider in this process.
func provided(t *testing.T) (*site, *mockoidc.MockOIDC) {
	t.Helper()
	m, err := mockoidc.Run()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Shutdown(); err != nil {
			t.Error(err)
		}
	})
	s := newSite(t, func(set *Settings, _ *page.House) {
		set.Provider = &Provider{Name: "Example Organisation", Issuer: m.Issuer(), ClientID: m.Config().ClientID, ClientSecret: m.Config().ClientSecret}
	})
	mockoidc.NowFunc = s.now
	t.Cleanup(func() { mockoidc.NowFunc = time.Now })
	return s, m
}

// visitProvider follows a redirect to the provider as a browser would, as a member,
// and returns the path that it sends the browser back to.
func visitProvider(t *testing.T, m *mockoidc.MockOIDC, a *pagetest.Answer, who *member) (back string, asked url.Values) {
	t.Helper()
	if a.Code != 303 || !strings.HasPrefix(a.Location(), m.AuthorizationEndpoint()) {
		t.Fatalf("%d to %q", a.Code, a.Location())
	}
	u, err := url.Parse(a.Location())
	if err != nil {
		t.Fatal(err)
	}
	m.QueueUser(who)
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Get(a.Location())
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	location, err := res.Location()
	if err != nil {
		t.Fatal(err)
	}
	return location.RequestURI(), u.Query()
}

func TestSingleSignOn(t *testing.T) {
	s, m := provided(t)
	s.setUp(s.client())
	officer := &member{subject: "4711", email: "first@example.org", methods: []string{"pwd", "mfa"}}
	c := s.client()
	c.Get("/sign-in").Want(t, 200, "Sign in with Example Organisation")

	// The address at the provider is that of an administrator here: it opens nothing.
	back, asked := visitProvider(t, m, c.Get("/sign-in/provider?to=/people"), officer)
	if asked.Get("code_challenge_method") != "S256" || asked.Get("code_challenge") == "" || asked.Get("nonce") == "" || asked.Get("state") == "" || asked.Get("scope") != "openid" {
		t.Errorf("asked with %v", asked)
	}
	c.Get(back).Want(t, 422, "No account here belongs to that identity")

	// An invitation links the two.
	_, link, err := s.service.InvitePerson(ctx, s.byEmail("first@example.org"), account.Invitee{Name: "Invited Person", Email: "officer@example.org", Member: access.Membership{Programme: 7, Role: access.Coordinator}})
	if err != nil {
		t.Fatal(err)
	}
	goes(t, c.Get("/link/"+link.Token), "/join")
	c.Get("/join").Want(t, 200, "/join/provider")
	back, _ = visitProvider(t, m, c.Get("/join/provider"), officer)
	before := token(c)
	goes(t, c.Get(back), "/")
	if token(c) == before {
		t.Error("no new token at sign-in")
	}
	c.Get("/account").Want(t, 200, "officer@example.org")

	// From then on the identity signs in, strong since the provider vouches for it.
	d := s.client()
	back, _ = visitProvider(t, m, d.Get("/sign-in/provider?to=/account"), officer)
	goes(t, d.Get(back), "/account")
	a, session, err := identify(s, d)
	if err != nil || a == nil || !session.Strong || !session.Fresh {
		t.Errorf("%+v %+v %v", a, session, err)
	}
	// The same answer again: its state is used up.
	goes(t, d.Get(back), "/sign-in?to=%2F")

	e := s.client()
	back, _ = visitProvider(t, m, e.Get("/sign-in/provider"), &member{subject: "4711", methods: []string{"pwd"}})
	goes(t, e.Get(back), "/")
	if _, session, _ := identify(s, e); session.Strong {
		t.Error("strong without a second factor at the provider")
	}
}

// identify asks who is behind a client's cookies.
func identify(s *site, c *pagetest.Client) (*account.Account, page.Session, error) {
	t := &account.Ticket{}
	b, ok, err := s.service.Sessions().Find(token(c))
	if !ok || err != nil {
		return nil, page.Session{}, err
	}
	_, values, err := s.service.Sessions().Decode(b)
	if err != nil {
		return nil, page.Session{}, err
	}
	t, _ = values[account.TicketKey].(*account.Ticket)
	a, err := s.service.Holder(ctx, t)
	return a, page.Session{Strong: t.Strong, Fresh: t.Fresh(s.now())}, err
}

func TestSingleSignOnStepUp(t *testing.T) {
	s, m := provided(t)
	s.setUp(s.client())
	a := s.person("officer@example.org", access.Reviewer)
	if err := s.store.ChangeAccount(ctx, account.Actor(1), "test", a.ID, func(a *account.Account) error {
		a.Subject = m.Issuer() + " 4711"
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	officer := &member{subject: "4711", methods: []string{"mfa"}}
	c := s.client()
	back, _ := visitProvider(t, m, c.Get("/sign-in/provider"), officer)
	goes(t, c.Get(back), "/")
	s.pass(11 * time.Minute)
	c.Get("/sign-in/again?to=/account/password").Want(t, 200, "/sign-in/again/provider?to=%2Faccount%2Fpassword")
	// A provider that did not ask again proves nothing.
	back, asked := visitProvider(t, m, c.Get("/sign-in/again/provider?to=/account/password"), officer)
	if asked.Get("prompt") != "login" || asked.Get("max_age") != "0" {
		t.Errorf("asked with %v", asked)
	}
	c.Get(back).Want(t, 422, "Single sign-on did not work")
	began := s.now()
	officer.authTime = func() time.Time { return began.Add(-10 * time.Minute) }
	back, _ = visitProvider(t, m, c.Get("/sign-in/again/provider?to=/account/password"), officer)
	c.Get(back).Want(t, 422, "Single sign-on did not work")
	officer.authTime = s.now
	before := token(c)
	// Someone else's identity proves nothing.
	back, _ = visitProvider(t, m, c.Get("/sign-in/again/provider?to=/account/password"), &member{subject: "4712", authTime: s.now})
	c.Get(back).Want(t, 422, "No account here belongs to that identity")
	back, _ = visitProvider(t, m, c.Get("/sign-in/again/provider?to=/account/password"), officer)
	goes(t, c.Get(back), "/account/password")
	if token(c) == before {
		t.Error("no new token at step-up")
	}
	c.Get("/account/password").Want(t, 200, "New password")
}

// TestSingleSignOnForgeries: a state of another browser, none at all, another
// nonce, an error, and an answer that comes too late.
func TestSingleSignOnForgeries(t *testing.T) {
	s, m := provided(t)
	s.setUp(s.client())
	a := s.person("officer@example.org", access.Reviewer)
	if err := s.store.ChangeAccount(ctx, account.Actor(1), "test", a.ID, func(a *account.Account) error {
		a.Subject = m.Issuer() + " 4711"
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	officer := &member{subject: "4711"}
	c := s.client()
	goes(t, c.Get(backPath+"?code=x&state=y"), "/sign-in?to=%2F")
	// The attacker's own answer, given to another browser (login CSRF).
	evil := s.client()
	back, _ := visitProvider(t, m, evil.Get("/sign-in/provider"), officer)
	goes(t, c.Get(back), "/sign-in?to=%2F")
	visitProvider(t, m, c.Get("/sign-in/provider"), officer)
	goes(t, c.Get(back), "/sign-in?to=%2F")
	// A token that was made for another question.
	back, _ = visitProvider(t, m, c.Get("/sign-in/provider"), &member{subject: "4711", nonce: "another"})
	c.Get(back).Want(t, 422, "Single sign-on did not work")
	// The provider says no.
	back, _ = visitProvider(t, m, c.Get("/sign-in/provider"), officer)
	u, err := url.Parse(back)
	if err != nil {
		t.Fatal(err)
	}
	c.Get(backPath+"?error=access_denied&state="+url.QueryEscape(u.Query().Get("state"))).Want(t, 422, "Single sign-on did not work")
	// Too late.
	back, _ = visitProvider(t, m, c.Get("/sign-in/provider"), officer)
	s.pass(16 * time.Minute)
	goes(t, c.Get(back), "/sign-in?to=%2F")
	goes(t, c.Get("/"), "/sign-in?to=%2F")
}

func TestProviderThatDoesNotAnswer(t *testing.T) {
	s := newSite(t, func(set *Settings, _ *page.House) {
		set.Provider = &Provider{Name: "Example Organisation", Issuer: "http://127.0.0.1:1", ClientID: "x"}
	})
	c := s.client()
	c.Get("/sign-in").Want(t, 200, "Sign in with Example Organisation")
	c.Get("/sign-in/provider").Want(t, 503)
	if _, err := New(Settings{House: s.house, Accounts: s.service, Provider: &Provider{}}); err == nil {
		t.Error("a provider without an issuer was accepted")
	}
	newSite(t).client().Get("/sign-in/provider").Want(t, 404)
}
