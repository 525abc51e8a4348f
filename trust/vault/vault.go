// Package vault keeps what identifies people unreadable without a key: Tink
// keysets, one for each scope (a round, the accounts), wrapped by a key that
// lives in a file or in a key service and never in the database.
//
// It knows no database, no forms, no pages and no network. Destroying a scope's
// keyset makes everything sealed under it unreadable, in backups too.
package vault

import "io"

// Scope names one keyset: "accounts", "round-0c5m...". Lower-case letters,
// digits and hyphens, at most 64; the first is no hyphen. It is also the name of
// a file, so that letters differ by more than their case.
type Scope string

// Accounts is the scope of what is kept about the people who sign in.
const Accounts Scope = "accounts"

// Sealer seals and opens under a scope's keys. *Vault implements it.
//
// bound is the additional authenticated data: what the sealed bytes belong to
// ("submission:ID:xml"). Opening with another bound fails, so that rows cannot
// be swapped.
type Sealer interface {
	// Create makes a keyset for a scope; it is no error if there is one.
	Create(scope Scope) error
	Seal(scope Scope, plain []byte, bound string) ([]byte, error)
	Open(scope Scope, sealed []byte, bound string) ([]byte, error)
	// SealTo returns a writer that seals a stream into w; Close ends it.
	SealTo(scope Scope, w io.Writer, bound string) (io.WriteCloser, error)
	// OpenFrom returns a reader of what SealTo wrote.
	OpenFrom(scope Scope, r io.Reader, bound string) (io.Reader, error)
	// Token is a keyed digest (PRF) of a value, 32 bytes: the same for the same
	// value in the same scope, useless without the key. For look-ups and for the
	// names of files.
	Token(scope Scope, value []byte) ([]byte, error)
	// Destroy removes a scope's keyset for ever. What was sealed under it fails
	// to open with ErrDestroyed from then on. It is no error to do it twice.
	Destroy(scope Scope) error
}
