package openrosa

import (
	"net/http"
	"net/netip"
	"sync"
	"time"
)

// guesses counts requests whose token nobody has, by network address and minute.
// A token has 256 random bits, so this is no lock: it makes a machine that tries
// tokens, or a phone that repeats a withdrawn one for ever, heard and cheap. A
// token that is known is never counted, nor held up by others behind its address.
type guesses struct {
	mu     sync.Mutex
	minute int64
	from   map[netip.Prefix]int
	other  int  // of addresses beyond guessersKept
	told   bool // the log was told in this minute
}

// guessersKept is how many addresses are told apart in a minute, of some 50 bytes
// each.
const guessersKept = 10_000

// add counts one, and tells whether it is beyond a limit and whether that is the
// first such one of this minute.
func (g *guesses) add(remote string, now time.Time, limit int) (beyond, first bool) {
	where := network(remote)
	g.mu.Lock()
	defer g.mu.Unlock()
	if minute := now.Unix() / 60; minute != g.minute || g.from == nil {
		g.minute, g.from, g.other, g.told = minute, map[netip.Prefix]int{}, 0, false
	}
	n := 0
	if _, known := g.from[where]; known || len(g.from) < guessersKept {
		g.from[where]++
		n = g.from[where]
	} else {
		g.other++
		n = g.other
	}
	if n <= limit {
		return false, false
	}
	first = !g.told
	g.told = true
	return true, first
}

// network is an address as it is counted: a subscriber of IPv6 has a whole /64.
// What is no address is counted as one.
func network(remote string) netip.Prefix {
	at, err := netip.ParseAddrPort(remote)
	if err != nil {
		return netip.Prefix{}
	}
	a := at.Addr().Unmap().WithZone("")
	bits := 32
	if a.Is6() {
		bits = 64
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return p
}

// unknown refuses a token that nobody has.
func (d *door) unknown(r *http.Request) *refusal {
	beyond, first := d.guesses.add(r.RemoteAddr, d.Now(), d.Limits.Unknown)
	if first {
		d.Log.Warn("many requests with tokens that nobody has come from one address; they are told to wait")
	}
	if beyond {
		return refuse(http.StatusTooManyRequests, sayGuesses)
	}
	return refuse(http.StatusForbidden, sayDenied)
}
