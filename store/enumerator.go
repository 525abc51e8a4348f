package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/trust/access"
	"waymark/trust/audit"
)

var _ collection.Enumerators = (*DB)(nil)

const enumeratorColumns = "id, round, code, name, created, coded, revoked, used, etag"

// enumeratorQuery reads whole enumerators, in one question with their points: every
// post of a phone begins with it.
const enumeratorQuery = "SELECT " + enumeratorColumns + `,
 (SELECT string_agg(CAST(p.point AS TEXT), ' ') FROM enumerator_point p WHERE p.enumerator = enumerator.id) FROM enumerator WHERE `

func (db *DB) scanEnumerator(s scan) (*collection.FieldEnumerator, error) {
	var e collection.FieldEnumerator
	var name []byte
	var created, coded, revoked, used int64
	var points sql.NullString
	err := s(&e.ID, &e.Round, &e.Code, &name, &created, &coded, &revoked, &used, &e.Etag, &points)
	for _, text := range strings.Fields(points.String) {
		point, bad := strconv.ParseInt(text, 10, 64)
		err = errors.Join(err, bad)
		e.Points = append(e.Points, ids.ID(point))
	}
	slices.Sort(e.Points)
	if err == nil {
		e.Name, err = db.openText(scopeOf(e.Round), name, bound("enumerator", e.ID, 0))
	}
	e.Created, e.Coded, e.Revoked, e.Used = fromMillis(created), fromMillis(coded), fromMillis(revoked), fromMillis(used)
	return &e, err
}

func (db *DB) getEnumerator(r reader, where string, args ...any) (*collection.FieldEnumerator, error) {
	return one(r, "enumerator", enumeratorQuery+where, args, db.scanEnumerator)
}

// FieldEnumerator implements collection.Enumerators.
func (db *DB) FieldEnumerator(ctx context.Context, id ids.ID) (*collection.FieldEnumerator, error) {
	return db.getEnumerator(db.on(ctx), "id = $1", id)
}

// EnumeratorByToken implements collection.Enumerators.
func (db *DB) EnumeratorByToken(ctx context.Context, hash []byte) (*collection.FieldEnumerator, error) {
	return db.getEnumerator(db.on(ctx), "token = $1 AND revoked = 0", hash)
}

// ListEnumerators implements collection.Enumerators, by code.
func (db *DB) ListEnumerators(ctx context.Context, round ids.ID) ([]*collection.FieldEnumerator, error) {
	return list(db.on(ctx), enumeratorQuery+"round = $1 ORDER BY code", []any{round}, db.scanEnumerator)
}

// PutEnumerator implements collection.Enumerators.
func (db *DB) PutEnumerator(ctx context.Context, by audit.Actor, e *collection.FieldEnumerator, tokenHash []byte) error {
	return db.PutEnumerators(ctx, by, e.Round, []*collection.FieldEnumerator{e}, [][]byte{tokenHash})
}

// PutEnumerators implements collection.Enumerators. A token is the present code
// from now on, and lets in again who was revoked. Used is not changed here.
func (db *DB) PutEnumerators(ctx context.Context, by audit.Actor, round ids.ID, people []*collection.FieldEnumerator, tokenHashes [][]byte) error {
	if tokenHashes != nil && len(tokenHashes) != len(people) {
		return fault.New(fault.Internal, fault.Place{}, "there is not one token for each enumerator", "")
	}
	scope := scopeOf(round)
	rows := make([]collection.FieldEnumerator, len(people))
	names := make([][]byte, len(people))
	tokens := 0
	for i, e := range people {
		row := *e
		row.Round = round
		if e.ID == 0 {
			row.ID, row.Etag = db.NewID(), 0
			if row.Created.IsZero() {
				row.Created = db.now()
			}
		}
		row.Etag++
		if tokenHashes != nil && len(tokenHashes[i]) > 0 {
			tokens++
			row.Coded, row.Revoked = db.now(), time.Time{}
		}
		var err error
		if names[i], err = db.sealText(scope, row.Name, bound("enumerator", row.ID, 0)); err != nil {
			return err
		}
		rows[i] = row
	}
	err := db.Write(ctx, func(t *Tx) error {
		r, err := t.keepRound(round)
		if err != nil {
			return err
		}
		for i, e := range people {
			var token []byte
			if tokenHashes != nil {
				token = tokenHashes[i]
			}
			if err := t.putEnumerator(&rows[i], e.ID == 0, e.Etag, names[i], token); err != nil {
				return err
			}
		}
		if len(rows) == 1 {
			t.Record(entry(by, access.EnumeratorSet, r.Programme, "enumerator", rows[0].ID, "round", round.String(), "tokens", strconv.Itoa(tokens)))
		} else {
			t.Record(entry(by, access.EnumeratorSet, r.Programme, "round", round, "enumerators", strconv.Itoa(len(rows)), "tokens", strconv.Itoa(tokens)))
		}
		return nil
	})
	if err == nil {
		for i := range people {
			*people[i] = rows[i]
		}
	}
	return err
}

func (t *Tx) putEnumerator(e *collection.FieldEnumerator, isNew bool, etag int64, name, token []byte) error {
	if err := t.freeCode("enumerator", e.Round, e.Code, e.ID); err != nil {
		return err
	}
	if isNew {
		if len(token) == 0 {
			token = nil
		}
		if _, err := t.Exec("INSERT INTO enumerator ("+enumeratorColumns+", token) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
			e.ID, e.Round, e.Code, name, millis(e.Created), millis(e.Coded), millis(e.Revoked), millis(e.Used), e.Etag, token); err != nil {
			return taken(err)
		}
	} else {
		if err := t.change("enumerator", e.ID, "UPDATE enumerator SET code = $1, name = $2, coded = $3, revoked = $4, etag = $5 WHERE id = $6 AND round = $7 AND etag = $8",
			e.Code, name, millis(e.Coded), millis(e.Revoked), e.Etag, e.ID, e.Round, etag); err != nil {
			return taken(err)
		}
		if len(token) > 0 {
			if _, err := t.Exec("UPDATE enumerator SET token = $1 WHERE id = $2", token, e.ID); err != nil {
				return err
			}
		}
		if _, err := t.Exec("DELETE FROM enumerator_point WHERE enumerator = $1", e.ID); err != nil {
			return err
		}
	}
	for _, p := range e.Points {
		n, err := t.Exec("INSERT INTO enumerator_point (enumerator, point) SELECT $1, id FROM round_point WHERE id = $2 AND round = $3", e.ID, p, e.Round)
		if err != nil {
			return stranger(err, "point")
		}
		if n == 0 {
			return notFound("point")
		}
	}
	return nil
}

// RevokeEnumerator implements collection.Enumerators. The token is forgotten, so
// that only a new code lets the phone in again.
func (db *DB) RevokeEnumerator(ctx context.Context, by audit.Actor, id ids.ID, at time.Time) error {
	return db.Write(ctx, func(t *Tx) error {
		e, err := db.getEnumerator(t, "id = $1", id)
		if err != nil {
			return err
		}
		programme, err := db.programmeOf(t, e.Round)
		if err != nil {
			return err
		}
		_, err = t.Exec("UPDATE enumerator SET revoked = $1, token = NULL, etag = etag + 1 WHERE id = $2", millis(at), id)
		t.Record(entry(by, access.EnumeratorSet, programme, "enumerator", id, "round", e.Round.String(), "revoked", "yes"))
		return err
	})
}

// TouchEnumerator implements collection.Enumerators. It writes once an hour.
func (db *DB) TouchEnumerator(ctx context.Context, id ids.ID, at time.Time) error {
	hour := millis(at.Truncate(time.Hour))
	var used int64
	if err := db.on(ctx).One("SELECT used FROM enumerator WHERE id = $1", []any{id}, &used); err != nil {
		return found(err, "enumerator")
	}
	if used >= hour {
		return nil
	}
	return db.Write(ctx, func(t *Tx) error {
		_, err := t.Exec("UPDATE enumerator SET used = $1 WHERE id = $2 AND used < $1", hour, id)
		return err
	})
}
