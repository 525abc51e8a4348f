package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/referral"
)

const mostMatters = 200

// statesOf are all states of a kind.
var statesOf = map[referral.Kind][]referral.State{
	referral.Concern: {referral.Begun, referral.Received, referral.Seen, referral.Asked, referral.Decided, referral.Erased},
	referral.Case:    {referral.Draft, referral.Ready, referral.Sent, referral.Closed, referral.Erased},
}

// matterQuery is a filter on its way to SQL.
type matterQuery struct {
	query
	f      referral.Filter
	states []referral.State
	// Where the page goes on: behind this one.
	afterDue int64
	afterID  ids.ID
}

// newMatterQuery checks a filter.
func newMatterQuery(f referral.Filter) (*matterQuery, error) {
	all, known := statesOf[f.Kind]
	if f.Network == 0 || !known {
		return nil, fault.New(fault.Invalid, fault.Place{Field: "network"}, "a list needs a network and a kind", "")
	}
	if f.Limit <= 0 {
		f.Limit = defaultRows
	}
	f.Limit = min(f.Limit, mostMatters)
	q := &matterQuery{f: f, states: all}
	if len(f.States) > 0 {
		q.states = nil
		for _, s := range all { // each once, whatever was asked
			if slices.Contains(f.States, s) {
				q.states = append(q.states, s)
			}
		}
	}
	if f.After == "" {
		return q, nil
	}
	due, id, twice := strings.Cut(f.After, "-")
	var err error
	if twice != f.ByDue {
		err = ids.ErrMalformed
	} else if twice {
		q.afterDue, err = strconv.ParseInt(due, 10, 64)
	} else {
		id = due
	}
	if err == nil {
		q.afterID, err = ids.Parse(id)
	}
	if err != nil {
		return nil, fault.New(fault.Invalid, fault.Place{Field: "after"}, "the page does not follow any other", "begin at the first page")
	}
	return q, nil
}

// next is where the page behind a row begins.
func (q *matterQuery) next(m *referral.Matter) string {
	if q.f.ByDue {
		return strconv.FormatInt(dueMillis(m.Due), 10) + "-" + m.ID.String()
	}
	return m.ID.String()
}

func (q *matterQuery) order(of string) string {
	if q.f.ByDue {
		return " ORDER BY " + of + ".due, " + of + ".id DESC"
	}
	return " ORDER BY " + of + ".id DESC"
}

// conditions are those that hold beside the state. unindexed parts are marked for
// SQLite, which knows less than we of how many rows each leaves.
func (q *matterQuery) conditions() string {
	f := &q.f
	var b strings.Builder
	and := func(text string, v any) { fmt.Fprintf(&b, " AND "+text, q.arg(v)) }
	and("m.network = %s", f.Network)
	and("m.kind = %s", string(f.Kind))
	switch {
	case f.SharedWith != 0:
	case f.Agency != 0 && (f.Owner != 0 || f.Unowned || f.Urgent): // of which there are fewer
		and("{UNINDEXED}m.agency = %s", f.Agency)
	case f.Agency != 0:
		and("m.agency = %s", f.Agency)
	}
	switch {
	case f.Owner != 0:
		and("m.owner = %s", f.Owner)
	case f.Unowned:
		b.WriteString(" AND m.owner = 0")
	}
	if f.Urgent {
		b.WriteString(" AND m.urgent = 1")
	}
	if f.EraseAsked {
		b.WriteString(" AND m.erase_asked <> 0")
	}
	if !f.KeepBefore.IsZero() {
		and("m.keep_until > 0 AND m.keep_until < %s", f.KeepBefore.UnixMilli())
	}
	if !f.Overdue.IsZero() {
		and("m.due < %s", f.Overdue.UnixMilli())
	}
	if f.Origin != 0 {
		and("m.origin = %s AND m.origin <> 0", f.Origin)
	}
	if f.SharedWith != 0 {
		b.WriteString(" AND m.id IN (SELECT matter FROM (" + q.shares("") + ") g)")
	}
	if q.afterID != 0 && q.f.ByDue {
		due := q.arg(q.afterDue)
		fmt.Fprintf(&b, " AND m.due >= %s AND (m.due > %[1]s OR m.id < %s)", due, q.arg(q.afterID))
	} else if q.afterID != 0 {
		and("m.id < %s", q.afterID)
	}
	return b.String()
}

// inForce are the conditions of a share with an agency or an account, each with the
// states as they are given.
func (q *matterQuery) inForce(states string) []string {
	at, with, network, kind := q.arg(q.f.At.UnixMilli()), q.arg(q.f.SharedWith), q.arg(q.f.Network), q.arg(string(q.f.Kind))
	var each []string
	for _, holder := range []string{"agency", "account"} {
		each = append(each, fmt.Sprintf("%s <> 0 AND %[1]s = %[2]s AND kind = 'share' AND network = %[3]s AND of_kind = %[4]s AND of_state %[5]s"+
			" AND from_at <= %[6]s AND (until_at = 0 OR until_at > %[6]s) AND (ended = 0 OR ended > %[6]s)", holder, with, network, kind, states, at))
	}
	return each
}

// shares finds the shares that are in force, of matters of the kind and the states, by
// an index alone.
func (q *matterQuery) shares(columns string) string {
	var arms []string
	for _, where := range q.inForce("IN (" + q.stateList() + ")") {
		arms = append(arms, "SELECT matter"+columns+" FROM matter_grant WHERE "+where)
	}
	return strings.Join(arms, " UNION ALL ")
}

// sharedPage is page for what is shared, where nothing else chooses or sorts: in the
// order of the index of shares, no more of them than a page.
func (q *matterQuery) sharedPage() query {
	after := ""
	if q.afterID != 0 {
		after = " AND matter < " + q.arg(q.afterID)
	}
	var arms []string
	for _, s := range q.states {
		for _, where := range q.inForce("= '" + string(s) + "'") {
			arms = append(arms, fmt.Sprintf("SELECT * FROM (SELECT DISTINCT matter AS id FROM matter_grant WHERE %s%s ORDER BY matter DESC LIMIT %d) a", where, after, q.f.Limit+1))
		}
	}
	text := fmt.Sprintf("SELECT %s FROM (SELECT DISTINCT u.id FROM (%s) u%s LIMIT %d) p JOIN matter m ON m.id = p.id%s",
		matterColumns, strings.Join(arms, " UNION ALL "), q.order("u"), q.f.Limit+1, q.order("m"))
	return query{text, q.args}
}

// plain says that only network, kind, state and agency choose.
func (q *matterQuery) plain() bool {
	f := &q.f
	return f.Owner == 0 && !f.Unowned && !f.Urgent && f.Overdue.IsZero() && f.Origin == 0 && !f.EraseAsked && f.KeepBefore.IsZero()
}

// page reads one row more than the page has. Each state is an arm of its own, so that
// an index gives its rows in their order and no more than a page of them; the rows
// themselves are read for those that are on the page.
func (q *matterQuery) page() query {
	if q.f.SharedWith != 0 && q.plain() && !q.f.ByDue {
		return q.sharedPage()
	}
	where := q.conditions()
	var arms []string
	columns := "m.id"
	if q.f.ByDue {
		columns = "m.id, m.due"
	}
	if q.f.SharedWith != 0 || q.f.Origin != 0 { // few, found otherwise
		arms = append(arms, fmt.Sprintf("SELECT * FROM (SELECT %s FROM matter m WHERE m.state IN (%s)%s%s LIMIT %d) a",
			columns, q.stateList(), where, q.order("m"), q.f.Limit+1))
	} else {
		for _, s := range q.states {
			arms = append(arms, fmt.Sprintf("SELECT * FROM (SELECT %s FROM matter m WHERE m.state = '%s'%s%s LIMIT %d) a",
				columns, s, where, q.order("m"), q.f.Limit+1))
		}
	}
	text := fmt.Sprintf("SELECT %s FROM (SELECT u.id FROM (%s) u%s LIMIT %d) p JOIN matter m ON m.id = p.id%s",
		matterColumns, strings.Join(arms, " UNION ALL "), q.order("u"), q.f.Limit+1, q.order("m"))
	return query{text, q.args}
}

// stateList is the states in SQL: words of our own, never what came from outside.
func (q *matterQuery) stateList() string {
	var b strings.Builder
	for i, s := range q.states {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("'" + string(s) + "'")
	}
	return b.String()
}

// ListMatters implements referral.Matters.
func (r *Referral) ListMatters(ctx context.Context, f referral.Filter) (*referral.Page, error) {
	q, err := newMatterQuery(f)
	if err != nil || len(q.states) == 0 {
		return &referral.Page{}, err
	}
	ask := q.page()
	rows, err := list(r.db.on(ctx), ask.text, ask.args, scanMatter)
	if err != nil {
		return nil, err
	}
	p := &referral.Page{Matters: rows}
	if len(rows) > q.f.Limit {
		p.Matters = rows[:q.f.Limit]
		p.Next = q.next(p.Matters[q.f.Limit-1])
	}
	return p, nil
}

// CountMatters implements referral.Matters. What is kept as totals is not counted.
func (r *Referral) CountMatters(ctx context.Context, f referral.Filter) (map[referral.State]int, error) {
	f.After = ""
	q, err := newMatterQuery(f)
	n := map[referral.State]int{}
	if err != nil || len(q.states) == 0 {
		return n, err
	}
	var text string
	if q.plain() && f.SharedWith != 0 {
		text = "SELECT of_state, count(DISTINCT matter) FROM (" + q.shares(", of_state") + ") g GROUP BY of_state"
	} else if q.plain() {
		text = "SELECT state, sum(n) FROM matter_tally WHERE network = " + q.arg(f.Network) + " AND kind = " + q.arg(string(f.Kind))
		if f.Agency != 0 {
			text += " AND agency = " + q.arg(f.Agency)
		}
		text += " AND state IN (" + q.stateList() + ") GROUP BY state"
	} else {
		where := q.conditions()
		text = "SELECT m.state, count(*) FROM matter m WHERE m.state IN (" + q.stateList() + ")" + where + " GROUP BY m.state"
	}
	err = r.db.on(ctx).Each(text, q.args, func(s scan) error {
		var state referral.State
		var count int
		if err := s(&state, &count); err != nil {
			return err
		}
		if count > 0 {
			n[state] = count
		}
		return nil
	})
	return n, err
}

// Reminders implements referral.Matters.
func (r *Referral) Reminders(ctx context.Context, account ids.ID, until time.Time, limit int) ([]*referral.Reminder, error) {
	if account == 0 || limit <= 0 {
		return nil, nil
	}
	// A person's request is answered whatever became of the case.
	const text = "SELECT " + matterColumns + ", " + partColumns + " FROM matter_part p JOIN matter m ON m.id = p.matter" +
		" WHERE p.due > 0 AND p.done = 0 AND p.reminds <> 0 AND p.reminds = $1 AND p.due <= $2 AND m.state NOT IN ('decided', 'erased') AND (m.state <> 'closed' OR p.kind = 'right') ORDER BY p.due, p.id LIMIT $3"
	return list(r.db.on(ctx), text, []any{account, millis(until), limit}, func(s scan) (*referral.Reminder, error) {
		var m matterRow
		var p partRow
		err := s(append(m.columns(), p.columns()...)...)
		return &referral.Reminder{Matter: *m.matter(), Part: *p.part()}, err
	})
}
