package account_test

import (
	"context"
	"encoding/base32"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/descope/virtualwebauthn"
	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/trust/access"
	"waymark/trust/account"
	"waymark/trust/account/accounttest"
)

const (
	password = "otter kite lamp 9"
	base     = "https://data.example.org"
)

var ctx = context.Background()

// house is a service over an empty store, with a clock that tests turn.
type house struct {
	*account.Service
	t     *testing.T
	store *accounttest.Memory
	mu    sync.Mutex
	at    time.Time
	keys  virtualwebauthn.RelyingParty
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, store: accounttest.New(), at: time.Unix(1700000000, 0),
		keys: virtualwebauthn.RelyingParty{Name: "Waymark", ID: "data.example.org", Origin: base}}
	s, err := account.New(account.Settings{Store: h.store, Now: h.now, Base: base, Secret: make([]byte, 32),
		Cost: account.Cost{Memory: 64, Time: 1, Threads: 1}})
	if err != nil {
		t.Fatal(err)
	}
	h.Service = s
	return h
}

func (h *house) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.at
}

func (h *house) pass(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at = h.at.Add(d)
}

// code is the one-time code of a secret at this moment.
func (h *house) code(secret []byte) string {
	h.t.Helper()
	code, err := totp.GenerateCodeCustom(base32.StdEncoding.EncodeToString(secret), h.now(), totp.ValidateOpts{Period: 30, Digits: otp.DigitsSix})
	if err != nil {
		h.t.Fatal(err)
	}
	return code
}

// from is a visit from an address.
func from(address string) account.Visit { return account.Visit{Address: address, Agent: "Firefox"} }

var visit = from("192.0.2.7")

// setUp lets the first administrator in, with one-time codes, and returns the
// ticket and the secret.
func (h *house) setUp() (*account.Ticket, []byte) {
	h.t.Helper()
	link, err := h.SetUpLink(ctx)
	if err != nil || link == nil {
		h.t.Fatalf("no set-up link: %v", err)
	}
	t, err := h.Open(ctx, link.Token)
	if err != nil {
		h.t.Fatal(err)
	}
	t, err = h.Choose(ctx, t, account.Chosen{Name: "First Person", Email: "first@example.org", Password: password, Lang: "en"})
	if err != nil {
		h.t.Fatal(err)
	}
	secret := t.Secret
	t, err = h.JoinOneTime(ctx, visit, t, h.code(secret))
	if err != nil {
		h.t.Fatal(err)
	}
	return t, secret
}

// person invites someone and lets them in with a password alone.
func (h *house) person(by *account.Ticket, email string, role access.Role) *account.Account {
	h.t.Helper()
	a, link, err := h.InvitePerson(ctx, h.account(by.Account), account.Invitee{Name: "Another Person", Email: email, Member: access.Membership{Programme: 7, Role: role}})
	if err != nil {
		h.t.Fatal(err)
	}
	t, err := h.Open(ctx, link.Token)
	if err != nil {
		h.t.Fatal(err)
	}
	if t, err = h.Choose(ctx, t, account.Chosen{Name: "Another Person", Password: password}); err != nil {
		h.t.Fatal(err)
	}
	if _, err = h.JoinPlain(ctx, visit, t); err != nil {
		h.t.Fatal(err)
	}
	return h.account(a.ID)
}

func (h *house) account(id ids.ID) *account.Account {
	h.t.Helper()
	a, err := h.store.Account(ctx, id)
	if err != nil {
		h.t.Fatal(err)
	}
	return a
}

func (h *house) in(t *account.Ticket) bool {
	h.t.Helper()
	a, err := h.Holder(ctx, t)
	if err != nil {
		h.t.Fatal(err)
	}
	return a != nil
}

func wants(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("got %v, want %v", err, want)
	}
}

func TestSettingsAreChecked(t *testing.T) {
	good := account.Settings{Store: accounttest.New(), Now: time.Now, Base: base, Secret: make([]byte, 32)}
	for name, spoil := range map[string]func(*account.Settings){
		"store":  func(s *account.Settings) { s.Store = nil },
		"clock":  func(s *account.Settings) { s.Now = nil },
		"secret": func(s *account.Settings) { s.Secret = s.Secret[:31] },
		"base":   func(s *account.Settings) { s.Base = "data.example.org" },
	} {
		bad := good
		spoil(&bad)
		if _, err := account.New(bad); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	for base, want := range map[string]bool{"https://data.example.org": true, "http://localhost:8080": true, "http://127.0.0.1:8080": false, "http://[::1]:8080": false} {
		good.Base = base
		s, err := account.New(good)
		if err != nil {
			t.Fatal(err)
		}
		if s.HasPasskeys() != want {
			t.Errorf("%s: passkeys %v", base, s.HasPasskeys())
		}
	}
}

func TestSignInWithPasswordAndCode(t *testing.T) {
	h := newHouse(t)
	first, secret := h.setUp()
	if !first.Strong || !first.Fresh(h.now()) || len(first.Codes) != 10 || !h.in(first) {
		t.Fatalf("after set-up: %+v", first)
	}
	h.pass(time.Minute)
	half, err := h.SignIn(ctx, visit, " FIRST@Example.org ", password)
	if err != nil {
		t.Fatal(err)
	}
	if half.Account != 0 || half.Half == nil || h.in(half) {
		t.Fatalf("a password alone let someone in: %+v", half)
	}
	_, err = h.SecondFactor(ctx, visit, half, "000000")
	wants(t, err, account.ErrWrong)
	whole, err := h.SecondFactor(ctx, visit, half, h.code(secret))
	if err != nil || !whole.Strong || !h.in(whole) || whole.Half != nil {
		t.Fatalf("%+v, %v", whole, err)
	}
	_, err = h.SignIn(ctx, visit, "first@example.org", password+"x")
	wants(t, err, account.ErrWrong)
	// The second step does not wait for ever.
	half, err = h.SignIn(ctx, visit, "first@example.org", password)
	if err != nil {
		t.Fatal(err)
	}
	h.pass(16 * time.Minute)
	_, err = h.SecondFactor(ctx, visit, half, h.code(secret))
	wants(t, err, account.ErrOver)
}

func TestRehashAtAnotherCost(t *testing.T) {
	h := newHouse(t)
	first, _ := h.setUp()
	before := h.account(first.Account).Password
	s, err := account.New(account.Settings{Store: h.store, Now: h.now, Base: base, Secret: make([]byte, 32), Cost: account.Cost{Memory: 128, Time: 1, Threads: 1}})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := s.SignIn(ctx, visit, "first@example.org", password); err != nil {
			t.Fatal(err)
		}
	}
	after := h.account(first.Account)
	if after.Password == before || after.Epoch != first.Epoch {
		t.Errorf("the hash was not renewed, or sessions ended: %d", after.Epoch)
	}
}

// TestPromise11OneTimeCodesOnce: a one-time code cannot be used twice, not even by
// two at once, and recovery codes work once.
func TestPromise11OneTimeCodesOnce(t *testing.T) {
	h := newHouse(t)
	first, secret := h.setUp()
	half := func() *account.Ticket {
		t.Helper()
		x, err := h.SignIn(ctx, visit, "first@example.org", password)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	// The code of the set-up is used up already.
	if _, err := h.SecondFactor(ctx, visit, half(), h.code(secret)); err == nil {
		t.Fatal("the code of the set-up was taken again")
	}
	h.pass(time.Minute)
	code, pending := h.code(secret), half()
	var wg sync.WaitGroup
	var mu sync.Mutex
	won := 0
	for i := range 6 {
		v := from("198.51.100." + string(rune('1'+i)))
		wg.Go(func() {
			_, err := h.SecondFactor(ctx, v, pending, code)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				won++
			}
		})
	}
	wg.Wait()
	if won != 1 {
		t.Errorf("a code was used %d times", won)
	}
	// An older code within the window counts no more.
	h.pass(-30 * time.Second)
	if _, err := h.SecondFactor(ctx, from("203.0.113.1"), pending, h.code(secret)); err == nil {
		t.Error("an older code was taken after a newer one")
	}
	h.pass(30 * time.Second)
	for i, code := range first.Codes {
		v := from("203.0.113.2")
		if _, err := h.SecondFactor(ctx, v, half(), code); err != nil {
			t.Fatalf("recovery code %d: %v", i, err)
		}
		if _, err := h.SecondFactor(ctx, from("203.0.113.3"), half(), code); !errors.Is(err, account.ErrWrong) {
			t.Errorf("recovery code %d twice: %v", i, err)
		}
		h.pass(time.Hour)
	}
	if n := len(h.account(first.Account).Recovery); n != 0 {
		t.Errorf("%d recovery codes are left", n)
	}
}

func (h *house) byEmail(email string) *account.Account {
	h.t.Helper()
	a, err := h.store.AccountByEmail(ctx, email)
	if err != nil {
		h.t.Fatal(err)
	}
	return a
}

// TestPromise5SuspensionAtOnce: who is suspended is out at the next request.
func TestPromise5SuspensionAtOnce(t *testing.T) {
	h := newHouse(t)
	first, _ := h.setUp()
	a := h.person(first, "officer@example.org", access.Reviewer)
	ticket, err := h.SignIn(ctx, visit, "officer@example.org", password)
	if err != nil || !h.in(ticket) {
		t.Fatal(err)
	}
	admin := h.account(first.Account)
	if err := h.Suspend(ctx, admin, a.ID); err != nil {
		t.Fatal(err)
	}
	if h.in(ticket) {
		t.Error("a suspended person is still in")
	}
	_, err = h.SignIn(ctx, visit, "officer@example.org", password)
	wants(t, err, account.ErrWrong)
	if err := h.Restore(ctx, admin, a.ID); err != nil {
		t.Fatal(err)
	}
	if h.in(ticket) {
		t.Error("an old session came back with the person")
	}
	if _, err := h.SignIn(ctx, visit, "officer@example.org", password); err != nil {
		t.Error(err)
	}
}

func TestStepUp(t *testing.T) {
	h := newHouse(t)
	first, secret := h.setUp()
	h.pass(10 * time.Minute)
	if first.Fresh(h.now()) {
		t.Error("fresh after ten minutes")
	}
	_, err := h.ChangePassword(ctx, first, "lamp otter kite 8")
	wants(t, err, account.ErrStale)
	_, err = h.Prove(ctx, visit, first, password, "000000")
	wants(t, err, account.ErrWrong)
	_, err = h.Prove(ctx, visit, first, "wrong", h.code(secret))
	wants(t, err, account.ErrWrong)
	again, err := h.Prove(ctx, visit, first, password, h.code(secret))
	if err != nil || !again.Fresh(h.now()) || again.Account != first.Account || !again.Since.Equal(first.Since) {
		t.Fatalf("%+v %v", again, err)
	}
	// A clock that is set back makes no old proof young.
	h.pass(-time.Hour)
	if again.Fresh(h.now()) {
		t.Error("fresh by a clock set back")
	}
}

// TestPromise10PasswordChangeEndsSessions is the part of promise 10 that is not
// about browsers.
func TestPromise10PasswordChangeEndsSessions(t *testing.T) {
	h := newHouse(t)
	first, secret := h.setUp()
	h.pass(time.Minute)
	half, err := h.SignIn(ctx, visit, "first@example.org", password)
	if err != nil {
		t.Fatal(err)
	}
	other, err := h.SecondFactor(ctx, visit, half, h.code(secret))
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range []string{"short", "password123456", "First Person 1"} {
		if _, err := h.ChangePassword(ctx, first, w); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%q: %v", w, err)
		}
	}
	now, err := h.ChangePassword(ctx, first, "lamp otter kite 8")
	if err != nil {
		t.Fatal(err)
	}
	if h.in(first) || h.in(other) || !h.in(now) {
		t.Errorf("old %v, other %v, new %v", h.in(first), h.in(other), h.in(now))
	}
	_, err = h.SignIn(ctx, visit, "first@example.org", password)
	wants(t, err, account.ErrWrong)
	// A sign-in that waits for its code ends too.
	_, err = h.SecondFactor(ctx, visit, half, h.code(secret))
	wants(t, err, account.ErrOver)
}

func TestAuditOfSignIns(t *testing.T) {
	h := newHouse(t)
	first, _ := h.setUp()
	a := h.person(first, "officer@example.org", access.Reviewer)
	if _, err := h.SignIn(ctx, visit, "officer@example.org", "wrong"); err == nil {
		t.Fatal("let in")
	}
	if _, err := h.SignIn(ctx, visit, "officer@example.org", password); err != nil {
		t.Fatal(err)
	}
	var seen []string
	for _, e := range h.store.Log() {
		if e.Subject == account.Subject(a.ID) && (e.Action == account.Refused || e.Action == account.SignedIn) {
			seen = append(seen, e.Action+" "+string(e.Actor.Kind)+" "+e.Detail["how"])
		}
	}
	want := []string{"account.signed-in account joined", "account.refused visitor password", "account.signed-in account password"}
	if len(seen) != 3 || seen[0] != want[0] || seen[1] != want[1] || seen[2] != want[2] {
		t.Errorf("%q", seen)
	}
}
