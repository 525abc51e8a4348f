// Package setuptest holds the tests of setting up a round in a real browser, over the
// real store and with a phone: programme, points, targets, form, QR codes, and the
// deletion at the end.
//
// It holds tests only; nothing may import it.
package setuptest
