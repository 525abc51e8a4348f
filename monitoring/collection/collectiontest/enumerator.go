package collectiontest

import (
	"context"
	"time"

	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/trust/audit"
)

// FieldEnumerator implements collection.Enumerators, as do the methods below.
func (s *Store) FieldEnumerator(_ context.Context, id ids.ID) (*collection.FieldEnumerator, error) {
	defer s.begin("")()
	return find(s.enumerators, id)
}

func (s *Store) ListEnumerators(_ context.Context, round ids.ID) ([]*collection.FieldEnumerator, error) {
	defer s.begin("")()
	return sorted(s.enumerators, func(e *collection.FieldEnumerator) bool { return e.Round == round },
		func(a, b *collection.FieldEnumerator) bool { return a.Code < b.Code }), nil
}

func (s *Store) PutEnumerator(_ context.Context, _ audit.Actor, e *collection.FieldEnumerator, hash []byte) error {
	defer s.begin("enumerator")()
	return s.putEnumerator(e, hash)
}

func (s *Store) putEnumerator(e *collection.FieldEnumerator, hash []byte) error {
	if err := put(s, s.enumerators, e, &e.ID, &e.Etag, func(e *collection.FieldEnumerator) int64 { return e.Etag }); err != nil {
		return err
	}
	if hash != nil {
		s.forget(e.ID)
		s.tokens[string(hash)] = e.ID
	}
	return nil
}

func (s *Store) forget(id ids.ID) {
	for h, e := range s.tokens {
		if e == id {
			delete(s.tokens, h)
		}
	}
}

func (s *Store) PutEnumerators(_ context.Context, _ audit.Actor, round ids.ID, list []*collection.FieldEnumerator, hashes [][]byte) error {
	defer s.begin("enumerators")()
	for _, e := range list {
		if was := s.enumerators[e.ID]; e.ID != 0 && (was == nil || was.Etag != e.Etag) {
			return conflict()
		}
	}
	for i, e := range list {
		var hash []byte
		if hashes != nil {
			hash = hashes[i]
		}
		if err := s.putEnumerator(e, hash); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) EnumeratorByToken(_ context.Context, hash []byte) (*collection.FieldEnumerator, error) {
	defer s.begin("")()
	e := s.enumerators[s.tokens[string(hash)]]
	if e == nil || !e.Revoked.IsZero() {
		return nil, missing()
	}
	return copied(e), nil
}

func (s *Store) RevokeEnumerator(_ context.Context, _ audit.Actor, id ids.ID, at time.Time) error {
	defer s.begin("revoke")()
	e := s.enumerators[id]
	if e == nil {
		return missing()
	}
	e.Revoked = at
	e.Etag++
	s.forget(id)
	return nil
}

func (s *Store) TouchEnumerator(_ context.Context, id ids.ID, at time.Time) error {
	defer s.begin("")()
	if e := s.enumerators[id]; e != nil {
		e.Used = at.Truncate(time.Hour)
	}
	return nil
}
