package store

import (
	"context"
	"fmt"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
)

// Bounds of lists.
const (
	defaultRows = 50
	mostRows    = 500
	// fewRows is what the database may look at for one page, or count: some tens
	// of milliseconds.
	fewRows = 10000
	// mostFound is how many submissions a text may find to be looked at one by one.
	mostFound = 1000
	// mostArms is how many parts of an index are read side by side.
	mostArms = 200
)

// ListSubmissions implements collection.Submissions.
func (db *DB) ListSubmissions(ctx context.Context, f collection.Filter) (*collection.Page, error) {
	return db.list(ctx, f, true)
}

func (db *DB) list(ctx context.Context, f collection.Filter, total bool) (*collection.Page, error) {
	if f.Round == 0 {
		return nil, fault.New(fault.Invalid, fault.Place{Field: "round"}, "a list needs a round", "")
	}
	if f.Limit <= 0 {
		f.Limit = defaultRows
	}
	f.Limit = min(f.Limit, mostRows)
	p, err := db.plan(ctx, f)
	if err != nil {
		return nil, err
	}
	page := &collection.Page{Total: -1}
	if p.none {
		page.Total = 0
		return page, nil
	}
	if page.Rows, err = p.rows(ctx); err != nil {
		return nil, err
	}
	if len(page.Rows) > f.Limit {
		page.Rows, page.More = page.Rows[:f.Limit], true
	}
	if !total {
		return page, nil
	}
	page.Total, err = p.total(ctx, page)
	return page, err
}

// rows reads one row more than the page has, to see whether there is one.
func (p *plan) rows(ctx context.Context) ([]*collection.Submission, error) {
	q := p.pageQuery()
	return list(p.db.once(ctx), q.text, q.args, scanSubmission)
}

// pageQuery finds the identifiers of a page, for which an index often is enough,
// and then reads those rows.
func (p *plan) pageQuery() query {
	q := p.query(true)
	q.text = fmt.Sprintf("SELECT %s FROM submission s WHERE s.id IN (SELECT id FROM (%s LIMIT %d) p)%s", submissionColumns, q.text, p.filter.Limit+1, p.order("s.id"))
	return q
}

// total counts all rows of the filter, or is -1 where that would be slow.
func (p *plan) total(ctx context.Context, page *collection.Page) (int, error) {
	if p.known >= 0 {
		return p.known, nil
	}
	if p.filter.After == 0 && !page.More {
		return len(page.Rows), nil
	}
	if p.cost > p.bound {
		return -1, nil
	}
	// The limit bounds the work where a total that the cost relies on is wrong.
	q := p.query(false)
	var n int
	err := p.db.once(ctx).One(fmt.Sprintf("SELECT count(*) FROM (%s LIMIT %d) c", q.text, 2*fewRows), q.args, &n)
	return n, err
}

// query is SQL under way.
type query struct {
	text string
	args []any
}

// arg adds an argument and returns its name.
func (q *query) arg(v any) string {
	q.args = append(q.args, v)
	return fmt.Sprintf("$%d", len(q.args))
}

// argList adds several, parted by commas.
func (q *query) argList(values []any) string {
	first := len(q.args) + 1
	q.args = append(q.args, values...)
	return marks(first, len(values))
}

// after is where a page goes on.
func (p *plan) after(q *query, column string) string {
	if p.filter.After == 0 {
		return ""
	}
	if p.filter.OldestFirst {
		return " AND " + column + " > " + q.arg(p.filter.After)
	}
	return " AND " + column + " < " + q.arg(p.filter.After)
}

func (p *plan) order(column string) string {
	if p.filter.OldestFirst {
		return " ORDER BY " + column
	}
	return " ORDER BY " + column + " DESC"
}

// sorted is order for few rows: the sum keeps a database from walking through all
// rows in their order until it has met enough.
func (p *plan) sorted(column string) string { return p.order(column + " + 0") }

// idRange is the range of identifiers whose text begins with a prefix.
func idRange(prefix string) (low, high ids.ID, ok bool) {
	const digits = "0123456789abcdefghjkmnpqrstvwxyz"
	if prefix == "" || len(prefix) > 13 {
		return 0, 0, false
	}
	var v uint64
	for i := range 13 {
		d := 0
		if i < len(prefix) {
			for d < len(digits) && digits[d] != prefix[i] {
				d++
			}
			if d == len(digits) || i == 0 && d > 7 {
				return 0, 0, false
			}
		}
		v = v<<5 | uint64(d)
	}
	return ids.ID(v), ids.ID(v | (1<<(5*(13-len(prefix))) - 1)), true
}
