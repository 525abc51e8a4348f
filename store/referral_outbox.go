package store

import (
	"context"
	"time"

	"waymark/internal/ids"
	"waymark/referral"
)

func boundMessage(id ids.ID) string { return bound("message", id, 0) }

// messages takes back what waits, and puts in what is to be sent.
func (t *Tx) messages(p *prepared) error {
	if p.c.Recall {
		if _, err := t.Exec("UPDATE matter_message SET state = 'recalled', body = $1 WHERE matter = $2 AND state = 'waiting'", []byte{}, p.m.ID); err != nil {
			return err
		}
	}
	if m := p.message; m != nil {
		return t.Later("INSERT INTO matter_message (id, matter, package, mark, state, tries, code, next, lent, body) VALUES ($1, $2, $3, $4, $5, 0, '', 0, 0, $6)",
			m.ID, m.Matter, m.Package, m.Key, string(m.State), m.Body)
	}
	return nil
}

const messageColumns = "id, matter, package, mark, state, tries, code"

// Claim implements referral.Outbox, as do the methods of this file. A message that
// does not open stays lent, so that others are not held up, and the log says so.
func (r *Referral) Claim(ctx context.Context, at time.Time, lease time.Duration, limit int) ([]*referral.Message, error) {
	var lent []*referral.Message
	err := r.db.Write(ctx, func(t *Tx) error {
		var err error
		lent, err = list(t, "SELECT "+messageColumns+", body FROM matter_message WHERE state = 'waiting' AND next <= $1 AND lent <= $1 ORDER BY id LIMIT $2 {LOCK}",
			[]any{millis(at), limit}, func(s scan) (*referral.Message, error) {
				var m referral.Message
				err := s(&m.ID, &m.Matter, &m.Package, &m.Key, &m.State, &m.Tries, &m.Code, &m.Body)
				m.Tries++
				return &m, err
			})
		for _, m := range lent {
			if err == nil {
				_, err = t.Exec("UPDATE matter_message SET lent = $1, tries = tries + 1 WHERE id = $2", millis(at.Add(lease)), m.ID)
			}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	opened := lent[:0]
	for _, m := range lent {
		if m.Body, err = r.keys.Open(caseScope(m.Matter), m.Body, boundMessage(m.ID)); err != nil {
			r.db.log.Error("a message that waits does not open", "message", m.ID.String(), "error", err.Error())
			continue
		}
		opened = append(opened, m)
	}
	return opened, nil
}

func (r *Referral) Settle(ctx context.Context, id ids.ID, state referral.MessageState, code string, next time.Time, c *referral.Change) error {
	var p *prepared
	if c != nil && state != referral.Waiting {
		var err error
		if p, err = r.prepare(c); err != nil {
			return err
		}
	}
	done := false
	err := r.db.Write(ctx, func(t *Tx) error {
		done = false
		var now referral.MessageState
		if err := t.One("SELECT state FROM matter_message WHERE id = $1 {LOCK}", []any{id}, &now); err != nil {
			return found(err, "message")
		}
		switch {
		case now == referral.Delivered && state == referral.Delivered:
			return nil // said twice
		case now != referral.Waiting:
			return changedMeanwhile("message")
		}
		query, args := "UPDATE matter_message SET state = $1, code = $2, next = $3, lent = 0 WHERE id = $4", []any{string(state), code, millis(next), id}
		if state == referral.Delivered || state == referral.Recalled {
			query, args = "UPDATE matter_message SET state = $1, code = $2, next = $3, lent = 0, body = $5 WHERE id = $4", append(args, []byte{})
		}
		if _, err := t.Exec(query, args...); err != nil {
			return err
		}
		if p != nil {
			done = true
			return t.carryOut(p)
		}
		return nil
	})
	if err == nil && done {
		p.settle()
	}
	return err
}

func (r *Referral) Messages(ctx context.Context, matter ids.ID) ([]*referral.Message, error) {
	return list(r.db.on(ctx), "SELECT "+messageColumns+" FROM matter_message WHERE matter = $1 ORDER BY id", []any{matter}, func(s scan) (*referral.Message, error) {
		var m referral.Message
		return &m, s(&m.ID, &m.Matter, &m.Package, &m.Key, &m.State, &m.Tries, &m.Code)
	})
}
