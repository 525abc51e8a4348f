package account

import (
	"context"
	"slices"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/trust/access"
	"waymark/trust/audit"
)

// touring says whether an account is that of the tour.
func touring(a *Account) bool {
	return slices.ContainsFunc(a.Members, func(m access.Membership) bool { return m.Role == access.Tour })
}

// IsAdministrator says whether an account runs the whole system.
func IsAdministrator(a *Account) bool {
	return slices.Contains(a.Members, access.Membership{Role: access.Administrator})
}

// administrators counts those who can run the system today.
func administrators(list []*Account) int {
	n := 0
	for _, a := range list {
		if a.State == Active && IsAdministrator(a) {
			n++
		}
	}
	return n
}

// ErrSelf is returned for changing one's own roles or state.
var ErrSelf = fault.New(fault.Denied, fault.Place{}, "nobody changes their own roles", "ask another person who may")

// ErrLastAdministrator is returned for what would leave nobody to run the system.
var ErrLastAdministrator = fault.New(fault.Conflict, fault.Place{}, "this is the last administrator", "make another person administrator first")

// MayGive says whether a person may give or take a role somewhere. Whoever may
// change people there may, except that only administrators of the whole system
// make administrators and give roles of the whole system.
func MayGive(by *Account, m access.Membership) bool {
	if m.Role == access.Tour || !slices.Contains(access.Roles, m.Role) {
		return false
	}
	if m.Programme == 0 {
		return IsAdministrator(by) && (m.Role == access.Administrator || m.Role == access.Auditor)
	}
	if m.Role == access.Administrator {
		return IsAdministrator(by)
	}
	if IsAdministrator(by) {
		return true
	}
	return slices.ContainsFunc(by.Members, func(x access.Membership) bool {
		return x.Programme == m.Programme && (x.Role == access.Coordinator || x.Role == access.Administrator)
	})
}

// ErrMayNotGive is returned for giving or taking a role that is not the person's to
// give.
var ErrMayNotGive = fault.New(fault.Denied, fault.Place{Field: "role"}, "you may not give this role", "ask an administrator of the whole system")

// Invitee is a person to let in.
type Invitee struct {
	Name, Email, Lang string
	Member            access.Membership
}

// InvitePerson makes an account with a role and the link by which the person gets
// in. If the address has an account already, that one gets the role, and there is
// no link.
func (s *Service) InvitePerson(ctx context.Context, by *Account, in Invitee) (*Account, *Shown, error) {
	in.Name, in.Email = clean(in.Name), clean(in.Email)
	faults := fault.NewList(0)
	addFault(faults, CheckName(in.Name))
	addFault(faults, CheckEmail(in.Email))
	if !MayGive(by, in.Member) {
		faults.Add(ErrMayNotGive)
	}
	if err := faults.Err(); err != nil {
		return nil, nil, err
	}
	a, err := s.store.AccountByEmail(ctx, NormalEmail(in.Email))
	switch {
	case err == nil:
		if a.ID == by.ID {
			return nil, nil, ErrSelf
		}
		if touring(a) {
			return nil, nil, ErrMayNotGive
		}
		return a, nil, s.store.SetMember(ctx, Actor(by.ID), a.ID, in.Member, true)
	case fault.KindOf(err) != fault.NotFound:
		return nil, nil, err
	}
	a = &Account{ID: ids.New(), Name: in.Name, Email: in.Email, Lang: in.Lang, State: Invited,
		Created: s.now(), Members: []access.Membership{in.Member}}
	if a.Lang == "" {
		a.Lang = "en"
	}
	if err := s.store.AddAccount(ctx, Actor(by.ID), a); err != nil {
		return nil, nil, err
	}
	shown, err := s.link(ctx, Actor(by.ID), a.ID, Invite)
	return a, shown, err
}

// SendLink makes a new one-time link for a person: an invitation if they were
// never in, else one that resets the password or, with renew, everything.
func (s *Service) SendLink(ctx context.Context, by audit.Actor, id ids.ID, renew bool) (*Shown, error) {
	a, err := s.store.Account(ctx, id)
	if err != nil {
		return nil, err
	}
	switch {
	case a.State == Suspended:
		return nil, fault.New(fault.Conflict, fault.Place{}, "this account is suspended", "restore it first")
	case touring(a):
		return nil, fault.New(fault.Denied, fault.Place{}, "the tour has no password", "")
	case a.State == Invited:
		return s.link(ctx, by, id, Invite)
	case renew:
		return s.link(ctx, by, id, Renew)
	default:
		return s.link(ctx, by, id, Reset)
	}
}

// SetRole gives a person a role or takes it away. It counts at their next request.
func (s *Service) SetRole(ctx context.Context, by *Account, id ids.ID, m access.Membership, member bool) error {
	if by.ID == id {
		return ErrSelf
	}
	if !MayGive(by, m) {
		return ErrMayNotGive
	}
	a, err := s.store.Account(ctx, id)
	if err != nil {
		return err
	}
	if touring(a) {
		return ErrMayNotGive
	}
	if !member && m.Programme == 0 && m.Role == access.Administrator {
		if err := s.keepOne(ctx, a); err != nil {
			return err
		}
	}
	return s.store.SetMember(ctx, Actor(by.ID), id, m, member)
}

// keepOne fails if an account is the last administrator.
func (s *Service) keepOne(ctx context.Context, a *Account) error {
	if a.State != Active || !IsAdministrator(a) {
		return nil
	}
	list, err := s.store.Accounts(ctx, 0)
	if err != nil {
		return err
	}
	if administrators(list) < 2 {
		return ErrLastAdministrator
	}
	return nil
}

// Suspend keeps a person out from their next request on. Restore lets them in
// again: with their password, or by a new link if they were never in.
func (s *Service) Suspend(ctx context.Context, by *Account, id ids.ID) error {
	if by.ID == id {
		return ErrSelf
	}
	a, err := s.store.Account(ctx, id)
	if err != nil {
		return err
	}
	if err := s.keepOne(ctx, a); err != nil {
		return err
	}
	err = s.store.ChangeAccount(ctx, Actor(by.ID), "account.suspended", id, func(a *Account) error {
		a.State = Suspended
		a.Epoch++
		return nil
	})
	if err != nil {
		return err
	}
	return s.store.EndSessions(ctx, Actor(by.ID), id, nil)
}

// Restore ends a suspension.
func (s *Service) Restore(ctx context.Context, by *Account, id ids.ID) error {
	if by.ID == id {
		return ErrSelf
	}
	return s.store.ChangeAccount(ctx, Actor(by.ID), "account.restored", id, func(a *Account) error {
		if a.State != Suspended {
			return fault.New(fault.Conflict, fault.Place{}, "this account is not suspended", "")
		}
		a.State = Active
		if a.Password == "" && a.Subject == "" && len(a.Passkeys) == 0 {
			a.State = Invited
		}
		return nil
	})
}

// EndAll ends all sessions of a person.
func (s *Service) EndAll(ctx context.Context, by *Account, id ids.ID) error {
	err := s.store.ChangeAccount(ctx, Actor(by.ID), "account.sessions-ended", id, func(a *Account) error {
		a.Epoch++
		return nil
	})
	if err != nil {
		return err
	}
	return s.store.EndSessions(ctx, Actor(by.ID), id, nil)
}

// HandOver gives the roles of a person who leaves to another, takes them from the
// first, and suspends the first. It needs no right to read what the roles open:
// whoever does it sees no answers by it.
func (s *Service) HandOver(ctx context.Context, by *Account, from, to ids.ID) error {
	if by.ID == from || by.ID == to || from == to {
		return ErrSelf
	}
	leaver, err := s.store.Account(ctx, from)
	if err != nil {
		return err
	}
	heir, err := s.store.Account(ctx, to)
	if err != nil {
		return err
	}
	if heir.State == Suspended || touring(heir) || touring(leaver) {
		return fault.New(fault.Conflict, fault.Place{Field: "to"}, "this person cannot take the work over", "choose one who can sign in")
	}
	for _, m := range leaver.Members {
		if !MayGive(by, m) {
			return ErrMayNotGive
		}
	}
	// First the heir: if this is cut short, nobody's work is without a person.
	for _, member := range []struct {
		id ids.ID
		on bool
	}{{to, true}, {from, false}} {
		for _, m := range leaver.Members {
			if err := s.store.SetMember(ctx, Actor(by.ID), member.id, m, member.on); err != nil {
				return err
			}
		}
	}
	return s.Suspend(ctx, by, from)
}

// OpenTour makes the account of the tour if it is not there, and returns it. Its
// address belongs to nobody (RFC 2606), and it has no password.
func (s *Service) OpenTour(ctx context.Context, programme ids.ID) (*Account, error) {
	const address = "tour@waymark.invalid"
	a, err := s.store.AccountByEmail(ctx, address)
	if err == nil || fault.KindOf(err) != fault.NotFound {
		return a, err
	}
	a = &Account{ID: ids.New(), Name: "Tour", Email: address, Lang: "en", State: Active, Created: s.now(),
		Members: []access.Membership{{Programme: programme, Role: access.Tour}}}
	return a, s.store.AddAccount(ctx, audit.Actor{Kind: audit.System, Via: "command"}, a)
}
