package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/trust/access"
	"waymark/trust/audit"
	"waymark/trust/vault"
)

// eraseBatch is how many submissions one transaction removes, so that others
// need not wait.
const eraseBatch = 200

// Proof is what Deletion.Proof holds, as JSON.
type Proof struct {
	Round       ids.ID         `json:"round"`
	Submissions int            `json:"submissions"`
	Revisions   int            `json:"revisions"`
	Files       int            `json:"files"`
	States      map[string]int `json:"states"`
	// Key is the SHA-256 of the destroyed key's fingerprint, "" if it was not known.
	Key string `json:"key"`
	// Entry is the number in the audit of the entry that says that the key was
	// destroyed.
	Entry int64     `json:"entry"`
	Begun time.Time `json:"begun"`
	Done  time.Time `json:"done"`
}

// fingerprinter is a vault that can name a key without showing it.
type fingerprinter interface {
	Fingerprint(vault.Scope) (string, error)
}

// DeleteRound implements collection.Deletions.
//
// The order makes it safe to break off anywhere: first the round takes nothing
// more and what will be removed is counted; then the key goes, after which
// nothing can be read, whatever is left; then contents and rows.
func (db *DB) DeleteRound(ctx context.Context, by audit.Actor, deletion ids.ID, at time.Time) (*collection.Deletion, error) {
	d, err := db.getDeletion(db.on(ctx), deletion, "")
	if err != nil {
		return nil, err
	}
	switch d.Stage() {
	case collection.DeletionDone:
		return d, nil
	case collection.DeletionApproved:
	default:
		return nil, fault.New(fault.Denied, fault.Place{}, "the deletion was not approved", "a second person must approve it first")
	}
	proof, programme, err := db.beginErase(ctx, by, d, at)
	if err != nil {
		return nil, err
	}
	if err := db.vault.Destroy(scopeOf(d.Round)); err != nil {
		return nil, err
	}
	if proof.Entry, err = db.keyDestroyed(ctx, by, programme, d); err != nil {
		return nil, err
	}
	for _, step := range []func(context.Context, ids.ID) error{db.eraseSubmissions, db.eraseForms, db.eraseRest} {
		if err := step(ctx, d.Round); err != nil {
			return nil, err
		}
	}
	proof.Done = at.UTC()
	text, err := json.Marshal(proof)
	if err != nil {
		return nil, err
	}
	err = db.Write(ctx, func(t *Tx) error {
		n, err := t.Exec("UPDATE deletion SET done = $1, proof = $2 WHERE id = $3 AND done = 0", millis(at), text, d.ID)
		if n > 0 {
			t.Record(entry(by, "round.deleted", programme, "round", d.Round, "deletion", d.ID.String(), "submissions", fmt.Sprint(proof.Submissions)))
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return db.getDeletion(db.on(ctx), deletion, "")
}

// beginErase closes the round for ever and counts what is in it. What was
// counted before a crash stands.
func (db *DB) beginErase(ctx context.Context, by audit.Actor, d *collection.Deletion, at time.Time) (proof Proof, programme ids.ID, err error) {
	key := ""
	if f, ok := db.vault.(fingerprinter); ok {
		if print, err := f.Fingerprint(scopeOf(d.Round)); err == nil {
			sum := sha256.Sum256([]byte(print))
			key = hex.EncodeToString(sum[:])
		}
	}
	err = db.Write(ctx, func(t *Tx) error {
		// Locked so that what is arriving is in before, or finds the round deleted.
		r, err := one(t, "round", "SELECT "+roundColumns+" FROM round WHERE id = $1 {LOCK}", []any{d.Round}, scanRound)
		if err != nil {
			return err
		}
		programme = r.Programme
		var kept []byte
		if err := t.One("SELECT proof FROM deletion WHERE id = $1", []any{d.ID}, &kept); err != nil {
			return err
		}
		if len(kept) > 0 {
			return json.Unmarshal(kept, &proof)
		}
		proof = Proof{Round: d.Round, Key: key, Begun: at.UTC(), States: map[string]int{}}
		const of = " WHERE submission IN (SELECT id FROM submission WHERE round = $1)"
		for _, c := range []struct {
			query string
			n     *int
		}{
			{"SELECT count(*) FROM submission WHERE round = $1 AND draft = 0", &proof.Submissions},
			{"SELECT count(*) FROM revision" + of, &proof.Revisions},
			{"SELECT count(*) FROM attachment" + of + " AND address <> ''", &proof.Files},
		} {
			if err := t.One(c.query, []any{d.Round}, c.n); err != nil {
				return err
			}
		}
		if err := t.Each("SELECT state, sum(n) FROM tally WHERE round = $1 GROUP BY state", []any{d.Round}, func(s scan) error {
			var state, n int
			err := s(&state, &n)
			if state >= 0 && state < len(collection.States) && n > 0 {
				proof.States[string(collection.States[state])] = n
			}
			return err
		}); err != nil {
			return err
		}
		text, err := json.Marshal(proof)
		if err != nil {
			return err
		}
		t.Record(entry(by, access.RoundSet, programme, "round", d.Round, "from", string(r.State), "state", string(collection.Deleted), "deletion", d.ID.String()))
		if _, err := t.Exec("UPDATE round SET state = $1, etag = etag + 1 WHERE id = $2", string(collection.Deleted), d.Round); err != nil {
			return err
		}
		_, err = t.Exec("UPDATE deletion SET proof = $1 WHERE id = $2", text, d.ID)
		return err
	})
	return proof, programme, err
}

// keyDestroyed writes that the key is gone, once, and returns the entry's number.
func (db *DB) keyDestroyed(ctx context.Context, by audit.Actor, programme ids.ID, d *collection.Deletion) (number int64, err error) {
	subject := "key:" + string(scopeOf(d.Round))
	find := func() error {
		return db.on(ctx).One("SELECT number FROM audit_entry WHERE subject = $1 ORDER BY number LIMIT 1", []any{subject}, &number)
	}
	if err = find(); !isNone(err) {
		return number, err
	}
	if err = db.Note(ctx, audit.Entry{Actor: by, Action: audit.KeyDestroyed, Programme: programme, Subject: subject, Detail: map[string]string{"deletion": d.ID.String()}}); err != nil {
		return 0, err
	}
	return number, find()
}

// eraseSubmissions removes the round's submissions with their contents.
func (db *DB) eraseSubmissions(ctx context.Context, round ids.ID) error {
	for {
		some, err := list(db.on(ctx), fmt.Sprintf("SELECT id FROM submission WHERE round = $1 ORDER BY id LIMIT %d", eraseBatch), []any{round}, scanID)
		if err != nil || len(some) == 0 {
			return err
		}
		args := idArgs(some)
		// Contents first: without their rows nobody would know of them.
		if err := db.eraseContents(ctx, "SELECT address FROM attachment WHERE address <> '' AND submission IN ("+marks(1, len(args))+")", args); err != nil {
			return err
		}
		if err := db.Write(ctx, func(t *Tx) error { return t.removeSubmissions(some) }); err != nil {
			return err
		}
	}
}

func (db *DB) eraseContents(ctx context.Context, query string, args []any) error {
	addresses, err := list(db.on(ctx), query, args, func(s scan) (a string, err error) { return a, s(&a) })
	if err != nil || db.contents == nil {
		return err
	}
	for _, a := range addresses {
		if err := db.contents.Bucket().Delete(ctx, a); err != nil {
			return err
		}
	}
	return nil
}

func idArgs(list []ids.ID) []any {
	args := make([]any, len(list))
	for i, id := range list {
		args[i] = id
	}
	return args
}

// removeSubmissions removes rows of submissions, at most eraseBatch at once; the
// totals stay.
func (t *Tx) removeSubmissions(all []ids.ID) error {
	for len(all) > 0 {
		some := all[:min(len(all), eraseBatch)]
		all = all[len(some):]
		args := idArgs(some)
		in := "(" + marks(1, len(args)) + ")"
		for _, query := range []string{
			"DELETE FROM instance WHERE (form, draft, instance) IN (SELECT s.form, s.draft, r.instance FROM revision r JOIN submission s ON s.id = r.submission WHERE s.id IN " + in + ")",
			"DELETE FROM revision WHERE submission IN " + in,
			"DELETE FROM attachment WHERE submission IN " + in,
			"DELETE FROM remark WHERE submission IN " + in,
			"DELETE FROM checked WHERE submission IN " + in,
			"DELETE FROM submission WHERE id IN " + in,
		} {
			if _, err := t.Exec(query, args...); err != nil {
				return err
			}
		}
	}
	return nil
}

// eraseForms removes forms, versions, their files, and the people with phones.
func (db *DB) eraseForms(ctx context.Context, round ids.ID) error {
	const versions = "SELECT v.id FROM form_version v JOIN form f ON f.id = v.form WHERE f.round = $1"
	if err := db.eraseContents(ctx, "SELECT address FROM form_file WHERE address <> '' AND version IN ("+versions+")", []any{round}); err != nil {
		return err
	}
	return db.Write(ctx, func(t *Tx) error {
		for _, query := range []string{
			"DELETE FROM form_file WHERE version IN (" + versions + ")",
			"DELETE FROM form_version WHERE form IN (SELECT id FROM form WHERE round = $1)",
			"DELETE FROM form WHERE round = $1",
			"DELETE FROM enumerator_point WHERE enumerator IN (SELECT id FROM enumerator WHERE round = $1)",
			"DELETE FROM enumerator WHERE round = $1",
			"DELETE FROM margin WHERE round = $1",
		} {
			if _, err := t.Exec(query, round); err != nil {
				return err
			}
		}
		return nil
	})
}

// eraseRest removes marks and findings, some thousands at a time.
func (db *DB) eraseRest(ctx context.Context, round ids.ID) error {
	for _, query := range []string{
		"DELETE FROM mark WHERE round = $1 AND (mark, submission) IN (SELECT mark, submission FROM mark WHERE round = $1 LIMIT 5000)",
		"DELETE FROM finding WHERE round = $1 AND (rule, submission) IN (SELECT rule, submission FROM finding WHERE round = $1 LIMIT 5000)",
	} {
		for {
			var n int64
			if err := db.Write(ctx, func(t *Tx) (err error) { n, err = t.Exec(query, round); return err }); err != nil {
				return err
			}
			if n == 0 {
				break
			}
		}
	}
	return nil
}
