package store

import (
	"context"

	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/trust/access"
	"waymark/trust/audit"
)

var _ collection.Programmes = (*DB)(nil)

const programmeColumns = "id, name, about, demo, created, etag"

func scanProgramme(s scan) (*collection.Programme, error) {
	var p collection.Programme
	var created int64
	err := s(&p.ID, &p.Name, &p.About, &p.Demo, &created, &p.Etag)
	p.Created = fromMillis(created)
	return &p, err
}

// Programme implements collection.Programmes.
func (db *DB) Programme(ctx context.Context, id ids.ID) (*collection.Programme, error) {
	return one(db.on(ctx), "programme", "SELECT "+programmeColumns+" FROM programme WHERE id = $1", []any{id}, scanProgramme)
}

// ListProgrammes implements collection.Programmes, by name.
func (db *DB) ListProgrammes(ctx context.Context) ([]*collection.Programme, error) {
	return list(db.on(ctx), "SELECT "+programmeColumns+" FROM programme ORDER BY name, id", nil, scanProgramme)
}

// PutProgramme implements collection.Programmes.
func (db *DB) PutProgramme(ctx context.Context, by audit.Actor, p *collection.Programme) error {
	if err := p.Check(); err != nil {
		return err
	}
	row, action := *p, access.ProgrammeSet
	if p.ID == 0 {
		row.ID, row.Etag, action = db.NewID(), 0, access.ProgrammeAdd
		if row.Created.IsZero() {
			row.Created = db.now()
		}
	}
	row.Etag++
	err := db.Write(ctx, func(t *Tx) error {
		t.Record(entry(by, action, row.ID, "programme", row.ID))
		if p.ID == 0 {
			_, err := t.Exec("INSERT INTO programme (id, name, about, demo, created, etag) VALUES ($1, $2, $3, $4, $5, $6)",
				row.ID, row.Name, row.About, truth(row.Demo), millis(row.Created), row.Etag)
			return err
		}
		return t.change("programme", row.ID, "UPDATE programme SET name = $1, about = $2, demo = $3, etag = $4 WHERE id = $5 AND etag = $6",
			row.Name, row.About, truth(row.Demo), row.Etag, row.ID, p.Etag)
	})
	if err == nil {
		*p = row
	}
	return err
}

// entry makes an audit entry; pairs are names and values of its detail.
func entry(by audit.Actor, action access.Action, programme ids.ID, kind string, id ids.ID, pairs ...string) audit.Entry {
	e := audit.Entry{Actor: by, Action: string(action), Programme: programme}
	if id != 0 {
		e.Subject = kind + ":" + id.String()
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if e.Detail == nil {
			e.Detail = make(map[string]string, len(pairs)/2)
		}
		e.Detail[pairs[i]] = pairs[i+1]
	}
	return e
}
