package collectiontest

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"io"
	"time"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/trust/audit"
)

// Due implements collection.Deletions, as do the methods below.
func (s *Store) Due(_ context.Context, before string) ([]*collection.Round, error) {
	defer s.begin("")()
	return sorted(s.rounds, func(r *collection.Round) bool {
		return r.Retain != "" && r.Retain < before && r.State != collection.Deleted
	}, func(a, b *collection.Round) bool { return a.Retain < b.Retain }), nil
}

func (s *Store) ListDeletions(_ context.Context, round ids.ID) ([]*collection.Deletion, error) {
	defer s.begin("")()
	return sorted(s.deletions, func(d *collection.Deletion) bool { return d.Round == round }, newest), nil
}

func newest(a, b *collection.Deletion) bool { return a.ID > b.ID }

func (s *Store) PendingDeletions(_ context.Context, programme ids.ID) ([]*collection.Deletion, error) {
	defer s.begin("")()
	return sorted(s.deletions, func(d *collection.Deletion) bool {
		stage := d.Stage()
		return s.rounds[d.Round].Programme == programme && (stage == collection.DeletionProposed || stage == collection.DeletionApproved)
	}, newest), nil
}

func (s *Store) ProposeDeletion(_ context.Context, by audit.Actor, d *collection.Deletion) error {
	defer s.begin("propose")()
	var former []*collection.Deletion
	for _, f := range s.deletions {
		if f.Round == d.Round {
			former = append(former, f)
		}
	}
	if err := collection.CheckProposal(s.rounds[d.Round], d, former); err != nil {
		return err
	}
	d.ID, d.Proposer = s.next(), by.ID
	s.deletions[d.ID] = copied(d)
	return nil
}

func (s *Store) DecideDeletion(_ context.Context, by audit.Actor, id ids.ID, approved bool, at time.Time) error {
	defer s.begin("decide")()
	d := s.deletions[id]
	if d == nil {
		return missing()
	}
	if err := collection.CheckDecision(d, by.ID); err != nil {
		return err
	}
	d.Approver, d.Decided, d.Approved = by.ID, at, approved
	return nil
}

func (s *Store) DeleteRound(_ context.Context, _ audit.Actor, deletion ids.ID, at time.Time) (*collection.Deletion, error) {
	defer s.begin("delete")()
	d := s.deletions[deletion]
	if d == nil || !d.Approved {
		return nil, conflict()
	}
	d.Done, d.Proof = at, []byte(`{"round":"`+d.Round.String()+`","submissions":12,"revisions":14,"files":3,"states":{"received":2,"approved":10},"key":"c0ffee","entry":77}`)
	s.rounds[d.Round].State = collection.Deleted
	s.rounds[d.Round].Etag++
	return copied(d), nil
}

// PutFile implements collection.Files.
func (s *Store) PutFile(_ context.Context, _ ids.ID, r io.Reader, limit int64) (string, int64, string, error) {
	content, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return "", 0, "", err
	}
	if int64(len(content)) > limit {
		return "", 0, "", fault.New(fault.Invalid, fault.Place{}, "the file is too large", "")
	}
	defer s.begin("content")()
	sum := md5.Sum(content)
	address := hex.EncodeToString(sum[:])
	s.files[address] = content
	return address, int64(len(content)), address, nil
}

// OpenFile implements collection.Files.
func (s *Store) OpenFile(_ context.Context, _ ids.ID, address string) (io.ReadCloser, error) {
	defer s.begin("")()
	content, ok := s.files[address]
	if !ok {
		return nil, missing()
	}
	return io.NopCloser(bytes.NewReader(content)), nil
}
