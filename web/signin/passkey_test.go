package signin

import (
	"net/http"
	"net/url"
	"regexp"
	"testing"
	"time"

	"github.com/descope/virtualwebauthn"

	"waymark/web/page/pagetest"
)

// device is an authenticator with one passkey.
type device struct {
	virtualwebauthn.Authenticator
	key virtualwebauthn.Credential
}

var party = virtualwebauthn.RelyingParty{Name: "Waymark", ID: "waymark.test", Origin: "http://waymark.test"}

// newDevice makes keys until one has coordinates of full length: the library drops
// their leading zeros, which no real authenticator may (RFC 9053, 7.1.1).
func newDevice() *device {
	const whole = 77 // bytes of a COSE key on P-256
	for {
		key := virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)
		if len(key.Key.AttestationData()) == whole {
			return &device{virtualwebauthn.NewAuthenticator(), key}
		}
	}
}

// makes answers a question for a new passkey as the script does.
func (d *device) makes(t *testing.T, asked *pagetest.Answer) url.Values {
	t.Helper()
	asked.Want(t, 200)
	options, err := virtualwebauthn.ParseAttestationOptions(asked.Body)
	if err != nil {
		t.Fatal(err)
	}
	d.Options.UserHandle = []byte(options.UserID)
	return url.Values{"answer": {virtualwebauthn.CreateAttestationResponse(party, d.Authenticator, d.key, *options)}}
}

// proves answers a question for a passkey.
func (d *device) proves(t *testing.T, asked *pagetest.Answer) url.Values {
	t.Helper()
	asked.Want(t, 200)
	options, err := virtualwebauthn.ParseAssertionOptions(asked.Body)
	if err != nil {
		t.Fatal(err)
	}
	d.key.Counter++
	return url.Values{"answer": {virtualwebauthn.CreateAssertionResponse(party, d.Authenticator, d.key, *options)}}
}

func TestPasskeyPages(t *testing.T) {
	s := newSite(t)
	c := s.client()
	s.setUp(c)
	c.Get("/account").Want(t, 200, "No passkeys", "/account/passkey")
	c.Get("/account/passkey").Want(t, 200, `data-ask="/account/passkey/ask"`, `src="/assets/passkey.`)
	d := newDevice()
	form := d.makes(t, c.Post("/account/passkey/ask", nil))
	form.Set("name", "My phone")
	before := token(c)
	goes(t, c.Post("/account/passkey", form), "/account")
	if token(c) == before {
		t.Error("no new token")
	}
	c.Get("/account").Want(t, 200, "My phone", "Your passkey is added")

	in := s.client()
	in.Get("/sign-in").Want(t, 200, `data-passkey="get"`)
	form = d.proves(t, in.Post("/sign-in/passkey/ask", nil))
	form.Set("to", "/people")
	goes(t, in.Post("/sign-in/passkey", form), "/people")
	in.Get("/people").Want(t, 200, "people")
	// An answer is looked at once.
	again := s.client()
	again.Post("/sign-in/passkey", form).Want(t, 303)
	again.Get("/sign-in").Want(t, 200, "Start again")
	// Another browser's answer.
	again.Post("/sign-in/passkey/ask", nil).Want(t, 200)
	again.Post("/sign-in/passkey", form).Want(t, 422, "not accepted")

	s.pass(11 * time.Minute)
	goes(t, in.Get("/people/new"), "/sign-in/again?to=%2Fpeople%2Fnew")
	in.Get("/sign-in/again?to=/people/new").Want(t, 200, `action="/sign-in/again/passkey"`)
	form = d.proves(t, in.Post("/sign-in/again/passkey/ask", nil))
	form.Set("to", "/people/new")
	goes(t, in.Post("/sign-in/again/passkey", form), "/people/new")
	in.Get("/people/new").Want(t, 200, "dangerous")
	in.Post("/sign-in/again/passkey", form).Want(t, 303)

	m := regexp.MustCompile(`/account/passkey/([0-9a-z]{13})/remove`).FindStringSubmatch(in.Get("/account").Body)
	if m == nil {
		t.Fatal("no way to remove it")
	}
	in.Get(m[0]).Want(t, 200, "Remove the passkey “My phone”?")
	goes(t, in.Post(m[0], nil), "/account")
	in.Post(m[0], nil).Want(t, 404)
	in.Get(m[0]).Want(t, 404)
}

func TestJoinByPasskey(t *testing.T) {
	s := newSite(t)
	link, err := s.service.SetUpLink(ctx)
	if err != nil {
		t.Fatal(err)
	}
	c := s.client()
	goes(t, c.Get("/link/"+link.Token), "/join")
	c.Post("/join/passkey/ask", nil).Want(t, http.StatusConflict)
	goes(t, c.Post("/join", url.Values{"name": {"First Person"}, "email": {"first@example.org"}, "password": {password}, "again": {password}}), "/join/factor")
	goes(t, c.Post("/join/passkey", url.Values{"answer": {"{}"}}), "/join")
	c.Get("/join/factor").Want(t, 200, `action="/join/passkey"`)
	d := newDevice()
	goes(t, c.Post("/join/passkey", d.makes(t, c.Post("/join/passkey/ask", nil))), "/")
	c.Get("/people/new").Want(t, 200, "dangerous")
}
