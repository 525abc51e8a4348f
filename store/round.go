package store

import (
	"context"
	"encoding/json"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/trust/access"
	"waymark/trust/audit"
)

const roundColumns = "id, programme, name, instrument, from_day, to_day, state, routes, created, retain, etag"

func scanRound(s scan) (*collection.Round, error) {
	var r collection.Round
	var routes string
	var created int64
	if err := s(&r.ID, &r.Programme, &r.Name, &r.Instrument, &r.From, &r.To, &r.State, &routes, &created, &r.Retain, &r.Etag); err != nil {
		return nil, err
	}
	r.Created = fromMillis(created)
	return &r, json.Unmarshal([]byte(routes), &r.Routes)
}

func getRound(r reader, id ids.ID) (*collection.Round, error) {
	return one(r, "round", "SELECT "+roundColumns+" FROM round WHERE id = $1", []any{id}, scanRound)
}

// Round implements collection.Programmes.
func (db *DB) Round(ctx context.Context, id ids.ID) (*collection.Round, error) {
	return getRound(db.on(ctx), id)
}

// ListRounds implements collection.Programmes, newest first.
func (db *DB) ListRounds(ctx context.Context, programme ids.ID) ([]*collection.Round, error) {
	return list(db.on(ctx), "SELECT "+roundColumns+" FROM round WHERE programme = $1 ORDER BY id DESC", []any{programme}, scanRound)
}

// programmeOf is the programme that a round is in; it never changes.
func (db *DB) programmeOf(r reader, round ids.ID) (ids.ID, error) {
	if p, ok := db.programmes.Load(round); ok {
		return p.(ids.ID), nil
	}
	var p ids.ID
	if err := r.One("SELECT programme FROM round WHERE id = $1", []any{round}, &p); err != nil {
		return 0, found(err, "round")
	}
	if _, committed := r.(look); committed {
		db.programmes.Store(round, p)
	}
	return p, nil
}

// PutRound implements collection.Programmes. A new round gets its keys; a deleted
// one is neither made nor changed here.
func (db *DB) PutRound(ctx context.Context, by audit.Actor, r *collection.Round) error {
	if r.State == collection.Deleted {
		return fault.New(fault.Invalid, fault.Place{Field: "state"}, "a round is deleted by a decision of two people", "propose its deletion")
	}
	row := *r
	if r.ID == 0 {
		row.ID, row.Etag = db.NewID(), 0
		if row.Created.IsZero() {
			row.Created = db.now()
		}
		if row.State == "" {
			row.State = collection.Preparing
		}
		if err := db.vault.Create(scopeOf(row.ID)); err != nil {
			return err
		}
	}
	row.Etag++
	if row.Routes == nil {
		row.Routes = []collection.Route{}
	}
	routes, err := json.Marshal(row.Routes)
	if err != nil {
		return err
	}
	err = db.Write(ctx, func(t *Tx) error {
		if r.ID == 0 {
			_, err := t.Exec(insertText("INSERT INTO round ("+roundColumns+") VALUES", "", 1, 11), row.ID, row.Programme, row.Name, row.Instrument,
				row.From, row.To, string(row.State), string(routes), millis(row.Created), row.Retain, row.Etag)
			if isOrphan(err) {
				return notFound("programme")
			}
			t.Record(entry(by, access.RoundSet, row.Programme, "round", row.ID, "new", "yes", "state", string(row.State)))
			return err
		}
		old, err := getRound(t, r.ID)
		if err != nil {
			return err
		}
		if old.State == collection.Deleted {
			return collection.NewBreach(fault.Conflict, "state", "state")
		}
		row.Programme, row.Created = old.Programme, old.Created
		action := access.RoundSet
		pairs := []string{"state", string(row.State)}
		if old.State != row.State {
			pairs = append(pairs, "from", string(old.State))
		}
		if old.Retain != row.Retain {
			action = access.RetentionPropose
			pairs = append(pairs, "retain", row.Retain)
		}
		t.Record(entry(by, action, row.Programme, "round", row.ID, pairs...))
		return t.change("round", row.ID, "UPDATE round SET name = $1, instrument = $2, from_day = $3, to_day = $4, state = $5, routes = $6, retain = $7, etag = $8 WHERE id = $9 AND etag = $10",
			row.Name, row.Instrument, row.From, row.To, string(row.State), string(routes), row.Retain, row.Etag, row.ID, r.Etag)
	})
	if err == nil {
		*r = row
	}
	return err
}

// keepRound reads a round, locks it against a change of state, and refuses one
// that is deleted.
func (t *Tx) keepRound(id ids.ID) (*collection.Round, error) {
	r, err := one(t, "round", "SELECT "+roundColumns+" FROM round WHERE id = $1 {SHARE}", []any{id}, scanRound)
	if err != nil {
		return nil, err
	}
	if r.State == collection.Deleted {
		return nil, roundDeleted()
	}
	return r, nil
}

// roundDeleted is the fault of a change in a round whose answers were deleted.
func roundDeleted() error {
	return fault.New(fault.Conflict, fault.Place{Field: "round"}, "the round was deleted", "use another round")
}
