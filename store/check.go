package store

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/trust/access"
	"waymark/trust/audit"
)

// Limits of what is kept of a check.
const (
	maxMarks    = 64
	maxFindings = 1000
)

// checker is who checks submissions.
var checker = audit.Actor{Kind: audit.System, Via: "job"}

// SetChecked implements collection.Submissions.
func (db *DB) SetChecked(ctx context.Context, results []collection.Checked) error {
	if len(results) == 0 {
		return nil
	}
	return db.Write(ctx, func(t *Tx) error {
		for i := range results {
			if err := t.setChecked(&results[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

func (t *Tx) setChecked(c *collection.Checked) error {
	k, programme, err := t.keepSubmission(c.Submission)
	if fault.KindOf(err) == fault.NotFound || fault.KindOf(err) == fault.Conflict {
		return nil // deleted meanwhile
	}
	if err != nil {
		return err
	}
	if k.Revision != c.Revision {
		return nil
	}
	next := *k
	next.Checked, next.Unreadable, next.Similar = true, c.Unreadable, c.Similar
	next.Point, next.Route = c.Point, c.Route
	if c.Day != "" {
		next.Day = c.Day
	}
	next.Errors, next.Warnings, next.Notes = 0, 0, 0
	for _, f := range c.Findings {
		switch f.Severity {
		case collection.SeverityError:
			next.Errors++
		case collection.SeverityWarning:
			next.Warnings++
		default:
			next.Notes++
		}
	}
	switch {
	case next.Errors > 0:
		next.worst = 3
	case next.Warnings > 0:
		next.worst = 2
	case next.Notes > 0:
		next.worst = 1
	default:
		next.worst = 0
	}
	if next.State == collection.Received && next.Errors > 0 {
		next.State = collection.HasIssues
		next.Etag++
		t.Record(entry(checker, access.SubmissionReview, programme, "submission", k.ID, "from", string(k.State), "to", string(next.State)))
	}
	if c.Opened != nil {
		if err := t.setOpened(k, &next, c); err != nil {
			return err
		}
	}
	if next.Similar != k.Similar {
		if err := t.setTwins(k, next.Similar); err != nil {
			return err
		}
	}
	if err := t.setFindings(k, c); err != nil {
		return err
	}
	t.tally(k, -1)
	t.tally(&next, 1)
	_, err = t.Exec(`UPDATE submission SET point = $1, route = $2, day = $3, state = $4, unreadable = $5, encrypted = $6, checked = 1,
 errors = $7, warnings = $8, notes = $9, worst = $10, twin = $11, etag = $12 WHERE id = $13`,
		next.Point, next.Route, next.Day, stateNumber(next.State), truth(next.Unreadable), truth(next.encrypted),
		next.Errors, next.Warnings, next.Notes, next.worst, next.Similar, next.Etag, k.ID)
	return err
}

// setOpened puts what was inside an encrypted submission in its place.
func (t *Tx) setOpened(k, next *kept, c *collection.Checked) error {
	sealed, err := t.db.vault.Seal(scopeOf(k.Round), c.Opened, bound("submission", k.ID, k.Revision))
	if err != nil {
		return err
	}
	if _, err := t.Exec("UPDATE revision SET xml = $1 WHERE submission = $2 AND number = $3", sealed, k.ID, k.Revision); err != nil {
		return err
	}
	next.encrypted = false
	// What came encrypted stays until the round is deleted, and is not shown: the
	// manifest had the key to it.
	if _, err := t.Exec("UPDATE attachment SET revision = 0 WHERE submission = $1 AND revision = $2", k.ID, k.Revision); err != nil {
		return err
	}
	if err := t.name(k.Round, k.ID, k.Revision, c.Names, c.Files); err != nil {
		return err
	}
	next.Complete, err = t.completed(k)
	return err
}

// setTwins makes two submissions each other's near-duplicate, as far as they have
// none yet, and undoes it where it does not hold any more.
func (t *Tx) setTwins(k *kept, twin ids.ID) error {
	set := func(id, was, is ids.ID, by int64) error {
		n, err := t.Exec("UPDATE submission SET twin = $1 WHERE id = $2 AND twin = $3 AND round = $4 AND draft = 0", is, id, was, k.Round)
		if n > 0 {
			t.counts.margin(margin{k.Round, byTwin, ""}, by)
		}
		return err
	}
	if k.Similar != 0 {
		if err := set(k.Similar, k.ID, 0, -1); err != nil {
			return err
		}
	}
	if twin != 0 {
		return set(twin, 0, k.ID, 1)
	}
	return nil
}

// setFindings replaces what an earlier check found.
func (t *Tx) setFindings(k *kept, c *collection.Checked) error {
	var packed []byte
	var before string
	err := t.One("SELECT marks, rules FROM checked WHERE submission = $1", []any{k.ID}, &packed, &before)
	if err != nil && !isNone(err) {
		return err
	}
	findings := c.Findings[:min(len(c.Findings), maxFindings)]
	rules := map[string]int{}
	for _, f := range findings {
		rules[f.Rule] = max(rules[f.Rule], severityNumber(f.Severity))
	}
	if !k.draft {
		for _, rule := range strings.Fields(before) {
			if _, err := t.Exec("DELETE FROM finding WHERE round = $1 AND rule = $2 AND submission = $3", k.Round, rule, k.ID); err != nil {
				return err
			}
			t.counts.margin(margin{k.Round, byRule, rule}, -1)
		}
		for rule, severity := range rules {
			if _, err := t.Exec("INSERT INTO finding (round, rule, submission, severity) VALUES ($1, $2, $3, $4)", k.Round, rule, k.ID, severity); err != nil {
				return err
			}
			t.counts.margin(margin{k.Round, byRule, rule}, 1)
		}
		if packed, err = t.setMarks(k, unpack(packed), c.Marks); err != nil {
			return err
		}
	}
	text, err := json.Marshal(findings)
	if err != nil {
		return err
	}
	sealed, err := t.db.vault.Seal(scopeOf(k.Round), text, bound("findings", k.ID, 0))
	if err != nil {
		return err
	}
	names := make([]string, 0, len(rules))
	for rule := range rules {
		names = append(names, rule)
	}
	slices.Sort(names)
	_, err = t.Exec("INSERT INTO checked (submission, marks, rules, findings) VALUES ($1, $2, $3, $4) ON CONFLICT (submission) DO UPDATE SET marks = excluded.marks, rules = excluded.rules, findings = excluded.findings",
		k.ID, filled(packed), strings.Join(names, " "), sealed)
	return err
}

func (t *Tx) setMarks(k *kept, before, now []int64) ([]byte, error) {
	now = slices.Clone(now[:min(len(now), maxMarks)])
	slices.Sort(now)
	now = slices.Compact(now)
	for _, m := range before {
		if !slices.Contains(now, m) {
			if _, err := t.Exec("DELETE FROM mark WHERE round = $1 AND mark = $2 AND submission = $3", k.Round, m, k.ID); err != nil {
				return nil, err
			}
		}
	}
	var rows [][]any
	for _, m := range now {
		if !slices.Contains(before, m) {
			rows = append(rows, []any{k.Round, m, k.ID})
		}
	}
	packed := make([]byte, 0, 8*len(now))
	for _, m := range now {
		packed = binary.LittleEndian.AppendUint64(packed, uint64(m))
	}
	return packed, insert(t, "INSERT INTO mark (round, mark, submission) VALUES", "", rows)
}

func unpack(packed []byte) (marks []int64) {
	for ; len(packed) >= 8; packed = packed[8:] {
		marks = append(marks, int64(binary.LittleEndian.Uint64(packed)))
	}
	return marks
}

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
