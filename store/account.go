package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/trust/access"
	"waymark/trust/account"
	"waymark/trust/audit"
	"waymark/trust/vault"
)

var _ account.Store = (*DB)(nil)

// person is what is sealed of an account, whole: nobody has to decide which part
// of it identifies someone.
type person struct {
	Name     string   `json:"name"`
	Email    string   `json:"email"`
	Password string   `json:"password,omitempty"`
	Subject  string   `json:"subject,omitempty"`
	OneTime  []byte   `json:"one_time,omitempty"`
	Recovery [][]byte `json:"recovery,omitempty"`
}

// digest is a keyed digest of a value that accounts are looked up by; nil for
// none. Kinds do not meet.
func (db *DB) digest(kind, value string) ([]byte, error) {
	if value == "" {
		return nil, nil
	}
	return db.vault.Token(vault.Accounts, []byte(kind+":"+value))
}

func (db *DB) sealJSON(scope vault.Scope, v any, bound string) ([]byte, error) {
	plain, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return db.vault.Seal(scope, plain, bound)
}

func (db *DB) openJSON(scope vault.Scope, sealed []byte, bound string, into any) error {
	plain, err := db.vault.Open(scope, sealed, bound)
	if err != nil {
		return err
	}
	return json.Unmarshal(plain, into)
}

// Account implements account.Store.
func (db *DB) Account(ctx context.Context, id ids.ID) (*account.Account, error) {
	return db.oneAccount(db.on(ctx), "id = $1", id)
}

// AccountByEmail implements account.Store.
func (db *DB) AccountByEmail(ctx context.Context, email string) (*account.Account, error) {
	return db.accountBy(ctx, "email", account.NormalEmail(email))
}

// AccountBySubject implements account.Store.
func (db *DB) AccountBySubject(ctx context.Context, subject string) (*account.Account, error) {
	return db.accountBy(ctx, "subject", subject)
}

func (db *DB) accountBy(ctx context.Context, kind, value string) (*account.Account, error) {
	digest, err := db.digest(kind, value)
	if err != nil {
		return nil, err
	}
	if digest == nil {
		return nil, notFound("account")
	}
	return db.oneAccount(db.on(ctx), kind+" = $1", digest)
}

// AccountByPasskey implements account.Store.
func (db *DB) AccountByPasskey(ctx context.Context, handle []byte) (*account.Account, error) {
	digest, err := db.digest("passkey", string(handle))
	if err != nil {
		return nil, err
	}
	return db.oneAccount(db.on(ctx), "id = (SELECT account FROM account_passkey WHERE handle = $1)", digest)
}

// Accounts implements account.Store.
func (db *DB) Accounts(ctx context.Context, programme ids.ID) ([]*account.Account, error) {
	var all []*account.Account
	var err error
	if programme == 0 {
		all, err = db.accounts(db.on(ctx), "id <> $1", 0)
	} else {
		all, err = db.accounts(db.on(ctx), "id IN (SELECT account FROM account_member WHERE programme = $1)", programme)
	}
	slices.SortFunc(all, func(a, b *account.Account) int {
		return cmp.Or(strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), cmp.Compare(a.ID, b.ID))
	})
	return all, err
}

// CountAccounts implements account.Store.
func (db *DB) CountAccounts(ctx context.Context) (n int, err error) {
	err = db.on(ctx).One("SELECT count(*) FROM account WHERE state = $1", []any{string(account.Active)}, &n)
	return n, err
}

func (db *DB) oneAccount(r reader, where string, arg any) (*account.Account, error) {
	all, err := db.accounts(r, where, arg)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, notFound("account")
	}
	return all[0], nil
}

// accounts reads the accounts for which a condition with one argument holds,
// with their roles and passkeys.
func (db *DB) accounts(r reader, where string, arg any) ([]*account.Account, error) {
	byID := map[ids.ID]*account.Account{}
	all, err := list(r, "SELECT "+accountColumns+" FROM account WHERE "+where, []any{arg}, func(s scan) (*account.Account, error) {
		a, err := db.scanAccount(s)
		if err == nil {
			byID[a.ID] = a
		}
		return a, err
	})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	of := " WHERE account IN (SELECT id FROM account WHERE " + where + ") ORDER BY "
	err = r.Each("SELECT account, programme, role FROM account_member"+of+"account, programme, role", []any{arg}, func(s scan) error {
		var id ids.ID
		var m access.Membership
		if err := s(&id, &m.Programme, &m.Role); err != nil {
			return err
		}
		if a := byID[id]; a != nil { // nil if it was added meanwhile
			a.Members = append(a.Members, m)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return all, r.Each("SELECT id, account, private, created, used FROM account_passkey"+of+"id", []any{arg}, func(s scan) error {
		id, p, err := db.scanPasskey(s)
		if err != nil {
			return err
		}
		if a := byID[id]; a != nil {
			a.Passkeys = append(a.Passkeys, p)
		}
		return nil
	})
}

const accountColumns = "id, state, lang, created, private, step, epoch"

func (db *DB) scanAccount(s scan) (*account.Account, error) {
	var a account.Account
	var created int64
	var private []byte
	var p person
	if err := s(&a.ID, &a.State, &a.Lang, &created, &private, &a.OneTimeLast, &a.Epoch); err != nil {
		return nil, err
	}
	if err := db.openJSON(vault.Accounts, private, bound("account", a.ID, 0), &p); err != nil {
		return nil, err
	}
	a.Created = fromMillis(created)
	a.Name, a.Email, a.Password, a.Subject, a.OneTime, a.Recovery = p.Name, p.Email, p.Password, p.Subject, p.OneTime, p.Recovery
	return &a, nil
}

// accountRow is what is written of an account: email, subject, private, state,
// lang, step, epoch.
func (db *DB) accountRow(a *account.Account) ([]any, error) {
	email, err := db.digest("email", account.NormalEmail(a.Email))
	if err != nil {
		return nil, err
	}
	subject, err := db.digest("subject", a.Subject)
	if err != nil {
		return nil, err
	}
	private, err := db.sealJSON(vault.Accounts, person{a.Name, a.Email, a.Password, a.Subject, a.OneTime, a.Recovery}, bound("account", a.ID, 0))
	return []any{email, subject, private, string(a.State), a.Lang, a.OneTimeLast, a.Epoch}, err
}

// AddAccount implements account.Store.
func (db *DB) AddAccount(ctx context.Context, by audit.Actor, a *account.Account) error {
	if a.ID == 0 {
		return errors.New("store: a new account needs an ID")
	}
	row, err := db.accountRow(a)
	if err != nil {
		return err
	}
	return db.Write(ctx, func(t *Tx) error {
		_, err := t.Exec("INSERT INTO account (email, subject, private, state, lang, step, epoch, id, created) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
			append(slices.Clone(row), a.ID, millis(a.Created))...)
		if err != nil {
			return ofAnother(err)
		}
		for _, m := range a.Members {
			if err := t.setMember(a.ID, m, true); err != nil {
				return err
			}
		}
		t.Record(audit.Entry{Actor: by, Action: "account.added", Subject: account.Subject(a.ID)})
		return nil
	})
}

// ChangeAccount implements account.Store.
func (db *DB) ChangeAccount(ctx context.Context, by audit.Actor, action string, id ids.ID, change func(*account.Account) error) error {
	return db.Write(ctx, func(t *Tx) error {
		// Locked first: two who read at once would both pass a one-time code.
		if err := t.lockAccount(id, "{LOCK}"); err != nil {
			return err
		}
		a, err := db.oneAccount(t, "id = $1", id)
		if err != nil {
			return err
		}
		created := a.Created
		if err := change(a); err != nil {
			return err
		}
		a.ID, a.Created = id, created
		row, err := db.accountRow(a)
		if err != nil {
			return err
		}
		if _, err := t.Exec("UPDATE account SET email = $1, subject = $2, private = $3, state = $4, lang = $5, step = $6, epoch = $7 WHERE id = $8",
			append(row, id)...); err != nil {
			return ofAnother(err)
		}
		t.Record(audit.Entry{Actor: by, Action: action, Subject: account.Subject(id)})
		return nil
	})
}

// SetMember implements account.Store.
func (db *DB) SetMember(ctx context.Context, by audit.Actor, id ids.ID, m access.Membership, member bool) error {
	return db.Write(ctx, func(t *Tx) error {
		if err := t.lockAccount(id, "{SHARE}"); err != nil {
			return err
		}
		if err := t.setMember(id, m, member); err != nil {
			return err
		}
		change := "taken"
		if member {
			change = "given"
		}
		t.Record(audit.Entry{Actor: by, Action: string(access.PeopleSet), Programme: m.Programme, Subject: account.Subject(id),
			Detail: map[string]string{"role": string(m.Role), "change": change}})
		return nil
	})
}

func (t *Tx) setMember(id ids.ID, m access.Membership, member bool) error {
	query := "DELETE FROM account_member WHERE account = $1 AND programme = $2 AND role = $3"
	if member {
		query = "INSERT INTO account_member (account, programme, role) VALUES ($1, $2, $3) ON CONFLICT (account, programme, role) DO NOTHING"
	}
	_, err := t.Exec(query, id, m.Programme, string(m.Role))
	return err
}

// lockAccount keeps an account from changing, or from going, until the end.
func (t *Tx) lockAccount(id ids.ID, lock string) error {
	var found ids.ID
	err := t.One("SELECT id FROM account WHERE id = $1 "+lock, []any{id}, &found)
	if errors.Is(err, sql.ErrNoRows) {
		return notFound("account")
	}
	return err
}

// ofAnother turns the database's word that a key is there already into ours.
func ofAnother(err error) error {
	if isTwice(err) {
		return fault.New(fault.Conflict, fault.Place{}, "this belongs to another account already", "look for that account, or use another address")
	}
	return err
}
