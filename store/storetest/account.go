package storetest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/trust/access"
	"waymark/trust/account"
	"waymark/trust/audit"
)

// morning is the time of the accounts' universe.
var morning = time.Date(2026, 10, 6, 9, 0, 0, 0, time.UTC)

// administrator is who does things in it.
var administrator = audit.Actor{Kind: audit.Account, ID: 1, Via: "web"}

// synthetic is an account of nobody.
func synthetic(id ids.ID, name string) *account.Account {
	name += "-" + id.String()
	return &account.Account{ID: id, Name: name, Email: name + "@Example.org", Lang: "en", State: account.Active, Created: morning,
		Password: "$argon2id$synthetic", OneTime: []byte{1, 2, 3}, OneTimeLast: 7, Recovery: [][]byte{{9}, {8}}, Subject: "https://issuer.example " + name,
		Epoch: 3, Members: []access.Membership{{Programme: 0, Role: access.Administrator}, {Programme: 5, Role: access.Coordinator}}}
}

// Accounts holds an empty store to what trust/account says of it. The parts
// share it, and have accounts of their own.
func Accounts(t *testing.T, s account.Store) {
	for i, c := range []struct {
		name string
		run  func(t *testing.T, s account.Store, id ids.ID)
	}{
		{"found in every way", accountsAreFound},
		{"taken addresses", addressesAreTakenOnce},
		{"changes", accountsChange},
		{"codes used once", codesAreUsedOnce},
		{"roles", rolesAreGivenAndTaken},
		{"passkeys", passkeysAreKept},
		{"invitations", invitationsWorkOnce},
		{"sessions", sessionsEnd},
		{"failures", failuresAreCounted},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(t, s, ids.ID(1000*(i+1))) })
	}
}

func refused(t *testing.T, what string, err error, kind fault.Kind) {
	t.Helper()
	var f *fault.Fault
	if !errors.As(err, &f) || f.Kind != kind {
		t.Errorf("%s: got %v, want a fault that is %v", what, err, kind)
	}
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s:\ngot  %+v\nwant %+v", what, got, want)
	}
}

func accountsAreFound(t *testing.T, s account.Store, id ids.ID) {
	ctx := t.Context()
	a, b := synthetic(id, "synthetic-b"), synthetic(id+1, "Synthetic-a")
	b.Subject, b.Members, b.State = "", []access.Membership{{Programme: 6, Role: access.Auditor}}, account.Invited
	must(t, s.AddAccount(ctx, administrator, a))
	must(t, s.AddAccount(ctx, administrator, b))
	key := &account.Passkey{ID: id + 31, Name: "synthetic key", Credential: []byte(`{"x":1}`), Handle: []byte{4, 5, 6}, Created: morning}
	must(t, s.AddPasskey(ctx, administrator, a.ID, key))
	a.Passkeys = []account.Passkey{*key}
	for what, find := range map[string]func() (*account.Account, error){
		"by ID":      func() (*account.Account, error) { return s.Account(ctx, id) },
		"by address": func() (*account.Account, error) { return s.AccountByEmail(ctx, " "+strings.ToUpper(a.Email)) },
		"by subject": func() (*account.Account, error) { return s.AccountBySubject(ctx, a.Subject) },
		"by passkey": func() (*account.Account, error) { return s.AccountByPasskey(ctx, []byte{4, 5, 6}) },
	} {
		got, err := find()
		if err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		same(t, what, got, a)
	}
	for what, find := range map[string]func() (*account.Account, error){
		"no such ID":      func() (*account.Account, error) { return s.Account(ctx, 99) },
		"no such address": func() (*account.Account, error) { return s.AccountByEmail(ctx, "other@example.org") },
		"no subject":      func() (*account.Account, error) { return s.AccountBySubject(ctx, "") },
		"an address for a subject": func() (*account.Account, error) {
			return s.AccountBySubject(ctx, account.NormalEmail(a.Email))
		},
		"no such passkey": func() (*account.Account, error) { return s.AccountByPasskey(ctx, []byte{4, 5}) },
	} {
		_, err := find()
		refused(t, what, err, fault.NotFound)
	}
	all, err := s.Accounts(ctx, 0)
	must(t, err)
	of6, err := s.Accounts(ctx, 6)
	must(t, err)
	if len(all) != 2 || len(of6) != 1 || of6[0].ID != id+1 {
		t.Fatalf("all are %d, those of a programme %d", len(all), len(of6))
	}
	same(t, "one of all", map[ids.ID]*account.Account{all[0].ID: all[0], all[1].ID: all[1]}[id], a)
	if n, err := s.CountAccounts(ctx); err != nil || n != 1 {
		t.Errorf("%d are active, %v", n, err)
	}
}

func addressesAreTakenOnce(t *testing.T, s account.Store, id ids.ID) {
	ctx := t.Context()
	var added atomic.Int32
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			a := synthetic(id+ids.ID(i), "synthetic")
			a.Subject, a.Email = "", "same@example.org"
			switch err := s.AddAccount(ctx, administrator, a); {
			case err == nil:
				added.Add(1)
			default:
				refused(t, "the same address", err, fault.Conflict)
			}
		})
	}
	group.Wait()
	if n := added.Load(); n != 1 {
		t.Errorf("%d accounts have one address", n)
	}
	for i := range 2 { // none has a subject
		a := synthetic(id+ids.ID(60+i), fmt.Sprintf("synthetic-%d", i))
		a.Subject = ""
		must(t, s.AddAccount(ctx, administrator, a))
	}
	a, b := synthetic(id+70, "synthetic-x"), synthetic(id+71, "synthetic-y")
	b.Subject = a.Subject
	must(t, s.AddAccount(ctx, administrator, a))
	refused(t, "the same subject", s.AddAccount(ctx, administrator, b), fault.Conflict)
}

func accountsChange(t *testing.T, s account.Store, id ids.ID) {
	ctx := t.Context()
	a := synthetic(id, "synthetic")
	before := a.Email
	must(t, s.AddAccount(ctx, administrator, a))
	no := errors.New("no")
	err := s.ChangeAccount(ctx, administrator, "account.changed", id, func(a *account.Account) error {
		a.Name = "another"
		return no
	})
	if !errors.Is(err, no) {
		t.Errorf("the change's own error is lost: %v", err)
	}
	got, err := s.Account(ctx, id)
	must(t, err)
	same(t, "after a change that failed", got, a)
	must(t, s.ChangeAccount(ctx, administrator, "account.changed", id, func(a *account.Account) error {
		a.Name, a.Email, a.Lang, a.State, a.Password, a.OneTime, a.Recovery, a.Subject, a.Epoch = "new", "new@example.org", "fr", account.Suspended, "p", nil, nil, "s", 4
		a.Members, a.Passkeys = nil, []account.Passkey{{ID: 1}} // are never touched
		return nil
	}))
	a.Name, a.Email, a.Lang, a.State, a.Password, a.OneTime, a.Recovery, a.Subject, a.Epoch = "new", "new@example.org", "fr", account.Suspended, "p", nil, nil, "s", 4
	for _, find := range []func() (*account.Account, error){
		func() (*account.Account, error) { return s.AccountByEmail(ctx, "new@example.org") },
		func() (*account.Account, error) { return s.AccountBySubject(ctx, "s") },
	} {
		got, err := find()
		must(t, err)
		same(t, "after a change", got, a)
	}
	_, err = s.AccountByEmail(ctx, before)
	refused(t, "the address before", err, fault.NotFound)
	refused(t, "a change of nobody", s.ChangeAccount(ctx, administrator, "account.changed", 99, func(*account.Account) error { return nil }), fault.NotFound)
}

// A one-time code is for one sign-in, also when two come at the same moment.
func codesAreUsedOnce(t *testing.T, s account.Store, id ids.ID) {
	ctx := t.Context()
	must(t, s.AddAccount(ctx, administrator, synthetic(id, "synthetic")))
	used := errors.New("used already")
	var passed atomic.Int32
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			err := s.ChangeAccount(ctx, administrator, "account.one-time-used", id, func(a *account.Account) error {
				if a.OneTimeLast >= 8 {
					return used
				}
				a.OneTimeLast = 8
				return nil
			})
			switch {
			case err == nil:
				passed.Add(1)
			case !errors.Is(err, used):
				t.Error(err)
			}
		})
	}
	group.Wait()
	if n := passed.Load(); n != 1 {
		t.Errorf("one code let %d in", n)
	}
}

func rolesAreGivenAndTaken(t *testing.T, s account.Store, id ids.ID) {
	ctx := t.Context()
	a := synthetic(id, "synthetic")
	a.Members = nil
	must(t, s.AddAccount(ctx, administrator, a))
	reviewer, analyst := access.Membership{Programme: 5, Role: access.Reviewer}, access.Membership{Programme: 5, Role: access.Analyst}
	for range 2 {
		must(t, s.SetMember(ctx, administrator, id, reviewer, true))
	}
	must(t, s.SetMember(ctx, administrator, id, analyst, true))
	for range 2 {
		must(t, s.SetMember(ctx, administrator, id, reviewer, false))
	}
	got, err := s.Account(ctx, id)
	must(t, err)
	same(t, "roles", got.Members, []access.Membership{analyst})
	refused(t, "a role for nobody", s.SetMember(ctx, administrator, 99, analyst, true), fault.NotFound)
}

func passkeysAreKept(t *testing.T, s account.Store, id ids.ID) {
	ctx := t.Context()
	must(t, s.AddAccount(ctx, administrator, synthetic(id, "synthetic-a")))
	must(t, s.AddAccount(ctx, administrator, synthetic(id+1, "synthetic-b")))
	first := account.Passkey{ID: id + 31, Name: "first", Credential: []byte("1"), Handle: []byte{1}, Created: morning}
	second := account.Passkey{ID: id + 32, Name: "second", Credential: []byte("2"), Handle: []byte{2}, Created: morning}
	must(t, s.AddPasskey(ctx, administrator, id, &first))
	must(t, s.AddPasskey(ctx, administrator, id, &second))
	refused(t, "the handle of another", s.AddPasskey(ctx, administrator, id+1, &account.Passkey{ID: id + 33, Handle: []byte{1}}), fault.Conflict)
	refused(t, "a passkey for nobody", s.AddPasskey(ctx, administrator, 99, &account.Passkey{ID: id + 34, Handle: []byte{9}}), fault.NotFound)
	must(t, s.TouchPasskey(ctx, id, id+31, []byte("1b"), morning.Add(time.Hour)))
	first.Credential, first.Used = []byte("1b"), morning.Add(time.Hour)
	got, err := s.Account(ctx, id)
	must(t, err)
	same(t, "passkeys", got.Passkeys, []account.Passkey{first, second})
	must(t, s.RemovePasskey(ctx, administrator, id, id+31))
	_, err = s.AccountByPasskey(ctx, []byte{1})
	refused(t, "a passkey that was removed", err, fault.NotFound)
	got, err = s.Account(ctx, id)
	must(t, err)
	same(t, "passkeys left", got.Passkeys, []account.Passkey{second})
}

func invitationsWorkOnce(t *testing.T, s account.Store, id ids.ID) {
	ctx := t.Context()
	must(t, s.AddAccount(ctx, administrator, synthetic(id, "synthetic")))
	old := &account.Invitation{Hash: []byte("old"), Account: id, Purpose: account.Invite, Expires: morning.Add(time.Hour)}
	inv := &account.Invitation{Hash: []byte("new"), Account: id, Purpose: account.Reset, Expires: morning.Add(time.Hour)}
	setup := &account.Invitation{Hash: []byte("setup"), Purpose: account.SetUp, Expires: morning.Add(time.Hour)}
	for _, i := range []*account.Invitation{old, inv, setup} {
		must(t, s.AddInvitation(ctx, administrator, i))
	}
	_, err := s.Invitation(ctx, old.Hash, morning)
	refused(t, "one that was replaced", err, fault.NotFound)
	_, err = s.Invitation(ctx, inv.Hash, inv.Expires)
	refused(t, "one that is too old", err, fault.NotFound)
	_, err = s.UseInvitation(ctx, administrator, inv.Hash, inv.Expires)
	refused(t, "use of one that is too old", err, fault.NotFound)
	got, err := s.Invitation(ctx, inv.Hash, morning)
	must(t, err)
	same(t, "an invitation", got, inv)
	var used atomic.Int32
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			switch got, err := s.UseInvitation(ctx, administrator, inv.Hash, morning); {
			case err == nil && got.Account == id && got.Purpose == account.Reset:
				used.Add(1)
			default:
				refused(t, "a second use", err, fault.NotFound)
			}
		})
	}
	group.Wait()
	if n := used.Load(); n != 1 {
		t.Errorf("one invitation was used %d times", n)
	}
	if got, err := s.UseInvitation(ctx, account.Stranger, setup.Hash, morning); err != nil || got.Account != 0 {
		t.Errorf("%+v, %v", got, err)
	}
}

func sessionsEnd(t *testing.T, s account.Store, id ids.ID) {
	ctx := t.Context()
	must(t, s.AddAccount(ctx, administrator, synthetic(id, "synthetic")))
	session := func(name string, of ids.ID, after time.Duration) *account.Session {
		return &account.Session{Hash: []byte(name), Account: of, Data: []byte("data of " + name), Created: morning.Add(after), Seen: morning.Add(after), Expires: morning.Add(time.Hour)}
	}
	a, b, visitor := session("a", id, 0), session("b", id, time.Minute), session("v", 0, 0)
	for _, v := range []*account.Session{a, b, visitor} {
		must(t, s.SessionPut(ctx, v))
	}
	a.Data = []byte("more")
	must(t, s.SessionPut(ctx, a))
	got, err := s.SessionFind(ctx, a.Hash, morning)
	must(t, err)
	same(t, "a session", got, a)
	_, err = s.SessionFind(ctx, a.Hash, a.Expires)
	refused(t, "a session that is over", err, fault.NotFound)
	must(t, s.SessionSeen(ctx, b.Hash, morning.Add(5*time.Minute)))
	b.Seen = morning.Add(5 * time.Minute)
	all, err := s.SessionsOf(ctx, id)
	must(t, err)
	same(t, "sessions, newest first", all, []*account.Session{b, a})
	must(t, s.EndSessions(ctx, administrator, id, a.Hash))
	must(t, s.SessionSeen(ctx, b.Hash, morning.Add(10*time.Minute)))
	_, err = s.SessionFind(ctx, b.Hash, morning)
	refused(t, "a session that was ended and seen again", err, fault.NotFound)
	if _, err := s.SessionFind(ctx, a.Hash, morning); err != nil {
		t.Errorf("the session that was kept: %v", err)
	}
	must(t, s.EndSessions(ctx, administrator, id, nil))
	_, err = s.SessionFind(ctx, a.Hash, morning)
	refused(t, "a session after all were ended", err, fault.NotFound)
	must(t, s.SessionDelete(ctx, []byte("never")))
	must(t, s.SweepSessions(ctx, visitor.Expires.Add(-time.Millisecond)))
	if _, err := s.SessionFind(ctx, visitor.Hash, morning); err != nil {
		t.Errorf("a session that is not over was swept: %v", err)
	}
	must(t, s.SweepSessions(ctx, visitor.Expires))
	_, err = s.SessionFind(ctx, visitor.Hash, morning)
	refused(t, "a session that was swept", err, fault.NotFound)
	must(t, s.SessionPut(ctx, a))
	must(t, s.SessionDelete(ctx, a.Hash))
	_, err = s.SessionFind(ctx, a.Hash, morning)
	refused(t, "a session that was deleted", err, fault.NotFound)
}

func failuresAreCounted(t *testing.T, s account.Store, id ids.ID) {
	ctx := context.Background()
	for i := range 5 {
		must(t, s.Fail(ctx, "address:one", morning.Add(time.Duration(i)*time.Minute)))
	}
	must(t, s.Fail(ctx, "address:two", morning))
	must(t, s.Fail(ctx, "address:two", morning)) // in the same millisecond
	count := func(key string, since time.Time, want int, last time.Time) {
		t.Helper()
		n, at, err := s.Failures(ctx, key, since)
		if err != nil || n != want || !at.Equal(last) {
			t.Errorf("%s: %d failures, the last at %v, %v; want %d, %v", key, n, at, err, want, last)
		}
	}
	count("address:one", morning.Add(2*time.Minute), 3, morning.Add(4*time.Minute))
	count("address:two", morning, 2, morning)
	count("address:three", morning, 0, time.Time{})
	must(t, s.SweepFailures(ctx, morning.Add(time.Minute)))
	count("address:one", morning, 4, morning.Add(4*time.Minute))
	count("address:two", morning, 0, time.Time{})
	must(t, s.Succeed(ctx, "address:one"))
	count("address:one", morning, 0, time.Time{})
}
