package store

import (
	"context"
	"fmt"
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
	drafts bool
	forms  []any // of the round, for text
	few    int   // fewRows, smaller in tests
}

func (db *DB) plan(ctx context.Context, f collection.Filter) (*plan, error) {
	p := &plan{db: db, filter: f, known: -1, drafts: f.Drafts, few: fewRows}
	if db.few > 0 {
		p.few = db.few
	}
	r := db.on(ctx)
	p.text = strings.TrimPrefix(strings.ToLower(f.Text), "uuid:") != ""
	if p.text {
		var err error
		if p.forms, err = list(r, "SELECT id FROM form WHERE round = $1", []any{f.Round}, func(s scan) (any, error) { return scanID(s) }); err != nil {
			return nil, err
		}
	}
	if err := p.findAxes(r); err != nil {
		return nil, err
	}
	if p.drafts {
		return p, nil
	}
	if err := p.measure(r); err != nil {
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
		p.axes = append(p.axes, axis{kind: byTwin, column: "twin", size: sizes[byTwin][""], driver: true, values: []any{nil}})
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
		where += p.restrict(&q, &a)
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
		if a.size < p.cost && (a.driver && len(a.values) <= mostArms || a.kind == byRule || a.size <= p.few && a.kind != byRoute) {
			p.by, p.cost = a, a.size
		}
	}
	switch {
	case p.text:
		p.by, p.cost = nil, p.all
	case p.cost <= p.few:
	case p.known >= 0 && p.known <= p.few && len(p.axes) > 1:
		p.by, p.cost, p.cells = nil, p.known, true
	}
	if p.by != nil && p.by.kind == byRule {
		p.rule = true
	}
}

// restrict is the condition of an axis.
func (p *plan) restrict(q *query, a *axis) string {
	switch a.kind {
	case byTwin:
		return " AND s.twin <> 0"
	case byRule:
		return fmt.Sprintf(" AND EXISTS (SELECT 1 FROM finding x WHERE x.round = s.round AND x.rule = %s AND x.submission = s.id)", q.arg(a.values[0]))
	case byWorst:
		return " AND s.worst > 0 AND s.worst IN (" + q.argList(a.values) + ")"
	case byDay:
		if len(a.values) > 1 {
			where := " AND s.day >= " + q.arg(p.filter.From)
			if p.filter.To != "" {
				where += " AND s.day <= " + q.arg(p.filter.To)
			}
			return where
		}
	}
	if len(a.values) == 1 {
		return " AND " + a.column + " = " + q.arg(a.values[0])
	}
	return " AND " + a.column + " IN (" + q.argList(a.values) + ")"
}

// query writes the SQL of a page without its limit. Without order, it is what is
// counted: all pages.
func (p *plan) query(columns string, page bool) query {
	if p.drafts {
		return p.draftQuery(columns, page)
	}
	var q query
	base := func() string {
		w := " WHERE s.round = " + q.arg(p.filter.Round) + " AND s.draft = 0"
		if page {
			w += p.after(&q, "s.id")
		}
		return w
	}
	rest := func(but *axis) string {
		w := ""
		for i := range p.axes {
			if a := &p.axes[i]; a != but {
				w += p.restrict(&q, a)
			}
		}
		return w
	}
	order := ""
	if page {
		order = p.order("id")
	}
	from := "SELECT " + columns + " FROM submission s"
	switch {
	case p.text:
		q.text = from + base() + rest(nil) + p.matches(&q) + order
	case p.cells:
		q.text = "SELECT " + columns + " FROM tally t JOIN submission s ON s.round = t.round AND s.enumerator = t.enumerator AND s.day = t.day AND s.point = t.point AND s.route = t.route AND s.state = t.state" +
			base() + " AND t.round = " + q.arg(p.filter.Round) + " AND t.n > 0" + strings.ReplaceAll(rest(nil), " s.", " t.") + order
	case p.rule:
		q.text = "SELECT " + columns + " FROM finding x JOIN submission s ON s.id = x.submission" + base() +
			" AND x.round = " + q.arg(p.filter.Round) + " AND x.rule = " + q.arg(p.by.values[0])
		if page {
			q.text += p.after(&q, "x.submission")
			order = p.order("x.submission")
		}
		q.text += rest(p.by) + order
	case p.by != nil && p.by.driver && len(p.by.values) > 1 && len(p.by.values) <= mostArms && p.cost > p.few:
		for i, v := range p.by.values {
			if i > 0 {
				q.text += " UNION ALL "
			}
			q.text += from + base() + p.restrict(&q, &axis{kind: p.by.kind, column: p.by.column, values: []any{v}}) + rest(p.by)
		}
		q.text += order
	default:
		q.text = from + base() + rest(nil) + order
	}
	return q
}

// matches restricts to submissions whose ID, or the ID of an instance of which,
// begins with the text.
func (p *plan) matches(q *query) string {
	text := p.filter.Text
	var ways []string
	if low, high, ok := idRange(strings.ToLower(text)); ok {
		ways = append(ways, "s.id BETWEEN "+q.arg(low)+" AND "+q.arg(high))
	}
	if len(p.forms) > 0 {
		var ranges []string
		for _, prefix := range []string{text, "uuid:" + text} {
			ranges = append(ranges, "i.instance >= "+q.arg(prefix)+" AND i.instance < "+q.arg(prefix+"\U0010FFFF"))
		}
		ways = append(ways, "s.id IN (SELECT i.submission FROM instance i WHERE i.draft = "+strconv.Itoa(int(truth(p.drafts)))+
			" AND i.form IN ("+q.argList(p.forms)+") AND ("+strings.Join(ranges, " OR ")+"))")
	}
	if len(ways) == 0 {
		return " AND 1 = 0"
	}
	return " AND (" + strings.Join(ways, " OR ") + ")"
}

// draftQuery reads the test submissions of drafts, which are few.
func (p *plan) draftQuery(columns string, page bool) query {
	var q query
	q.text = "SELECT " + columns + " FROM submission s WHERE s.round = " + q.arg(p.filter.Round) + " AND s.draft = 1"
	for i := range p.axes {
		q.text += p.restrict(&q, &p.axes[i])
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
		q.text += p.restrict(&q, &axis{kind: byRule, values: []any{p.filter.Rule}})
	}
	if p.text {
		q.text += p.matches(&q)
	}
	if page {
		q.text += p.after(&q, "s.id") + p.order("s.id")
	}
	return q
}
