package account_test

import (
	"strings"
	"testing"
	"time"

	"github.com/descope/virtualwebauthn"

	"waymark/trust/access"
	"waymark/trust/account"
)

// device is an authenticator with one passkey.
type device struct {
	virtualwebauthn.Authenticator
	key virtualwebauthn.Credential
}

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

// makes answers the question for a new passkey.
func (d *device) makes(t *testing.T, rp virtualwebauthn.RelyingParty, question []byte) []byte {
	t.Helper()
	options, err := virtualwebauthn.ParseAttestationOptions(string(question))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"residentKey":"required"`, `"userVerification":"required"`} {
		if !strings.Contains(string(question), want) {
			t.Fatalf("the question lacks %s: %s", want, question)
		}
	}
	d.Options.UserHandle = []byte(options.UserID)
	return []byte(virtualwebauthn.CreateAttestationResponse(rp, d.Authenticator, d.key, *options))
}

// proves answers the question for a passkey.
func (d *device) proves(t *testing.T, rp virtualwebauthn.RelyingParty, question []byte) []byte {
	t.Helper()
	options, err := virtualwebauthn.ParseAssertionOptions(string(question))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(question), `"userVerification":"required"`) || len(options.AllowCredentials) > 0 {
		t.Fatalf("the question is not for any passkey with verification: %s", question)
	}
	return []byte(virtualwebauthn.CreateAssertionResponse(rp, d.Authenticator, d.key, *options))
}

// withPasskey adds a device's passkey to who is signed in.
func (h *house) withPasskey(t *account.Ticket, d *device) *account.Ticket {
	h.t.Helper()
	question, c, err := h.AskNewPasskey(h.account(t.Account))
	if err != nil {
		h.t.Fatal(err)
	}
	n := *t
	n.Ceremony = c
	made, err := h.AddPasskey(ctx, &n, d.makes(h.t, h.keys, question), "Phone")
	if err != nil {
		h.t.Fatal(err)
	}
	return made
}

// asked is a visitor's ticket with a question, and the question.
func (h *house) asked() (*account.Ticket, []byte) {
	h.t.Helper()
	question, c, err := h.AskPasskey()
	if err != nil {
		h.t.Fatal(err)
	}
	return &account.Ticket{Ceremony: c}, question
}

// TestPromise11Passkeys: passkeys need user verification; a copied one, a foreign
// one and an answer to another question are refused.
func TestPromise11Passkeys(t *testing.T) {
	h := newHouse(t)
	first, _ := h.setUp()
	d := newDevice()
	h.withPasskey(first, d)
	d.key.Counter = 1

	ticket, question := h.asked()
	answer := d.proves(t, h.keys, question)
	in, err := h.SignInPasskey(ctx, visit, ticket, answer)
	if err != nil || !in.Strong || in.Account != first.Account || !h.in(in) {
		t.Fatalf("%+v %v", in, err)
	}
	if p := h.account(first.Account).Passkeys[0]; !p.Used.Equal(h.now()) || p.Name != "Phone" {
		t.Errorf("%+v", p)
	}

	// An answer to a question that was asked before.
	other, _ := h.asked()
	_, err = h.SignInPasskey(ctx, visit, other, answer)
	wants(t, err, account.ErrPasskey)
	// A counter that did not grow: a copy.
	ticket, question = h.asked()
	_, err = h.SignInPasskey(ctx, visit, ticket, d.proves(t, h.keys, question))
	wants(t, err, account.ErrPasskey)
	d.key.Counter = 2

	for name, spoil := range map[string]func(*device, *virtualwebauthn.RelyingParty){
		"without verification": func(d *device, _ *virtualwebauthn.RelyingParty) { d.Options.UserNotVerified = true },
		"without presence":     func(d *device, _ *virtualwebauthn.RelyingParty) { d.Options.UserNotPresent = true },
		"of another origin":    func(_ *device, rp *virtualwebauthn.RelyingParty) { rp.Origin = "https://data.example.net" },
		"of another host":      func(_ *device, rp *virtualwebauthn.RelyingParty) { rp.ID = "example.net" },
		"with another key":     func(d *device, _ *virtualwebauthn.RelyingParty) { d.key.Key = newDevice().key.Key },
		"that nobody has":      func(d *device, _ *virtualwebauthn.RelyingParty) { d.key.ID = []byte("another") },
		"of another person":    func(d *device, _ *virtualwebauthn.RelyingParty) { d.Options.UserHandle = []byte("0000000000001") },
	} {
		bad, rp := *d, h.keys
		spoil(&bad, &rp)
		ticket, question := h.asked()
		if _, err := h.SignInPasskey(ctx, visit, ticket, bad.proves(t, rp, question)); err == nil {
			t.Errorf("a passkey %s was accepted", name)
		}
	}
	// Too late.
	ticket, question = h.asked()
	answer = d.proves(t, h.keys, question)
	h.pass(16 * time.Minute)
	_, err = h.SignInPasskey(ctx, visit, ticket, answer)
	wants(t, err, account.ErrOver)
	for _, junk := range []string{"", "{}", "[]", strings.Repeat("a", 70<<10), `{"id":"x","rawId":"x","type":"public-key","response":{}}`} {
		ticket, _ := h.asked()
		if _, err := h.SignInPasskey(ctx, visit, ticket, []byte(junk)); err == nil {
			t.Errorf("%.20q was accepted", junk)
		}
	}
	if _, err := h.SignInPasskey(ctx, visit, &account.Ticket{}, answer); err == nil {
		t.Error("an answer without a question was accepted")
	}
}

func TestPasskeyWithoutVerificationIsNotMade(t *testing.T) {
	h := newHouse(t)
	first, _ := h.setUp()
	d := newDevice()
	d.Options.UserNotVerified = true
	question, c, err := h.AskNewPasskey(h.account(first.Account))
	if err != nil {
		t.Fatal(err)
	}
	n := *first
	n.Ceremony = c
	_, err = h.AddPasskey(ctx, &n, d.makes(t, h.keys, question), "Phone")
	wants(t, err, account.ErrPasskey)
	if got := h.account(first.Account); len(got.Passkeys) != 0 {
		t.Error("it was kept")
	}
}

func TestPasskeyStepUp(t *testing.T) {
	h := newHouse(t)
	first, _ := h.setUp()
	d := newDevice()
	h.withPasskey(first, d)
	officer := h.person(first, "officer@example.org", access.Reviewer)
	other, err := h.SignIn(ctx, visit, "officer@example.org", password)
	if err != nil {
		t.Fatal(err)
	}
	_, err = h.AddPasskey(ctx, other, nil, "")
	wants(t, err, account.ErrOver)
	theirs := newDevice()
	if other = h.withPasskey(other, theirs); !other.Strong {
		t.Error("a session that made a passkey is not strong")
	}
	h.pass(11 * time.Minute)
	question, c, err := h.AskPasskey()
	if err != nil {
		t.Fatal(err)
	}
	first.Ceremony, other.Ceremony = c, c
	d.key.Counter = 1
	_, err = h.ProvePasskey(ctx, other, d.proves(t, h.keys, question))
	wants(t, err, account.ErrPasskey)
	d.key.Counter = 2
	again, err := h.ProvePasskey(ctx, first, d.proves(t, h.keys, question))
	if err != nil || !again.Fresh(h.now()) || again.Ceremony != nil {
		t.Fatalf("%+v %v", again, err)
	}
	if other.Account != officer.ID {
		t.Error("the officer is someone else")
	}
}

func TestJoinWithPasskey(t *testing.T) {
	h := newHouse(t)
	link, err := h.SetUpLink(ctx)
	if err != nil {
		t.Fatal(err)
	}
	ticket, err := h.Open(ctx, link.Token)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := h.AskJoinPasskey(ticket); err == nil {
		t.Error("a passkey before anything is known of the person")
	}
	if ticket, err = h.Choose(ctx, ticket, account.Chosen{Name: "First Person", Email: "first@example.org", Password: password}); err != nil {
		t.Fatal(err)
	}
	question, c, err := h.AskJoinPasskey(ticket)
	if err != nil {
		t.Fatal(err)
	}
	ticket.Ceremony = c
	d := newDevice()
	in, err := h.JoinPasskey(ctx, visit, ticket, d.makes(t, h.keys, question), "")
	if err != nil || !in.Strong || !h.in(in) {
		t.Fatalf("%+v %v", in, err)
	}
	d.key.Counter = 1
	ticket, question = h.asked()
	if in, err = h.SignInPasskey(ctx, visit, ticket, d.proves(t, h.keys, question)); err != nil || !h.in(in) {
		t.Fatal(err)
	}
	// The last second factor of an administrator stays.
	key := h.account(in.Account).Passkeys[0].ID
	wants(t, h.RemovePasskey(ctx, in, key), account.ErrLastFactor)
	in = h.withPasskey(in, newDevice())
	if err := h.RemovePasskey(ctx, in, key); err != nil {
		t.Error(err)
	}
	ticket, question = h.asked()
	d.key.Counter = 2
	if _, err := h.SignInPasskey(ctx, visit, ticket, d.proves(t, h.keys, question)); err == nil {
		t.Error("a removed passkey lets in")
	}
}

func TestNoPasskeysAtABareAddress(t *testing.T) {
	h := newHouse(t)
	s, err := account.New(account.Settings{Store: h.store, Now: h.now, Base: "http://127.0.0.1:8080", Secret: make([]byte, 32)})
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = s.AskPasskey()
	wants(t, err, account.ErrNoPasskeys)
}
