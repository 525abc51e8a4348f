package store

import (
	"context"

	"waymark/internal/ids"
	"waymark/monitoring/collection"
)

// CountUnchecked counts the submissions that wait for their check, up to 1,000.
func (db *DB) CountUnchecked(ctx context.Context) (n int, err error) {
	err = db.on(ctx).One("SELECT count(*) FROM (SELECT 1 FROM submission WHERE checked = 0 LIMIT 1000) AS waiting", nil, &n)
	return n, err
}

// ApprovedDeletions lists the deletions of all programmes that were approved and
// are not done, oldest first.
func (db *DB) ApprovedDeletions(ctx context.Context) ([]*collection.Deletion, error) {
	return list(db.on(ctx), "SELECT "+deletionColumns+" FROM deletion d WHERE d.approved = 1 AND d.done = 0 ORDER BY d.id", nil, db.scanDeletion)
}

// Digest is a keyed digest of a value, 32 bytes: the same for the same value in
// the same round, and gone with the round's keys.
func (db *DB) Digest(round ids.ID, value []byte) ([]byte, error) {
	return db.vault.Token(scopeOf(round), value)
}
