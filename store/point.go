package store

import (
	"context"
	"strconv"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/trust/access"
	"waymark/trust/audit"
)

const pointColumns = "id, round, code, name, route, lat, lon, etag"

func scanPoint(s scan) (*collection.Point, error) {
	var p collection.Point
	return &p, s(&p.ID, &p.Round, &p.Code, &p.Name, &p.Route, &p.Lat, &p.Lon, &p.Etag)
}

// ListPoints implements collection.Programmes, by code.
func (db *DB) ListPoints(ctx context.Context, round ids.ID) ([]*collection.Point, error) {
	return list(db.on(ctx), "SELECT "+pointColumns+" FROM round_point WHERE round = $1 ORDER BY code", []any{round}, scanPoint)
}

// PutPoint implements collection.Programmes.
func (db *DB) PutPoint(ctx context.Context, by audit.Actor, p *collection.Point) error {
	return db.PutPoints(ctx, by, p.Round, []*collection.Point{p})
}

// PutPoints implements collection.Programmes.
func (db *DB) PutPoints(ctx context.Context, by audit.Actor, round ids.ID, points []*collection.Point) error {
	rows := make([]collection.Point, len(points))
	for i, p := range points {
		rows[i] = *p
		rows[i].Round = round
		if p.ID == 0 {
			rows[i].ID, rows[i].Etag = db.NewID(), 0
		}
		rows[i].Etag++
	}
	err := db.Write(ctx, func(t *Tx) error {
		r, err := t.keepRound(round)
		if err != nil {
			return err
		}
		for i, p := range points {
			row := &rows[i]
			if err := t.freeCode("round_point", round, row.Code, row.ID); err != nil {
				return err
			}
			if p.ID == 0 {
				_, err = t.Exec(insertText("INSERT INTO round_point ("+pointColumns+") VALUES", "", 1, 8),
					row.ID, round, row.Code, row.Name, row.Route, row.Lat, row.Lon, row.Etag)
			} else {
				err = t.change("round_point", row.ID, "UPDATE round_point SET code = $1, name = $2, route = $3, lat = $4, lon = $5, etag = $6 WHERE id = $7 AND round = $8 AND etag = $9",
					row.Code, row.Name, row.Route, row.Lat, row.Lon, row.Etag, row.ID, round, p.Etag)
			}
			if err != nil {
				return taken(err)
			}
		}
		if len(rows) == 1 {
			t.Record(entry(by, access.RoundSet, r.Programme, "point", rows[0].ID, "round", round.String()))
		} else {
			t.Record(entry(by, access.RoundSet, r.Programme, "round", round, "points", strconv.Itoa(len(rows))))
		}
		return nil
	})
	if err == nil {
		for i := range points {
			*points[i] = rows[i]
		}
	}
	return err
}

// freeCode refuses a code that another row of the round has.
func (t *Tx) freeCode(table string, round ids.ID, code string, except ids.ID) error {
	var n int
	if err := t.One("SELECT count(*) FROM "+table+" WHERE round = $1 AND code = $2 AND id <> $3", []any{round, code, except}, &n); err != nil {
		return err
	}
	if n > 0 {
		return collection.NewBreach(fault.Conflict, "code", "taken")
	}
	return nil
}

// taken says for people what a unique index of codes found.
func taken(err error) error {
	if isTwice(err) {
		return collection.NewBreach(fault.Conflict, "code", "taken")
	}
	return err
}

// RemovePoint implements collection.Programmes. Submissions keep the point's code.
func (db *DB) RemovePoint(ctx context.Context, by audit.Actor, round, point ids.ID) error {
	return db.Write(ctx, func(t *Tx) error {
		r, err := t.keepRound(round)
		if err != nil {
			return err
		}
		if _, err := t.Exec("DELETE FROM round_target WHERE point = $1 AND round = $2", point, round); err != nil {
			return err
		}
		if _, err := t.Exec("DELETE FROM enumerator_point WHERE point = $1 AND enumerator IN (SELECT id FROM enumerator WHERE round = $2)", point, round); err != nil {
			return err
		}
		n, err := t.Exec("DELETE FROM round_point WHERE id = $1 AND round = $2", point, round)
		if err == nil && n == 0 {
			err = notFound("point")
		}
		t.Record(entry(by, access.RoundSet, r.Programme, "point", point, "removed", "yes", "round", round.String()))
		return err
	})
}
