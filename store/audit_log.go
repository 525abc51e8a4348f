package store

import (
	"context"
	"io"
	"strconv"

	"golang.org/x/mod/sumdb/tlog"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/trust/audit"
)

// Log is the audit log of a store, with the key that signs its checkpoints.
type Log struct {
	db     *DB
	signer *audit.Signer
}

var _ audit.Store = (*Log)(nil)

// Log returns the store's audit log. signer is Required.
func (db *DB) Log(signer *audit.Signer) *Log { return &Log{db, signer} }

// Key implements audit.Store.
func (l *Log) Key() string { return l.signer.Key() }

// SignCheckpoint implements audit.Store.
func (l *Log) SignCheckpoint(ctx context.Context) (*audit.Kept, error) {
	var kept *audit.Kept
	err := l.db.Write(ctx, func(t *Tx) error {
		size, root, err := auditHead(t)
		if err != nil {
			return err
		}
		last, err := keptCheckpoints(t, 1)
		if err != nil {
			return err
		}
		if len(last) > 0 && last[0].Size > size {
			return fault.New(fault.Internal, fault.Place{}, "the audit log is shorter than its last checkpoint: entries are missing",
				"stop the server, keep the database as it is, and verify an export with waymark audit verify; an old backup may have been put in its place")
		}
		if len(last) > 0 && last[0].Size == size {
			kept = &last[0]
			return nil
		}
		signed, err := l.signer.Checkpoint(size, root)
		if err != nil {
			return err
		}
		kept = &audit.Kept{Size: size, At: l.db.now().UTC(), Signed: signed}
		// Another process may sign the same.
		_, err = t.Exec("INSERT INTO audit_checkpoint (size, at, signed) VALUES ($1, $2, $3) ON CONFLICT (size) DO NOTHING", size, millis(kept.At), string(signed))
		return err
	})
	if err != nil {
		return nil, err
	}
	return kept, nil
}

// Checkpoints implements audit.Store.
func (l *Log) Checkpoints(ctx context.Context, limit int) ([]audit.Kept, error) {
	return keptCheckpoints(l.db.on(ctx), limit)
}

func keptCheckpoints(r reader, limit int) ([]audit.Kept, error) {
	return list(r, "SELECT size, at, signed FROM audit_checkpoint ORDER BY size DESC LIMIT $1", []any{limit}, func(s scan) (k audit.Kept, err error) {
		var at int64
		var signed string
		err = s(&k.Size, &at, &signed)
		k.At, k.Signed = fromMillis(at), []byte(signed)
		return k, err
	})
}

// Export implements audit.Store. Entries do not change, so that writing goes on
// beside it; what is added meanwhile is not in it.
func (l *Log) Export(ctx context.Context, by audit.Actor, programme ids.ID, w io.Writer) error {
	err := l.db.Write(ctx, func(t *Tx) error {
		t.Record(audit.Entry{Actor: by, Action: audit.Exported, Programme: programme})
		return nil
	})
	if err != nil {
		return err
	}
	size, root, err := auditHead(l.db.on(ctx))
	if err != nil {
		return err
	}
	out := audit.NewExporter(w, l.signer.Origin())
	if err := l.db.eachAuditText(ctx, size, func(of ids.ID, text []byte) error {
		if programme != 0 && of != programme {
			return out.Withhold(tlog.RecordHash(text))
		}
		return out.Entry(text)
	}); err != nil {
		return err
	}
	signed, err := l.signer.Checkpoint(size, root)
	if err != nil {
		return err
	}
	return out.Close(signed)
}

// VerifyAudit computes the tree again from every entry and compares it with what
// is kept, and with checkpoints that were kept outside. It returns size and
// root, or a fault of kind Invalid that says where they part.
func (db *DB) VerifyAudit(ctx context.Context, outside ...audit.Checkpoint) (int64, audit.Hash, error) {
	size, root, err := auditHead(db.on(ctx))
	if err != nil {
		return 0, root, err
	}
	var tree audit.Tree
	compare := func() error {
		for _, c := range outside {
			if c.Size == tree.Size() && c.Root != tree.Root() {
				return broken("the audit log is not the one that the checkpoint over " + strconv.FormatInt(c.Size, 10) + " entries was signed over")
			}
		}
		return nil
	}
	if err := compare(); err != nil {
		return 0, root, err
	}
	if err := db.eachAuditText(ctx, size, func(_ ids.ID, text []byte) error {
		tree.Grow(tlog.RecordHash(text))
		return compare()
	}); err != nil {
		return 0, root, err
	}
	for _, c := range outside {
		if c.Size > size {
			return 0, root, broken("the audit log is shorter than the checkpoint over " + strconv.FormatInt(c.Size, 10) + " entries")
		}
	}
	if tree.Root() != root {
		return 0, root, broken("the entries of the audit log are not those that its tree was made of")
	}
	return size, root, nil
}

// auditStretch is how many entries are read at once.
const auditStretch = 1000

// auditText is an entry as it stands in the tree.
type auditText struct {
	number    int64
	programme ids.ID
	text      []byte
}

// eachAuditText calls use for the entries below a number, from the first. A gap
// is a fault. No connection is held while use works: it may write to someone
// slow.
func (db *DB) eachAuditText(ctx context.Context, size int64, use func(programme ids.ID, text []byte) error) error {
	for next := int64(0); next < size; {
		stretch, err := list(db.on(ctx), "SELECT number, programme, entry FROM audit_entry WHERE number >= $1 AND number < $2 ORDER BY number",
			[]any{next, min(size, next+auditStretch)}, func(s scan) (auditText, error) {
				var a auditText
				err := s(&a.number, &a.programme, &a.text)
				return a, err
			})
		if err != nil {
			return err
		}
		if len(stretch) == 0 {
			return missingEntry(next)
		}
		for _, a := range stretch {
			if a.number != next {
				return missingEntry(next)
			}
			if err := use(a.programme, a.text); err != nil {
				return err
			}
			next++
		}
	}
	return nil
}

// auditHead is the size and the root of the log as it was last written.
func auditHead(r reader) (int64, audit.Hash, error) {
	var size int64
	var frontier []byte
	if err := r.One("SELECT size, frontier FROM audit_head WHERE id = 1", nil, &size, &frontier); err != nil {
		return 0, audit.Hash{}, err
	}
	tree, err := audit.RestoreTree(size, frontier)
	if err != nil {
		return 0, audit.Hash{}, err
	}
	return size, tree.Root(), nil
}

func missingEntry(number int64) error {
	return broken("entry " + strconv.FormatInt(number, 10) + " of the audit log is missing")
}

func broken(message string) error {
	return fault.New(fault.Invalid, fault.Place{}, message,
		"keep the database as it is, and verify an export with waymark audit verify against a checkpoint from outside")
}
