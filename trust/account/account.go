// Package account holds the people who sign in: how they prove who they are
// (passkey, password with a one-time code, recovery code, single sign-on), how
// they are invited, and what slows guessing down.
//
// It knows no database and no pages: it declares the store that it needs.
package account

import (
	"context"
	"time"

	"waymark/internal/ids"
	"waymark/trust/access"
	"waymark/trust/audit"
)

// State of an account.
type State string

// The states. An invited account has no way to sign in but its invitation.
const (
	Invited   State = "invited"
	Active    State = "active"
	Suspended State = "suspended"
)

// Account is a person who signs in. Name and Email are sealed at rest.
type Account struct {
	ID      ids.ID
	Name    string
	Email   string // as typed; compared by NormalEmail
	Lang    string // of pages: "en", "fr", "ar"
	State   State
	Created time.Time
	// Password is an encoded Argon2id hash, or "".
	Password string
	// OneTime is the secret of one-time codes (RFC 6238), sealed at rest; nil if
	// not set up. OneTimeLast is the last time step that was used: codes of it and
	// before it are refused.
	OneTime     []byte
	OneTimeLast int64
	// Recovery are hashes of unused recovery codes.
	Recovery [][]byte
	// Subject is the identity at the single sign-on provider ("issuer subject"),
	// or "". Stored as a keyed token.
	Subject string
	// Epoch grows when all sessions must end: password change, suspension.
	Epoch    int64
	Members  []access.Membership
	Passkeys []Passkey
}

// Passkey is a WebAuthn credential.
type Passkey struct {
	ID            ids.ID
	Name          string // what its owner calls it
	Credential    []byte // JSON of webauthn.Credential
	Handle        []byte // the credential's own ID, for look-up
	Created, Used time.Time
}

// Purpose of an invitation.
type Purpose string

// The purposes. Reset sets a new password; Renew also takes one-time codes,
// recovery codes and passkeys away, for who lost them.
const (
	SetUp  Purpose = "setup" // makes the first account; Account is zero
	Invite Purpose = "invite"
	Reset  Purpose = "reset"
	Renew  Purpose = "renew"
)

// Invitation lets a person in once. Only its token's SHA-256 is stored.
type Invitation struct {
	Hash    []byte
	Account ids.ID
	Purpose Purpose
	Expires time.Time
}

// Session is a browser that is signed in, or is about to be. Only its token's
// SHA-256 is stored.
type Session struct {
	Hash                   []byte
	Account                ids.ID // zero before sign-in
	Data                   []byte // what scs keeps, sealed at rest
	Created, Seen, Expires time.Time
}

// Store is what accounts need of the store. Changes write their audit entry in
// the same transaction. Lookups that find nothing return a fault of kind
// NotFound. Several changes may be committed together; a call returns when its
// own is durable.
type Store interface {
	Account(ctx context.Context, id ids.ID) (*Account, error)
	AccountByEmail(ctx context.Context, email string) (*Account, error)
	AccountBySubject(ctx context.Context, subject string) (*Account, error)
	AccountByPasskey(ctx context.Context, handle []byte) (*Account, error)
	// Accounts lists the accounts with a membership in a programme, or all for
	// zero, by name.
	Accounts(ctx context.Context, programme ids.ID) ([]*Account, error)
	// CountAccounts counts those that are active; zero means that set-up is due.
	CountAccounts(ctx context.Context) (int, error)
	// AddAccount stores a new account with its Members. Conflict if the e-mail
	// address or the subject is taken.
	AddAccount(ctx context.Context, by audit.Actor, a *Account) error
	// ChangeAccount reads, lets change alter, and writes, in one transaction. It
	// never touches Members or Passkeys. action is what the audit says. An error of
	// change leaves everything as it was; change may be called again.
	ChangeAccount(ctx context.Context, by audit.Actor, action string, id ids.ID, change func(*Account) error) error
	SetMember(ctx context.Context, by audit.Actor, id ids.ID, m access.Membership, member bool) error
	AddPasskey(ctx context.Context, by audit.Actor, id ids.ID, p *Passkey) error
	// TouchPasskey stores the credential after a use (its counter).
	TouchPasskey(ctx context.Context, id ids.ID, passkey ids.ID, credential []byte, at time.Time) error
	RemovePasskey(ctx context.Context, by audit.Actor, id, passkey ids.ID) error

	// AddInvitation takes the place of an earlier one of the same account.
	AddInvitation(ctx context.Context, by audit.Actor, inv *Invitation) error
	// Invitation returns one that has not been used and has not expired.
	Invitation(ctx context.Context, hash []byte, now time.Time) (*Invitation, error)
	// UseInvitation takes it away; of several at once, one succeeds.
	UseInvitation(ctx context.Context, by audit.Actor, hash []byte, now time.Time) (*Invitation, error)

	SessionFind(ctx context.Context, hash []byte, now time.Time) (*Session, error)
	SessionPut(ctx context.Context, s *Session) error
	// SessionSeen sets Seen of a session that is still there, and does nothing
	// otherwise: an ended session must not come back.
	SessionSeen(ctx context.Context, hash []byte, at time.Time) error
	SessionDelete(ctx context.Context, hash []byte) error
	// SessionsOf lists an account's sessions, newest first; EndSessions removes
	// them all but the one with hash except (nil for none).
	SessionsOf(ctx context.Context, account ids.ID) ([]*Session, error)
	EndSessions(ctx context.Context, by audit.Actor, account ids.ID, except []byte) error
	SweepSessions(ctx context.Context, now time.Time) error

	// Failures counts failures of a key since a time, and says when the last was;
	// Fail adds one; Succeed forgets them. Keys are digests ("address:x7Q..."), at
	// most 64 bytes.
	Failures(ctx context.Context, key string, since time.Time) (int, time.Time, error)
	Fail(ctx context.Context, key string, at time.Time) error
	Succeed(ctx context.Context, key string) error
	SweepFailures(ctx context.Context, before time.Time) error

	// Note writes an audit entry of something that changed no row: a refused
	// sign-in, a sign-out.
	Note(ctx context.Context, e audit.Entry) error
}
