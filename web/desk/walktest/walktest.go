// Package walktest holds the test of the way from a suspicion to the right desk, in
// real browsers over the real store: a coordinator makes a network and a link, a
// frontline worker reports over it on a phone with a line that breaks, the single
// point of contact sees it within seconds, asks back and starts a referral.
//
// It holds tests only; nothing may import it.
package walktest
