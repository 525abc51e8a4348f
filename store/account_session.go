package store

import (
	"context"
	"encoding/hex"
	"time"

	"waymark/internal/ids"
	"waymark/trust/account"
	"waymark/trust/audit"
	"waymark/trust/vault"
)

func boundSession(hash []byte) string { return "session:" + hex.EncodeToString(hash) }

const sessionColumns = "hash, account, data, created, seen, expires"

func (db *DB) scanSession(s scan) (*account.Session, error) {
	var v account.Session
	var data []byte
	var created, seen, expires int64
	err := s(&v.Hash, &v.Account, &data, &created, &seen, &expires)
	if err == nil {
		v.Data, err = db.vault.Open(vault.Accounts, data, boundSession(v.Hash))
	}
	v.Created, v.Seen, v.Expires = fromMillis(created), fromMillis(seen), fromMillis(expires)
	return &v, err
}

// SessionFind implements account.Store.
func (db *DB) SessionFind(ctx context.Context, hash []byte, now time.Time) (*account.Session, error) {
	all, err := list(db.on(ctx), "SELECT "+sessionColumns+" FROM account_session WHERE hash = $1 AND expires > $2", []any{hash, millis(now)}, db.scanSession)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, notFound("session")
	}
	return all[0], nil
}

// SessionPut implements account.Store.
func (db *DB) SessionPut(ctx context.Context, s *account.Session) error {
	data, err := db.vault.Seal(vault.Accounts, s.Data, boundSession(s.Hash))
	if err != nil {
		return err
	}
	return db.Write(ctx, func(t *Tx) error {
		_, err := t.Exec("INSERT INTO account_session (hash, account, data, created, seen, expires) VALUES ($1, $2, $3, $4, $5, $6) "+
			"ON CONFLICT (hash) DO UPDATE SET account = excluded.account, data = excluded.data, created = excluded.created, seen = excluded.seen, expires = excluded.expires",
			s.Hash, s.Account, data, millis(s.Created), millis(s.Seen), millis(s.Expires))
		return err
	})
}

// SessionSeen implements account.Store.
func (db *DB) SessionSeen(ctx context.Context, hash []byte, at time.Time) error {
	return db.Write(ctx, func(t *Tx) error {
		_, err := t.Exec("UPDATE account_session SET seen = $1 WHERE hash = $2", millis(at), hash)
		return err
	})
}

// SessionDelete implements account.Store.
func (db *DB) SessionDelete(ctx context.Context, hash []byte) error {
	return db.Write(ctx, func(t *Tx) error {
		_, err := t.Exec("DELETE FROM account_session WHERE hash = $1", hash)
		return err
	})
}

// SessionsOf implements account.Store.
func (db *DB) SessionsOf(ctx context.Context, id ids.ID) ([]*account.Session, error) {
	return list(db.on(ctx), "SELECT "+sessionColumns+" FROM account_session WHERE account = $1 ORDER BY created DESC, hash LIMIT 1000", []any{id}, db.scanSession)
}

// EndSessions implements account.Store.
func (db *DB) EndSessions(ctx context.Context, by audit.Actor, id ids.ID, except []byte) error {
	if except == nil {
		except = []byte{} // nothing is unequal to NULL
	}
	return db.Write(ctx, func(t *Tx) error {
		if _, err := t.Exec("DELETE FROM account_session WHERE account = $1 AND hash <> $2", id, except); err != nil {
			return err
		}
		t.Record(audit.Entry{Actor: by, Action: "account.sessions-ended", Subject: account.Subject(id)})
		return nil
	})
}

// SweepSessions implements account.Store. Invitations that are too old go too.
func (db *DB) SweepSessions(ctx context.Context, now time.Time) error {
	return db.Write(ctx, func(t *Tx) error {
		if _, err := t.Exec("DELETE FROM account_session WHERE expires <= $1", millis(now)); err != nil {
			return err
		}
		_, err := t.Exec("DELETE FROM account_invitation WHERE expires <= $1", millis(now))
		return err
	})
}

// Failures implements account.Store.
func (db *DB) Failures(ctx context.Context, key string, since time.Time) (n int, last time.Time, err error) {
	var at int64
	err = db.on(ctx).One("SELECT count(*), coalesce(max(at), 0) FROM account_failure WHERE digest = $1 AND at >= $2", []any{key, millis(since)}, &n, &at)
	return n, fromMillis(at), err
}

// Fail implements account.Store.
func (db *DB) Fail(ctx context.Context, key string, at time.Time) error {
	return db.Write(ctx, func(t *Tx) error {
		_, err := t.Exec("INSERT INTO account_failure (id, digest, at) VALUES ($1, $2, $3)", db.NewID(), key, millis(at))
		return err
	})
}

// Succeed implements account.Store.
func (db *DB) Succeed(ctx context.Context, key string) error {
	return db.Write(ctx, func(t *Tx) error {
		_, err := t.Exec("DELETE FROM account_failure WHERE digest = $1", key)
		return err
	})
}

// SweepFailures implements account.Store.
func (db *DB) SweepFailures(ctx context.Context, before time.Time) error {
	return db.Write(ctx, func(t *Tx) error {
		_, err := t.Exec("DELETE FROM account_failure WHERE at < $1", millis(before))
		return err
	})
}
