package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"waymark/internal/ids"
	"waymark/referral"
	"waymark/trust/audit"
	"waymark/trust/vault"
)

const partColumns = "p.id, p.matter, p.kind, p.agency, p.purpose, p.private, p.due, p.for_account, p.done, p.made, p.changed, p.by_account, p.etag"

// partRow is a part as the database keeps it.
type partRow struct {
	p                  referral.Part
	due, made, changed int64
}

// columns are where to put those of partColumns.
func (w *partRow) columns() []any {
	p := &w.p
	return []any{&p.ID, &p.Matter, &p.Kind, &p.Agency, &p.Purpose, &p.Private, &w.due, &p.For, &p.Done, &w.made, &w.changed, &p.By, &p.Etag}
}

func (w *partRow) part() *referral.Part {
	w.p.Due, w.p.Made, w.p.Changed = fromMillis(w.due), fromMillis(w.made), fromMillis(w.changed)
	return &w.p
}

// boundPart is what a part's content is bound to: its place, its state, and whatever
// decides who may see it, so that none of them can be changed beside us.
func boundPart(p *referral.Part) string {
	private := "shown"
	if p.Private {
		private = "private"
	}
	return "part:" + p.ID.String() + ":" + strconv.FormatInt(p.Etag, 10) + ":" + string(p.Kind) + ":" + p.Agency.String() + ":" + string(p.Purpose) + ":" + private
}

// Open implements referral.Matters. The entry is durable before the content is given
// out.
func (r *Referral) Open(ctx context.Context, by audit.Actor, id ids.ID, action string) (*referral.File, error) {
	m, err := r.Matter(ctx, id)
	if err != nil {
		return nil, err
	}
	if m.State == referral.Erased {
		return nil, referral.Gone(m.ErasedAt)
	}
	f, err := r.read(ctx, m)
	if errors.Is(err, vault.ErrDestroyed) {
		return nil, r.settleErased(ctx, id)
	}
	if err != nil {
		return nil, err
	}
	return f, r.db.Note(ctx, audit.Entry{Actor: by, Action: action, Programme: m.Network, Subject: matterSubject(m)})
}

// read reads and opens the parts of a matter.
func (r *Referral) read(ctx context.Context, m *referral.Matter) (*referral.File, error) {
	f := &referral.File{Matter: *m}
	scope := caseScope(m.ID)
	err := r.db.on(ctx).Each("SELECT "+partColumns+", p.body FROM matter_part p WHERE p.matter = $1 ORDER BY p.id", []any{m.ID}, func(s scan) error {
		var w partRow
		var sealed []byte
		if err := s(append(w.columns(), &sealed)...); err != nil {
			return err
		}
		p := w.part()
		p.Body = sealed
		f.Parts = append(f.Parts, p)
		return nil
	})
	if err == nil && r.keys.Destroyed(scope) { // also where there is no part
		err = fmt.Errorf("matter: %w", vault.ErrDestroyed)
	}
	for _, p := range f.Parts {
		if err != nil {
			break
		}
		p.Body, err = r.keys.Open(scope, p.Body, boundPart(p))
	}
	if err != nil {
		return nil, err
	}
	return f, nil
}

// settleErased ends an erasure that the database does not know of: it was broken off,
// or the database is an older one that was restored.
func (r *Referral) settleErased(ctx context.Context, id ids.ID) error {
	if err := r.Erase(ctx, audit.Actor{Kind: audit.System, Via: "store"}, id); err != nil {
		return err
	}
	m, err := r.Matter(ctx, id)
	if err != nil {
		return err
	}
	return referral.Gone(m.ErasedAt)
}
