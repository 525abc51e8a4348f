// Package accounttest holds a store of accounts in memory, for tests of what uses
// accounts. It is no part of the program: the store of the server is the folder
// store at the root.
//
// It knows nothing of SQL and seals nothing.
package accounttest

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/trust/access"
	"waymark/trust/account"
	"waymark/trust/audit"
)

// Memory is an account.Store in memory. It may be used by many goroutines; each
// call is one transaction. It refuses audit entries that the log would refuse.
type Memory struct {
	mu          sync.Mutex
	accounts    map[ids.ID]*account.Account
	invitations map[string]*account.Invitation
	sessions    map[string]*account.Session
	failures    map[string][]time.Time
	// log is what would be in the audit.
	log []audit.Entry
}

// New returns an empty store.
func New() *Memory {
	return &Memory{accounts: map[ids.ID]*account.Account{}, invitations: map[string]*account.Invitation{},
		sessions: map[string]*account.Session{}, failures: map[string][]time.Time{}}
}

var _ account.Store = (*Memory)(nil)

func notFound() error { return fault.New(fault.NotFound, fault.Place{}, "there is no such thing", "") }

func conflict() error {
	return fault.New(fault.Conflict, fault.Place{}, "this belongs to another account", "")
}

func copyOf(a *account.Account) *account.Account {
	n := *a
	n.OneTime = bytes.Clone(a.OneTime)
	n.Recovery = slices.Clone(a.Recovery)
	n.Members = slices.Clone(a.Members)
	n.Passkeys = slices.Clone(a.Passkeys)
	return &n
}

func (m *Memory) find(ok func(*account.Account) bool) (*account.Account, error) {
	for _, a := range m.accounts {
		if ok(a) {
			return copyOf(a), nil
		}
	}
	return nil, notFound()
}

func (m *Memory) write(by audit.Actor, action string, id ids.ID, detail map[string]string) error {
	return m.record(audit.Entry{At: time.Now(), Actor: by, Action: action, Subject: account.Subject(id), Detail: detail})
}

// record keeps an entry that the log would take.
func (m *Memory) record(e audit.Entry) error {
	if _, err := audit.Encode(e); err != nil {
		return err
	}
	m.log = append(m.log, e)
	return nil
}

// Log returns the audit entries so far.
func (m *Memory) Log() []audit.Entry {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.log)
}

// Account implements account.Store.
func (m *Memory) Account(_ context.Context, id ids.ID) (*account.Account, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.find(func(a *account.Account) bool { return a.ID == id })
}

// AccountByEmail implements account.Store.
func (m *Memory) AccountByEmail(_ context.Context, email string) (*account.Account, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.find(func(a *account.Account) bool { return account.NormalEmail(a.Email) == account.NormalEmail(email) })
}

// AccountBySubject implements account.Store.
func (m *Memory) AccountBySubject(_ context.Context, subject string) (*account.Account, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.find(func(a *account.Account) bool { return a.Subject != "" && a.Subject == subject })
}

// AccountByPasskey implements account.Store.
func (m *Memory) AccountByPasskey(_ context.Context, handle []byte) (*account.Account, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.find(func(a *account.Account) bool {
		return slices.ContainsFunc(a.Passkeys, func(p account.Passkey) bool { return bytes.Equal(p.Handle, handle) })
	})
}

// Accounts implements account.Store.
func (m *Memory) Accounts(_ context.Context, programme ids.ID) ([]*account.Account, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var list []*account.Account
	for _, a := range m.accounts {
		if programme == 0 || slices.ContainsFunc(a.Members, func(x access.Membership) bool { return x.Programme == programme }) {
			list = append(list, copyOf(a))
		}
	}
	slices.SortFunc(list, func(a, b *account.Account) int { return strings.Compare(a.Name, b.Name) })
	return list, nil
}

// CountAccounts implements account.Store.
func (m *Memory) CountAccounts(context.Context) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := 0
	for _, a := range m.accounts {
		if a.State == account.Active {
			n++
		}
	}
	return n, nil
}

// AddAccount implements account.Store.
func (m *Memory) AddAccount(_ context.Context, by audit.Actor, a *account.Account) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, err := m.find(func(x *account.Account) bool {
		return account.NormalEmail(x.Email) == account.NormalEmail(a.Email) || a.Subject != "" && x.Subject == a.Subject
	})
	if err == nil || a.ID == 0 || m.accounts[a.ID] != nil {
		return conflict()
	}
	m.accounts[a.ID] = copyOf(a)
	return m.write(by, "account.added", a.ID, nil)
}

// ChangeAccount implements account.Store.
func (m *Memory) ChangeAccount(_ context.Context, by audit.Actor, action string, id ids.ID, change func(*account.Account) error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	a := m.accounts[id]
	if a == nil {
		return notFound()
	}
	n := copyOf(a)
	if err := change(n); err != nil {
		return err
	}
	n.Members, n.Passkeys = a.Members, a.Passkeys
	m.accounts[id] = copyOf(n)
	return m.write(by, action, id, nil)
}

// SetMember implements account.Store.
func (m *Memory) SetMember(_ context.Context, by audit.Actor, id ids.ID, x access.Membership, member bool) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	a := m.accounts[id]
	if a == nil {
		return notFound()
	}
	a.Members = slices.DeleteFunc(slices.Clone(a.Members), func(y access.Membership) bool { return x == y })
	if member {
		a.Members = append(a.Members, x)
	}
	return m.write(by, "people.change", id, map[string]string{"role": string(x.Role)})
}

// AddPasskey implements account.Store.
func (m *Memory) AddPasskey(_ context.Context, by audit.Actor, id ids.ID, p *account.Passkey) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	a := m.accounts[id]
	if a == nil {
		return notFound()
	}
	if _, err := m.find(func(x *account.Account) bool {
		return slices.ContainsFunc(x.Passkeys, func(y account.Passkey) bool { return bytes.Equal(y.Handle, p.Handle) })
	}); err == nil {
		return conflict()
	}
	a.Passkeys = append(slices.Clone(a.Passkeys), *p)
	return m.write(by, "account.passkey", id, nil)
}

// TouchPasskey implements account.Store.
func (m *Memory) TouchPasskey(_ context.Context, id, passkey ids.ID, credential []byte, at time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	a := m.accounts[id]
	if a == nil {
		return notFound()
	}
	a.Passkeys = slices.Clone(a.Passkeys)
	for i := range a.Passkeys {
		if a.Passkeys[i].ID == passkey {
			a.Passkeys[i].Credential, a.Passkeys[i].Used = bytes.Clone(credential), at
		}
	}
	return nil
}

// RemovePasskey implements account.Store.
func (m *Memory) RemovePasskey(_ context.Context, by audit.Actor, id, passkey ids.ID) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	a := m.accounts[id]
	if a == nil {
		return notFound()
	}
	a.Passkeys = slices.DeleteFunc(slices.Clone(a.Passkeys), func(p account.Passkey) bool { return p.ID == passkey })
	return m.write(by, "account.passkey-removed", id, nil)
}

// Note implements account.Store.
func (m *Memory) Note(_ context.Context, e audit.Entry) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.record(e)
}
