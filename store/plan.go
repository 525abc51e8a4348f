package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"waymark/internal/ids"
	"waymark/monitoring/collection"
)

// axis is one property that a filter restricts to some values.
type axis struct {
	kind   marginKind
	column string
	values []any
	texts  []string // the values as margins have them
	size   int      // submissions with these values, whatever else they are
	// driver says that an index gives one value's submissions in their order.
	driver bool
}

// plan is how a page is read. The totals say beforehand how much each way of
// reading would look at, so that no page reads everything: few rows are sorted,
// many are read in order from one index for each value, side by side, and a rare
// mixture of frequent properties is found through the totals themselves.
type plan struct {
	db     *DB
	filter collection.Filter
	axes   []axis
	all    int // submissions of the round
	none   bool
	known  int   // how many the filter lets through; -1 for not known
	cost   int   // rows that are looked at at most
	by     *axis // the driver; nil for the round's own order
	cells  bool  // through the totals
	rule   bool  // through the findings
	text   bool  // through the instances
	found  []any // what the text found, if it is little
	drafts bool
	forms  []any // of the round, for text
	bound  int   // fewRows, smaller in tests
}

func (db *DB) plan(ctx context.Context, f collection.Filter) (*plan, error) {
	p := &plan{db: db, filter: f, known: -1, drafts: f.Drafts, bound: fewRows}
	if db.few > 0 {
		p.bound = db.few
	}
	r := db.on(ctx)
	p.text = strings.TrimPrefix(strings.ToLower(f.Text), "uuid:") != ""
	if p.text {
		var err error
		if p.forms, err = list(r, "SELECT id FROM form WHERE round = $1", []any{f.Round}, func(s scan) (any, error) { return scanID(s) }); err != nil {
			return nil, err
		}
		if err := p.search(ctx); err != nil {
			return nil, err
		}
	}
	if err := p.findAxes(r); err != nil {
		return nil, err
	}
	if p.drafts || p.none {
		return p, nil
	}
	if err := p.measure(db.once(ctx)); err != nil {
		return nil, err
	}
	p.choose()
	return p, nil
}

// findAxes turns the filter into axes.
func (p *plan) findAxes(r reader) error {
	f := &p.filter
	add := func(kind marginKind, column string, driver bool, n int, value func(int) (any, string)) {
		if n == 0 {
			return
		}
		a := axis{kind: kind, column: column, driver: driver}
		seen := map[string]bool{}
		for i := range n {
			v, text := value(i)
			if !seen[text] {
				seen[text] = true
				a.values, a.texts = append(a.values, v), append(a.texts, text)
			}
		}
		p.axes = append(p.axes, a)
	}
	add(byState, "s.state", true, len(f.States), func(i int) (any, string) {
		n := stateNumber(f.States[i])
		return n, strconv.Itoa(n)
	})
	add(byPoint, "s.point", true, len(f.Points), func(i int) (any, string) { return f.Points[i], f.Points[i] })
	add(byRoute, "s.route", false, len(f.Routes), func(i int) (any, string) { return f.Routes[i], f.Routes[i] })
	add(byEnumerator, "s.enumerator", false, len(f.Enumerators), func(i int) (any, string) { return f.Enumerators[i], number(f.Enumerators[i]) })
	versions := f.Versions
	if f.Form != 0 {
		of, err := list(r, "SELECT id FROM form_version WHERE form = $1", []any{f.Form}, scanID)
		if err != nil {
			return err
		}
		versions = intersect(of, f.Versions)
		if len(versions) == 0 {
			p.none = true
		}
	}
	add(byVersion, "s.version", true, len(versions), func(i int) (any, string) { return versions[i], number(versions[i]) })
	if least := severityNumber(f.Worst); least > 0 {
		add(byWorst, "s.worst", true, 4-least, func(i int) (any, string) { return 3 - i, strconv.Itoa(3 - i) })
	}
	if f.From != "" || f.To != "" {
		if p.drafts {
			return nil // by range
		}
		days, err := list(r, "SELECT value FROM margin WHERE round = $1 AND kind = $2 AND n > 0 AND value >= $3 AND ($4 = '' OR value <= $4)",
			[]any{f.Round, int(byDay), f.From, f.To}, func(s scan) (d string, err error) { return d, s(&d) })
		if err != nil {
			return err
		}
		if len(days) == 0 {
			p.none = true
		}
		add(byDay, "s.day", true, len(days), func(i int) (any, string) { return days[i], days[i] })
	}
	return nil
}

// intersect is what both lists have; a second list that is empty has everything.
func intersect(a, b []ids.ID) []ids.ID {
	if len(b) == 0 {
		return a
	}
	in := map[ids.ID]bool{}
	for _, id := range a {
		in[id] = true
	}
	var both []ids.ID
	for _, id := range b {
		if in[id] {
			both = append(both, id)
		}
	}
	return both
}

// severityNumber is a severity as the database keeps it.
func severityNumber(s collection.Severity) int {
	switch s {
	case collection.SeverityError:
		return 3
	case collection.SeverityWarning:
		return 2
	case collection.SeverityNote:
		return 1
	}
	return 0
}

// measure reads from the totals how many submissions each axis lets through.
func (p *plan) measure(r reader) error {
	sizes := map[marginKind]map[string]int{}
	q := query{}
	q.text = "SELECT kind, value, n FROM margin WHERE round = " + q.arg(p.filter.Round) + " AND (kind = 0"
	for _, a := range p.axes {
		q.text += " OR kind = " + q.arg(int(a.kind))
	}
	if p.filter.Rule != "" {
		q.text += " OR kind = " + q.arg(int(byRule)) + " AND value = " + q.arg(p.filter.Rule)
	}
	if p.filter.Alike {
		q.text += " OR kind = " + q.arg(int(byTwin))
	}
	q.text += ")"
	err := r.Each(q.text, q.args, func(s scan) error {
		var kind marginKind
		var value string
		var n int
		err := s(&kind, &value, &n)
		if sizes[kind] == nil {
			sizes[kind] = map[string]int{}
		}
		sizes[kind][value] = n
		return err
	})
	if err != nil {
		return err
	}
	p.all = sizes[byRound][""]
	for i := range p.axes {
		a := &p.axes[i]
		for _, text := range a.texts {
			a.size += sizes[a.kind][text]
		}
	}
	if p.filter.Alike {
		p.axes = append(p.axes, axis{kind: byTwin, column: "s.twin", size: sizes[byTwin][""], driver: true, values: []any{nil}})
	}
	if p.filter.Rule != "" {
		p.axes = append(p.axes, axis{kind: byRule, size: sizes[byRule][p.filter.Rule], values: []any{p.filter.Rule}})
	}
	return p.count(r)
}

// count finds out how many the filter lets through, where the totals can tell.
func (p *plan) count(r reader) error {
	for _, a := range p.axes {
		if a.size == 0 {
			p.none = true
		}
	}
	switch {
	case p.none || p.text:
		return nil
	case len(p.axes) == 0:
		p.known = p.all
		return nil
	case len(p.axes) == 1:
		p.known = p.axes[0].size
		return nil
	}
	q := query{}
	where := "s.round = " + q.arg(p.filter.Round)
	for _, a := range p.axes {
		if !a.tallied() {
			return nil
		}
		where += p.restrict(&q, &a, false)
	}
	if err := r.One("SELECT coalesce(sum(s.n), 0) FROM tally s WHERE "+where, q.args, &p.known); err != nil {
		return err
	}
	p.none = p.known == 0
	return nil
}

// tallied tells whether the totals by all properties at once have the axis.
func (a *axis) tallied() bool { return a.kind >= byState && a.kind <= byDay }

// choose finds the way that looks at the fewest rows.
func (p *plan) choose() {
	if p.none {
		return
	}
	p.cost = p.all
	for i := range p.axes {
		a := &p.axes[i]
		if a.size < p.cost && (a.driver && len(a.values) <= mostArms || a.kind == byRule || a.size <= p.bound && a.kind != byRoute) {
			p.by, p.cost = a, a.size
		}
	}
	switch {
	case p.found != nil:
		p.by, p.cost = nil, len(p.found)
	case p.text:
		p.by, p.cost = nil, p.all
	case p.cost <= p.bound:
	case p.known >= 0 && p.known <= p.bound && len(p.axes) > 1:
		p.by, p.cost, p.cells = nil, p.known, true
	}
	if p.by != nil && p.by.kind == byRule {
		p.rule = true
	}
}

// restrict is the condition of an axis. Where another one leads, no index is
// chosen by it.
func (p *plan) restrict(q *query, a *axis, follows bool) string {
	column := a.column
	if follows {
		column = "{UNINDEXED}" + column
	}
	switch a.kind {
	case byTwin:
		return " AND " + column + " <> 0"
	case byRule:
		return fmt.Sprintf(" AND EXISTS (SELECT 1 FROM finding x WHERE x.round = s.round AND x.rule = %s AND x.submission = s.id)", q.arg(a.values[0]))
	case byWorst:
		if !follows {
			column = "s.worst > 0 AND " + column // says that the index has all of them
		}
	case byDay:
		if len(a.values) > 1 {
			where := " AND " + column + " >= " + q.arg(p.filter.From)
			if p.filter.To != "" {
				where += " AND " + column + " <= " + q.arg(p.filter.To)
			}
			return where
		}
	}
	if len(a.values) == 1 {
		return " AND " + column + " = " + q.arg(a.values[0])
	}
	return " AND " + column + " IN (" + q.argList(a.values) + ")"
}

// query writes the SQL of the identifiers of a page without its limit, or of all
// pages without their order.
func (p *plan) query(page bool) query {
	if p.drafts {
		return p.draftQuery(page)
	}
	var q query
	base := func() string {
		w := " WHERE s.round = " + q.arg(p.filter.Round) + " AND s.draft = 0"
		switch {
		case page && p.few():
			w += p.after(&q, "{UNINDEXED}s.id")
		case page:
			w += p.after(&q, "s.id")
		}
		return w
	}
	rest := func(but *axis) string {
		w := ""
		for i := range p.axes {
			if a := &p.axes[i]; a != but {
				w += p.restrict(&q, a, but != nil)
			}
		}
		return w
	}
	const from = "SELECT s.id FROM submission s"
	sorted, ordered := "", ""
	if page {
		sorted, ordered = p.sorted("s.id"), p.order("id")
	}
	switch {
	case p.found != nil:
		q.text = from + base() + rest(nil) + " AND s.id IN (" + q.argList(p.found) + ")" + sorted
	case p.text:
		q.text = from + base() + rest(nil) + p.matches(&q) + ordered
	case p.cells:
		// CROSS JOIN keeps SQLite from turning the tables round.
		q.text = "SELECT s.id FROM tally t CROSS JOIN submission s" + base() + " AND t.round = " + q.arg(p.filter.Round) +
			" AND t.n > 0 AND s.enumerator = t.enumerator AND s.day = t.day AND s.point = t.point AND s.route = t.route AND s.state = t.state" +
			strings.ReplaceAll(rest(nil), "s.", "t.") + sorted
	case p.rule:
		q.text = "SELECT s.id FROM finding x CROSS JOIN submission s" + base() + " AND s.id = x.submission" +
			" AND x.round = " + q.arg(p.filter.Round) + " AND x.rule = " + q.arg(p.by.values[0])
		if page {
			q.text += p.after(&q, "x.submission")
			ordered = p.order("x.submission")
		}
		q.text += rest(p.by) + ordered
	case p.by != nil && p.by.driver && len(p.by.values) <= mostArms:
		for i, v := range p.by.values {
			if i > 0 {
				q.text += " UNION ALL "
			}
			arm := from + base() + p.restrict(&q, &axis{kind: p.by.kind, column: p.by.column, values: []any{v}}, false) + rest(p.by)
			if page && p.db.engine == postgresEngine { // which sorts all of every arm, if it may
				arm = fmt.Sprintf("SELECT id FROM (%s%s LIMIT %d) arm%d", arm, p.order("s.id"), p.filter.Limit+1, i)
			}
			q.text += arm
		}
		q.text += ordered
	case p.few():
		q.text = from + base() + p.restrict(&q, p.by, false) + rest(p.by) + sorted
	default:
		q.text = from + base() + rest(nil) + ordered
	}
	return q
}

// search looks for submissions whose ID, or the ID of an instance of which,
// begins with the text. Many are left to matches.
func (p *plan) search(ctx context.Context) error {
	var q query
	ways := p.ways(&q)
	if len(ways) == 0 {
		p.none = true
		return nil
	}
	// Not UNION, which would have to find them all before it gives the first.
	q.text = strings.Join(ways, " UNION ALL ") + fmt.Sprintf(" LIMIT %d", mostFound+1)
	found, err := list(p.db.once(ctx), q.text, q.args, func(s scan) (any, error) { return scanID(s) })
	if err != nil {
		return err
	}
	p.none = len(found) == 0
	if len(found) <= min(mostFound, p.bound) {
		seen := map[any]bool{}
		p.found = slices.DeleteFunc(found, func(id any) bool {
			twice := seen[id]
			seen[id] = true
			return twice
		})
	}
	return nil
}

// ways are the queries that look for a text.
func (p *plan) ways(q *query) (ways []string) {
	text := p.filter.Text
	draft := strconv.Itoa(int(truth(p.drafts)))
	if low, high, ok := idRange(strings.ToLower(text)); ok {
		ways = append(ways, "SELECT i.id FROM submission i WHERE i.round = "+q.arg(p.filter.Round)+" AND i.draft = "+draft+" AND i.id BETWEEN "+q.arg(low)+" AND "+q.arg(high))
	}
	for _, form := range p.forms {
		for _, prefix := range []string{text, "uuid:" + text} {
			ways = append(ways, "SELECT i.submission FROM instance i WHERE i.form = "+q.arg(form)+" AND i.draft = "+draft+
				" AND i.instance >= "+q.arg(prefix)+" AND i.instance < "+q.arg(prefix+"\U0010FFFF"))
		}
	}
	return ways
}

// few tells that all rows are found and then sorted.
func (p *plan) few() bool {
	inOrder := p.by == nil || p.rule || p.by.driver && len(p.by.values) <= mostArms
	return p.found != nil || p.cells || !inOrder && p.cost <= p.bound
}

// matches restricts to what search finds, where that is much: of instances, to
// those of current revisions.
func (p *plan) matches(q *query) string {
	text := p.filter.Text
	var ways []string
	if low, high, ok := idRange(strings.ToLower(text)); ok {
		ways = append(ways, "{UNINDEXED}s.id BETWEEN "+q.arg(low)+" AND "+q.arg(high))
	}
	for _, prefix := range []string{text, "uuid:" + text} {
		ways = append(ways, "s.instance >= "+q.arg(prefix)+" AND s.instance < "+q.arg(prefix+"\U0010FFFF"))
	}
	return " AND (" + strings.Join(ways, " OR ") + ")"
}

// draftQuery reads the test submissions of drafts, which are few.
func (p *plan) draftQuery(page bool) query {
	var q query
	q.text = "SELECT s.id FROM submission s WHERE s.round = " + q.arg(p.filter.Round) + " AND s.draft = 1"
	for i := range p.axes {
		q.text += p.restrict(&q, &p.axes[i], false)
	}
	if f := p.filter; f.From != "" {
		q.text += " AND s.day >= " + q.arg(f.From)
	}
	if f := p.filter; f.To != "" {
		q.text += " AND s.day <= " + q.arg(f.To)
	}
	if p.filter.Alike {
		q.text += " AND s.twin <> 0"
	}
	if p.filter.Rule != "" {
		q.text += p.restrict(&q, &axis{kind: byRule, values: []any{p.filter.Rule}}, false)
	}
	if p.text && p.found != nil {
		q.text += " AND s.id IN (" + q.argList(p.found) + ")"
	} else if p.text {
		q.text += p.matches(&q)
	}
	if page {
		q.text += p.after(&q, "s.id") + p.order("s.id")
	}
	return q
}
