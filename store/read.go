package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"
	"time"
)

// scan reads the columns of the present row.
type scan func(dest ...any) error

// reader is where a query runs: in a transaction that changes something (*Tx),
// or beside it (look).
type reader interface {
	// One reads the first row. None is sql.ErrNoRows.
	One(query string, args []any, dest ...any) error
	// Each calls use for every row.
	Each(query string, args []any, use func(scan) error) error
}

// look reads what is committed.
type look struct {
	ctx context.Context
	db  *DB
	// once says that the query is made up for this call and not worth keeping.
	once bool
}

// on returns a reader of what is committed, for one request.
func (db *DB) on(ctx context.Context) look { return look{ctx, db, false} }

// once is on for queries whose text depends on what is asked.
func (db *DB) once(ctx context.Context) look { return look{ctx, db, true} }

// find finds the statement of a query.
func (l look) find(query string) statement {
	if l.once {
		return statement{text: l.db.engine.text(query)}
	}
	s := l.db.asked.find(query)
	if s.prepared == nil {
		l.db.asked.prepare(l.ctx)
	}
	return s
}

// turn waits for a connection in the order of asking. The pool itself gives a free one
// to any of those that wait, so that some would wait many times as long as others.
func (l look) turn() (done func(), err error) {
	if l.db.turns == nil { // nobody else reads
		return func() {}, nil
	}
	select {
	case l.db.turns <- struct{}{}:
		return func() { <-l.db.turns }, nil
	case <-l.ctx.Done():
		return nil, l.ctx.Err()
	}
}

// One implements reader.
func (l look) One(query string, args []any, dest ...any) error {
	done, err := l.turn()
	if err != nil {
		return err
	}
	defer done()
	s := l.find(query)
	var row *sql.Row
	if s.prepared != nil {
		row = s.prepared.QueryRowContext(l.ctx, args...)
	} else {
		row = l.db.read.QueryRowContext(l.ctx, s.text, args...)
	}
	return l.db.trouble(row.Scan(dest...))
}

// Each implements reader.
func (l look) Each(query string, args []any, use func(scan) error) error {
	done, err := l.turn()
	if err != nil {
		return err
	}
	defer done()
	s := l.find(query)
	var rows *sql.Rows
	if s.prepared != nil {
		rows, err = s.prepared.QueryContext(l.ctx, args...)
	} else {
		rows, err = l.db.read.QueryContext(l.ctx, s.text, args...)
	}
	return l.db.each(rows, err, use)
}

func (db *DB) each(rows *sql.Rows, err error, use func(scan) error) error {
	if err != nil {
		return db.trouble(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := use(rows.Scan); err != nil {
			return db.trouble(err)
		}
	}
	return db.trouble(rows.Err())
}

// found turns an empty look-up into a fault.
func found(err error, what string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return notFound(what)
	}
	return err
}

// list collects a query's rows.
func list[T any](r reader, query string, args []any, one func(scan) (T, error)) ([]T, error) {
	var all []T
	err := r.Each(query, args, func(s scan) error {
		v, err := one(s)
		if err == nil {
			all = append(all, v)
		}
		return err
	})
	return all, err
}

// marks writes "$from, $from+1, ..." for n arguments.
func marks(from, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(from + i))
	}
	return b.String()
}

// millis is a time as the database keeps it; the zero time is 0.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// fromMillis is the reverse, in UTC.
func fromMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// truth is a bool as the database keeps it.
func truth(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// one reads the only row of a look-up; what names it if it is not there.
func one[T any](r reader, what, query string, args []any, read func(scan) (T, error)) (T, error) {
	var v T
	got := false
	err := r.Each(query, args, func(s scan) (err error) {
		got = true
		v, err = read(s)
		return err
	})
	if err == nil && !got {
		err = notFound(what)
	}
	if err != nil {
		var none T
		return none, err
	}
	return v, nil
}
