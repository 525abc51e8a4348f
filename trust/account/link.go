package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"time"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/trust/access"
	"waymark/trust/audit"
)

// expiry is how long a one-time link works.
var expiry = map[Purpose]time.Duration{
	SetUp:  24 * time.Hour,
	Invite: 72 * time.Hour,
	Reset:  time.Hour,
	Renew:  time.Hour,
}

// ErrLink is returned for a one-time link that was used, is too old or never was.
var ErrLink = fault.New(fault.NotFound, fault.Place{}, "this link does not work any more", "ask whoever sent it for a new one")

const linkSize = 32 // random bytes

func linkHash(token string) []byte {
	h := sha256.Sum256([]byte(token))
	return h[:]
}

// Shown is a new one-time link, to be shown once and handed over.
type Shown struct {
	For     ids.ID
	Token   string
	Purpose Purpose
	Expires time.Time
}

// Address is what to hand over. base is the server's: "https://data.example.org".
func (l *Shown) Address(base string) string { return base + "/link/" + l.Token }

// link makes a one-time link for an account, in place of an earlier one. Only its
// hash is kept.
func (s *Service) link(ctx context.Context, by audit.Actor, id ids.ID, purpose Purpose) (*Shown, error) {
	b := make([]byte, linkSize)
	rand.Read(b)
	shown := &Shown{For: id, Token: base64.RawURLEncoding.EncodeToString(b), Purpose: purpose, Expires: s.now().Add(expiry[purpose])}
	err := s.store.AddInvitation(ctx, by, &Invitation{Hash: linkHash(shown.Token), Account: id, Purpose: purpose, Expires: shown.Expires})
	return shown, err
}

// SetUpLink makes the link by which the first administrator gets in, or returns
// nil if there is an administrator already.
func (s *Service) SetUpLink(ctx context.Context) (*Shown, error) {
	due, err := s.setUpDue(ctx)
	if err != nil || !due {
		return nil, err
	}
	return s.link(ctx, audit.Actor{Kind: audit.System, Via: "command"}, 0, SetUp)
}

func (s *Service) setUpDue(ctx context.Context) (bool, error) {
	list, err := s.store.Accounts(ctx, 0)
	if err != nil {
		return false, err
	}
	return administrators(list) == 0, nil
}

// Joining is a person who came by a one-time link and is not in yet. Nothing is
// changed until its last step, which uses the link up.
type Joining struct {
	Hash    []byte    `json:"hash"`
	Purpose Purpose   `json:"purpose"`
	Account ids.ID    `json:"account"` // for set-up, of the account to be
	Name    string    `json:"name"`
	Email   string    `json:"email"`
	Lang    string    `json:"lang"`
	At      time.Time `json:"at"`
	// Strong says that the person's roles need a passkey or one-time codes.
	Strong bool `json:"strong,omitempty"`
	// Password is the hash of the one that was chosen.
	Password string `json:"password,omitempty"`
}

// Open begins what a one-time link is for. It uses nothing up: programs that look
// at links in messages do no harm.
func (s *Service) Open(ctx context.Context, token string) (*Ticket, error) {
	if token == "" || len(token) > maxToken {
		return nil, ErrLink
	}
	inv, err := s.store.Invitation(ctx, linkHash(token), s.now())
	if err != nil {
		return nil, noLink(err)
	}
	j := &Joining{Hash: inv.Hash, Purpose: inv.Purpose, Account: inv.Account, At: s.now()}
	if inv.Purpose == SetUp {
		j.Account, j.Strong = ids.New(), true
		return &Ticket{Joining: j}, nil
	}
	a, err := s.store.Account(ctx, inv.Account)
	if err != nil {
		return nil, noLink(err)
	}
	if a.State == Suspended || (inv.Purpose == Invite) != (a.State == Invited) {
		return nil, ErrLink
	}
	j.Name, j.Email, j.Lang, j.Strong = a.Name, a.Email, a.Lang, needsStrong(a.Members)
	return &Ticket{Joining: j}, nil
}

func noLink(err error) error {
	if fault.KindOf(err) == fault.NotFound {
		return ErrLink
	}
	return err
}

// needsStrong says whether the policies ask for a passkey or a second factor from
// who holds these roles.
func needsStrong(members []access.Membership) bool {
	for _, m := range members {
		switch m.Role {
		case access.Administrator, access.Coordinator, access.Contact, access.Responder, access.Caseworker, access.Partner:
			return true
		}
	}
	return false
}

// Chosen is what a person on the way in types.
type Chosen struct {
	Name, Email, Lang string
	Password          string
}

// Choose checks the name, the address and the password of a person on the way in,
// with every fault at once. Who came to reset a password is done with it, and the
// ticket is empty: they sign in as always.
func (s *Service) Choose(ctx context.Context, t *Ticket, c Chosen) (*Ticket, error) {
	if t == nil || t.Joining == nil || s.lateJoining(t.Joining) {
		return nil, ErrOver
	}
	j := *t.Joining
	faults := fault.NewList(0)
	if j.Purpose == SetUp || j.Purpose == Invite {
		j.Name, j.Lang = clean(c.Name), c.Lang
		addFault(faults, CheckName(j.Name))
	}
	if j.Purpose == SetUp {
		j.Email = clean(c.Email)
		addFault(faults, CheckEmail(j.Email))
	}
	if w := Weaknesses(c.Password, j.Name, j.Email); len(w) > 0 {
		faults.Add(weak(w[0]))
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	var err error
	if j.Password, err = s.hash.make(ctx, c.Password); err != nil {
		return nil, err
	}
	if j.Purpose == Reset {
		if _, err := s.join(ctx, &j, nil, nil, nil); err != nil {
			return nil, err
		}
		return &Ticket{}, nil
	}
	return &Ticket{Joining: &j, Secret: NewOneTimeSecret()}, nil
}

func (s *Service) lateJoining(j *Joining) bool {
	age := s.now().Sub(j.At)
	return age < 0 || age > time.Hour
}

// chosen returns the person on the way in whose password is chosen.
func (s *Service) chosen(t *Ticket) (*Joining, error) {
	if t == nil || t.Joining == nil || t.Joining.Password == "" || s.lateJoining(t.Joining) {
		return nil, ErrOver
	}
	return t.Joining, nil
}

// JoinOneTime lets a person in who set up one-time codes. The ticket holds the
// recovery codes to show.
func (s *Service) JoinOneTime(ctx context.Context, v Visit, t *Ticket, code string) (*Ticket, error) {
	j, err := s.chosen(t)
	if err != nil {
		return nil, err
	}
	step, ok := matchOneTime(t.Secret, digitsOf(code), s.now(), 0)
	if !ok {
		return nil, ErrCode
	}
	codes, hashes := newRecovery(j.Account)
	a, err := s.join(ctx, j, nil, nil, func(a *Account) {
		a.OneTime, a.OneTimeLast, a.Recovery = t.Secret, step, hashes
	})
	if err != nil {
		return nil, err
	}
	n, err := s.letIn(ctx, v, a, true, "joined")
	if err == nil {
		n.Codes = codes
	}
	return n, err
}

// AskJoinPasskey begins the making of a passkey for a person on the way in.
func (s *Service) AskJoinPasskey(t *Ticket) (question []byte, c *Ceremony, err error) {
	j, err := s.chosen(t)
	if err != nil {
		return nil, nil, err
	}
	return s.AskNewPasskey(j.toBe())
}

// JoinPasskey lets a person in who made a passkey.
func (s *Service) JoinPasskey(ctx context.Context, v Visit, t *Ticket, answer []byte, name string) (*Ticket, error) {
	j, err := s.chosen(t)
	if err != nil {
		return nil, err
	}
	p, err := s.newPasskey(j.toBe(), t.Ceremony, answer, name)
	if err != nil {
		return nil, err
	}
	a, err := s.join(ctx, j, p, nil, nil)
	if err != nil {
		return nil, err
	}
	return s.letIn(ctx, v, a, true, "joined")
}

// JoinPlain lets a person in with a password alone, if their roles need no more.
func (s *Service) JoinPlain(ctx context.Context, v Visit, t *Ticket) (*Ticket, error) {
	j, err := s.chosen(t)
	if err != nil {
		return nil, err
	}
	if j.Strong {
		return nil, fault.New(fault.Denied, fault.Place{}, "these roles need a passkey or one-time codes", "set one of them up")
	}
	a, err := s.join(ctx, j, nil, nil, nil)
	if err != nil {
		return nil, err
	}
	return s.letIn(ctx, v, a, false, "joined")
}

// toBe is the account as a passkey is made for it.
func (j *Joining) toBe() *Account {
	return &Account{ID: j.Account, Name: j.Name, Email: j.Email}
}

// join uses the link up and makes the account what was chosen. subject, if not
// nil, is the identity at the provider of single sign-on.
func (s *Service) join(ctx context.Context, j *Joining, key *Passkey, subject *string, more func(*Account)) (*Account, error) {
	by := Actor(j.Account)
	if j.Purpose == SetUp {
		due, err := s.setUpDue(ctx)
		if err != nil {
			return nil, err
		}
		if !due {
			return nil, ErrLink
		}
	}
	if _, err := s.store.UseInvitation(ctx, by, j.Hash, s.now()); err != nil {
		return nil, noLink(err)
	}
	apply := func(a *Account) {
		a.State = Active
		if j.Purpose != Reset && j.Purpose != Renew {
			a.Name = j.Name
			if j.Lang != "" {
				a.Lang = j.Lang
			}
		}
		if j.Password != "" {
			a.Password = j.Password
		}
		if j.Purpose == Renew {
			a.OneTime, a.OneTimeLast, a.Recovery = nil, 0, nil
		}
		if subject != nil {
			a.Subject = *subject
		}
		if more != nil {
			more(a)
		}
	}
	if err := s.settle(ctx, by, j, apply); err != nil {
		return nil, err
	}
	a, err := s.store.Account(ctx, j.Account)
	if err != nil {
		return nil, err
	}
	if j.Purpose == Renew {
		for _, p := range a.Passkeys {
			if err := s.store.RemovePasskey(ctx, by, a.ID, p.ID); err != nil {
				return nil, err
			}
		}
	}
	if key != nil {
		if err := s.store.AddPasskey(ctx, by, a.ID, key); err != nil {
			return nil, err
		}
	}
	return a, s.forget(ctx, a)
}

// settle writes the account: a new one for set-up, else the one that was invited
// or lost its password, whose sessions end.
func (s *Service) settle(ctx context.Context, by audit.Actor, j *Joining, apply func(*Account)) error {
	if j.Purpose == SetUp {
		a := &Account{ID: j.Account, Email: j.Email, Lang: "en", Created: s.now(),
			Members: []access.Membership{{Role: access.Administrator}}}
		apply(a)
		return s.store.AddAccount(ctx, by, a)
	}
	wanted := Active
	if j.Purpose == Invite {
		wanted = Invited
	}
	err := s.store.ChangeAccount(ctx, by, "account."+string(j.Purpose), j.Account, func(a *Account) error {
		if a.State != wanted {
			return ErrLink
		}
		apply(a)
		a.Epoch++
		return nil
	})
	if err != nil {
		return err
	}
	return s.store.EndSessions(ctx, by, j.Account, nil)
}

// weak is the fault of a password.
func weak(w Weakness) *fault.Fault {
	at := fault.Place{Field: "password"}
	switch w {
	case TooShort:
		return fault.New(fault.Invalid, at, "the password is too short", "take at least 12 characters; several words are easy to keep")
	case TooLong:
		return fault.New(fault.Invalid, at, "the password is too long", "take at most 128 characters")
	case Personal:
		return fault.New(fault.Invalid, at, "the password is made of your name or address", "take words that have nothing to do with you")
	default:
		return fault.New(fault.Invalid, at, "the password is one of those that are tried first", "take several words that do not belong together")
	}
}

// clean takes away the space that people type around things.
func clean(s string) string { return strings.TrimSpace(s) }

func addFault(list *fault.List, err error) {
	if f, ok := err.(*fault.Fault); ok && f != nil {
		list.Add(f)
	}
}
