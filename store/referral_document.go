package store

import (
	"context"
	"io"

	"waymark/internal/ids"
	"waymark/referral"
)

// PutContent implements referral.Documents. The same content in one matter has one
// name; in two matters it has two, which cannot be told to be of the same.
func (r *Referral) PutContent(ctx context.Context, matter ids.ID, content io.Reader, most int64) (ref string, size int64, err error) {
	if r.contents == nil {
		return "", 0, noContents()
	}
	m, err := r.Matter(ctx, matter)
	if err != nil {
		return "", 0, err
	}
	if m.State == referral.Erased {
		return "", 0, referral.Gone(m.ErasedAt)
	}
	address, size, _, err := r.contents.PutFile(ctx, matter, content, most)
	if err != nil {
		return "", 0, err
	}
	err = r.db.Write(ctx, func(t *Tx) error {
		now, err := one(t, "matter", "SELECT "+matterColumns+" FROM matter m WHERE m.id = $1 {LOCK}", []any{matter}, scanMatter)
		if err != nil {
			return err
		}
		if now.State == referral.Erased { // meanwhile; what was put is of no use, and is collected
			return referral.Gone(now.ErasedAt)
		}
		_, err = t.Exec("INSERT INTO matter_content (matter, address, size, made) VALUES ($1, $2, $3, $4) ON CONFLICT (matter, address) DO NOTHING", matter, address, size, millis(r.db.now()))
		return err
	})
	return address, size, err
}

// Content implements referral.Documents. A name that is not of this matter is not
// there, whoever else has it.
func (r *Referral) Content(ctx context.Context, matter ids.ID, ref string) (io.ReadCloser, error) {
	if r.contents == nil {
		return nil, noContents()
	}
	var address string
	if err := r.db.on(ctx).One("SELECT address FROM matter_content WHERE matter = $1 AND address = $2", []any{matter, ref}, &address); err != nil {
		return nil, found(err, "file")
	}
	return r.contents.OpenFile(ctx, matter, address)
}
