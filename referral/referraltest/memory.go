// Package referraltest holds a store of networks, concerns and cases in memory, and a
// small network of synthetic agencies, for tests of what uses package referral. It
// keeps what a real store promises: etags that clash, codes, grants that end, an
// outbox that lends, and erasure after which nothing can be read.
//
// It knows no database and no key. Tests only.
package referraltest

import (
	"context"
	"slices"
	"sync"
	"time"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/referral"
	"waymark/trust/audit"
)

// Memory is a referral.Store in memory. It may be used by many goroutines.
type Memory struct {
	mu  sync.Mutex
	now func() time.Time
	ids *ids.Source

	networks map[ids.ID]*referral.Network
	agencies map[ids.ID]*referral.Agency
	members  map[ids.ID]map[ids.ID]ids.ID // network, account, agency
	links    map[ids.ID]*referral.Link
	tokens   map[string]ids.ID
	rules    map[string][]byte

	matters  map[ids.ID]*referral.Matter
	parts    map[ids.ID][]*referral.Part
	grants   []*referral.Grant
	codes    map[referral.CodeKind]map[string]ids.ID
	messages []*sending
	contents map[ids.ID]map[string][]byte
	entries  []audit.Sequenced
	fail     error
}

var _ referral.Store = (*Memory)(nil)

// NewMemory returns an empty store whose clock is now. Required.
func NewMemory(now func() time.Time) *Memory {
	return &Memory{now: now, ids: ids.NewSource(now),
		networks: map[ids.ID]*referral.Network{}, agencies: map[ids.ID]*referral.Agency{},
		members: map[ids.ID]map[ids.ID]ids.ID{}, links: map[ids.ID]*referral.Link{},
		tokens: map[string]ids.ID{}, rules: map[string][]byte{},
		matters: map[ids.ID]*referral.Matter{}, parts: map[ids.ID][]*referral.Part{},
		codes:    map[referral.CodeKind]map[string]ids.ID{},
		contents: map[ids.ID]map[string][]byte{}}
}

// Fail makes every change of a matter fail with err until it is called with nil.
func (m *Memory) Fail(err error) {
	defer m.lock()()
	m.fail = err
}

// Entries are what the audit holds.
func (m *Memory) Entries() []audit.Sequenced {
	defer m.lock()()
	return slices.Clone(m.entries)
}

func (m *Memory) lock() func() {
	m.mu.Lock()
	return m.mu.Unlock
}

func missing() error { return fault.New(fault.NotFound, fault.Place{}, "it is not there", "") }

func conflict() error {
	return fault.New(fault.Conflict, fault.Place{}, "somebody else changed it meanwhile", "look at it as it is now")
}

func copied[T any](x *T) *T {
	c := *x
	return &c
}

func (m *Memory) record(e audit.Entry, network ids.ID, subject string) {
	if e.At.IsZero() {
		e.At = m.now()
	}
	e.Programme, e.Subject = network, subject
	m.entries = append(m.entries, audit.Sequenced{Number: int64(len(m.entries)), Entry: e})
}

func subject(mt *referral.Matter) string { return string(mt.Kind) + ":" + mt.ID.String() }

// Matter implements referral.Matters, as do the methods of this file.
func (m *Memory) Matter(_ context.Context, id ids.ID) (*referral.Matter, error) {
	defer m.lock()()
	if mt := m.matters[id]; mt != nil {
		return copied(mt), nil
	}
	return nil, missing()
}

func (m *Memory) MatterByCode(_ context.Context, kind referral.CodeKind, digest []byte) (*referral.Matter, error) {
	defer m.lock()()
	if mt := m.matters[m.codes[kind][string(digest)]]; mt != nil {
		return copied(mt), nil
	}
	return nil, missing()
}

func (m *Memory) Open(_ context.Context, by audit.Actor, id ids.ID, action string) (*referral.File, error) {
	defer m.lock()()
	mt := m.matters[id]
	if mt == nil {
		return nil, missing()
	}
	if mt.State == referral.Erased {
		return nil, referral.Gone(mt.ErasedAt)
	}
	f := &referral.File{Matter: *mt}
	for _, p := range m.parts[id] {
		c := copied(p)
		c.Body = slices.Clone(p.Body)
		f.Parts = append(f.Parts, c)
	}
	m.record(audit.Entry{Actor: by, Action: action}, mt.Network, subject(mt))
	return f, nil
}

func (m *Memory) MatterHistory(_ context.Context, id ids.ID) ([]audit.Sequenced, error) {
	defer m.lock()()
	mt := m.matters[id]
	if mt == nil {
		return nil, missing()
	}
	var of []audit.Sequenced
	for _, e := range m.entries {
		if e.Subject == subject(mt) {
			of = append(of, e)
		}
	}
	return of, nil
}

func (m *Memory) Erase(_ context.Context, by audit.Actor, id ids.ID) error {
	defer m.lock()()
	mt := m.matters[id]
	if mt == nil {
		return missing()
	}
	if mt.State == referral.Erased {
		return nil
	}
	mt.State, mt.ErasedAt, mt.KeepUntil, mt.Print = referral.Erased, m.now(), time.Time{}, "erased-"+id.String()
	mt.Etag++
	delete(m.parts, id)
	delete(m.contents, id)
	m.messages = slices.DeleteFunc(m.messages, func(s *sending) bool { return s.Matter == id })
	m.forget(id)
	m.record(audit.Entry{Actor: by, Action: audit.KeyDestroyed}, mt.Network, subject(mt))
	return nil
}

func (m *Memory) forget(id ids.ID) {
	for _, of := range m.codes {
		for digest, matter := range of {
			if matter == id {
				delete(of, digest)
			}
		}
	}
}

func (m *Memory) Expired(_ context.Context, at time.Time, limit int) ([]*referral.Matter, error) {
	defer m.lock()()
	var due []*referral.Matter
	for _, mt := range m.matters {
		if mt.State != referral.Erased && !mt.KeepUntil.IsZero() && !mt.KeepUntil.After(at) {
			due = append(due, copied(mt))
		}
	}
	slices.SortFunc(due, func(a, b *referral.Matter) int { return a.KeepUntil.Compare(b.KeepUntil) })
	return due[:min(len(due), limit)], nil
}

func (m *Memory) RotateKeys(_ context.Context, by audit.Actor, progress func(done, all int)) error {
	defer m.lock()()
	if n := len(m.matters); progress != nil {
		progress(n, n)
	}
	m.record(audit.Entry{Actor: by, Action: "case.keys-rotated"}, 0, "")
	return nil
}
