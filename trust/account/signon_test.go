package account_test

import (
	"strings"
	"testing"

	"waymark/internal/fault"
	"waymark/trust/access"
	"waymark/trust/account"
)

// TestIdentitiesAreLinkedByInvitationOnly: an identity at a provider lets nobody
// in that was not linked by an invitation, whatever address it carries.
func TestIdentitiesAreLinkedByInvitationOnly(t *testing.T) {
	h := newHouse(t)
	first, _ := h.setUp()
	id := account.Identity{Issuer: "https://id.example.org", Subject: "4711", Strong: true}
	_, err := h.SignInIdentity(ctx, visit, id)
	wants(t, err, account.ErrNotLinked)
	a, link, err := h.InvitePerson(ctx, h.account(first.Account), account.Invitee{Name: "Another Person", Email: "officer@example.org", Member: access.Membership{Programme: 7, Role: access.Coordinator}})
	if err != nil {
		t.Fatal(err)
	}
	ticket, err := h.Open(ctx, link.Token)
	if err != nil {
		t.Fatal(err)
	}
	in, err := h.JoinIdentity(ctx, visit, ticket, id)
	if err != nil || !h.in(in) || !in.Strong || in.Account != a.ID {
		t.Fatalf("%+v %v", in, err)
	}
	if in, err = h.SignInIdentity(ctx, visit, id); err != nil || in.Account != a.ID {
		t.Fatal(err)
	}
	id.Strong = false
	if in, err = h.SignInIdentity(ctx, visit, id); err != nil || in.Strong {
		t.Errorf("a provider that does not vouch made a session strong: %+v %v", in, err)
	}
	// The same subject elsewhere is someone else.
	for _, other := range []account.Identity{{Issuer: "https://id.example.net", Subject: "4711"}, {Issuer: id.Issuer, Subject: "4712"}, {}, {Issuer: id.Issuer}, {Issuer: id.Issuer, Subject: strings.Repeat("4", 2000)}} {
		_, err := h.SignInIdentity(ctx, visit, other)
		wants(t, err, account.ErrNotLinked)
	}
	_, err = h.ProveIdentity(ctx, first, id)
	wants(t, err, account.ErrNotLinked)
	if again, err := h.ProveIdentity(ctx, in, id); err != nil || !again.Fresh(h.now()) {
		t.Error(err)
	}
	// One identity, one account.
	_, link, err = h.InvitePerson(ctx, h.account(first.Account), account.Invitee{Name: "Third Person", Email: "third@example.org", Member: access.Membership{Programme: 7, Role: access.Analyst}})
	if err != nil {
		t.Fatal(err)
	}
	if ticket, err = h.Open(ctx, link.Token); err != nil {
		t.Fatal(err)
	}
	if _, err := h.JoinIdentity(ctx, visit, ticket, id); fault.KindOf(err) != fault.Conflict {
		t.Errorf("one identity for two accounts: %v", err)
	}
	if err := h.Suspend(ctx, h.account(first.Account), a.ID); err != nil {
		t.Fatal(err)
	}
	_, err = h.SignInIdentity(ctx, visit, id)
	wants(t, err, account.ErrNotLinked)
}

func TestOwnFactors(t *testing.T) {
	h := newHouse(t)
	first, _ := h.setUp()
	wants(t, h.RemoveOneTime(ctx, first), account.ErrLastFactor)
	renewed, err := h.RenewRecovery(ctx, first)
	if err != nil || len(renewed.Codes) != 10 || renewed.Codes[0] == first.Codes[0] {
		t.Fatalf("%+v %v", renewed, err)
	}
	if err := h.ChangeSelf(ctx, first, " New Name ", "ar"); err != nil {
		t.Fatal(err)
	}
	if a := h.account(first.Account); a.Name != "New Name" || a.Lang != "ar" {
		t.Errorf("%+v", a)
	}
	if err := h.ChangeSelf(ctx, first, "two\nlines", ""); fault.KindOf(err) != fault.Invalid {
		t.Errorf("got %v", err)
	}
	first = h.withPasskey(first, newDevice())
	if err := h.RemoveOneTime(ctx, first); err != nil {
		t.Error(err)
	}
	if _, err := h.RenewRecovery(ctx, first); fault.KindOf(err) != fault.Conflict {
		t.Errorf("recovery codes without one-time codes: %v", err)
	}
	// With a password but no codes any more, a password alone is a weak session.
	weak, err := h.SignIn(ctx, visit, "first@example.org", password)
	if err != nil || weak.Strong {
		t.Errorf("%+v %v", weak, err)
	}
}

func TestEmails(t *testing.T) {
	for in, want := range map[string]bool{"name@example.org": true, " name@example.org ": true, "n+x@sub.example.org": true, "name": false, "": false, "Name <name@example.org>": false, "a@b@c": false, strings.Repeat("a", 250) + "@example.org": false} {
		if got := account.CheckEmail(in) == nil; got != want {
			t.Errorf("%q: %v", in, got)
		}
	}
	if account.NormalEmail(" NAME@Example.ORG ") != "name@example.org" {
		t.Error("not normal")
	}
}
