package store

import (
	"context"
	"strconv"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/trust/access"
	"waymark/trust/audit"
)

// revise makes what was written as the next revision the current one. New
// answers are looked at anew: the submission is received and unchecked again.
func (t *Tx) revise(old, next *kept, names []string, files []collection.Attachment) (complete bool, err error) {
	next.Revision = old.Revision + 1
	next.State, next.Checked, next.Unreadable = collection.Received, false, false
	next.Etag = old.Etag + 1
	if err := t.name(next.Round, next.ID, next.Revision, names, files); err != nil {
		return false, err
	}
	t.tally(old, -1)
	t.tally(next, 1)
	if _, err := t.Exec("UPDATE submission SET version = $1, instance = $2, point = $3, route = $4, day = $5, state = $6, unreadable = 0, encrypted = $7, revision = $8, checked = 0, etag = $9 WHERE id = $10",
		next.Version, next.InstanceID, next.Point, next.Route, next.Day, stateNumber(next.State), truth(next.encrypted), next.Revision, next.Etag, next.ID); err != nil {
		return false, err
	}
	return t.completed(next)
}

// Edit implements collection.Submissions. The point, the route and the day stay
// until the new answers are checked.
func (db *DB) Edit(ctx context.Context, by audit.Actor, id ids.ID, etag int64, r *collection.Revision, names []string) error {
	if r.InstanceID == "" || len(r.InstanceID) > maxInstance || len(r.XML) == 0 {
		return fault.New(fault.Invalid, fault.Place{Field: "instanceID"}, "an edit needs an instanceID and a document", "")
	}
	before, err := db.Submission(ctx, id)
	if err != nil {
		return err
	}
	digest, err := db.vault.Token(scopeOf(before.Round), r.XML)
	if err != nil {
		return err
	}
	at := r.At
	if at.IsZero() {
		at = db.now()
	}
	var number int
	err = db.Write(ctx, func(t *Tx) error {
		k, programme, err := t.keepSubmission(id)
		if err != nil {
			return err
		}
		if k.Etag != etag {
			return changedMeanwhile("submission")
		}
		number = k.Revision + 1
		scope := scopeOf(k.Round)
		sealed, err := db.vault.Seal(scope, r.XML, bound("submission", id, number))
		if err != nil {
			return err
		}
		reason, err := db.sealText(scope, r.Reason, bound("reason", id, number))
		if err != nil {
			return err
		}
		n, err := t.Exec("INSERT INTO instance (form, draft, instance, submission, number, digest) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (form, draft, instance) DO NOTHING",
			k.Form, truth(k.draft), r.InstanceID, id, number, digest)
		if err != nil {
			return err
		}
		if n == 0 && r.InstanceID != k.InstanceID {
			return fault.New(fault.Conflict, fault.Place{Field: "instanceID"}, "another submission has this instanceID", "give the edit a new one")
		}
		if _, err := t.Exec("INSERT INTO revision (submission, number, instance, at, enumerator, account, version, xml, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
			id, number, r.InstanceID, millis(at), r.Enumerator, r.Account, r.Version, sealed, reason); err != nil {
			return err
		}
		next := *k
		next.InstanceID, next.encrypted = r.InstanceID, false
		if r.Version != 0 {
			next.Version = r.Version
		}
		t.Record(entry(by, access.SubmissionEdit, programme, "submission", id, "revision", strconv.Itoa(number), "state", string(k.State)))
		_, err = t.revise(k, &next, names, nil)
		return err
	})
	if err == nil {
		r.Submission, r.Number, r.At = id, number, at
	}
	return err
}
