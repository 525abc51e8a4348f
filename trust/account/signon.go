package account

import (
	"context"

	"waymark/internal/fault"
)

// Identity is who a provider of single sign-on says that someone is. It was
// checked by the edge: signature, audience, nonce, time.
type Identity struct {
	// Issuer and Subject together are the person. An address is never looked at:
	// providers let people type one.
	Issuer, Subject string
	// Strong says that the provider vouches for a second factor.
	Strong bool
}

// key is how an identity is stored.
func (i Identity) key() string { return i.Issuer + " " + i.Subject }

func (i Identity) valid() bool {
	return i.Issuer != "" && i.Subject != "" && len(i.key()) <= 1000
}

// ErrNotLinked is returned for an identity that no account is linked to.
var ErrNotLinked = fault.New(fault.Denied, fault.Place{}, "no account here is linked to this identity", "open the link of your invitation and choose single sign-on there")

// SignInIdentity lets in the person whose account is linked to an identity. Where
// one-time codes are set up and the provider does not vouch for a second factor,
// the ticket has Half and a code is due.
func (s *Service) SignInIdentity(ctx context.Context, v Visit, id Identity) (*Ticket, error) {
	a, err := s.byIdentity(ctx, id)
	if err != nil {
		return nil, err
	}
	if !id.Strong && a.OneTime != nil {
		return &Ticket{Half: &Half{Account: a.ID, Epoch: a.Epoch, At: s.now()}, Agent: v.Agent}, nil
	}
	return s.letIn(ctx, v, a, id.Strong, "sign-on")
}

func (s *Service) byIdentity(ctx context.Context, id Identity) (*Account, error) {
	if !id.valid() {
		return nil, ErrNotLinked
	}
	a, err := s.store.AccountBySubject(ctx, id.key())
	if err != nil {
		if fault.KindOf(err) == fault.NotFound {
			return nil, ErrNotLinked
		}
		return nil, err
	}
	if a.State != Active {
		return nil, ErrNotLinked
	}
	return a, nil
}

// ProveIdentity is the step-up at the provider, which was told to ask again.
func (s *Service) ProveIdentity(ctx context.Context, t *Ticket, id Identity) (*Ticket, error) {
	here, err := s.Holder(ctx, t)
	if err != nil {
		return nil, err
	}
	if here == nil {
		return nil, ErrOver
	}
	a, err := s.byIdentity(ctx, id)
	if err != nil {
		return nil, err
	}
	if a.ID != here.ID {
		return nil, ErrNotLinked
	}
	if err := s.note(ctx, Actor(a.ID), Proved, a.ID, "how", "sign-on"); err != nil {
		return nil, err
	}
	return s.proved(t, id.Strong), nil
}

// JoinIdentity lets a person in by an invitation, with an identity instead of a
// password. Only an invitation links the two.
func (s *Service) JoinIdentity(ctx context.Context, v Visit, t *Ticket, id Identity) (*Ticket, error) {
	if t == nil || t.Joining == nil || s.lateJoining(t.Joining) || t.Joining.Purpose != Invite {
		return nil, ErrOver
	}
	if !id.valid() {
		return nil, ErrNotLinked
	}
	if _, err := s.store.AccountBySubject(ctx, id.key()); err == nil {
		return nil, fault.New(fault.Conflict, fault.Place{}, "this identity belongs to another account", "sign in with it")
	} else if fault.KindOf(err) != fault.NotFound {
		return nil, err
	}
	key := id.key()
	a, err := s.join(ctx, t.Joining, nil, &key, nil)
	if err != nil {
		return nil, err
	}
	return s.letIn(ctx, v, a, id.Strong, "joined")
}
