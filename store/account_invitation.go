package store

import (
	"context"
	"time"

	"waymark/trust/account"
	"waymark/trust/audit"
)

// AddInvitation implements account.Store.
func (db *DB) AddInvitation(ctx context.Context, by audit.Actor, inv *account.Invitation) error {
	return db.Write(ctx, func(t *Tx) error {
		if inv.Account != 0 {
			if err := t.lockAccount(inv.Account, "{SHARE}"); err != nil {
				return err
			}
		}
		if _, err := t.Exec("INSERT INTO account_invitation (account, hash, purpose, expires) VALUES ($1, $2, $3, $4) "+
			"ON CONFLICT (account) DO UPDATE SET hash = excluded.hash, purpose = excluded.purpose, expires = excluded.expires",
			inv.Account, inv.Hash, string(inv.Purpose), millis(inv.Expires)); err != nil {
			return err
		}
		t.Record(aboutInvitation(by, "account.invited", inv))
		return nil
	})
}

func aboutInvitation(by audit.Actor, action string, inv *account.Invitation) audit.Entry {
	e := audit.Entry{Actor: by, Action: action, Detail: map[string]string{"purpose": string(inv.Purpose)}}
	if inv.Account != 0 {
		e.Subject = account.Subject(inv.Account)
	}
	return e
}

// Invitation implements account.Store.
func (db *DB) Invitation(ctx context.Context, hash []byte, now time.Time) (*account.Invitation, error) {
	return readInvitation(db.on(ctx), hash, now, "")
}

func readInvitation(r reader, hash []byte, now time.Time, lock string) (*account.Invitation, error) {
	inv := account.Invitation{Hash: hash}
	var expires int64
	err := r.One("SELECT account, purpose, expires FROM account_invitation WHERE hash = $1 AND expires > $2 "+lock,
		[]any{hash, millis(now)}, &inv.Account, &inv.Purpose, &expires)
	inv.Expires = fromMillis(expires)
	if err != nil {
		return nil, found(err, "invitation")
	}
	return &inv, nil
}

// UseInvitation implements account.Store.
func (db *DB) UseInvitation(ctx context.Context, by audit.Actor, hash []byte, now time.Time) (*account.Invitation, error) {
	var used *account.Invitation
	err := db.Write(ctx, func(t *Tx) error {
		// Who waits for the lock of another finds no row behind it.
		inv, err := readInvitation(t, hash, now, "{LOCK}")
		if err != nil {
			return err
		}
		if _, err := t.Exec("DELETE FROM account_invitation WHERE hash = $1", hash); err != nil {
			return err
		}
		t.Record(aboutInvitation(by, "account.invitation-used", inv))
		used = inv
		return nil
	})
	if err != nil {
		return nil, err
	}
	return used, nil
}
