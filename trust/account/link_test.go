package account_test

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/trust/access"
	"waymark/trust/account"
	"waymark/trust/audit"
)

func TestSetUpLinkIsForTheFirstAlone(t *testing.T) {
	h := newHouse(t)
	older, err := h.SetUpLink(ctx)
	if err != nil {
		t.Fatal(err)
	}
	newer, err := h.SetUpLink(ctx)
	if err != nil {
		t.Fatal(err)
	}
	_, err = h.Open(ctx, older.Token)
	wants(t, err, account.ErrLink)
	ticket, err := h.Open(ctx, newer.Token)
	if err != nil {
		t.Fatal(err)
	}
	_, err = h.Choose(ctx, ticket, account.Chosen{Name: "", Email: "nobody", Password: "short"})
	var list *fault.List
	if !errors.As(err, &list) || list.Len() != 3 {
		t.Errorf("not every fault at once: %v", err)
	}
	chosen := account.Chosen{Name: "First Person", Email: "first@example.org", Password: password}
	next, err := h.Choose(ctx, ticket, chosen)
	if err != nil {
		t.Fatal(err)
	}
	// The link is not used up, and nobody is there, until the second factor stands.
	if n, _ := h.store.CountAccounts(ctx); n != 0 {
		t.Errorf("%d accounts before the second factor", n)
	}
	if _, err := h.JoinPlain(ctx, visit, next); fault.KindOf(err) != fault.Denied {
		t.Errorf("an administrator without a second factor: %v", err)
	}
	_, err = h.JoinOneTime(ctx, visit, next, "000000")
	wants(t, err, account.ErrCode)
	// Two who opened the same link: one gets in.
	var wg sync.WaitGroup
	var mu sync.Mutex
	won := 0
	for range 4 {
		wg.Go(func() {
			other, err := h.Open(ctx, newer.Token)
			if err == nil {
				chosen := chosen
				other, err = h.Choose(ctx, other, chosen)
			}
			if err == nil {
				_, err = h.JoinOneTime(ctx, visit, other, h.code(other.Secret))
			}
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				won++
			} else if !errors.Is(err, account.ErrLink) {
				t.Errorf("got %v", err)
			}
		})
	}
	wg.Wait()
	if won != 1 {
		t.Errorf("%d administrators by one link", won)
	}
	if link, err := h.SetUpLink(ctx); link != nil || err != nil {
		t.Errorf("another set-up link: %v %v", link, err)
	}
	if a := h.byEmail("first@example.org"); !account.IsAdministrator(a) || a.State != account.Active {
		t.Errorf("%+v", a)
	}
}

func TestLinksExpire(t *testing.T) {
	h := newHouse(t)
	link, err := h.SetUpLink(ctx)
	if err != nil {
		t.Fatal(err)
	}
	h.pass(24*time.Hour - time.Second)
	if _, err := h.Open(ctx, link.Token); err != nil {
		t.Error(err)
	}
	h.pass(time.Second)
	_, err = h.Open(ctx, link.Token)
	wants(t, err, account.ErrLink)

	first, _ := h.setUp()
	admin := h.account(first.Account)
	a, invited, err := h.InvitePerson(ctx, admin, account.Invitee{Name: "Another Person", Email: "officer@example.org", Member: access.Membership{Programme: 7, Role: access.Analyst}})
	if err != nil {
		t.Fatal(err)
	}
	h.pass(72*time.Hour - time.Second)
	ticket, err := h.Open(ctx, invited.Token)
	if err != nil {
		t.Fatal(err)
	}
	h.pass(time.Second)
	_, err = h.Open(ctx, invited.Token)
	wants(t, err, account.ErrLink)
	// Having opened it in time does not make it last.
	if ticket, err = h.Choose(ctx, ticket, account.Chosen{Name: "Another Person", Password: password}); err == nil {
		_, err = h.JoinPlain(ctx, visit, ticket)
	}
	wants(t, err, account.ErrLink)

	again, err := h.SendLink(ctx, account.Actor(admin.ID), a.ID, false)
	if err != nil || again.Purpose != account.Invite {
		t.Fatalf("%+v %v", again, err)
	}
	for _, token := range []string{"", "x", again.Token + "x", string(make([]byte, 5000))} {
		_, err := h.Open(ctx, token)
		wants(t, err, account.ErrLink)
	}
}

func TestResetAndRenew(t *testing.T) {
	h := newHouse(t)
	first, _ := h.setUp()
	a := h.person(first, "officer@example.org", access.Reviewer)
	admin := h.account(first.Account)
	ticket, err := h.SignIn(ctx, visit, "officer@example.org", password)
	if err != nil {
		t.Fatal(err)
	}
	if ticket, err = h.AskOneTime(ctx, ticket); err != nil {
		t.Fatal(err)
	}
	secret := ticket.Secret
	if ticket, err = h.SetOneTime(ctx, ticket, h.code(secret)); err != nil || !ticket.Strong || len(ticket.Codes) != 10 || ticket.Secret != nil {
		t.Fatalf("%+v %v", ticket, err)
	}
	link, err := h.SendLink(ctx, account.Actor(admin.ID), a.ID, false)
	if err != nil || link.Purpose != account.Reset {
		t.Fatalf("%+v %v", link, err)
	}
	joining, err := h.Open(ctx, link.Token)
	if err != nil {
		t.Fatal(err)
	}
	if done, err := h.Choose(ctx, joining, account.Chosen{Password: "lamp otter kite 8"}); err != nil || done.Joining != nil || done.Account != 0 {
		t.Fatalf("%+v %v", done, err)
	}
	if h.in(ticket) {
		t.Error("a session outlived a reset")
	}
	h.pass(time.Minute)
	half, err := h.SignIn(ctx, visit, "officer@example.org", "lamp otter kite 8")
	if err != nil || half.Half == nil {
		t.Fatalf("a reset took the one-time codes away: %+v %v", half, err)
	}
	// Renew: the telephone is lost.
	if link, err = h.SendLink(ctx, account.Actor(admin.ID), a.ID, true); err != nil || link.Purpose != account.Renew {
		t.Fatal(err)
	}
	if joining, err = h.Open(ctx, link.Token); err != nil {
		t.Fatal(err)
	}
	if joining, err = h.Choose(ctx, joining, account.Chosen{Password: "kite otter lamp 7"}); err != nil {
		t.Fatal(err)
	}
	if _, err = h.JoinPlain(ctx, visit, joining); err != nil {
		t.Fatal(err)
	}
	if n := h.account(a.ID); n.OneTime != nil || len(n.Recovery) != 0 {
		t.Error("the lost telephone still counts")
	}
	_, err = h.SecondFactor(ctx, visit, half, h.code(secret))
	wants(t, err, account.ErrOver)
	_, err = h.Open(ctx, link.Token)
	wants(t, err, account.ErrLink)
}

func TestWhoMayGiveWhat(t *testing.T) {
	const here, there ids.ID = 7, 8
	holding := func(ms ...access.Membership) *account.Account { return &account.Account{ID: 1, Members: ms} }
	admin := holding(access.Membership{Role: access.Administrator})
	local := holding(access.Membership{Programme: here, Role: access.Administrator})
	coordinator := holding(access.Membership{Programme: here, Role: access.Coordinator})
	officer := holding(access.Membership{Programme: here, Role: access.DataOfficer})
	for _, c := range []struct {
		by   *account.Account
		m    access.Membership
		want bool
	}{
		{admin, access.Membership{Role: access.Administrator}, true},
		{admin, access.Membership{Role: access.Auditor}, true},
		{admin, access.Membership{Role: access.Coordinator}, false},
		{admin, access.Membership{Programme: here, Role: access.Coordinator}, true},
		{admin, access.Membership{Programme: here, Role: access.Administrator}, true},
		{admin, access.Membership{Programme: here, Role: access.Tour}, false},
		{admin, access.Membership{Programme: here, Role: "owner"}, false},
		{local, access.Membership{Programme: here, Role: access.Reviewer}, true},
		{local, access.Membership{Programme: here, Role: access.Administrator}, false},
		{local, access.Membership{Programme: there, Role: access.Reviewer}, false},
		{coordinator, access.Membership{Programme: here, Role: access.Coordinator}, true},
		{coordinator, access.Membership{Programme: here, Role: access.Administrator}, false},
		{coordinator, access.Membership{Role: access.Administrator}, false},
		{coordinator, access.Membership{Role: access.Auditor}, false},
		{coordinator, access.Membership{Programme: there, Role: access.Analyst}, false},
		{officer, access.Membership{Programme: here, Role: access.Enumerator}, false},
	} {
		if got := account.MayGive(c.by, c.m); got != c.want {
			t.Errorf("%v gives %v: %v", c.by.Members, c.m, got)
		}
	}
}

func TestPeople(t *testing.T) {
	h := newHouse(t)
	first, _ := h.setUp()
	admin := h.account(first.Account)
	a := h.person(first, "officer@example.org", access.Reviewer)
	coordinate := access.Membership{Programme: 7, Role: access.Coordinator}
	wants(t, h.SetRole(ctx, admin, admin.ID, coordinate, true), account.ErrSelf)
	wants(t, h.Suspend(ctx, admin, admin.ID), account.ErrSelf)
	if err := h.SetRole(ctx, admin, a.ID, access.Membership{Role: access.Administrator}, true); err != nil {
		t.Fatal(err)
	}
	second := h.account(a.ID)
	if err := h.SetRole(ctx, second, admin.ID, access.Membership{Role: access.Administrator}, false); err != nil {
		t.Errorf("one of two administrators: %v", err)
	}
	wants(t, h.SetRole(ctx, second, a.ID, access.Membership{Role: access.Administrator}, false), account.ErrSelf)
	third := h.person(&account.Ticket{Account: second.ID}, "third@example.org", access.Analyst)
	wants(t, h.Suspend(ctx, third, second.ID), account.ErrLastAdministrator)
	// An address that has an account gets the role, and no link.
	same, link, err := h.InvitePerson(ctx, h.account(second.ID), account.Invitee{Name: "X", Email: "Third@example.org", Member: access.Membership{Programme: 7, Role: access.Auditor}})
	if err != nil || link != nil || same.ID != third.ID {
		t.Errorf("%v %v %v", same, link, err)
	}
	if !slices.Contains(h.account(third.ID).Members, access.Membership{Programme: 7, Role: access.Auditor}) {
		t.Error("the role was not given")
	}
	if _, _, err := h.InvitePerson(ctx, h.account(second.ID), account.Invitee{Name: "", Email: "nobody", Member: access.Membership{Role: access.Coordinator}}); err == nil || err.(*fault.List).Len() != 3 {
		t.Errorf("not every fault at once: %v", err)
	}
}

func TestHandOver(t *testing.T) {
	h := newHouse(t)
	first, _ := h.setUp()
	admin := h.account(first.Account)
	leaver := h.person(first, "leaver@example.org", access.DataOfficer)
	heir := h.person(first, "heir@example.org", access.Analyst)
	ticket, err := h.SignIn(ctx, visit, "leaver@example.org", password)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.HandOver(ctx, admin, leaver.ID, heir.ID); err != nil {
		t.Fatal(err)
	}
	if got := h.account(heir.ID).Members; len(got) != 2 || !slices.Contains(got, access.Membership{Programme: 7, Role: access.DataOfficer}) {
		t.Errorf("the heir holds %v", got)
	}
	if got := h.account(leaver.ID); len(got.Members) != 0 || got.State != account.Suspended || h.in(ticket) {
		t.Errorf("the leaver: %+v", got)
	}
	wants(t, h.HandOver(ctx, admin, admin.ID, heir.ID), account.ErrSelf)
	wants(t, h.HandOver(ctx, admin, heir.ID, heir.ID), account.ErrSelf)
	if err := h.HandOver(ctx, admin, heir.ID, leaver.ID); fault.KindOf(err) != fault.Conflict {
		t.Errorf("work given to someone who is suspended: %v", err)
	}
}

func TestTourAccount(t *testing.T) {
	h := newHouse(t)
	first, _ := h.setUp()
	tour, err := h.OpenTour(ctx, 7)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := h.OpenTour(ctx, 7); err != nil || again.ID != tour.ID {
		t.Errorf("%v %v", again, err)
	}
	ticket, err := h.Tour(ctx, visit, tour.ID)
	if err != nil || !h.in(ticket) || ticket.Strong {
		t.Fatalf("%+v %v", ticket, err)
	}
	_, err = h.Tour(ctx, visit, first.Account)
	wants(t, err, account.ErrWrong)
	if _, err := h.ChangePassword(ctx, ticket, "lamp otter kite 8"); fault.KindOf(err) != fault.Denied {
		t.Errorf("the tour set a password: %v", err)
	}
	if _, err := h.SendLink(ctx, audit.Actor{Kind: audit.System, Via: "command"}, tour.ID, false); err == nil {
		t.Error("a link for the tour's password")
	}
	if err := h.SetRole(ctx, h.account(first.Account), tour.ID, access.Membership{Programme: 7, Role: access.Reviewer}, true); err == nil {
		t.Error("the tour was given a role")
	}
}
