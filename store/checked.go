package store

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"slices"
	"strings"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/trust/access"
)

// checkedAtOnce is how many results one part writes: phones wait behind it.
const checkedAtOnce = 32

// SetChecked implements collection.Submissions.
func (db *DB) SetChecked(ctx context.Context, results []collection.Checked) error {
	for some := range slices.Chunk(results, checkedAtOnce) {
		err := db.Write(ctx, func(t *Tx) error {
			w, err := t.keepWaiting(some)
			if err != nil {
				return err
			}
			for i := range some {
				if err := w.set(&some[i]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// waiting is what results are written to, read in few queries for many of them.
// What one result changes of another's submission is changed here too.
type waiting struct {
	*Tx
	kept       map[ids.ID]*kept
	programmes map[ids.ID]ids.ID // of rounds that are not deleted
	before     map[ids.ID]lastCheck
}

// lastCheck is what stands in the tables mark and finding of a submission.
type lastCheck struct {
	marks []byte
	rules string
}

// keepWaiting locks the submissions of results, in the order of their IDs, and
// their rounds.
func (t *Tx) keepWaiting(results []collection.Checked) (*waiting, error) {
	w := &waiting{t, map[ids.ID]*kept{}, map[ids.ID]ids.ID{}, map[ids.ID]lastCheck{}}
	list := make([]any, checkedAtOnce) // always as many, so that the statements are the same
	for i := range list {
		list[i] = results[min(i, len(results)-1)].Submission
	}
	if len(results) == 1 {
		list = list[:1]
	}
	in := " IN (" + marks(1, len(list)) + ")"
	err := t.Each("SELECT "+submissionColumns+" FROM submission s WHERE s.id"+in+" ORDER BY s.id {LOCK}", list, func(s scan) error {
		k, err := scanKept(s)
		w.kept[k.ID] = k
		return err
	})
	if err != nil {
		return nil, err
	}
	seen := map[ids.ID]bool{}
	for _, k := range w.kept {
		if seen[k.Round] {
			continue
		}
		seen[k.Round] = true
		r, err := t.keepRound(k.Round)
		switch kind := fault.KindOf(err); {
		case err == nil:
			w.programmes[k.Round] = r.Programme
		case kind != fault.NotFound && kind != fault.Conflict: // not deleted meanwhile
			return nil, err
		}
	}
	return w, t.Each("SELECT submission, marks, rules FROM checked WHERE submission"+in, list, func(s scan) error {
		var id ids.ID
		var c lastCheck
		err := s(&id, &c.marks, &c.rules)
		w.before[id] = c
		return err
	})
}

// set writes one result, unless its submission was deleted or has new answers.
func (w *waiting) set(c *collection.Checked) error {
	t, k := w.Tx, w.kept[c.Submission]
	if k == nil || k.Revision != c.Revision {
		return nil
	}
	programme, ok := w.programmes[k.Round]
	if !ok {
		return nil
	}
	next := *k
	next.Checked, next.Unreadable, next.Similar = true, c.Unreadable, c.Similar
	next.Point, next.Route = c.Point, c.Route
	if c.Day != "" {
		next.Day = c.Day
	}
	next.Errors, next.Warnings, next.Notes, next.worst = 0, 0, 0, 0
	for _, f := range c.Findings {
		next.worst = max(next.worst, severityNumber(f.Severity))
		switch f.Severity {
		case collection.SeverityError:
			next.Errors++
		case collection.SeverityWarning:
			next.Warnings++
		default:
			next.Notes++
		}
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
		if err := w.setTwins(k, next.Similar); err != nil {
			return err
		}
	}
	if err := w.setFindings(k, c); err != nil {
		return err
	}
	t.tally(k, -1)
	t.tally(&next, 1)
	w.kept[k.ID] = &next
	return t.Later(`UPDATE submission SET point = $1, route = $2, day = $3, state = $4, unreadable = $5, encrypted = $6, checked = 1,
 errors = $7, warnings = $8, notes = $9, worst = $10, twin = $11, etag = $12 WHERE id = $13`,
		next.Point, next.Route, next.Day, stateNumber(next.State), truth(next.Unreadable), truth(next.encrypted),
		next.Errors, next.Warnings, next.Notes, next.worst, next.Similar, next.Etag, k.ID)
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
func (w *waiting) setTwins(k *kept, twin ids.ID) error {
	set := func(id, was, is ids.ID, by int64) error {
		n, err := w.Exec("UPDATE submission SET twin = $1 WHERE id = $2 AND twin = $3 AND round = $4 AND draft = 0", is, id, was, k.Round)
		if n > 0 {
			w.counts.margin(margin{k.Round, byTwin, ""}, by)
			if other := w.kept[id]; other != nil {
				other.Similar = is
			}
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
func (w *waiting) setFindings(k *kept, c *collection.Checked) error {
	t, before := w.Tx, w.before[k.ID]
	packed := before.marks
	findings := c.Findings[:min(len(c.Findings), maxFindings)]
	rules := map[string]int{}
	for _, f := range findings {
		rules[f.Rule] = max(rules[f.Rule], severityNumber(f.Severity))
	}
	if !k.draft {
		for _, rule := range strings.Fields(before.rules) {
			if err := t.Later("DELETE FROM finding WHERE round = $1 AND rule = $2 AND submission = $3", k.Round, rule, k.ID); err != nil {
				return err
			}
			t.counts.margin(margin{k.Round, byRule, rule}, -1)
		}
		var rows [][]any
		for rule, severity := range rules {
			rows = append(rows, []any{k.Round, rule, k.ID, severity})
			t.counts.margin(margin{k.Round, byRule, rule}, 1)
		}
		err := insert(t, "INSERT INTO finding (round, rule, submission, severity) VALUES", "", rows)
		if err != nil {
			return err
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
	w.before[k.ID] = lastCheck{packed, strings.Join(names, " ")}
	return t.Later("INSERT INTO checked (submission, marks, rules, findings) VALUES ($1, $2, $3, $4) ON CONFLICT (submission) DO UPDATE SET marks = excluded.marks, rules = excluded.rules, findings = excluded.findings",
		k.ID, filled(packed), strings.Join(names, " "), sealed)
}

func (t *Tx) setMarks(k *kept, before, now []int64) ([]byte, error) {
	now = slices.Clone(now[:min(len(now), maxMarks)])
	slices.Sort(now)
	now = slices.Compact(now)
	for _, m := range before {
		if !slices.Contains(now, m) {
			if err := t.Later("DELETE FROM mark WHERE round = $1 AND mark = $2 AND submission = $3", k.Round, m, k.ID); err != nil {
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
