package account_test

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"waymark/trust/access"
	"waymark/trust/account"
)

// keep stores a ticket under a token as scs does.
func (h *house) keep(k *account.Sessions, token string, t *account.Ticket) {
	h.t.Helper()
	b, err := k.Encode(h.now(), map[string]any{account.TicketKey: t})
	if err == nil {
		err = k.Commit(token, b, h.now())
	}
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) found(k *account.Sessions, token string) *account.Ticket {
	h.t.Helper()
	b, ok, err := k.Find(token)
	if err != nil {
		h.t.Fatal(err)
	}
	if !ok {
		return nil
	}
	_, values, err := k.Decode(b)
	if err != nil {
		h.t.Fatal(err)
	}
	t, _ := values[account.TicketKey].(*account.Ticket)
	return t
}

// TestPromise10Limits: sessions end when nobody uses them, and after twelve hours
// in any case.
func TestPromise10Limits(t *testing.T) {
	h := newHouse(t)
	first, _ := h.setUp()
	k := h.Sessions()
	h.keep(k, "used", first)
	h.keep(k, "idle", first)
	h.keep(k, "visitor", &account.Ticket{})
	for range 20 {
		h.pass(29 * time.Minute)
		if got := h.found(k, "used"); got == nil || got.Account != first.Account {
			t.Fatalf("a session in use ended: %+v", got)
		}
	}
	if h.found(k, "idle") != nil || h.found(k, "visitor") != nil {
		t.Error("a session that nobody used goes on")
	}
	// Storing it again does not prolong it.
	h.keep(k, "used", first)
	for range 4 {
		h.pass(29 * time.Minute)
		h.found(k, "used")
	}
	h.pass(29 * time.Minute)
	if h.found(k, "used") != nil {
		t.Error("a session outlived twelve hours")
	}
	if err := h.Sweep(ctx); err != nil || h.store.CountSessions() != 0 {
		t.Errorf("%d sessions are left, %v", h.store.CountSessions(), err)
	}
}

func TestIdleToTheSecond(t *testing.T) {
	h := newHouse(t)
	first, _ := h.setUp()
	k := h.Sessions()
	h.keep(k, "token", first)
	h.pass(30 * time.Minute)
	if h.found(k, "token") == nil {
		t.Error("ended at thirty minutes; they are inclusive")
	}
	h.pass(30*time.Minute + time.Second)
	if h.found(k, "token") != nil {
		t.Error("goes on after thirty minutes")
	}
}

func TestAnEndedSessionDoesNotComeBack(t *testing.T) {
	h := newHouse(t)
	first, _ := h.setUp()
	k := h.Sessions()
	h.keep(k, "token", first)
	if err := k.Delete("token"); err != nil {
		t.Fatal(err)
	}
	if err := h.store.SessionSeen(ctx, account.TokenHash("token"), h.now()); err != nil {
		t.Fatal(err)
	}
	if h.found(k, "token") != nil {
		t.Error("it came back")
	}
}

func TestTokensAreStoredHashed(t *testing.T) {
	h := newHouse(t)
	first, _ := h.setUp()
	h.keep(h.Sessions(), "a-token-of-a-browser", first)
	list, err := h.store.SessionsOf(ctx, first.Account)
	if err != nil || len(list) != 1 {
		t.Fatalf("%d sessions, %v", len(list), err)
	}
	if bytes.Contains(list[0].Hash, []byte("token")) || bytes.Contains(list[0].Data, []byte("a-token-of")) || len(list[0].Hash) != 32 {
		t.Errorf("%q %q", list[0].Hash, list[0].Data)
	}
	for _, token := range []string{"", string(make([]byte, 5000)), string(list[0].Hash)} {
		if h.found(h.Sessions(), token) != nil {
			t.Errorf("%.10q opens a session", token)
		}
	}
}

func TestListOfSessions(t *testing.T) {
	h := newHouse(t)
	first, _ := h.setUp()
	k := h.Sessions()
	h.keep(k, "one", first)
	h.keep(k, "two", first)
	here := account.TokenHash("one")
	open, err := h.OpenSessions(ctx, first.Account, here)
	if err != nil || len(open) != 2 || open[0].Agent != "Firefox" || !open[0].Strong || open[0].Here == open[1].Here {
		t.Fatalf("%+v %v", open, err)
	}
	other := h.person(first, "officer@example.org", access.Reviewer)
	if err := h.EndSession(ctx, other.ID, account.TokenHash("two")); err == nil {
		t.Error("someone else's session was ended")
	}
	if err := h.EndSession(ctx, first.Account, account.TokenHash("two")); err != nil || h.found(k, "two") != nil || h.found(k, "one") == nil {
		t.Errorf("%v", err)
	}
	h.keep(k, "three", first)
	if err := h.EndOthers(ctx, first, here); err != nil || h.found(k, "three") != nil || h.found(k, "one") == nil {
		t.Errorf("%v", err)
	}
	if err := h.EndAll(ctx, other, first.Account); err != nil || h.found(k, "one") != nil || h.in(first) {
		t.Errorf("%v", err)
	}
}

// TestEnumeration: whether an address has an account cannot be told from the
// answer, nor from the work that is done.
func TestEnumeration(t *testing.T) {
	h := newHouse(t)
	first, _ := h.setUp()
	h.person(first, "suspended@example.org", access.Reviewer)
	h.person(first, "officer@example.org", access.Reviewer)
	admin := h.account(first.Account)
	if err := h.Suspend(ctx, admin, h.byEmail("suspended@example.org").ID); err != nil {
		t.Fatal(err)
	}
	if _, _, err := h.InvitePerson(ctx, admin, account.Invitee{Name: "Not Yet", Email: "invited@example.org", Member: access.Membership{Programme: 7, Role: access.Analyst}}); err != nil {
		t.Fatal(err)
	}
	type trace struct {
		err     string
		hashes  int64
		entries int
		waits   string
	}
	try := func(email, password string) trace {
		var tr trace
		made, log := h.HashesMade(), len(h.store.Log())
		for range 12 {
			_, err := h.SignIn(ctx, from("198.51.100.9"), email, password)
			if !errors.Is(err, account.ErrWrong) {
				wait, _ := account.Waiting(err)
				tr.waits += wait.String() + " "
				h.pass(wait)
			} else {
				tr.err += err.Error()
			}
		}
		tr.hashes, tr.entries = h.HashesMade()-made, len(h.store.Log())-log
		return tr
	}
	want := try("nobody@example.org", "wrong password 1")
	if want.hashes == 0 {
		t.Fatal("no work for an unknown account")
	}
	for _, c := range [][2]string{{"officer@example.org", "wrong password 1"}, {"suspended@example.org", password}, {"invited@example.org", password}, {"first@example.org", "wrong password 1"}} {
		if got := try(c[0], c[1]); got != want {
			t.Errorf("%s: %+v, unknown: %+v", c[0], got, want)
		}
	}
}
