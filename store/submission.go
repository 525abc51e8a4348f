package store

import (
	"context"
	"slices"
	"strconv"

	"waymark/internal/ids"
	"waymark/monitoring/collection"
)

var _ collection.Submissions = (*DB)(nil)

const submissionColumns = "s.id, s.round, s.form, s.version, s.instance, s.received, s.enumerator, s.sender, s.point, s.route, s.day, " +
	"s.state, s.complete, s.unreadable, s.revision, s.checked, s.errors, s.warnings, s.notes, s.twin, s.etag, s.draft, s.encrypted, s.worst"

// kept is a submission with what only the store knows of it.
type kept struct {
	collection.Submission
	draft     bool
	encrypted bool // its XML is still a manifest
	worst     int
}

// scanKept reads the columns of submissionColumns, and more behind them.
func scanKept(s scan, more ...any) (*kept, error) {
	var k kept
	var received int64
	var state int
	err := s(append([]any{&k.ID, &k.Round, &k.Form, &k.Version, &k.InstanceID, &received, &k.Enumerator, &k.Sender, &k.Point, &k.Route, &k.Day,
		&state, &k.Complete, &k.Unreadable, &k.Revision, &k.Checked, &k.Errors, &k.Warnings, &k.Notes, &k.Similar, &k.Etag, &k.draft, &k.encrypted, &k.worst}, more...)...)
	k.Received = fromMillis(received)
	if state >= 0 && state < len(collection.States) {
		k.State = collection.States[state]
	}
	return &k, err
}

func scanAlone(s scan) (*kept, error) { return scanKept(s) }

func scanSubmission(s scan) (*collection.Submission, error) {
	k, err := scanKept(s)
	if err != nil {
		return nil, err
	}
	return &k.Submission, nil
}

// stateNumber is a state as the database keeps it: its place in the list.
func stateNumber(s collection.State) int { return slices.Index(collection.States, s) }

// Submission implements collection.Submissions.
func (db *DB) Submission(ctx context.Context, id ids.ID) (*collection.Submission, error) {
	return one(db.on(ctx), "submission", "SELECT "+submissionColumns+" FROM submission s WHERE s.id = $1", []any{id}, scanSubmission)
}

// keepSubmission reads a submission to change it, and refuses one whose round is
// deleted.
func (t *Tx) keepSubmission(id ids.ID) (*kept, ids.ID, error) {
	k, err := one(t, "submission", "SELECT "+submissionColumns+" FROM submission s WHERE s.id = $1 {LOCK}", []any{id}, scanAlone)
	if err != nil {
		return nil, 0, err
	}
	r, err := t.keepRound(k.Round)
	if err != nil {
		return nil, 0, err
	}
	return k, r.Programme, nil
}

// Newest implements collection.Submissions; zero if there is none.
func (db *DB) Newest(ctx context.Context, round ids.ID) (ids.ID, error) {
	var id ids.ID
	err := db.on(ctx).One("SELECT coalesce(max(id), 0) FROM submission s WHERE s.round = $1 AND s.draft = 0", []any{round}, &id)
	return id, err
}

// Tallies implements collection.Submissions.
func (db *DB) Tallies(ctx context.Context, round ids.ID) ([]collection.Tally, error) {
	return list(db.on(ctx), "SELECT point, route, enumerator, day, state, n FROM tally WHERE round = $1 AND n > 0 ORDER BY point, route, enumerator, day, state", []any{round},
		func(s scan) (c collection.Tally, err error) {
			var state int
			err = s(&c.Point, &c.Route, &c.Enumerator, &c.Day, &state, &c.Count)
			if state >= 0 && state < len(collection.States) {
				c.State = collection.States[state]
			}
			return c, err
		})
}

// The kinds of margins: a round's submissions by one property at a time.
const (
	byRound marginKind = iota
	byState
	byPoint
	byRoute
	byEnumerator
	byDay
	byVersion
	byWorst
	byTwin
	byRule
)

// tally counts a submission as it is by times, +1 or -1. Tests of drafts stand in
// no total.
func (t *Tx) tally(k *kept, times int64) {
	if k.draft {
		return
	}
	state := stateNumber(k.State)
	t.counts.cell(cell{k.Round, k.Point, k.Route, k.Enumerator, k.Day, state}, times)
	m := func(kind marginKind, value string) { t.counts.margin(margin{k.Round, kind, value}, times) }
	m(byRound, "")
	m(byState, strconv.Itoa(state))
	m(byPoint, k.Point)
	m(byRoute, k.Route)
	m(byEnumerator, number(k.Enumerator))
	m(byDay, k.Day)
	m(byVersion, number(k.Version))
	if k.worst > 0 {
		m(byWorst, strconv.Itoa(k.worst))
	}
	if k.Similar != 0 {
		m(byTwin, "")
	}
}

// number is an ID as a margin's value.
func number(id ids.ID) string { return strconv.FormatInt(int64(id), 10) }
