package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/trust/audit"
)

// Limits of what is kept of a check.
const (
	maxMarks    = 64
	maxFindings = 1000
)

// checker is who checks submissions.
var checker = audit.Actor{Kind: audit.System, Via: "job"}

// Findings implements collection.Submissions.
func (db *DB) Findings(ctx context.Context, id ids.ID) ([]collection.Finding, error) {
	s, err := db.Submission(ctx, id)
	if err != nil {
		return nil, err
	}
	var sealed []byte
	if err := db.on(ctx).One("SELECT findings FROM checked WHERE submission = $1", []any{id}, &sealed); err != nil {
		if isNone(err) {
			return nil, nil
		}
		return nil, err
	}
	text, err := db.vault.Open(scopeOf(s.Round), sealed, bound("findings", id, 0))
	if err != nil {
		return nil, err
	}
	var all []collection.Finding
	return all, json.Unmarshal(text, &all)
}

// perMark bounds how many submissions of one mark are compared: what hundreds
// share tells nobody apart.
const perMark = 500

// Resemble implements collection.Submissions.
func (db *DB) Resemble(ctx context.Context, round, except ids.ID, wanted []int64, atLeast, limit int) ([]collection.Resemblance, error) {
	wanted = slices.Clone(wanted[:min(len(wanted), maxMarks)])
	slices.Sort(wanted)
	wanted = slices.Compact(wanted)
	if len(wanted) == 0 {
		return nil, nil
	}
	q := query{}
	roundArg, exceptArg := q.arg(round), q.arg(except)
	q.text = "SELECT submission, count(*) AS shared FROM ("
	for i, m := range wanted {
		if i > 0 {
			q.text += " UNION ALL "
		}
		q.text += "SELECT submission FROM (SELECT submission FROM mark WHERE round = " + roundArg + " AND mark = " + q.arg(m) + " AND submission <> " + exceptArg +
			fmt.Sprintf(" ORDER BY submission DESC LIMIT %d) m%d", perMark, i)
	}
	q.text += ") a GROUP BY submission HAVING count(*) >= " + q.arg(atLeast) + " ORDER BY shared DESC, submission DESC LIMIT " + q.arg(limit)
	return list(db.on(ctx), q.text, q.args, func(s scan) (r collection.Resemblance, err error) {
		return r, s(&r.Submission, &r.Shared)
	})
}
