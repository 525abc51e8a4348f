package accounttest

import (
	"bytes"
	"context"
	"slices"
	"time"

	"waymark/internal/ids"
	"waymark/trust/account"
	"waymark/trust/audit"
)

// AddInvitation implements account.Store.
func (m *Memory) AddInvitation(_ context.Context, _ audit.Actor, inv *account.Invitation) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for k, x := range m.invitations {
		if x.Account == inv.Account {
			delete(m.invitations, k)
		}
	}
	n := *inv
	m.invitations[string(inv.Hash)] = &n
	return nil
}

// Invitation implements account.Store.
func (m *Memory) Invitation(_ context.Context, hash []byte, now time.Time) (*account.Invitation, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	inv := m.invitations[string(hash)]
	if inv == nil || !now.Before(inv.Expires) {
		return nil, notFound()
	}
	n := *inv
	return &n, nil
}

// UseInvitation implements account.Store.
func (m *Memory) UseInvitation(_ context.Context, _ audit.Actor, hash []byte, now time.Time) (*account.Invitation, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	inv := m.invitations[string(hash)]
	if inv == nil || !now.Before(inv.Expires) {
		return nil, notFound()
	}
	delete(m.invitations, string(hash))
	return inv, nil
}

// SessionFind implements account.Store.
func (m *Memory) SessionFind(_ context.Context, hash []byte, now time.Time) (*account.Session, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.sessions[string(hash)]
	if s == nil || !now.Before(s.Expires) {
		return nil, notFound()
	}
	n := *s
	n.Data = bytes.Clone(s.Data)
	return &n, nil
}

// SessionPut implements account.Store.
func (m *Memory) SessionPut(_ context.Context, s *account.Session) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := *s
	n.Data = bytes.Clone(s.Data)
	m.sessions[string(s.Hash)] = &n
	return nil
}

// SessionSeen implements account.Store.
func (m *Memory) SessionSeen(_ context.Context, hash []byte, at time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if s := m.sessions[string(hash)]; s != nil {
		s.Seen = at
	}
	return nil
}

// SessionDelete implements account.Store.
func (m *Memory) SessionDelete(_ context.Context, hash []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.sessions, string(hash))
	return nil
}

// SessionsOf implements account.Store.
func (m *Memory) SessionsOf(_ context.Context, id ids.ID) ([]*account.Session, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var list []*account.Session
	for _, s := range m.sessions {
		if s.Account == id {
			n := *s
			list = append(list, &n)
		}
	}
	slices.SortFunc(list, func(a, b *account.Session) int { return b.Created.Compare(a.Created) })
	return list, nil
}

// EndSessions implements account.Store.
func (m *Memory) EndSessions(_ context.Context, by audit.Actor, id ids.ID, except []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for k, s := range m.sessions {
		if s.Account == id && !bytes.Equal(s.Hash, except) {
			delete(m.sessions, k)
		}
	}
	return m.write(by, "account.sessions-ended", id, nil)
}

// SweepSessions implements account.Store.
func (m *Memory) SweepSessions(_ context.Context, now time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for k, s := range m.sessions {
		if !now.Before(s.Expires) {
			delete(m.sessions, k)
		}
	}
	return nil
}

// CountSessions is how many sessions there are.
func (m *Memory) CountSessions() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.sessions)
}

// Failures implements account.Store.
func (m *Memory) Failures(_ context.Context, key string, since time.Time) (int, time.Time, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	n, last := 0, time.Time{}
	for _, at := range m.failures[key] {
		if !at.Before(since) {
			n++
			if at.After(last) {
				last = at
			}
		}
	}
	return n, last, nil
}

// Fail implements account.Store.
func (m *Memory) Fail(_ context.Context, key string, at time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.failures[key] = append(m.failures[key], at)
	return nil
}

// Succeed implements account.Store.
func (m *Memory) Succeed(_ context.Context, key string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.failures, key)
	return nil
}

// SweepFailures implements account.Store.
func (m *Memory) SweepFailures(_ context.Context, before time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for k, times := range m.failures {
		times = slices.DeleteFunc(times, func(at time.Time) bool { return at.Before(before) })
		if len(times) == 0 {
			delete(m.failures, k)
		} else {
			m.failures[k] = times
		}
	}
	return nil
}
