package store

import (
	"context"
	"time"

	"waymark/internal/ids"
	"waymark/trust/account"
	"waymark/trust/audit"
	"waymark/trust/vault"
)

// passkey is what is sealed of a passkey.
type passkey struct {
	Name       string `json:"name"`
	Credential []byte `json:"credential"`
	Handle     []byte `json:"handle"`
}

func (db *DB) scanPasskey(s scan) (of ids.ID, p account.Passkey, err error) {
	var created, used int64
	var private []byte
	var k passkey
	if err := s(&p.ID, &of, &private, &created, &used); err != nil {
		return 0, p, err
	}
	err = db.openJSON(vault.Accounts, private, bound("passkey", p.ID, 0), &k)
	p.Name, p.Credential, p.Handle, p.Created, p.Used = k.Name, k.Credential, k.Handle, fromMillis(created), fromMillis(used)
	return of, p, err
}

// AddPasskey implements account.Store.
func (db *DB) AddPasskey(ctx context.Context, by audit.Actor, id ids.ID, p *account.Passkey) error {
	handle, err := db.digest("passkey", string(p.Handle))
	if err != nil {
		return err
	}
	private, err := db.sealJSON(vault.Accounts, passkey{p.Name, p.Credential, p.Handle}, bound("passkey", p.ID, 0))
	if err != nil {
		return err
	}
	return db.Write(ctx, func(t *Tx) error {
		if err := t.lockAccount(id, "{SHARE}"); err != nil {
			return err
		}
		if _, err := t.Exec("INSERT INTO account_passkey (id, account, handle, private, created, used) VALUES ($1, $2, $3, $4, $5, $6)",
			p.ID, id, handle, private, millis(p.Created), millis(p.Used)); err != nil {
			return ofAnother(err)
		}
		t.Record(audit.Entry{Actor: by, Action: "account.passkey", Subject: account.Subject(id)})
		return nil
	})
}

// TouchPasskey implements account.Store.
func (db *DB) TouchPasskey(ctx context.Context, id, key ids.ID, credential []byte, at time.Time) error {
	return db.Write(ctx, func(t *Tx) error {
		var private []byte
		err := t.One("SELECT private FROM account_passkey WHERE id = $1 AND account = $2 {LOCK}", []any{key, id}, &private)
		if err != nil {
			return found(err, "passkey")
		}
		var k passkey
		if err := db.openJSON(vault.Accounts, private, bound("passkey", key, 0), &k); err != nil {
			return err
		}
		k.Credential = credential
		if private, err = db.sealJSON(vault.Accounts, k, bound("passkey", key, 0)); err != nil {
			return err
		}
		_, err = t.Exec("UPDATE account_passkey SET private = $1, used = $2 WHERE id = $3", private, millis(at), key)
		return err
	})
}

// RemovePasskey implements account.Store.
func (db *DB) RemovePasskey(ctx context.Context, by audit.Actor, id, key ids.ID) error {
	return db.Write(ctx, func(t *Tx) error {
		n, err := t.Exec("DELETE FROM account_passkey WHERE id = $1 AND account = $2", key, id)
		if err != nil {
			return err
		}
		if n == 0 {
			return notFound("passkey")
		}
		t.Record(audit.Entry{Actor: by, Action: "account.passkey-removed", Subject: account.Subject(id)})
		return nil
	})
}
