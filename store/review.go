package store

import (
	"context"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/trust/access"
	"waymark/trust/audit"
)

var _ collection.Reviews = (*DB)(nil)

// Review implements collection.Reviews. to is "" for a comment that leaves the
// state as it is.
func (db *DB) Review(ctx context.Context, by audit.Actor, id ids.ID, etag int64, to collection.State, text string) error {
	if err := checkState(to); err != nil {
		return err
	}
	remark := db.NewID()
	return db.Write(ctx, func(t *Tx) error {
		k, programme, err := t.keepSubmission(id)
		if err != nil {
			return err
		}
		if k.Etag != etag {
			return changedMeanwhile("submission")
		}
		return t.review(by, programme, k, remark, to, text)
	})
}

func checkState(s collection.State) error {
	if s != "" && stateNumber(s) < 0 {
		return fault.New(fault.Invalid, fault.Place{Field: "state"}, "there is no such state", "choose one of the list")
	}
	return nil
}

// review writes one remark and what follows from it.
func (t *Tx) review(by audit.Actor, programme ids.ID, k *kept, remark ids.ID, to collection.State, text string) error {
	next := *k
	if to != "" {
		next.State = to
	}
	next.Etag++
	words, err := t.db.sealText(scopeOf(k.Round), text, bound("remark", remark, 0))
	if err != nil {
		return err
	}
	if _, err := t.Exec("INSERT INTO remark (id, submission, at, account, words, from_state, to_state) VALUES ($1, $2, $3, $4, $5, $6, $7)",
		remark, k.ID, millis(t.db.now()), by.ID, words, stateNumber(k.State), stateNumber(next.State)); err != nil {
		return err
	}
	if next.State != k.State {
		t.tally(k, -1)
		t.tally(&next, 1)
	}
	if _, err := t.Exec("UPDATE submission SET state = $1, etag = $2 WHERE id = $3", stateNumber(next.State), next.Etag, k.ID); err != nil {
		return err
	}
	comment := "no"
	if text != "" {
		comment = "yes"
	}
	t.Record(entry(by, access.SubmissionReview, programme, "submission", k.ID, "from", string(k.State), "to", string(next.State), "comment", comment))
	return nil
}

// ReviewMany implements collection.Reviews.
func (db *DB) ReviewMany(ctx context.Context, by audit.Actor, items []collection.Reviewed, to collection.State, text string) (changed int, conflicts []ids.ID, err error) {
	if err := checkState(to); err != nil {
		return 0, nil, err
	}
	remarks := make([]ids.ID, len(items))
	for i := range items {
		remarks[i] = db.NewID()
	}
	err = db.Write(ctx, func(t *Tx) error {
		changed, conflicts = 0, nil
		for i, item := range items {
			k, programme, err := t.keepSubmission(item.ID)
			switch kind := fault.KindOf(err); {
			case err != nil && (kind == fault.NotFound || kind == fault.Conflict), err == nil && k.Etag != item.Etag:
				conflicts = append(conflicts, item.ID)
				continue
			case err != nil:
				return err
			}
			if err := t.review(by, programme, k, remarks[i], to, text); err != nil {
				return err
			}
			changed++
		}
		return nil
	})
	if err != nil {
		return 0, nil, err
	}
	return changed, conflicts, nil
}

// Remarks implements collection.Reviews, oldest first.
func (db *DB) Remarks(ctx context.Context, id ids.ID) ([]*collection.Remark, error) {
	s, err := db.Submission(ctx, id)
	if err != nil {
		return nil, err
	}
	return list(db.on(ctx), "SELECT id, at, account, words, from_state, to_state FROM remark WHERE submission = $1 ORDER BY id", []any{id},
		func(scan scan) (*collection.Remark, error) {
			r := collection.Remark{Submission: id}
			var at int64
			var words []byte
			var from, to int
			if err := scan(&r.ID, &at, &r.Account, &words, &from, &to); err != nil {
				return nil, err
			}
			r.At = fromMillis(at)
			if from >= 0 && from < len(collection.States) && to >= 0 && to < len(collection.States) {
				r.From, r.To = collection.States[from], collection.States[to]
			}
			r.Text, err = db.openText(scopeOf(s.Round), words, bound("remark", r.ID, 0))
			return &r, err
		})
}
