package referraltest

import (
	"bytes"
	"context"
	"io"
	"slices"
	"time"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/referral"
)

// sending is a message with what the outbox keeps about it.
type sending struct {
	referral.Message
	next, lent time.Time
}

// PutContent implements referral.Documents, as does Content.
func (m *Memory) PutContent(_ context.Context, matter ids.ID, r io.Reader, most int64) (string, int64, error) {
	content, err := io.ReadAll(io.LimitReader(r, most+1))
	if err != nil {
		return "", 0, err
	}
	if int64(len(content)) > most {
		return "", 0, fault.New(fault.Invalid, fault.Place{}, "the file is too large", "choose a smaller one")
	}
	defer m.lock()()
	mt := m.matters[matter]
	if mt == nil || mt.State == referral.Erased {
		return "", 0, missing()
	}
	if m.contents[matter] == nil {
		m.contents[matter] = map[string][]byte{}
	}
	ref := m.ids.New().String()
	m.contents[matter][ref] = content
	return ref, int64(len(content)), nil
}

func (m *Memory) Content(_ context.Context, matter ids.ID, ref string) (io.ReadCloser, error) {
	defer m.lock()()
	content, ok := m.contents[matter][ref]
	if !ok {
		return nil, missing()
	}
	return io.NopCloser(bytes.NewReader(content)), nil
}

// Claim implements referral.Outbox, as do the methods below.
func (m *Memory) Claim(_ context.Context, at time.Time, lease time.Duration, limit int) ([]*referral.Message, error) {
	defer m.lock()()
	var lent []*referral.Message
	for _, s := range m.messages {
		if len(lent) == limit {
			break
		}
		if s.State != referral.Waiting || s.next.After(at) || s.lent.After(at) {
			continue
		}
		s.lent = at.Add(lease)
		s.Tries++
		c := copied(&s.Message)
		c.Body = bytes.Clone(s.Body)
		lent = append(lent, c)
	}
	return lent, nil
}

func (m *Memory) Settle(ctx context.Context, id ids.ID, state referral.MessageState, code string, next time.Time, c *referral.Change) error {
	m.mu.Lock()
	at := slices.IndexFunc(m.messages, func(s *sending) bool { return s.ID == id })
	var now referral.MessageState
	if at >= 0 {
		now = m.messages[at].State
	}
	m.mu.Unlock()
	switch {
	case at < 0:
		return missing()
	case now == referral.Delivered && state == referral.Delivered:
		return nil // said twice
	case now != referral.Waiting:
		return conflict()
	}
	if c != nil && state != referral.Waiting {
		if _, err := m.Do(ctx, c); err != nil {
			return err
		}
	}
	defer m.lock()()
	for _, s := range m.messages {
		if s.ID != id {
			continue
		}
		s.State, s.Code, s.next, s.lent = state, code, next, time.Time{}
		if state == referral.Delivered {
			s.Body = nil
		}
	}
	return nil
}

func (m *Memory) Messages(_ context.Context, matter ids.ID) ([]*referral.Message, error) {
	defer m.lock()()
	var of []*referral.Message
	for _, s := range m.messages {
		if s.Matter == matter {
			c := copied(&s.Message)
			c.Body = nil
			of = append(of, c)
		}
	}
	return of, nil
}
