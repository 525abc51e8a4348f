package store

import (
	"context"
	"strconv"
	"time"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/referral"
	"waymark/trust/audit"
	"waymark/trust/vault"
)

// What the audit says of keys of all matters.
const keysRotated = "case.keys-rotated"

// Erase implements referral.Matters.
//
// The order makes it safe to break off anywhere: first the key goes, after which
// nothing can be read, whatever is left here or in a backup; then the rows, with the
// word of it in the audit; then contents.
func (r *Referral) Erase(ctx context.Context, by audit.Actor, id ids.ID) error {
	m, err := r.Matter(ctx, id)
	if err != nil {
		return err
	}
	if err := r.keys.Destroy(caseScope(id)); err != nil {
		return err
	}
	if m.State != referral.Erased {
		if err := r.db.Write(ctx, func(t *Tx) error { return t.erase(by, id) }); err != nil {
			return err
		}
	}
	if r.contents == nil {
		return nil
	}
	// Contents before their rows: without them nobody would know of them.
	if err := r.db.eraseContents(ctx, "SELECT address FROM matter_content WHERE matter = $1", []any{id}); err != nil {
		return err
	}
	return r.db.Write(ctx, func(t *Tx) error {
		_, err := t.Exec("DELETE FROM matter_content WHERE matter = $1", id)
		return err
	})
}

// erase leaves the row as proof, and who was given access.
func (t *Tx) erase(by audit.Actor, id ids.ID) error {
	m, err := one(t, "matter", "SELECT "+matterColumns+" FROM matter m WHERE m.id = $1 {LOCK}", []any{id}, scanMatter)
	if err != nil || m.State == referral.Erased {
		return err
	}
	erased := *m
	erased.State = referral.Erased
	t.countMatter(m, -1)
	t.countMatter(&erased, 1)
	if _, err := t.Exec("UPDATE matter SET state = 'erased', erased_at = $1, keep_until = 0, due = $2, due_rule = '', etag = etag + 1 WHERE id = $3", millis(t.db.now()), int64(noDue), id); err != nil {
		return err
	}
	if _, err := t.Exec("UPDATE matter_grant SET of_state = 'erased' WHERE matter = $1", id); err != nil {
		return err
	}
	for _, table := range []string{"matter_part", "matter_message", "matter_code"} {
		if _, err := t.Exec("DELETE FROM "+table+" WHERE matter = $1", id); err != nil {
			return err
		}
	}
	detail := map[string]string{"state": string(m.State)}
	if m.Print != "" {
		detail["print"] = m.Print
	}
	t.Record(audit.Entry{Actor: by, Action: audit.KeyDestroyed, Programme: m.Network, Subject: matterSubject(m), Detail: detail})
	return nil
}

// sweepAtOnce is how many matters are erased before the next are looked for.
const sweepAtOnce = 100

// SweepDrafts erases concerns that were begun and never handed in, and drafts of
// referrals that were left, once their time has passed; one that is restricted stays
// as it is, as the person asked. Whatever else has come to its time waits for people
// (Expired).
func (r *Referral) SweepDrafts(ctx context.Context, by audit.Actor, at time.Time) (erased int, err error) {
	for {
		some, err := list(r.db.on(ctx), "SELECT "+matterColumns+" FROM matter m WHERE m.keep_until > 0 AND m.keep_until <= $1 AND m.state IN ('begun', 'draft') AND m.restricted = 0 ORDER BY m.keep_until, m.id LIMIT $2",
			[]any{millis(at), sweepAtOnce}, scanMatter)
		if err != nil || len(some) == 0 {
			return erased, err
		}
		for _, m := range some {
			// Erasing takes a while: what was handed in or gone on with since is not gone.
			now, err := r.Matter(ctx, m.ID)
			if err != nil {
				return erased, err
			}
			if now.Etag != m.Etag {
				continue
			}
			if err := r.Erase(ctx, by, m.ID); err != nil {
				return erased, err
			}
			erased++
		}
	}
}

// SettleErasures makes database and keys agree after one of them was restored: what
// the keys say was destroyed is erased here, and what was erased here is destroyed
// there. Nothing that was erased comes back. It returns how many it found.
func (r *Referral) SettleErasures(ctx context.Context, by audit.Actor) (settled int, err error) {
	err = r.keys.EachDestroyed(func(scope vault.Scope) error {
		id, err := ids.Parse(string(scope))
		if err != nil {
			return nil // not of a matter of ours
		}
		m, err := r.Matter(ctx, id)
		if fault.KindOf(err) == fault.NotFound && err != nil || err == nil && m.State == referral.Erased {
			return nil
		}
		if err == nil {
			settled++
			err = r.Erase(ctx, by, id)
		}
		return err
	})
	if err != nil {
		return settled, err
	}
	for after := ids.ID(0); ; {
		some, err := list(r.db.on(ctx), "SELECT id FROM matter WHERE state = 'erased' AND id > $1 ORDER BY id LIMIT 1000", []any{after}, scanID)
		if err != nil || len(some) == 0 {
			return settled, err
		}
		after = some[len(some)-1]
		for _, id := range some {
			if r.keys.Destroyed(caseScope(id)) {
				continue
			}
			if err := r.keys.Destroy(caseScope(id)); err != nil {
				return settled, err
			}
			settled++
		}
	}
}

// RotateKeys implements referral.Matters.
func (r *Referral) RotateKeys(ctx context.Context, by audit.Actor, progress func(done, all int)) error {
	n, err := r.keys.Rotate(ctx, progress)
	if err != nil {
		return err
	}
	return r.db.Note(ctx, audit.Entry{Actor: by, Action: keysRotated, Detail: map[string]string{"keys": strconv.Itoa(n)}})
}
