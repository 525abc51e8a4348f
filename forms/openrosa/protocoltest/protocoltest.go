// Package protocoltest holds the tests of the protocol over the real store: what a
// phone sends over a line that breaks, in any order and from many phones at once,
// is there exactly once, on SQLite and on PostgreSQL.
//
// It holds tests only; nothing may import it.
package protocoltest
