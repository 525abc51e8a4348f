package store

import (
	"context"
	"errors"
	"io"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/referral"
	"waymark/store/file"
	"waymark/trust/vault"
)

// CaseKeys seal what was said in concerns and cases, each under a key of its own.
// *vault.Cases implements it.
type CaseKeys interface {
	vault.Sealer
	Fingerprint(vault.Scope) (string, error)
	Destroyed(vault.Scope) bool
	// EachDestroyed calls do for every scope that was destroyed.
	EachDestroyed(do func(vault.Scope) error) error
	// Rotate wraps the keys anew while everything goes on.
	Rotate(ctx context.Context, progress func(done, all int)) (int, error)
}

// Referral is the part of the store that keeps networks, concerns and cases.
type Referral struct {
	db   *DB
	keys CaseKeys
	// contents are those of files, sealed under the keys of matters; nil if there is
	// no storage for them.
	contents *file.Contents
}

var _ referral.Store = (*Referral)(nil)

// Referral returns it. Without Options.Cases it lists, and whatever needs a key is a
// fault of kind Unavailable.
func (db *DB) Referral() *Referral {
	r := &Referral{db: db, keys: db.cases}
	if db.contents != nil {
		r.contents = db.contents.With(db.cases, caseScope)
	}
	return r
}

// caseScope is the scope of everything that was said in a matter.
func caseScope(matter ids.ID) vault.Scope { return vault.Scope(matter.String()) }

// fewMatters is how many are looked at to see whether the keys are there.
const fewMatters = 20

// caseKeys refuses to start with matters of which no key is there: the folder of
// keys is another's, or was lost, and new keys would stand in the way of the right
// ones.
func (db *DB) caseKeys(ctx context.Context) error {
	if _, none := db.cases.(noCaseKeys); none {
		return nil
	}
	some, err := list(db.on(ctx), "SELECT id FROM matter WHERE state <> 'erased' ORDER BY id DESC LIMIT $1", []any{fewMatters}, scanID)
	if err != nil || len(some) == 0 {
		return err
	}
	for _, id := range some {
		if _, err = db.cases.Fingerprint(caseScope(id)); !errors.Is(err, vault.ErrNoKey) {
			return nil
		}
	}
	return err
}

// noCaseKeys stands for keys that were not given.
type noCaseKeys struct{}

func noKeys() error {
	return fault.New(fault.Unavailable, fault.Place{}, "the keys of concerns and cases are not open", "start the server with its folder of keys")
}

func (noCaseKeys) Create(vault.Scope) error                                 { return noKeys() }
func (noCaseKeys) Seal(vault.Scope, []byte, string) ([]byte, error)         { return nil, noKeys() }
func (noCaseKeys) Open(vault.Scope, []byte, string) ([]byte, error)         { return nil, noKeys() }
func (noCaseKeys) Token(vault.Scope, []byte) ([]byte, error)                { return nil, noKeys() }
func (noCaseKeys) Destroy(vault.Scope) error                                { return noKeys() }
func (noCaseKeys) Fingerprint(vault.Scope) (string, error)                  { return "", noKeys() }
func (noCaseKeys) Destroyed(vault.Scope) bool                               { return false }
func (noCaseKeys) EachDestroyed(func(vault.Scope) error) error              { return noKeys() }
func (noCaseKeys) Rotate(context.Context, func(done, all int)) (int, error) { return 0, noKeys() }
func (noCaseKeys) SealTo(vault.Scope, io.Writer, string) (io.WriteCloser, error) {
	return nil, noKeys()
}
func (noCaseKeys) OpenFrom(vault.Scope, io.Reader, string) (io.Reader, error) {
	return nil, noKeys()
}
