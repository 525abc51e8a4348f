// Package handovertest holds a fake service of an authority, a process that can be
// killed at any step of a delivery, and what every store and sender must keep: a
// package is delivered once, and its case is Sent once. Tests only.
//
// It knows no database and no network.
package handovertest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"

	"waymark/internal/ids"
	"waymark/referral"
	"waymark/trust/audit"

	"time"
	"waymark/referral/handover"
)

// Service takes a key once, as real ones must: the same key again is answered with the
// first receipt, another body under it is refused.
type Service struct {
	mu sync.Mutex
	// Answers are failures to give before anything is taken, one an attempt.
	Answers []handover.Code
	// Before is called with every attempt, or nil.
	Before func(key string)
	taken  map[string][]byte
	seen   int
}

// Send implements handover.Sender.
func (s *Service) Send(_ context.Context, key string, body []byte) (string, error) {
	if s.Before != nil {
		s.Before(key)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen++
	if len(s.Answers) > 0 {
		code := s.Answers[0]
		s.Answers = s.Answers[1:]
		return "", &handover.Failure{Code: code}
	}
	if have, ok := s.taken[key]; ok {
		if !bytes.Equal(have, body) {
			return "", &handover.Failure{Code: handover.KeyTaken}
		}
		return "receipt-of-" + key, nil
	}
	if s.taken == nil {
		s.taken = map[string][]byte{}
	}
	s.taken[key] = bytes.Clone(body)
	return "receipt-of-" + key, nil
}

// Taken is how many packages it has, Seen how many attempts there were.
func (s *Service) Taken() int { s.mu.Lock(); defer s.mu.Unlock(); return len(s.taken) }

// Seen is how many attempts there were.
func (s *Service) Seen() int { s.mu.Lock(); defer s.mu.Unlock(); return s.seen }

// Body is what it took under a key.
func (s *Service) Body(key string) []byte { s.mu.Lock(); defer s.mu.Unlock(); return s.taken[key] }

// errKilled is what a process that was killed would never see.
var errKilled = errors.New("the process was killed")

// process is a store and a sender of one process, which is killed at a step: before it
// does anything, or after it is done and before its answer arrives.
type process struct {
	referral.Store
	sender handover.Sender
	at     int
	after  bool
	steps  int
	dead   bool
}

func (p *process) step(do func() error) error {
	if p.dead {
		return errKilled
	}
	p.steps++
	if p.steps == p.at && !p.after {
		p.dead = true
		return errKilled
	}
	err := do()
	if p.steps == p.at {
		p.dead = true
		return errKilled
	}
	return err
}

func (p *process) Send(ctx context.Context, key string, body []byte) (receipt string, err error) {
	err = p.step(func() error { receipt, err = p.sender.Send(ctx, key, body); return err })
	if p.dead { // nobody is there to look at what came of it
		panic(errKilled)
	}
	return receipt, err
}

func (p *process) Claim(ctx context.Context, at time.Time, lease time.Duration, limit int) (m []*referral.Message, err error) {
	return m, p.step(func() error { m, err = p.Store.Claim(ctx, at, lease, limit); return err })
}

func (p *process) Matter(ctx context.Context, id ids.ID) (m *referral.Matter, err error) {
	err = p.step(func() error { m, err = p.Store.Matter(ctx, id); return err })
	return m, err
}

func (p *process) Open(ctx context.Context, by audit.Actor, id ids.ID, action string) (f *referral.File, err error) {
	err = p.step(func() error { f, err = p.Store.Open(ctx, by, id, action); return err })
	return f, err
}

func (p *process) Network(ctx context.Context, id ids.ID) (n *referral.Network, err error) {
	err = p.step(func() error { n, err = p.Store.Network(ctx, id); return err })
	return n, err
}

func (p *process) Settle(ctx context.Context, id ids.ID, state referral.MessageState, code string, next time.Time, c *referral.Change) error {
	return p.step(func() error { return p.Store.Settle(ctx, id, state, code, next, c) })
}

func (p *process) Do(ctx context.Context, c *referral.Change) (id ids.ID, err error) {
	err = p.step(func() error { id, err = p.Store.Do(ctx, c); return err })
	return id, err
}

func (p *process) Messages(ctx context.Context, matter ids.ID) (m []*referral.Message, err error) {
	err = p.step(func() error { m, err = p.Store.Messages(ctx, matter); return err })
	return m, err
}

func (p *process) String() string {
	return fmt.Sprintf("killed at step %d, after it %v", p.at, p.after)
}
