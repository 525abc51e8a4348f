package store

import (
	"context"

	"golang.org/x/mod/sumdb/tlog"

	"waymark/internal/ids"
	"waymark/trust/audit"
)

// recorded is an entry with its text in the tree.
type recorded struct {
	audit.Entry
	text []byte
}

// readHead reads the tree of the audit as far as one must know it to go on. In a
// transaction others are kept from appending until it ends.
func readHead(r reader) (*audit.Tree, error) {
	var size int64
	var frontier []byte
	get, lock := r.One, ""
	if t, ok := r.(*Tx); ok {
		get, lock = t.oneBehind, " {LOCK}"
	}
	if err := get("SELECT size, frontier FROM audit_head WHERE id = 1"+lock, nil, &size, &frontier); err != nil {
		return nil, err
	}
	return audit.RestoreTree(size, frontier)
}

// appendEntries writes entries behind the tree, and returns the tree that they
// make.
func appendEntries(t *Tx, tree *audit.Tree, entries []recorded) (*audit.Tree, error) {
	if len(entries) == 0 {
		return tree, nil
	}
	next := tree.Clone()
	rows := make([][]any, 0, len(entries))
	for _, e := range entries {
		rows = append(rows, []any{next.Size(), e.At.UnixMilli(), string(e.Actor.Kind), e.Actor.ID, e.Action, e.Programme, e.Subject, e.text})
		next.Grow(tlog.RecordHash(e.text))
	}
	if err := insert(t, "INSERT INTO audit_entry (number, at, actor_kind, actor, action, programme, subject, entry) VALUES", "", rows); err != nil {
		return nil, err
	}
	return next, t.Later("UPDATE audit_head SET size = $1, frontier = $2 WHERE id = 1", next.Size(), next.Frontier())
}

func scanEntry(s scan) (audit.Sequenced, error) {
	var e audit.Sequenced
	var text []byte
	err := s(&e.Number, &text)
	if err == nil {
		e.Entry, err = audit.Decode(text)
	}
	return e, err
}

// History implements collection.Reviews: what the audit says of one submission,
// oldest first.
func (db *DB) History(ctx context.Context, id ids.ID) ([]audit.Sequenced, error) {
	return list(db.on(ctx), "SELECT number, entry FROM audit_entry WHERE subject = $1 ORDER BY number LIMIT 10000",
		[]any{"submission:" + id.String()}, scanEntry)
}

// Note writes an entry of something that changed nothing here.
func (db *DB) Note(ctx context.Context, e audit.Entry) error {
	return db.Write(ctx, func(t *Tx) error { t.Record(e); return nil })
}
