package account

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"waymark/internal/fault"
	"waymark/internal/ids"
)

// Ceremony is a question to a passkey.
type Ceremony struct {
	Data []byte    `json:"data"` // of webauthn.SessionData
	At   time.Time `json:"at"`
}

// Bounds of passkeys.
const (
	maxPasskeys = 20
	maxResponse = 64 << 10 // bytes of a browser's answer
)

// ErrNoPasskeys is returned where browsers cannot keep passkeys for the address.
var ErrNoPasskeys = fault.New(fault.Unavailable, fault.Place{}, "this address cannot have passkeys", "use the server by a name, not by a number")

// ErrPasskey is returned for an answer that does not prove anything.
var ErrPasskey = fault.New(fault.Denied, fault.Place{}, "the passkey was not accepted", "try again, or sign in another way")

// holder is an account as webauthn asks for it.
type holder struct {
	id          ids.ID
	email, name string
	keys        []webauthn.Credential
}

// WebAuthnID is the account's identifier, which says nothing about the person.
func (h *holder) WebAuthnID() []byte { return []byte(h.id.String()) }

// WebAuthnName is what the authenticator shows to its owner.
func (h *holder) WebAuthnName() string { return h.email }

// WebAuthnDisplayName is the person's name.
func (h *holder) WebAuthnDisplayName() string { return h.name }

// WebAuthnCredentials are the account's passkeys.
func (h *holder) WebAuthnCredentials() []webauthn.Credential { return h.keys }

func holderOf(a *Account) (*holder, error) {
	h := &holder{id: a.ID, email: a.Email, name: a.Name}
	for _, p := range a.Passkeys {
		var c webauthn.Credential
		if err := json.Unmarshal(p.Credential, &c); err != nil {
			return nil, fault.Wrap(fault.Internal, fault.Place{}, "a stored passkey cannot be read", "", err)
		}
		h.keys = append(h.keys, c)
	}
	return h, nil
}

func (s *Service) ceremony(session *webauthn.SessionData) (*Ceremony, error) {
	data, err := json.Marshal(session)
	return &Ceremony{Data: data, At: s.now()}, err
}

func (s *Service) session(c *Ceremony) (webauthn.SessionData, error) {
	var session webauthn.SessionData
	if c == nil || s.late(c.At) || json.Unmarshal(c.Data, &session) != nil {
		return session, ErrOver
	}
	// The ceremony's own time is checked above by our clock.
	session.Expires = time.Time{}
	return session, nil
}

// AskNewPasskey begins the making of a passkey. question goes to the browser.
func (s *Service) AskNewPasskey(a *Account) (question []byte, c *Ceremony, err error) {
	if s.passkeys == nil {
		return nil, nil, ErrNoPasskeys
	}
	if len(a.Passkeys) >= maxPasskeys {
		return nil, nil, fault.New(fault.Invalid, fault.Place{}, "there are as many passkeys as there may be", "remove one that you no longer use")
	}
	h, err := holderOf(a)
	if err != nil {
		return nil, nil, err
	}
	options, session, err := s.passkeys.BeginRegistration(h, webauthn.WithExclusions(webauthn.Credentials(h.keys).CredentialDescriptors()))
	if err != nil {
		return nil, nil, err
	}
	if c, err = s.ceremony(session); err != nil {
		return nil, nil, err
	}
	question, err = json.Marshal(options)
	return question, c, err
}

// newPasskey checks the answer of a browser that made a passkey.
func (s *Service) newPasskey(a *Account, c *Ceremony, answer []byte, name string) (*Passkey, error) {
	if s.passkeys == nil {
		return nil, ErrNoPasskeys
	}
	session, err := s.session(c)
	if err != nil {
		return nil, err
	}
	h, err := holderOf(a)
	if err != nil {
		return nil, err
	}
	if len(answer) > maxResponse {
		return nil, ErrPasskey
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return nil, ErrPasskey
	}
	credential, err := s.passkeys.CreateCredential(h, session, parsed)
	if err != nil || !credential.Flags.UserVerified {
		return nil, ErrPasskey
	}
	data, err := json.Marshal(credential)
	if err != nil {
		return nil, err
	}
	return &Passkey{ID: ids.New(), Name: passkeyName(name), Credential: data, Handle: credential.ID, Created: s.now()}, nil
}

// passkeyName is what its owner calls it, within bounds.
func passkeyName(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 60 {
		s = string(r[:60])
	}
	if s == "" {
		s = "Passkey"
	}
	return s
}

// AddPasskey ends the making of a passkey for a person who is signed in. The
// session that made it is strong from then on.
func (s *Service) AddPasskey(ctx context.Context, t *Ticket, answer []byte, name string) (*Ticket, error) {
	a, err := s.freshHolder(ctx, t)
	if err != nil {
		return nil, err
	}
	p, err := s.newPasskey(a, t.Ceremony, answer, name)
	if err != nil {
		return nil, err
	}
	if err := s.store.AddPasskey(ctx, Actor(a.ID), a.ID, p); err != nil {
		return nil, err
	}
	return s.proved(t, true), nil
}

// AskPasskey begins a sign-in by passkey. It does not say who is expected: the
// browser offers what it has.
func (s *Service) AskPasskey() (question []byte, c *Ceremony, err error) {
	if s.passkeys == nil {
		return nil, nil, ErrNoPasskeys
	}
	options, session, err := s.passkeys.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, nil, err
	}
	if c, err = s.ceremony(session); err != nil {
		return nil, nil, err
	}
	question, err = json.Marshal(options)
	return question, c, err
}

// checkPasskey finds the account that an answer proves, and keeps the passkey's
// counter.
func (s *Service) checkPasskey(ctx context.Context, c *Ceremony, answer []byte) (*Account, error) {
	if s.passkeys == nil {
		return nil, ErrNoPasskeys
	}
	session, err := s.session(c)
	if err != nil {
		return nil, err
	}
	if len(answer) > maxResponse {
		return nil, ErrPasskey
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return nil, ErrPasskey
	}
	var a *Account
	var broken error
	find := func(handle, _ []byte) (webauthn.User, error) {
		if a, broken = s.store.AccountByPasskey(ctx, handle); broken != nil {
			return nil, broken
		}
		return holderOf(a)
	}
	_, credential, err := s.passkeys.ValidatePasskeyLogin(find, session, parsed)
	if broken != nil && fault.KindOf(broken) != fault.NotFound {
		return nil, broken
	}
	if a == nil {
		return nil, ErrPasskey
	}
	// A counter that went back means that the passkey was copied.
	if err != nil || a.State != Active || credential.Authenticator.CloneWarning {
		return nil, s.refused(ctx, a, ErrPasskey, "passkey")
	}
	data, err := json.Marshal(credential)
	if err != nil {
		return nil, err
	}
	for _, p := range a.Passkeys {
		if bytes.Equal(p.Handle, credential.ID) {
			return a, s.store.TouchPasskey(ctx, a.ID, p.ID, data, s.now())
		}
	}
	return nil, ErrPasskey
}

// SignInPasskey ends a sign-in by passkey.
func (s *Service) SignInPasskey(ctx context.Context, v Visit, t *Ticket, answer []byte) (*Ticket, error) {
	a, err := s.checkPasskey(ctx, t.Ceremony, answer)
	if err != nil {
		return nil, err
	}
	return s.letIn(ctx, v, a, true, "passkey")
}

// ProvePasskey is the step-up by passkey. One of another account proves nothing.
func (s *Service) ProvePasskey(ctx context.Context, t *Ticket, answer []byte) (*Ticket, error) {
	here, err := s.Holder(ctx, t)
	if err != nil {
		return nil, err
	}
	if here == nil {
		return nil, ErrOver
	}
	a, err := s.checkPasskey(ctx, t.Ceremony, answer)
	if err != nil {
		return nil, err
	}
	if a.ID != here.ID {
		return nil, s.refused(ctx, here, ErrPasskey, "passkey")
	}
	if err := s.note(ctx, Actor(a.ID), Proved, a.ID, "how", "passkey"); err != nil {
		return nil, err
	}
	return s.proved(t, true), nil
}
