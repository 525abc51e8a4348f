package store

import (
	"context"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/trust/access"
	"waymark/trust/audit"
)

var _ collection.Forms = (*DB)(nil)

const formColumns = "id, round, form_id, title, state, current, draft, managed, created, etag"

func scanForm(s scan) (*collection.Form, error) {
	var f collection.Form
	var created int64
	err := s(&f.ID, &f.Round, &f.FormID, &f.Title, &f.State, &f.Current, &f.Draft, &f.Managed, &created, &f.Etag)
	f.Created = fromMillis(created)
	return &f, err
}

func getForm(r reader, id ids.ID) (*collection.Form, error) {
	return one(r, "form", "SELECT "+formColumns+" FROM form WHERE id = $1", []any{id}, scanForm)
}

// Form implements collection.Forms.
func (db *DB) Form(ctx context.Context, id ids.ID) (*collection.Form, error) {
	return getForm(db.on(ctx), id)
}

// FormByFormID implements collection.Forms.
func (db *DB) FormByFormID(ctx context.Context, round ids.ID, formID string) (*collection.Form, error) {
	return one(db.on(ctx), "form", "SELECT "+formColumns+" FROM form WHERE round = $1 AND form_id = $2", []any{round, formID}, scanForm)
}

// FormByDraftToken implements collection.Forms.
func (db *DB) FormByDraftToken(ctx context.Context, hash []byte) (*collection.Form, error) {
	return one(db.on(ctx), "form", "SELECT "+formColumns+" FROM form WHERE draft_token = $1 AND draft <> 0", []any{hash}, scanForm)
}

// ListForms implements collection.Forms, oldest first.
func (db *DB) ListForms(ctx context.Context, round ids.ID) ([]*collection.Form, error) {
	return list(db.on(ctx), "SELECT "+formColumns+" FROM form WHERE round = $1 ORDER BY id", []any{round}, scanForm)
}

// PutForm implements collection.Forms. Current and Draft are set by Publish and
// PutDraft, not here.
func (db *DB) PutForm(ctx context.Context, by audit.Actor, f *collection.Form) error {
	row := *f
	if f.ID == 0 {
		row.ID, row.Etag, row.Current, row.Draft = db.NewID(), 0, 0, 0
		if row.Created.IsZero() {
			row.Created = db.now()
		}
		if row.State == "" {
			row.State = collection.FormDraft
		}
	}
	row.Etag++
	err := db.Write(ctx, func(t *Tx) error {
		r, err := t.keepRound(f.Round)
		if err != nil {
			return err
		}
		pairs := []string{"state", string(row.State)}
		if f.ID == 0 {
			pairs = append(pairs, "new", "yes")
			_, err = t.Exec("INSERT INTO form ("+formColumns+") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
				row.ID, row.Round, row.FormID, row.Title, string(row.State), row.Current, row.Draft, truth(row.Managed), millis(row.Created), row.Etag)
			if isTwice(err) {
				err = fault.New(fault.Conflict, fault.Place{Field: "file"}, "the round has a form with this form_id already", "upload it as a new version of that form")
			}
		} else {
			err = t.change("form", row.ID, "UPDATE form SET title = $1, state = $2, managed = $3, etag = $4 WHERE id = $5 AND round = $6 AND etag = $7",
				row.Title, string(row.State), truth(row.Managed), row.Etag, row.ID, row.Round, f.Etag)
		}
		t.Record(entry(by, access.FormSet, r.Programme, "form", row.ID, pairs...))
		return err
	})
	if err == nil {
		*f = row
	}
	return err
}

// DraftToken implements collection.Forms.
func (db *DB) DraftToken(ctx context.Context, by audit.Actor, form ids.ID, hash []byte) error {
	token := "made"
	if len(hash) == 0 {
		hash, token = nil, "removed"
	}
	return db.Write(ctx, func(t *Tx) error {
		f, programme, err := t.keepForm(form)
		if err != nil {
			return err
		}
		_, err = t.Exec("UPDATE form SET draft_token = $1 WHERE id = $2", hash, f.ID)
		t.Record(entry(by, access.FormSet, programme, "form", f.ID, "draft-token", token))
		return err
	})
}

// keepForm reads a form to change it, and the programme of its round.
func (t *Tx) keepForm(id ids.ID) (*collection.Form, ids.ID, error) {
	f, err := one(t, "form", "SELECT "+formColumns+" FROM form WHERE id = $1 {LOCK}", []any{id}, scanForm)
	if err != nil {
		return nil, 0, err
	}
	r, err := t.keepRound(f.Round)
	if err != nil {
		return nil, 0, err
	}
	return f, r.Programme, nil
}
