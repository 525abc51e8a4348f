package account_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"waymark/internal/ids"
	"waymark/trust/access"
	"waymark/trust/account"
)

// TestPromise12Throttling: guessing is slowed down per account and per address,
// and one user's failures never lock another out.
func TestPromise12Throttling(t *testing.T) {
	h := newHouse(t)
	first, _ := h.setUp()
	h.person(first, "victim@example.org", access.Reviewer)
	h.person(first, "colleague@example.org", access.Reviewer)
	attacker, home := from("198.51.100.1"), from("192.0.2.10")
	// A guesser in one place is slowed down, ever more.
	tried, longest := 0, time.Duration(0)
	for began := h.now(); h.now().Sub(began) < time.Hour; {
		_, err := h.SignIn(ctx, attacker, "victim@example.org", "guess number "+h.now().String())
		if wait, ok := account.Waiting(err); ok {
			longest = max(longest, wait)
			h.pass(wait)
			continue
		}
		wants(t, err, account.ErrWrong)
		tried++
	}
	if tried > 25 || longest != 15*time.Minute {
		t.Errorf("%d guesses in an hour, longest wait %s", tried, longest)
	}
	// Even the right password does not get in there in the meantime.
	_, err := h.SignIn(ctx, attacker, "victim@example.org", "one more guess")
	wants(t, err, account.ErrWrong)
	if _, err := h.SignIn(ctx, attacker, "victim@example.org", password); err == nil {
		t.Error("no wait after many failures")
	}
	// The victim elsewhere, and a colleague at the guesser's own address, feel nothing.
	if _, err := h.SignIn(ctx, home, "victim@example.org", password); err != nil {
		t.Errorf("the victim is locked out: %v", err)
	}
	if _, err := h.SignIn(ctx, attacker, "colleague@example.org", password); err != nil {
		t.Errorf("a colleague at the same address is locked out: %v", err)
	}
	// What lasts is at most a quarter of an hour.
	h.pass(15 * time.Minute)
	if _, err := h.SignIn(ctx, attacker, "victim@example.org", password); err != nil {
		t.Errorf("locked out for good: %v", err)
	}
}

func TestThrottlingOfAnAddressOverManyAccounts(t *testing.T) {
	h := newHouse(t)
	first, _ := h.setUp()
	h.person(first, "officer@example.org", access.Reviewer)
	spray := from("2001:db8::1")
	failed := 0
	for i := range 300 {
		// Another address of the same /64 each time.
		spray.Address = "2001:db8::" + string("123456789abcdef"[i%15])
		_, err := h.SignIn(ctx, spray, ids.ID(i+1).String()+"@example.org", "guess")
		if errors.Is(err, account.ErrWrong) {
			failed++
		}
	}
	if failed != 100 {
		t.Errorf("%d failures from one address, want 100", failed)
	}
	_, err := h.SignIn(ctx, spray, "officer@example.org", password)
	if _, ok := account.Waiting(err); !ok {
		t.Errorf("an unknown browser at that address: %v", err)
	}
	// A browser that the officer used before is not held up.
	spray.Known = h.Remember("", h.byEmail("officer@example.org"))
	if _, err := h.SignIn(ctx, spray, "officer@example.org", password); err != nil {
		t.Errorf("a known browser is held up: %v", err)
	}
	// The mark is of that person alone.
	_, err = h.SignIn(ctx, spray, "first@example.org", password)
	if _, ok := account.Waiting(err); !ok {
		t.Errorf("a mark of one person opens for another: %v", err)
	}
}

func TestThrottlingOfManyMachinesAtOneAccount(t *testing.T) {
	h := newHouse(t)
	first, _ := h.setUp()
	h.person(first, "officer@example.org", access.Reviewer)
	known := from("192.0.2.10")
	known.Known = h.Remember("", h.byEmail("officer@example.org"))
	failed := 0
	for i := range 300 {
		_, err := h.SignIn(ctx, from("203.0.113."+string(rune(0x4e00+i))), "officer@example.org", "guess")
		if errors.Is(err, account.ErrWrong) {
			failed++
		}
	}
	if failed != 100 {
		t.Errorf("%d failures of one account, want 100", failed)
	}
	if _, err := h.SignIn(ctx, known, "officer@example.org", password); err != nil {
		t.Errorf("the officer's own browser is held up: %v", err)
	}
}

func TestManyTriesAtOnceAreNotLetThrough(t *testing.T) {
	h := newHouse(t)
	first, _ := h.setUp()
	h.person(first, "officer@example.org", access.Reviewer)
	var wg sync.WaitGroup
	var mu sync.Mutex
	failed := 0
	for range 64 {
		wg.Go(func() {
			_, err := h.SignIn(ctx, from("198.51.100.1"), "officer@example.org", "guess")
			mu.Lock()
			defer mu.Unlock()
			if errors.Is(err, account.ErrWrong) {
				failed++
			}
		})
	}
	wg.Wait()
	if failed > 5 {
		t.Errorf("%d guesses at once", failed)
	}
}

func TestBrowserMarksAreForgeryProof(t *testing.T) {
	h := newHouse(t)
	first, _ := h.setUp()
	a := h.person(first, "officer@example.org", access.Reviewer)
	mark := h.Remember("", a)
	if again := h.Remember(mark, a); again != mark {
		t.Error("a browser is marked twice for one person")
	}
	both := h.Remember(mark, h.byEmail("first@example.org"))
	if both == mark || len(both) > 400 {
		t.Errorf("%q", both)
	}
	last := "A"
	if mark[len(mark)-1] == 'A' {
		last = "B"
	}
	for _, forged := range []string{"x", "x.y", mark[:len(mark)-1] + last, "A" + mark} {
		if h.Remember(forged, a) == forged {
			t.Errorf("%q is taken for a mark", forged)
		}
	}
}
