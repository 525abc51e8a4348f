// Package filltest holds the tests of the page that fills in forms: in a real browser,
// over the protocol of phones and a real store.
//
// It holds tests only; nothing may import it.
package filltest
