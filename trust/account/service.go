package account

import (
	"context"
	"net/netip"
	"net/url"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/trust/audit"
)

// Settings are what a Service is made with.
type Settings struct {
	Store Store            // Required
	Now   func() time.Time // Required
	// Base is the address that people use: "https://data.example.org". Passkeys
	// belong to its host. Required.
	Base string
	// Secret keys the digests of addresses and the marks of known browsers: at
	// least 32 bytes, the same in every process. Required.
	Secret []byte
	// Title names this server in people's authenticator programs. Default "Waymark".
	Title string
	// Cost of passwords. Default DefaultCost.
	Cost Cost
}

// Service is how people prove who they are and are let in. It may be used by many
// goroutines.
type Service struct {
	store  Store
	clock  func() time.Time
	secret []byte
	title  string
	hash   *hasher
	pairs  pairs
	// passkeys is nil where the host cannot have them: browsers give none to a bare
	// IP address.
	passkeys *webauthn.WebAuthn
}

// New makes a service, or says what is wrong with its settings.
func New(set Settings) (*Service, error) {
	if set.Store == nil || set.Now == nil || len(set.Secret) < 32 {
		return nil, fault.New(fault.Internal, fault.Place{}, "accounts need a store, a clock and a secret of 32 bytes", "")
	}
	base, err := url.Parse(set.Base)
	if err != nil || base.Host == "" || base.Scheme != "https" && base.Scheme != "http" {
		return nil, fault.New(fault.Invalid, fault.Place{Field: "base"}, "the server's address is not one", "give one like https://data.example.org")
	}
	s := &Service{store: set.Store, clock: set.Now, secret: set.Secret, title: set.Title}
	if s.title == "" {
		s.title = "Waymark"
	}
	if set.Cost == (Cost{}) {
		set.Cost = DefaultCost
	}
	s.hash = newHasher(set.Cost)
	if _, err := netip.ParseAddr(base.Hostname()); err == nil {
		return s, nil
	}
	required := protocol.ResidentKeyRequired()
	s.passkeys, err = webauthn.New(&webauthn.Config{
		RPID:          base.Hostname(),
		RPDisplayName: s.title,
		RPOrigins:     []string{base.Scheme + "://" + base.Host},
		// What the authenticator is made by is nobody's business.
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			RequireResidentKey: required,
			ResidentKey:        protocol.ResidentKeyRequirementRequired,
			UserVerification:   protocol.VerificationRequired,
		},
	})
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, fault.Place{Field: "base"}, "the server's address cannot have passkeys", "give one like https://data.example.org", err)
	}
	return s, nil
}

// now is the time of the service's clock, UTC.
func (s *Service) now() time.Time { return s.clock().UTC() }

// HasPasskeys says whether browsers can keep passkeys for the server's address.
func (s *Service) HasPasskeys() bool { return s.passkeys != nil }

// What a person is told when they could not be let in. It is the same whether the
// account is not there, suspended or has another password.
var ErrWrong = fault.New(fault.Denied, fault.Place{}, "the e-mail address, the password or the code is not right", "try again, or ask whoever let you in for a new link")

// ErrOver is returned where a step of signing in was left alone for too long, or
// what it began with is used up.
var ErrOver = fault.New(fault.Conflict, fault.Place{}, "this step is over", "start again")

// Actor is a person who is signed in, for the audit.
func Actor(id ids.ID) audit.Actor { return audit.Actor{Kind: audit.Account, ID: id, Via: "web"} }

// Stranger is someone who is not signed in, for the audit.
var Stranger = audit.Actor{Kind: audit.Visitor, Via: "web"}

// The actions of the audit that accounts write beside those of trust/access.
const (
	SignedIn  = "account.signed-in"
	Proved    = "account.proved"  // said again who they are
	Refused   = "account.refused" // a sign-in or a proof failed
	SignedOut = "account.signed-out"
)

// note writes an audit entry about an account, or about none known.
func (s *Service) note(ctx context.Context, by audit.Actor, action string, id ids.ID, detail ...string) error {
	e := audit.Entry{At: s.now(), Actor: by, Action: action}
	if id != 0 {
		e.Subject = Subject(id)
	}
	for i := 0; i+1 < len(detail); i += 2 {
		if e.Detail == nil {
			e.Detail = map[string]string{}
		}
		e.Detail[detail[i]] = detail[i+1]
	}
	return s.store.Note(ctx, e)
}

// Subject is how the audit names an account.
func Subject(id ids.ID) string { return "account:" + id.String() }

// NoteSignOut writes that a person signed out.
func (s *Service) NoteSignOut(ctx context.Context, id ids.ID) error {
	return s.note(ctx, Actor(id), SignedOut, id)
}
