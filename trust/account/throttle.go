package account

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/netip"
	"strings"
	"sync"
	"time"

	"waymark/internal/fault"
)

// Guessing is slowed down by three counts of failures. Each lets some through,
// then asks for a wait that doubles with each failure up to a bound:
//
//   - of one account from one address: what a guesser does, and a person who
//     forgot. Nobody elsewhere feels it.
//   - of one address over all accounts: a list of stolen passwords tried. It lies
//     above what the first count lets one account fail, so that one person's
//     failures do not lock a colleague out behind the same address.
//   - of one account over all addresses: many machines at one person.
//
// A browser that signed in before has a count of its own instead, so that no
// attacker keeps a person out of the browser that they use, not even from the same
// address.
type limit struct {
	kind   string
	window time.Duration
	free   int           // failures without a wait
	most   time.Duration // the longest wait
}

var (
	byPair    = limit{"pair", 24 * time.Hour, 5, 15 * time.Minute}
	byAddress = limit{"address", time.Hour, 100, 5 * time.Minute}
	byAccount = limit{"account", 24 * time.Hour, 100, 15 * time.Minute}
	byBrowser = limit{"browser", 24 * time.Hour, 10, 15 * time.Minute}
)

// wait is how long after the last of n failures the next try may come.
func (l limit) wait(n int) time.Duration {
	if n < l.free {
		return 0
	}
	if n-l.free > 20 {
		return l.most
	}
	return min(l.most, time.Second<<(n-l.free))
}

// TooMany says that there were too many failures; try again after Wait.
type TooMany struct{ Wait time.Duration }

// Error implements error.
func (e *TooMany) Error() string { return "too many tries" }

// Visit is what is known of the browser that asks.
type Visit struct {
	// Address is the network address, without port. It is kept only as a keyed
	// digest.
	Address string
	// Known is what Service.Remember made for this browser, or "".
	Known string
	// Agent is a short name of browser and system, for the list of sessions.
	Agent string
}

// count is one limit with the key that it counts under.
type count struct {
	limit
	key string
}

// counts lists what a try counts under. who is the normal form of the e-mail
// address that was typed, whether anyone has it or not.
func (s *Service) counts(v Visit, who string) []count {
	if browser := s.knows(v.Known, who); browser != "" {
		return []count{{byBrowser, s.digest("browser", who, browser)}}
	}
	address := network(v.Address)
	return []count{{byPair, s.digest("pair", who, address)}, {byAddress, s.digest("address", address)}, {byAccount, s.digest("account", who)}}
}

// network is an address as it is counted: a subscriber of IPv6 has a whole /64.
func network(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	a = a.Unmap().WithZone("")
	if a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}

// allowed fails with TooMany if a try must wait.
func (s *Service) allowed(ctx context.Context, counts []count) error {
	now := s.now()
	var longest time.Duration
	for _, c := range counts {
		n, last, err := s.store.Failures(ctx, c.key, now.Add(-c.window))
		if err != nil {
			return err
		}
		// A clock that was set back must not make anyone wait for years.
		if wait := min(last.Add(c.wait(n)).Sub(now), c.wait(n)); wait > longest {
			longest = wait
		}
	}
	if longest > 0 {
		return fault.Wrap(fault.Unavailable, fault.Place{}, "there were too many tries", "wait and try again", &TooMany{Wait: longest})
	}
	return nil
}

// Waiting says how long a person must wait before the next try, if err is for that.
func Waiting(err error) (time.Duration, bool) {
	var t *TooMany
	if errors.As(err, &t) {
		return t.Wait, true
	}
	return 0, false
}

// try runs a check of a secret under the limits. right says whether the secret was
// right; if not, the failure counts. Tries of one account from one address run
// one after the other, so that many at once are not all let through.
func (s *Service) try(ctx context.Context, v Visit, who string, check func() (right bool, err error)) error {
	counts := s.counts(v, who)
	unlock, err := s.pairs.lock(ctx, counts[0].key)
	if err != nil {
		return err
	}
	defer unlock()
	if err := s.allowed(ctx, counts); err != nil {
		return err
	}
	right, err := check()
	if err != nil {
		return err
	}
	if !right {
		for _, c := range counts {
			if err := s.store.Fail(ctx, c.key, s.now()); err != nil {
				return err
			}
		}
		return ErrWrong
	}
	return nil
}

// succeeded forgets the failures of this person at this place. What counts over
// several addresses or accounts stays: signing in to one's own account must not
// clear the way for trying others.
func (s *Service) succeeded(ctx context.Context, v Visit, who string) error {
	for _, c := range s.counts(v, who) {
		if c.kind == byPair.kind || c.kind == byBrowser.kind {
			if err := s.store.Succeed(ctx, c.key); err != nil {
				return err
			}
		}
	}
	return nil
}

// digest is a keyed digest of texts, for keys that tell nothing.
func (s *Service) digest(kind string, parts ...string) string {
	m := hmac.New(sha256.New, s.secret)
	m.Write([]byte("waymark throttle\x00" + kind))
	for _, p := range parts {
		m.Write([]byte{0})
		m.Write([]byte(p))
	}
	return kind + ":" + base64.RawURLEncoding.EncodeToString(m.Sum(nil)[:18])
}

// Bounds of what Remember makes: marks of so many accounts, in so many bytes.
const (
	maxMarks = 4
	maxKnown = 400
)

// Remember returns what a browser keeps for a year after a person signed in with
// it. It holds no name: a random number and a keyed digest for each account.
func (s *Service) Remember(known string, a *Account) string {
	who := NormalEmail(a.Email)
	if s.knows(known, who) != "" {
		return known
	}
	b := make([]byte, 12)
	rand.Read(b)
	nonce := base64.RawURLEncoding.EncodeToString(b)
	marks := []string{nonce + "." + s.mark(nonce, who)}
	if len(known) <= maxKnown {
		for _, m := range strings.Split(known, "~") {
			if m != "" && len(marks) < maxMarks {
				marks = append(marks, m)
			}
		}
	}
	return strings.Join(marks, "~")
}

func (s *Service) mark(nonce, who string) string {
	return s.digest("known", nonce, who)[len("known:"):]
}

// knows returns the number of a browser that signed in as a person before, or "".
func (s *Service) knows(known, who string) string {
	if len(known) > maxKnown {
		return ""
	}
	for _, m := range strings.Split(known, "~") {
		nonce, mark, ok := strings.Cut(m, ".")
		if ok && hmac.Equal([]byte(mark), []byte(s.mark(nonce, who))) {
			return nonce
		}
	}
	return ""
}

// pairs are locks by name, held only while someone waits.
type pairs struct {
	mu   sync.Mutex
	held map[string]*pair
}

type pair struct {
	turn    chan struct{}
	waiting int
}

// maxPair bounds how many tries of one account from one address queue.
const maxPair = 8

// lock waits for its turn and returns how to end it.
func (p *pairs) lock(ctx context.Context, key string) (func(), error) {
	p.mu.Lock()
	if p.held == nil {
		p.held = map[string]*pair{}
	}
	h := p.held[key]
	if h == nil {
		h = &pair{turn: make(chan struct{}, 1)}
		p.held[key] = h
	}
	if h.waiting >= maxPair {
		p.mu.Unlock()
		return nil, ErrBusy
	}
	h.waiting++
	p.mu.Unlock()
	leave := func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if h.waiting--; h.waiting == 0 {
			delete(p.held, key)
		}
	}
	select {
	case h.turn <- struct{}{}:
		return func() { <-h.turn; leave() }, nil
	case <-ctx.Done():
		leave()
		return nil, ctx.Err()
	}
}

// Sweep removes failures and sessions that count no more. It is called once an hour.
func (s *Service) Sweep(ctx context.Context) error {
	if err := s.store.SweepFailures(ctx, s.now().Add(-byPair.window)); err != nil {
		return err
	}
	return s.store.SweepSessions(ctx, s.now())
}

// forget is what a new password means for failures counted against the old one.
func (s *Service) forget(ctx context.Context, a *Account) error {
	return s.store.Succeed(ctx, s.digest("account", NormalEmail(a.Email)))
}
