package concern

import (
	"crypto/hmac"
	"crypto/sha256"
	"net"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"waymark/internal/fault"
	"waymark/internal/ids"
)

// Limits count for a link from one address, and for a link as a whole far above that,
// so that the misuse of one link stops no other, and one phone does not stop its
// colleagues.
var (
	beginHere = limit{"begin", rate.Every(2 * time.Minute), 15}
	beginLink = limit{"begin-link", rate.Every(5 * time.Second), 120}
	codeHere  = limit{"code", rate.Every(time.Minute), 10}
	codeLink  = limit{"code-link", rate.Every(2 * time.Second), 100}
)

type limit struct {
	name  string
	rate  rate.Limit
	burst int
}

// throttle keeps how much came from where, in memory, under keyed digests.
type throttle struct {
	now    func() time.Time
	secret []byte
	mu     sync.Mutex
	at     map[[16]byte]*counted
}

type counted struct {
	*rate.Limiter
	last time.Time
}

// mostCounted bounds what is remembered. The oldest half goes when it is full.
const mostCounted = 20_000

func newThrottle(now func() time.Time, secret []byte) *throttle {
	return &throttle{now: now, secret: secret, at: map[[16]byte]*counted{}}
}

// begin counts one concern that is begun.
func (t *throttle) begin(link ids.ID, address string) error {
	return t.count(link, address, beginHere, beginLink)
}

// code counts one code that is tried.
func (t *throttle) code(link ids.ID, address string) error {
	return t.count(link, address, codeHere, codeLink)
}

func (t *throttle) count(link ids.ID, address string, here, whole limit) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now()
	// The link as a whole is asked only for what its address may do.
	if !t.of(here, link.String()+" "+network(address), now).AllowN(now, 1) || !t.of(whole, link.String(), now).AllowN(now, 1) {
		return fault.New(fault.Unavailable, fault.Place{}, "too much came over this link in a short time", "wait a few minutes and try again; if somebody is in danger, call the emergency number")
	}
	return nil
}

func (t *throttle) of(l limit, key string, now time.Time) *rate.Limiter {
	m := hmac.New(sha256.New, t.secret)
	m.Write([]byte("waymark report\x00" + l.name + "\x00" + key))
	var k [16]byte
	copy(k[:], m.Sum(nil))
	c := t.at[k]
	if c == nil {
		if len(t.at) >= mostCounted {
			t.forget(now)
		}
		c = &counted{Limiter: rate.NewLimiter(l.rate, l.burst)}
		t.at[k] = c
	}
	c.last = now
	return c.Limiter
}

// forget drops what was not used for an hour, or all if that is not enough.
func (t *throttle) forget(now time.Time) {
	for k, c := range t.at {
		if now.Sub(c.last) > time.Hour {
			delete(t.at, k)
		}
	}
	if len(t.at) >= mostCounted {
		clear(t.at)
	}
}

// network is an address as it is counted: a subscriber of IPv6 has a whole /64.
func network(remote string) string {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		host = remote
	}
	a, err := netip.ParseAddr(host)
	if err != nil {
		return host
	}
	if a = a.Unmap().WithZone(""); a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}
