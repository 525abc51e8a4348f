package store

import (
	"context"
	"time"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/trust/access"
	"waymark/trust/audit"
	"waymark/trust/vault"
)

var _ collection.Deletions = (*DB)(nil)

const deletionColumns = "d.id, d.round, d.proposed, d.proposer, d.reason, d.approver, d.decided, d.approved, d.done, d.proof"

// scanDeletion reads a proposal. Its reason is sealed with what is kept about
// accounts, since the round's keys go.
func (db *DB) scanDeletion(s scan) (*collection.Deletion, error) {
	var d collection.Deletion
	var proposed, decided, done int64
	var reason []byte
	err := s(&d.ID, &d.Round, &proposed, &d.Proposer, &reason, &d.Approver, &decided, &d.Approved, &done, &d.Proof)
	if err != nil {
		return nil, err
	}
	d.Proposed, d.Decided, d.Done = fromMillis(proposed), fromMillis(decided), fromMillis(done)
	if done == 0 {
		d.Proof = nil
	}
	d.Reason, err = db.openText(vault.Accounts, reason, bound("deletion", d.ID, 0))
	return &d, err
}

func (db *DB) getDeletion(r reader, id ids.ID, lock string) (*collection.Deletion, error) {
	return one(r, "proposal", "SELECT "+deletionColumns+" FROM deletion d WHERE d.id = $1"+lock, []any{id}, db.scanDeletion)
}

// Due implements collection.Deletions.
func (db *DB) Due(ctx context.Context, before string) ([]*collection.Round, error) {
	return list(db.on(ctx), "SELECT "+roundColumns+" FROM round r WHERE retain <> '' AND retain < $1 AND state <> 'deleted' AND EXISTS (SELECT 1 FROM submission s WHERE s.round = r.id) ORDER BY retain, id",
		[]any{before}, scanRound)
}

// ListDeletions implements collection.Deletions, newest first.
func (db *DB) ListDeletions(ctx context.Context, round ids.ID) ([]*collection.Deletion, error) {
	return list(db.on(ctx), "SELECT "+deletionColumns+" FROM deletion d WHERE d.round = $1 ORDER BY d.id DESC", []any{round}, db.scanDeletion)
}

// PendingDeletions implements collection.Deletions, oldest first.
func (db *DB) PendingDeletions(ctx context.Context, programme ids.ID) ([]*collection.Deletion, error) {
	return list(db.on(ctx), "SELECT "+deletionColumns+" FROM deletion d JOIN round r ON r.id = d.round WHERE r.programme = $1 AND (d.decided = 0 OR d.approved = 1 AND d.done = 0) ORDER BY d.id",
		[]any{programme}, db.scanDeletion)
}

// ProposeDeletion implements collection.Deletions.
func (db *DB) ProposeDeletion(ctx context.Context, by audit.Actor, d *collection.Deletion) error {
	row := *d
	row.ID, row.Approver, row.Approved, row.Decided, row.Done, row.Proof = db.NewID(), 0, false, time.Time{}, time.Time{}, nil
	if row.Proposed.IsZero() {
		row.Proposed = db.now()
	}
	if row.Proposer == 0 {
		row.Proposer = by.ID
	}
	reason, err := db.sealText(vault.Accounts, row.Reason, bound("deletion", row.ID, 0))
	if err != nil {
		return err
	}
	err = db.Write(ctx, func(t *Tx) error {
		r, err := one(t, "round", "SELECT "+roundColumns+" FROM round WHERE id = $1 {LOCK}", []any{row.Round}, scanRound)
		if err != nil {
			return err
		}
		former, err := list(t, "SELECT "+deletionColumns+" FROM deletion d WHERE d.round = $1", []any{row.Round}, db.scanDeletion)
		if err != nil {
			return err
		}
		if err := collection.CheckProposal(r, &row, former); err != nil {
			return err
		}
		t.Record(entry(by, access.RetentionPropose, r.Programme, "round", row.Round, "deletion", row.ID.String()))
		_, err = t.Exec("INSERT INTO deletion (id, round, proposed, proposer, reason, approver, decided, approved, done) VALUES ($1, $2, $3, $4, $5, 0, 0, 0, 0)",
			row.ID, row.Round, millis(row.Proposed), row.Proposer, reason)
		return err
	})
	if err == nil {
		*d = row
	}
	return err
}

// DecideDeletion implements collection.Deletions.
func (db *DB) DecideDeletion(ctx context.Context, by audit.Actor, id ids.ID, approved bool, at time.Time) error {
	return db.Write(ctx, func(t *Tx) error {
		d, err := db.getDeletion(t, id, " {LOCK}")
		if err != nil {
			return err
		}
		if err := collection.CheckDecision(d, by.ID); err != nil {
			return err
		}
		if by.Kind != audit.Account {
			return fault.New(fault.Denied, fault.Place{}, "a deletion is decided by a person", "")
		}
		programme, err := db.programmeOf(t, d.Round)
		if err != nil {
			return err
		}
		decision := "refused"
		if approved {
			decision = "approved"
		}
		t.Record(entry(by, access.RetentionApprove, programme, "round", d.Round, "deletion", id.String(), "decision", decision))
		_, err = t.Exec("UPDATE deletion SET approver = $1, decided = $2, approved = $3 WHERE id = $4", by.ID, millis(at), truth(approved), id)
		return err
	})
}
