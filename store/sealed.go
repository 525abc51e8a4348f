package store

import (
	"strconv"

	"waymark/internal/ids"
	"waymark/trust/vault"
)

// scopeOf is the scope of everything that identifies people of a round.
func scopeOf(round ids.ID) vault.Scope { return vault.Scope("round-" + round.String()) }

// bound says what sealed bytes belong to, so that a row's cannot be put into
// another's: kind, identifier and revision.
func bound(kind string, id ids.ID, revision int) string {
	return kind + ":" + id.String() + ":" + strconv.Itoa(revision)
}

// sealText seals a text; the empty text stays empty, which says no more than
// that there is none.
func (db *DB) sealText(scope vault.Scope, text, bound string) ([]byte, error) {
	if text == "" {
		return []byte{}, nil
	}
	return db.vault.Seal(scope, []byte(text), bound)
}

func (db *DB) openText(scope vault.Scope, sealed []byte, bound string) (string, error) {
	if len(sealed) == 0 {
		return "", nil
	}
	plain, err := db.vault.Open(scope, sealed, bound)
	return string(plain), err
}
