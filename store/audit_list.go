package store

import (
	"context"
	"strconv"
	"strings"

	"waymark/trust/audit"
)

// ListEntries implements audit.Store.
func (l *Log) ListEntries(ctx context.Context, f audit.Filter) (*audit.Page, error) {
	limit := f.Limit
	if limit <= 0 {
		limit = 50
	}
	limit = min(limit, 500)
	query, args := auditQuery(f, limit+1)
	all, err := list(l.db.on(ctx), query, args, scanEntry)
	if err != nil {
		return nil, err
	}
	page := &audit.Page{Entries: all, More: len(all) > limit}
	if page.More {
		page.Entries = all[:limit]
	}
	return page, nil
}

// auditQuery is the statement of a filter. Each restriction goes by an index
// that ends in the number; the engine takes the most narrow one.
func auditQuery(f audit.Filter, limit int) (string, []any) {
	var where []string
	var args []any
	add := func(condition string, values ...any) {
		for _, v := range values {
			args = append(args, v)
			condition = strings.Replace(condition, "$?", "$"+strconv.Itoa(len(args)), 1)
		}
		where = append(where, condition)
	}
	if f.Programme != 0 {
		add("programme = $?", f.Programme)
	}
	if f.Subject != "" {
		add("subject = $?", f.Subject)
	}
	if f.Actor.Kind != "" {
		add("actor_kind = $?", string(f.Actor.Kind))
	}
	if f.Actor.ID != 0 {
		add("actor = $?", f.Actor.ID)
	}
	if n := len(f.Actions); n > 0 {
		values := make([]any, n)
		for i, a := range f.Actions {
			values[i] = a
		}
		add("action IN ($?"+strings.Repeat(", $?", n-1)+")", values...)
	}
	if !f.From.IsZero() {
		add("at >= $?", millis(f.From))
	}
	if !f.To.IsZero() {
		add("at < $?", millis(f.To))
	}
	if f.Before > 0 {
		add("number < $?", f.Before)
	}
	query := "SELECT number, entry FROM audit_entry"
	if len(where) > 0 {
		query += " WHERE " + strings.Join(where, " AND ")
	}
	args = append(args, limit)
	return query + " ORDER BY number DESC LIMIT $" + strconv.Itoa(len(args)), args
}
