package account

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"time"

	"waymark/internal/fault"
	"waymark/internal/ids"
)

// TicketKey is the one value of a session.
const TicketKey = "ticket"

// Sessions keeps what scs asks to keep: it is a store and a codec of scs, which
// the edge joins with cookies. Tokens are stored as SHA-256, so that who reads the
// database cannot take anyone's session over.
type Sessions struct {
	store Store
	now   func() time.Time
}

// Sessions returns the service's keeper of sessions.
func (s *Service) Sessions() *Sessions { return &Sessions{store: s.store, now: s.now} }

// maxToken bounds what a browser may send as its token.
const maxToken = 100

// TokenHash is how a token is stored.
func TokenHash(token string) []byte {
	h := sha256.Sum256([]byte(token))
	return h[:]
}

// kept is a session's data as stored.
type kept struct {
	Deadline time.Time `json:"deadline"`
	Ticket   *Ticket   `json:"ticket,omitempty"`
}

// Encode implements scs.Codec. A session holds a ticket and nothing else.
func (k *Sessions) Encode(deadline time.Time, values map[string]any) ([]byte, error) {
	t, _ := values[TicketKey].(*Ticket)
	return json.Marshal(kept{Deadline: deadline, Ticket: t})
}

// Decode implements scs.Codec.
func (k *Sessions) Decode(b []byte) (time.Time, map[string]any, error) {
	var d kept
	if err := json.Unmarshal(b, &d); err != nil {
		return time.Time{}, nil, err
	}
	values := map[string]any{}
	if d.Ticket != nil {
		values[TicketKey] = d.Ticket
	}
	return d.Deadline, values, nil
}

// FindCtx implements scs.CtxStore. It finds only sessions within both limits, and
// keeps the time of use.
func (k *Sessions) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	if token == "" || len(token) > maxToken {
		return nil, false, nil
	}
	now, hash := k.now(), TokenHash(token)
	s, err := k.store.SessionFind(ctx, hash, now)
	if fault.KindOf(err) == fault.NotFound && err != nil {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	if now.Sub(s.Seen) > Idle || now.Sub(s.Created) > Absolute || !now.Before(s.Expires) {
		return nil, false, k.store.SessionDelete(ctx, hash)
	}
	if s.Account != 0 && now.Sub(s.Seen) >= seenEvery {
		if err := k.store.SessionSeen(ctx, hash, now); err != nil {
			return nil, false, err
		}
	}
	return s.Data, true, nil
}

// CommitCtx implements scs.CtxStore. Its own limits decide, not the expiry that
// scs computes by the system's clock.
func (k *Sessions) CommitCtx(ctx context.Context, token string, b []byte, _ time.Time) error {
	var d kept
	if err := json.Unmarshal(b, &d); err != nil {
		return err
	}
	now := k.now()
	s := &Session{Hash: TokenHash(token), Data: b, Created: now, Seen: now, Expires: now.Add(waiting)}
	if t := d.Ticket; t != nil && t.Account != 0 {
		s.Account, s.Created, s.Expires = t.Account, t.Since, t.Since.Add(Absolute)
	}
	return k.store.SessionPut(ctx, s)
}

// DeleteCtx implements scs.CtxStore.
func (k *Sessions) DeleteCtx(ctx context.Context, token string) error {
	return k.store.SessionDelete(ctx, TokenHash(token))
}

// Find implements scs.Store; scs calls FindCtx.
func (k *Sessions) Find(token string) ([]byte, bool, error) {
	return k.FindCtx(context.Background(), token)
}

// Commit implements scs.Store; scs calls CommitCtx.
func (k *Sessions) Commit(token string, b []byte, expiry time.Time) error {
	return k.CommitCtx(context.Background(), token, b, expiry)
}

// Delete implements scs.Store; scs calls DeleteCtx.
func (k *Sessions) Delete(token string) error { return k.DeleteCtx(context.Background(), token) }

// Holder returns the account behind a ticket, read anew so that suspension and a
// new password count at once; nil if the ticket lets nobody in any more.
func (s *Service) Holder(ctx context.Context, t *Ticket) (*Account, error) {
	if t == nil || t.Account == 0 {
		return nil, nil
	}
	a, err := s.store.Account(ctx, t.Account)
	if err != nil {
		if fault.KindOf(err) == fault.NotFound {
			return nil, nil
		}
		return nil, err
	}
	if a.State != Active || a.Epoch != t.Epoch {
		return nil, nil
	}
	return a, nil
}

// Open is a session as its owner sees it in a list.
type Open struct {
	Hash          []byte
	Agent         string
	Strong        bool
	Created, Seen time.Time
	// Here says that it is the one that asks.
	Here bool
}

// OpenSessions lists a person's sessions, newest first. here is the hash of the
// one that asks, or nil.
func (s *Service) OpenSessions(ctx context.Context, id ids.ID, here []byte) ([]Open, error) {
	list, err := s.store.SessionsOf(ctx, id)
	if err != nil {
		return nil, err
	}
	now := s.now()
	var open []Open
	for _, x := range list {
		if now.Sub(x.Seen) > Idle || !now.Before(x.Expires) {
			continue
		}
		o := Open{Hash: x.Hash, Created: x.Created, Seen: x.Seen, Here: string(x.Hash) == string(here)}
		var d kept
		if json.Unmarshal(x.Data, &d) == nil && d.Ticket != nil {
			o.Agent, o.Strong = d.Ticket.Agent, d.Ticket.Strong
		}
		open = append(open, o)
	}
	return open, nil
}

// EndSession ends one of a person's own sessions. One that is not theirs is NotFound.
func (s *Service) EndSession(ctx context.Context, id ids.ID, hash []byte) error {
	list, err := s.store.SessionsOf(ctx, id)
	if err != nil {
		return err
	}
	for _, x := range list {
		if string(x.Hash) == string(hash) {
			if err := s.store.SessionDelete(ctx, hash); err != nil {
				return err
			}
			return s.note(ctx, Actor(id), SignedOut, id, "how", "elsewhere")
		}
	}
	return fault.New(fault.NotFound, fault.Place{}, "there is no such session", "it may have ended already")
}
