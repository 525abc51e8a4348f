package account

import (
	"context"
	"errors"

	"waymark/internal/fault"
	"waymark/internal/ids"
)

// SignIn checks an e-mail address and a password. Where one-time codes are set up,
// the ticket has Half and a code is due; else the person is signed in.
//
// Whether the address is known, suspended, without a password or the password is
// another, the answer is ErrWrong after the same work.
func (s *Service) SignIn(ctx context.Context, v Visit, email, password string) (*Ticket, error) {
	who := NormalEmail(email)
	if len(who) > maxEmail || len(password) > 4*maxPassword {
		return nil, ErrWrong
	}
	var a *Account
	var stale bool
	err := s.try(ctx, v, who, func() (bool, error) {
		var err error
		if a, err = s.byEmail(ctx, who); err != nil {
			return false, err
		}
		var right bool
		right, stale, err = s.hash.check(ctx, password, a.Password)
		return right && a.State == Active, err
	})
	if err != nil {
		return nil, s.refused(ctx, a, err, "password")
	}
	if stale {
		if err := s.rehash(ctx, a, password); err != nil {
			return nil, err
		}
	}
	if a.OneTime != nil {
		return &Ticket{Half: &Half{Account: a.ID, Epoch: a.Epoch, At: s.now()}, Agent: v.Agent}, nil
	}
	return s.letIn(ctx, v, a, false, "password")
}

// byEmail returns the account of an address, or one that nothing fits.
func (s *Service) byEmail(ctx context.Context, who string) (*Account, error) {
	a, err := s.store.AccountByEmail(ctx, who)
	if err != nil && fault.KindOf(err) == fault.NotFound {
		return &Account{}, nil
	}
	return a, err
}

// refused writes into the audit that a try failed, and returns its error. The
// limits bound how often that is.
func (s *Service) refused(ctx context.Context, a *Account, err error, how string) error {
	if !errors.Is(err, ErrWrong) && !errors.Is(err, ErrPasskey) {
		return err
	}
	var id ids.ID
	if a != nil {
		id = a.ID
	}
	if e := s.note(ctx, Stranger, Refused, id, "how", how); e != nil {
		return e
	}
	return err
}

// letIn ends a sign-in that was right.
func (s *Service) letIn(ctx context.Context, v Visit, a *Account, strong bool, how string) (*Ticket, error) {
	if err := s.succeeded(ctx, v, NormalEmail(a.Email)); err != nil {
		return nil, err
	}
	if err := s.note(ctx, Actor(a.ID), SignedIn, a.ID, "how", how); err != nil {
		return nil, err
	}
	return s.signed(a, v, strong), nil
}

// rehash keeps a password under today's cost.
func (s *Service) rehash(ctx context.Context, a *Account, password string) error {
	encoded, err := s.hash.make(ctx, password)
	if err != nil {
		return err
	}
	old := a.Password
	return s.store.ChangeAccount(ctx, Actor(a.ID), "account.rehashed", a.ID, func(n *Account) error {
		if n.Password == old {
			n.Password = encoded
		}
		return nil
	})
}

// SecondFactor ends a sign-in whose password was right, with a one-time code or a
// recovery code.
func (s *Service) SecondFactor(ctx context.Context, v Visit, t *Ticket, code string) (*Ticket, error) {
	if t == nil || t.Half == nil || s.late(t.Half.At) {
		return nil, ErrOver
	}
	a, err := s.store.Account(ctx, t.Half.Account)
	if err != nil {
		return nil, err
	}
	if a.State != Active || a.Epoch != t.Half.Epoch {
		return nil, ErrOver
	}
	how, err := s.code(ctx, v, a, code)
	if err != nil {
		return nil, err
	}
	return s.letIn(ctx, v, a, true, how)
}

// code checks and uses up a one-time code or a recovery code of an account.
func (s *Service) code(ctx context.Context, v Visit, a *Account, code string) (how string, err error) {
	if len(code) > 64 {
		return "", ErrWrong
	}
	how = "one-time"
	if recoveryText(code) != "" {
		how = "recovery"
	}
	err = s.try(ctx, v, NormalEmail(a.Email), func() (bool, error) {
		err := s.useCode(ctx, a.ID, how, code)
		if errors.Is(err, ErrWrong) {
			return false, nil
		}
		return err == nil, err
	})
	if err != nil {
		return "", s.refused(ctx, a, err, how)
	}
	return how, nil
}

// useCode uses a code up in the transaction that checks it, so that of two at
// once one succeeds.
func (s *Service) useCode(ctx context.Context, id ids.ID, how, code string) error {
	return s.store.ChangeAccount(ctx, Actor(id), "account."+how+"-used", id, func(a *Account) error {
		if how == "recovery" {
			if !useRecovery(a, recoveryText(code)) {
				return ErrWrong
			}
			return nil
		}
		digits := digitsOf(code)
		if a.OneTime == nil || len(digits) != codeDigits.Length() {
			return ErrWrong
		}
		step, ok := matchOneTime(a.OneTime, digits, s.now(), a.OneTimeLast)
		if !ok {
			return ErrWrong
		}
		a.OneTimeLast = step
		return nil
	})
}

// Prove is the step-up of a person who is signed in: the password again, and a
// code where codes are set up.
func (s *Service) Prove(ctx context.Context, v Visit, t *Ticket, password, code string) (*Ticket, error) {
	a, err := s.Holder(ctx, t)
	if err != nil {
		return nil, err
	}
	if a == nil {
		return nil, ErrOver
	}
	if len(password) > 4*maxPassword {
		return nil, ErrWrong
	}
	err = s.try(ctx, v, NormalEmail(a.Email), func() (bool, error) {
		right, _, err := s.hash.check(ctx, password, a.Password)
		return right, err
	})
	if err != nil {
		return nil, s.refused(ctx, a, err, "password")
	}
	how, strong := "password", false
	if a.OneTime != nil {
		if how, err = s.code(ctx, v, a, code); err != nil {
			return nil, err
		}
		strong = true
	}
	if err := s.succeeded(ctx, v, NormalEmail(a.Email)); err != nil {
		return nil, err
	}
	if err := s.note(ctx, Actor(a.ID), Proved, a.ID, "how", how); err != nil {
		return nil, err
	}
	return s.proved(t, strong), nil
}

// Tour lets a visitor look around as the account of the tour.
func (s *Service) Tour(ctx context.Context, v Visit, id ids.ID) (*Ticket, error) {
	a, err := s.store.Account(ctx, id)
	if err != nil {
		return nil, err
	}
	if a.State != Active || !touring(a) {
		return nil, ErrWrong
	}
	if err := s.note(ctx, Actor(a.ID), SignedIn, a.ID, "how", "tour"); err != nil {
		return nil, err
	}
	return s.signed(a, v, false), nil
}
