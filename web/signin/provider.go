package signin

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"waymark/internal/fault"
	"waymark/trust/account"
	"waymark/web/page"
)

// Provider is an OpenID Connect provider for single sign-on. It is asked when
// someone first needs it, so that the server starts without it.
type Provider struct {
	// Name is what the button says: "Sign in with NAME". Required.
	Name string
	// Issuer is the provider's address as it calls itself. Required.
	Issuer string
	// ClientID is Required. ClientSecret comes from a file or the environment;
	// Default none, for a public client.
	ClientID, ClientSecret string
	// Strong are the values of the claim "amr" (RFC 8176) that vouch for a second
	// factor. Default "mfa".
	Strong []string
	// Client asks the provider. Default one with a limit of ten seconds.
	Client *http.Client

	base string
	now  func() time.Time

	mu    sync.Mutex
	found *oidc.Provider
}

const backPath = "/sign-in/provider/back"

func (p *Provider) check(h *page.House) error {
	if p.Name == "" || p.Issuer == "" || p.ClientID == "" {
		return fault.New(fault.Invalid, fault.Place{Field: "sign-on"}, "single sign-on needs a name, an issuer and a client", "fill all three in, or leave single sign-on out")
	}
	p.base, p.now = h.Base, h.Now
	if p.Strong == nil {
		p.Strong = []string{"mfa"}
	}
	if p.Client == nil {
		p.Client = &http.Client{Timeout: 10 * time.Second}
	}
	return nil
}

// ask finds the provider's addresses and keys, once.
func (p *Provider) ask(ctx context.Context) (*oidc.Provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found != nil {
		return p.found, nil
	}
	// The keys are fetched by this context for as long as the provider is used, so
	// it must not end with the request.
	found, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), p.Client), p.Issuer)
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, fault.Place{}, "the provider of single sign-on does not answer", "try again later, or sign in with a password", err)
	}
	p.found = found
	return found, nil
}

func (p *Provider) config(found *oidc.Provider) *oauth2.Config {
	return &oauth2.Config{ClientID: p.ClientID, ClientSecret: p.ClientSecret, Endpoint: found.Endpoint(),
		RedirectURL: p.base + backPath, Scopes: []string{oidc.ScopeOpenID}}
}

// address is where to send the browser, and what to remember meanwhile.
func (p *Provider) address(ctx context.Context, purpose, to string) (string, *account.Away, error) {
	found, err := p.ask(ctx)
	if err != nil {
		return "", nil, err
	}
	away := &account.Away{State: random(), Nonce: random(), Verifier: oauth2.GenerateVerifier(), Return: to, Purpose: purpose, At: p.now()}
	options := []oauth2.AuthCodeOption{oidc.Nonce(away.Nonce), oauth2.S256ChallengeOption(away.Verifier)}
	if purpose == toProve {
		// Who is still signed in there proves nothing.
		options = append(options, oauth2.SetAuthURLParam("prompt", "login"), oauth2.SetAuthURLParam("max_age", "0"))
	}
	return p.config(found).AuthCodeURL(away.State, options...), away, nil
}

func random() string {
	b := make([]byte, 24)
	rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

// errProvider is for an answer of the provider that proves nothing. Why is not for
// whoever sent it.
var errProvider = fault.New(fault.Denied, fault.Place{}, "single sign-on did not work", "try again, or sign in with a password")

// identity checks what came back: code, token, signature, audience, time, nonce.
func (p *Provider) identity(ctx context.Context, away *account.Away, code string) (account.Identity, error) {
	found, err := p.ask(ctx)
	if err != nil {
		return account.Identity{}, err
	}
	ctx = oidc.ClientContext(ctx, p.Client)
	token, err := p.config(found).Exchange(ctx, code, oauth2.VerifierOption(away.Verifier))
	if err != nil {
		return account.Identity{}, errProvider
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return account.Identity{}, errProvider
	}
	checked, err := found.Verifier(&oidc.Config{ClientID: p.ClientID, Now: p.now}).Verify(ctx, raw)
	if err != nil || subtle.ConstantTimeCompare([]byte(checked.Nonce), []byte(away.Nonce)) != 1 {
		return account.Identity{}, errProvider
	}
	var claims struct {
		Methods []string `json:"amr"`
		// AuthTime is when the person last proved who they are there.
		AuthTime int64 `json:"auth_time"`
	}
	if err := checked.Claims(&claims); err != nil {
		return account.Identity{}, errProvider
	}
	// The provider's clock may be a little behind.
	if away.Purpose == toProve && time.Unix(claims.AuthTime, 0).Before(away.At.Add(-time.Minute)) {
		return account.Identity{}, errProvider
	}
	return account.Identity{Issuer: checked.Issuer, Subject: checked.Subject,
		Strong: slices.ContainsFunc(claims.Methods, func(m string) bool { return slices.Contains(p.Strong, m) })}, nil
}

// Why a person goes to the provider.
const (
	toEnter = "enter"
	toProve = "prove"
	toJoin  = "join"
)

func (s *SignIn) leaveToEnter(r *page.Request) error { return s.away(r, toEnter) }
func (s *SignIn) leaveToProve(r *page.Request) error { return s.away(r, toProve) }
func (s *SignIn) leaveToJoin(r *page.Request) error {
	if j := s.ticket(r.Context()).Joining; j == nil || j.Purpose != account.Invite {
		return r.Redirect("/join")
	}
	return s.away(r, toJoin)
}

// away sends the browser to the provider. It is the one redirect that leaves the
// site, to an address that the provider's own document gives.
func (s *SignIn) away(r *page.Request, purpose string) error {
	if s.provider == nil {
		return page.NotFound()
	}
	address, away, err := s.provider.address(r.Context(), purpose, to(r, nil))
	if err != nil {
		return err
	}
	t := s.ticket(r.Context())
	t.Away = away
	s.keep(r, t)
	http.Redirect(r.W, r.Request, address, http.StatusSeeOther)
	return nil
}

// back is where the provider sends the browser.
func (s *SignIn) back(r *page.Request) error {
	if s.provider == nil {
		return page.NotFound()
	}
	t := s.ticket(r.Context())
	away := t.Away
	t.Away = nil
	s.keep(r, t)
	q := r.URL.Query()
	if away == nil || s.house.Now().Sub(away.At) > 15*time.Minute || subtle.ConstantTimeCompare([]byte(q.Get("state")), []byte(away.State)) != 1 {
		return s.over(r, "/")
	}
	id, err := account.Identity{}, error(errProvider)
	if code := q.Get("code"); code != "" && len(code) < 4000 {
		id, err = s.provider.identity(r.Context(), away, code)
	}
	if err == nil {
		err = s.identified(r, t, away, id)
	}
	if err == nil {
		return nil
	}
	if errors.Is(err, errProvider) || errors.Is(err, account.ErrNotLinked) {
		f := r.NewForm("signin.enter")
		key := "signin.provider.failed"
		if errors.Is(err, account.ErrNotLinked) {
			key = "signin.provider.unknown"
		}
		f.Wrong("", key)
		if r.Account != nil {
			return s.showProof(r, 422, f, away.Return)
		}
		return s.showEntrance(r, 422, f, away.Return)
	}
	return err
}

// identified goes on with who the provider says it is.
func (s *SignIn) identified(r *page.Request, t *account.Ticket, away *account.Away, id account.Identity) error {
	switch away.Purpose {
	case toProve:
		next, err := s.accounts.ProveIdentity(r.Context(), t, id)
		if err != nil {
			return err
		}
		if err := s.rotate(r, next); err != nil {
			return err
		}
		return r.Redirect(local(away.Return))
	case toJoin:
		next, err := s.accounts.JoinIdentity(r.Context(), visit(r), t, id)
		if errors.Is(err, account.ErrLink) || errors.Is(err, account.ErrOver) {
			return r.Render(http.StatusNotFound, "signin/no-link", nil)
		}
		if err != nil {
			return err
		}
		return s.admit(r, next, "/")
	default:
		next, err := s.accounts.SignInIdentity(r.Context(), visit(r), id)
		if err != nil {
			return err
		}
		return s.goOn(r, next, local(away.Return))
	}
}
