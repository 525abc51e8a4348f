package store

import (
	"context"
	"errors"
	"time"

	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/trust/vault"
)

// awaited is a submission that waits for its check.
type awaited struct{ id, round ids.ID }

// Unchecked implements collection.Submissions. One that does not open is set
// aside as unreadable, so that it holds up nobody. Those of a round whose keys
// are not there stay unchecked, and are taken up when the keys are back.
func (db *DB) Unchecked(ctx context.Context, limit int, patience time.Duration) ([]collection.Unchecked, error) {
	before := millis(db.now().Add(-patience))
	waiting, err := db.waiting(ctx, before, limit)
	if err == nil && len(waiting) == 0 {
		var back bool
		if back, err = db.keysBack(ctx); back {
			waiting, err = db.waiting(ctx, before, limit)
		}
	}
	if err != nil || len(waiting) == 0 {
		return nil, err
	}
	wanted := make([]ids.ID, len(waiting))
	for i, w := range waiting {
		wanted[i] = w.id
	}
	all, err := db.withFiles(ctx, wanted)
	if err != nil && ctx.Err() == nil {
		return db.uncheckedOneByOne(ctx, waiting)
	}
	return all, err
}

func (db *DB) waiting(ctx context.Context, before int64, limit int) ([]awaited, error) {
	return list(db.on(ctx), "SELECT s.id, s.round FROM submission s WHERE s.checked = 0 AND s.unreadable = 0 AND (s.complete = 1 OR s.received < $1) ORDER BY s.id LIMIT $2",
		[]any{before, limit}, func(s scan) (w awaited, err error) { return w, s(&w.id, &w.round) })
}

// withFiles reads answers, and which files came with them.
func (db *DB) withFiles(ctx context.Context, wanted []ids.ID) ([]collection.Unchecked, error) {
	r := db.on(ctx)
	all, err := db.answers(r, wanted)
	for i := range all {
		if err != nil {
			break
		}
		all[i].Files, err = db.attachments(r, all[i].Submission.Round, all[i].Submission.ID)
	}
	return all, err
}

func (db *DB) uncheckedOneByOne(ctx context.Context, waiting []awaited) ([]collection.Unchecked, error) {
	var all []collection.Unchecked
	lost := map[ids.ID]bool{} // rounds
	for _, w := range waiting {
		if lost[w.round] {
			continue
		}
		some, err := db.withFiles(ctx, []ids.ID{w.id})
		switch {
		case errors.Is(err, vault.ErrDestroyed) || errors.Is(err, vault.ErrAltered):
			db.log.Error("a submission does not open", "submission", w.id.String(), "error", err)
			err = db.set(ctx, "UPDATE submission SET checked = 1, unreadable = 1 WHERE id = $1", w.id)
		case err != nil && ctx.Err() == nil && db.keyTrouble(w.round) != nil:
			lost[w.round] = true
			db.log.Error("the keys of a round are not there; its submissions are checked when they are back", "round", w.round.String(), "error", err)
			err = db.set(ctx, "UPDATE submission SET unreadable = 1 WHERE round = $1 AND checked = 0 AND unreadable = 0", w.round)
		case err == nil:
			all = append(all, some...)
		}
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// keyTrouble is why a round's keys cannot be used; nil if they can.
func (db *DB) keyTrouble(round ids.ID) error {
	_, err := db.vault.Token(scopeOf(round), nil)
	return err
}

// keysBack takes up the submissions of rounds whose keys were not there and are
// now, and tells whether there are any. It is asked when nothing else waits.
func (db *DB) keysBack(ctx context.Context) (back bool, err error) {
	rounds, err := list(db.on(ctx), "SELECT DISTINCT s.round FROM submission s WHERE s.checked = 0 AND s.unreadable = 1", nil, scanID)
	for _, round := range rounds {
		if err != nil {
			break
		}
		if db.keyTrouble(round) == nil {
			back = true
			db.log.Info("the keys of a round are back", "round", round.String())
			err = db.set(ctx, "UPDATE submission SET unreadable = 0 WHERE round = $1 AND checked = 0 AND unreadable = 1", round)
		}
	}
	return back && err == nil, err
}

// set is one statement that is nobody's doing, so that the audit says nothing.
func (db *DB) set(ctx context.Context, statement string, id ids.ID) error {
	return db.Write(ctx, func(t *Tx) error {
		_, err := t.Exec(statement, id)
		return err
	})
}

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
