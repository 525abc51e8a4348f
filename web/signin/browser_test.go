package signin

import (
	"context"
	"encoding/base32"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"

	"waymark/trust/access"
	"waymark/trust/account"
	"waymark/web/assets"
	"waymark/web/page"
	"waymark/web/webtest"
)

func TestMain(m *testing.M) { webtest.Main(m) }

// tab is a browser at a site that has a name, so that it can have passkeys, with an
// authenticator that always knows its owner.
func tab(t *testing.T) (*site, *webtest.Tab, *webtest.Server) {
	t.Helper()
	server := webtest.NewServer(t)
	server.Base = strings.Replace(server.Base, "127.0.0.1", "localhost", 1)
	s := newSite(t, func(_ *Settings, h *page.House) { h.Base = server.Base })
	mux := http.NewServeMux()
	mux.Handle("/", s.handler)
	mux.Handle(assets.Prefix, assets.Handler())
	server.Serve(t, mux)
	return s, newTab(t, server), server
}

// authenticator is that of the tab that newTab made last.
var authenticator webauthn.AuthenticatorID

// verified says whether the authenticator recognises its owner.
func verified(tab *webtest.Tab, is bool) {
	tab.Run(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, webauthn.SetUserVerified, webauthn.SetUserVerifiedParams{AuthenticatorID: authenticator, IsUserVerified: is})
		return err
	}))
}

func newTab(t *testing.T, server *webtest.Server) *webtest.Tab {
	t.Helper()
	tab := server.Tab(t)
	tab.Run(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		if _, err := cdp.Call(ctx, target, webauthn.Enable, webauthn.EnableParams{}); err != nil {
			return err
		}
		made, err := cdp.Call(ctx, target, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
			Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
			HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true}})
		authenticator = made.AuthenticatorID
		return err
	}))
	return tab
}

// look holds a page against axe-core, the keyboard and narrow windows.
func look(tab *webtest.Tab, name string) {
	tab.Axe()
	tab.Keyboard()
	tab.Screenshot(name)
}

// TestBrowserSetUpWithPasskey: from the one-time link to an account with a passkey
// and one-time codes, out, and in again by passkey, in a real browser.
func TestBrowserSetUpWithPasskey(t *testing.T) {
	s, tab, _ := tab(t)
	link, err := s.service.SetUpLink(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if code := tab.Go("/link/" + link.Token); code != 200 || tab.Path() != "/join" {
		t.Fatalf("%d at %s", code, tab.Path())
	}
	look(tab, "signin-setup")
	tab.Fill("name", "First Person")
	tab.Fill("email", "first@example.org")
	tab.Fill("password", "short")
	if code := tab.Press("Continue"); code != 422 {
		t.Fatalf("%d", code)
	}
	look(tab, "signin-setup-error")
	tab.Fill("password", password)
	tab.Fill("again", password)
	tab.Press("Continue")
	look(tab, "signin-factor")
	if strings.Contains(tab.Text("main"), "The passkey was not used") {
		t.Error("a passkey is said not to have been used before anyone tried")
	}
	// The owner is not recognised: the page says so, and stays.
	verified(tab, false)
	tab.Run(chromedp.Click(chromedp.CSS("[data-passkey] button")))
	tab.Wait(`!document.querySelector("[data-problem]").hidden`)
	look(tab, "signin-factor-stopped")
	verified(tab, true)
	tab.Press("Make a passkey")
	if tab.Path() != "/" {
		t.Fatalf("at %s: %s", tab.Path(), tab.Text("body"))
	}
	tab.Go("/account")
	look(tab, "signin-account")
	tab.Press("Sign out")
	if tab.Path() != "/sign-in" {
		t.Fatalf("at %s", tab.Path())
	}
	look(tab, "signin-enter")
	tab.Press("Sign in with a passkey")
	if tab.Path() != "/" {
		t.Fatalf("at %s: %s", tab.Path(), tab.Text("body"))
	}
	s.pass(11 * time.Minute)
	tab.Go("/people/new")
	look(tab, "signin-again")
	tab.Press("Use a passkey")
	if tab.Path() != "/people/new" {
		t.Fatalf("at %s: %s", tab.Path(), tab.Text("body"))
	}
	tab.Go("/account/one-time")
	secret, err := base32.StdEncoding.DecodeString(strings.ReplaceAll(tab.Text("code"), " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	look(tab, "signin-one-time")
	tab.Fill("code", s.code(secret))
	tab.Press("Continue")
	if n := tab.Count("main li code"); n != 10 {
		t.Fatalf("%d recovery codes", n)
	}
	look(tab, "signin-codes")
	tab.Press("I have kept them")
	tab.Go("/account/passkey")
	look(tab, "signin-passkey")
	tab.Go("/account/password")
	look(tab, "signin-password")
	tab.Go("/account/details")
	look(tab, "signin-details")
	tab.Go("/account/recovery")
	look(tab, "signin-recovery")
}

// TestBrowserPages: what is left of the pages, in Arabic, and without scripts.
func TestBrowserPages(t *testing.T) {
	s, tab, server := tab(t)
	s.setUp(s.client())
	tab.Go("/link/none")
	look(tab, "signin-no-link")
	a := s.person("officer@example.org", access.Reviewer)
	if err := s.store.SetMember(ctx, account.Actor(1), a.ID, access.Membership{Role: access.Administrator}, true); err != nil {
		t.Fatal(err)
	}
	tab.Go("/sign-in?to=/people")
	tab.Fill("email", "officer@example.org")
	tab.Fill("password", "wrong")
	if code := tab.Press("Sign in"); code != 422 {
		t.Fatalf("%d", code)
	}
	look(tab, "signin-enter-wrong")
	tab.Fill("password", password)
	tab.Press("Sign in")
	if !strings.HasPrefix(tab.Path(), "/sign-in/strong") {
		t.Fatalf("at %s", tab.Path())
	}
	look(tab, "signin-strong")

	// Without scripts the passkey is not offered, and the password works.
	plain := newTab(t, server)
	plain.Scripts(false)
	plain.Go("/sign-in")
	if shown := plain.Text("main"); strings.Contains(shown, "Sign in with a passkey") {
		t.Error("a passkey is offered that cannot be used")
	}
	plain.Fill("email", "officer@example.org")
	plain.Fill("password", password)
	plain.Press("Sign in")
	if plain.Path() != "/" {
		t.Fatalf("at %s", plain.Path())
	}
	plain.Go("/account")
	plain.Press("العربية")
	if !strings.Contains(plain.Text("h1"), "حسابك") {
		t.Errorf("%s", plain.Text("h1"))
	}
	plain.Scripts(true)
	plain.Go("/account")
	look(plain, "signin-account-ar")
	plain.Dark(true)
	plain.Go("/account/one-time")
	look(plain, "signin-one-time-ar-dark")
	if os.Getenv(webtest.ScreensEnv) == "" {
		t.Logf("set %s to a folder to keep screenshots", webtest.ScreensEnv)
	}
}
