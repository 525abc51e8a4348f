package account

import (
	"context"

	"waymark/internal/fault"
	"waymark/internal/ids"
)

// ErrStale is returned for a change of one's own account by someone who did not
// prove who they are in the last ten minutes.
var ErrStale = fault.New(fault.Denied, fault.Place{}, "this needs a fresh proof of who you are", "prove it and do it again")

// ErrCode is returned for a one-time code that does not belong to the secret that
// is being set up.
var ErrCode = fault.New(fault.Invalid, fault.Place{Field: "code"}, "the code is not right", "scan the picture again, and check that the telephone's clock is right")

// ErrLastFactor is returned for taking away what a person's roles need.
var ErrLastFactor = fault.New(fault.Conflict, fault.Place{}, "your roles need a passkey or one-time codes", "set another one up first")

// freshHolder returns who is signed in and proved it a short time ago.
func (s *Service) freshHolder(ctx context.Context, t *Ticket) (*Account, error) {
	a, err := s.Holder(ctx, t)
	switch {
	case err != nil:
		return nil, err
	case a == nil:
		return nil, ErrOver
	case touring(a):
		return nil, fault.New(fault.Denied, fault.Place{}, "the tour changes nothing", "")
	case !t.Fresh(s.now()):
		return nil, ErrStale
	}
	return a, nil
}

// ChangePassword sets a new password and ends all sessions; the ticket is for a
// new one.
func (s *Service) ChangePassword(ctx context.Context, t *Ticket, password string) (*Ticket, error) {
	a, err := s.freshHolder(ctx, t)
	if err != nil {
		return nil, err
	}
	if w := Weaknesses(password, a.Name, a.Email); len(w) > 0 {
		return nil, weak(w[0])
	}
	encoded, err := s.hash.make(ctx, password)
	if err != nil {
		return nil, err
	}
	n := s.proved(t, false)
	err = s.store.ChangeAccount(ctx, Actor(a.ID), "account.password", a.ID, func(a *Account) error {
		a.Password = encoded
		a.Epoch++
		n.Epoch = a.Epoch
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := s.store.EndSessions(ctx, Actor(a.ID), a.ID, nil); err != nil {
		return nil, err
	}
	return n, s.forget(ctx, a)
}

// AskOneTime begins the setting up of one-time codes: the ticket holds the secret
// to show until a code confirms it.
func (s *Service) AskOneTime(ctx context.Context, t *Ticket) (*Ticket, error) {
	if _, err := s.freshHolder(ctx, t); err != nil {
		return nil, err
	}
	n := *t
	if n.Secret == nil {
		n.Secret = NewOneTimeSecret()
	}
	return &n, nil
}

// OneTimeAddress is what the QR code of a new secret says.
func (s *Service) OneTimeAddress(email string, secret []byte) string {
	return OneTimeAddress(s.title, email, secret)
}

// SetOneTime ends the setting up of one-time codes, in place of earlier ones. The
// session is strong from then on, and the ticket holds new recovery codes to show.
func (s *Service) SetOneTime(ctx context.Context, t *Ticket, code string) (*Ticket, error) {
	a, err := s.freshHolder(ctx, t)
	if err != nil {
		return nil, err
	}
	if t.Secret == nil {
		return nil, ErrOver
	}
	step, ok := matchOneTime(t.Secret, digitsOf(code), s.now(), 0)
	if !ok {
		return nil, ErrCode
	}
	codes, hashes := newRecovery(a.ID)
	err = s.store.ChangeAccount(ctx, Actor(a.ID), "account.one-time", a.ID, func(a *Account) error {
		a.OneTime, a.OneTimeLast, a.Recovery = t.Secret, step, hashes
		return nil
	})
	if err != nil {
		return nil, err
	}
	n := s.proved(t, true)
	n.Secret, n.Codes = nil, codes
	return n, nil
}

// RemoveOneTime takes one-time codes and recovery codes away.
func (s *Service) RemoveOneTime(ctx context.Context, t *Ticket) error {
	a, err := s.freshHolder(ctx, t)
	if err != nil {
		return err
	}
	if needsStrong(a.Members) && len(a.Passkeys) == 0 {
		return ErrLastFactor
	}
	return s.store.ChangeAccount(ctx, Actor(a.ID), "account.one-time-removed", a.ID, func(a *Account) error {
		a.OneTime, a.OneTimeLast, a.Recovery = nil, 0, nil
		return nil
	})
}

// RenewRecovery makes new recovery codes in place of all earlier ones; the ticket
// holds them to show.
func (s *Service) RenewRecovery(ctx context.Context, t *Ticket) (*Ticket, error) {
	a, err := s.freshHolder(ctx, t)
	if err != nil {
		return nil, err
	}
	codes, hashes := newRecovery(a.ID)
	err = s.store.ChangeAccount(ctx, Actor(a.ID), "account.recovery", a.ID, func(a *Account) error {
		if a.OneTime == nil {
			return fault.New(fault.Conflict, fault.Place{}, "recovery codes stand in for one-time codes", "set up one-time codes first")
		}
		a.Recovery = hashes
		return nil
	})
	n := *t
	n.Codes = codes
	return &n, err
}

// RemovePasskey takes a passkey of one's own away.
func (s *Service) RemovePasskey(ctx context.Context, t *Ticket, id ids.ID) error {
	a, err := s.freshHolder(ctx, t)
	if err != nil {
		return err
	}
	if needsStrong(a.Members) && a.OneTime == nil && len(a.Passkeys) < 2 {
		return ErrLastFactor
	}
	if a.Password == "" && a.Subject == "" && len(a.Passkeys) < 2 {
		return fault.New(fault.Conflict, fault.Place{}, "this passkey is your only way in", "set a password or another passkey first")
	}
	for _, p := range a.Passkeys {
		if p.ID == id {
			return s.store.RemovePasskey(ctx, Actor(a.ID), a.ID, id)
		}
	}
	return fault.New(fault.NotFound, fault.Place{}, "there is no such passkey", "it may have been removed already")
}

// ChangeSelf sets what a person says about themselves. "" leaves the language.
func (s *Service) ChangeSelf(ctx context.Context, t *Ticket, name, lang string) error {
	a, err := s.Holder(ctx, t)
	if err != nil {
		return err
	}
	if a == nil || touring(a) {
		return ErrOver
	}
	name = clean(name)
	if err := CheckName(name); err != nil {
		return err
	}
	return s.store.ChangeAccount(ctx, Actor(a.ID), "account.changed", a.ID, func(a *Account) error {
		a.Name = name
		if lang != "" {
			a.Lang = lang
		}
		return nil
	})
}

// EndOthers ends all sessions of a person but the one that asks.
func (s *Service) EndOthers(ctx context.Context, t *Ticket, here []byte) error {
	a, err := s.Holder(ctx, t)
	if err != nil {
		return err
	}
	if a == nil {
		return ErrOver
	}
	return s.store.EndSessions(ctx, Actor(a.ID), a.ID, here)
}
