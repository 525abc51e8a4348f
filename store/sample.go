package store

import (
	"context"
	"errors"
	"io"

	"waymark/internal/ids"
	"waymark/referral"
	"waymark/trust/vault"
)

// Sample says how much of what is sealed opens with the keys that there are.
type Sample struct {
	Accounts int `json:"accounts"`
	Answers  int `json:"answers"`
	Files    int `json:"files"`
	Matters  int `json:"matters"` // concerns and cases
	// Destroyed counts rounds whose keys were destroyed, as was decided. Nothing of
	// them opens.
	Destroyed int `json:"rounds_destroyed"`
	// Erased counts concerns and cases that the database has and whose keys were
	// destroyed since.
	Erased int `json:"matters_destroyed"`
	// Faults counts what should open and does not; Fault is the first reason.
	Faults int   `json:"faults"`
	Fault  error `json:"-"`
}

func (s *Sample) fault(err error) {
	if s.Faults++; s.Fault == nil {
		s.Fault = err
	}
}

// TakeSample opens all accounts, of each round at most perRound answers from its
// whole length, with their files, and as many concerns and cases. Nobody sees any of it, so that no entry is
// written. Its own error is one of reading the database.
func (db *DB) TakeSample(ctx context.Context, perRound int) (*Sample, error) {
	var s Sample
	all, err := db.Accounts(ctx, 0)
	switch {
	case err == nil:
		s.Accounts = len(all)
	case isSealed(err):
		s.fault(err)
	default:
		return nil, err
	}
	rounds, err := list(db.on(ctx), "SELECT id FROM round ORDER BY id", nil, scanID)
	if err != nil {
		return nil, err
	}
	for _, round := range rounds {
		err := db.keyTrouble(round)
		if errors.Is(err, vault.ErrDestroyed) {
			s.Destroyed++
			continue
		}
		if err != nil {
			s.fault(err)
			continue
		}
		if err := db.sampleRound(ctx, &s, round, perRound); err != nil {
			return nil, err
		}
	}
	return &s, db.sampleMatters(ctx, &s, perRound)
}

// sampleMatters opens matters from the whole length of all that there are, each with
// one of its files.
func (db *DB) sampleMatters(ctx context.Context, s *Sample, n int) error {
	if _, none := db.cases.(noCaseKeys); none {
		return nil
	}
	const open = " FROM matter m WHERE m.state <> 'erased'"
	var first, last ids.ID
	if err := db.on(ctx).One("SELECT coalesce(min(m.id), 0), coalesce(max(m.id), 0)"+open, nil, &first, &last); err != nil || last == 0 {
		return err
	}
	var some []*referral.Matter
	for i := range n {
		from := first + (last-first)/ids.ID(max(n-1, 1))*ids.ID(i)
		one, err := list(db.on(ctx), "SELECT "+matterColumns+open+" AND m.id >= $1 ORDER BY m.id LIMIT 1", []any{from}, scanMatter)
		if err != nil {
			return err
		}
		some = append(some, one...)
	}
	// Those that lie close together are met twice; the first make up for them.
	more, err := list(db.on(ctx), "SELECT "+matterColumns+open+" ORDER BY m.id LIMIT $1", []any{n}, scanMatter)
	if err != nil {
		return err
	}
	r := db.Referral()
	seen := map[ids.ID]bool{}
	for _, m := range append(some, more...) {
		if seen[m.ID] || len(seen) == n {
			continue
		}
		seen[m.ID] = true
		switch _, err := r.read(ctx, m); {
		case err == nil:
			s.Matters++
			err = r.sampleContent(ctx, s, m.ID)
			if err != nil {
				return err
			}
		case errors.Is(err, vault.ErrDestroyed):
			s.Erased++
		case isSealed(err):
			s.fault(err)
		default:
			return err
		}
	}
	return nil
}

func (r *Referral) sampleContent(ctx context.Context, s *Sample, matter ids.ID) error {
	var address string
	err := r.db.on(ctx).One("SELECT address FROM matter_content WHERE matter = $1 ORDER BY address LIMIT 1", []any{matter}, &address)
	if isNone(err) || r.contents == nil {
		return nil
	}
	if err != nil {
		return err
	}
	s.openFile(r.contents.OpenFile(ctx, matter, address))
	return nil
}

// openFile reads a file to its end.
func (s *Sample) openFile(r io.ReadCloser, err error) {
	if err == nil {
		_, err = io.Copy(io.Discard, r)
		r.Close()
	}
	if err != nil {
		s.fault(err)
		return
	}
	s.Files++
}

func (db *DB) sampleRound(ctx context.Context, s *Sample, round ids.ID, n int) error {
	var first, last ids.ID
	err := db.on(ctx).One("SELECT coalesce(min(id), 0), coalesce(max(id), 0) FROM submission WHERE round = $1", []any{round}, &first, &last)
	if err != nil || last == 0 {
		return err
	}
	seen := map[ids.ID]bool{}
	look := func(id ids.ID) error {
		if seen[id] || len(seen) == n {
			return nil
		}
		seen[id] = true
		switch _, err := db.answers(db.on(ctx), []ids.ID{id}); {
		case err == nil:
			s.Answers++
		case isSealed(err):
			s.fault(err)
		default:
			return err
		}
		return db.sampleFile(ctx, s, round, id)
	}
	for i := range n {
		from := first + (last-first)/ids.ID(max(n-1, 1))*ids.ID(i)
		var id ids.ID
		err := db.on(ctx).One("SELECT id FROM submission WHERE round = $1 AND id >= $2 ORDER BY id LIMIT 1", []any{round, from}, &id)
		if err == nil {
			err = look(id)
		}
		if err != nil {
			return err
		}
	}
	// Many that came within a moment lie close together; the first make up for those
	// that were met twice.
	more, err := list(db.on(ctx), "SELECT id FROM submission WHERE round = $1 ORDER BY id LIMIT $2", []any{round, n}, scanID)
	for _, id := range more {
		if err == nil {
			err = look(id)
		}
	}
	return err
}

// sampleFile opens one file of a submission to its end.
func (db *DB) sampleFile(ctx context.Context, s *Sample, round, submission ids.ID) error {
	if db.contents == nil {
		return nil
	}
	found, err := list(db.on(ctx), "SELECT address FROM attachment WHERE submission = $1 AND address <> '' LIMIT 1", []any{submission},
		func(s scan) (string, error) {
			var a string
			err := s(&a)
			return a, err
		})
	if err != nil || len(found) == 0 {
		return err
	}
	s.openFile(db.contents.OpenFile(ctx, round, found[0]))
	return nil
}

// isSealed says that something does not open, and the database is sound.
func isSealed(err error) bool {
	return errors.Is(err, vault.ErrAltered) || errors.Is(err, vault.ErrNoKey) || errors.Is(err, vault.ErrDestroyed)
}
