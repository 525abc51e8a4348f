package store

import (
	"context"
	"strconv"

	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/trust/access"
	"waymark/trust/audit"
)

// ListPeriods implements collection.Programmes, in the order in which they were set.
func (db *DB) ListPeriods(ctx context.Context, round ids.ID) ([]*collection.Period, error) {
	return list(db.on(ctx), "SELECT id, round, name, from_day, to_day FROM round_period WHERE round = $1 ORDER BY place, id", []any{round},
		func(s scan) (*collection.Period, error) {
			var p collection.Period
			return &p, s(&p.ID, &p.Round, &p.Name, &p.From, &p.To)
		})
}

// ListTargets implements collection.Programmes.
func (db *DB) ListTargets(ctx context.Context, round ids.ID) ([]collection.Target, error) {
	return list(db.on(ctx), "SELECT point, period, n FROM round_target WHERE round = $1 ORDER BY period, point", []any{round},
		func(s scan) (t collection.Target, err error) {
			return t, s(&t.Point, &t.Period, &t.Count)
		})
}

// SetTargets implements collection.Programmes.
func (db *DB) SetTargets(ctx context.Context, by audit.Actor, round ids.ID, etag int64, periods []*collection.Period, targets []collection.Target) error {
	made := make([]ids.ID, len(periods))
	for i, p := range periods {
		if made[i] = p.ID; p.ID == 0 {
			made[i] = db.NewID()
		}
	}
	err := db.Write(ctx, func(t *Tx) error {
		r, err := t.keepRound(round)
		if err != nil {
			return err
		}
		if err := t.change("round", round, "UPDATE round SET etag = etag + 1 WHERE id = $1 AND etag = $2", round, etag); err != nil {
			return err
		}
		for _, table := range []string{"round_target", "round_period"} {
			if _, err := t.Exec("DELETE FROM "+table+" WHERE round = $1", round); err != nil {
				return err
			}
		}
		var rows [][]any
		for i, p := range periods {
			rows = append(rows, []any{made[i], round, i, p.Name, p.From, p.To})
		}
		if err := insert(t, "INSERT INTO round_period (id, round, place, name, from_day, to_day) VALUES", "", rows); err != nil {
			return stranger(err, "period")
		}
		rows = nil
		for _, g := range targets {
			if g.Count > 0 {
				rows = append(rows, []any{g.Point, g.Period, round, g.Count})
			}
		}
		if err := insert(t, "INSERT INTO round_target (point, period, round, n) VALUES", "", rows); err != nil {
			return stranger(err, "point or period")
		}
		var strangers int
		if err := t.One("SELECT count(*) FROM round_target g JOIN round_point p ON p.id = g.point JOIN round_period d ON d.id = g.period WHERE g.round = $1 AND (p.round <> $1 OR d.round <> $1)",
			[]any{round}, &strangers); err != nil {
			return err
		}
		if strangers > 0 {
			return notFound("point or period")
		}
		t.Record(entry(by, access.RoundSet, r.Programme, "round", round, "periods", strconv.Itoa(len(periods)), "targets", strconv.Itoa(len(rows))))
		return nil
	})
	if err == nil {
		for i, p := range periods {
			p.ID, p.Round = made[i], round
		}
	}
	return err
}

// stranger is the fault for a row that names what is not there.
func stranger(err error, what string) error {
	if isOrphan(err) || isTwice(err) {
		return notFound(what)
	}
	return err
}
