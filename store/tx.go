package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"

	"waymark/internal/fault"
	"waymark/trust/audit"
)

// Tx is one part of a batch: what one call to Write does. It sees what parts
// before it in the batch did.
type Tx struct {
	db      *DB
	ctx     context.Context
	tx      *sql.Tx // nil with a line
	line    *line
	queued  []deferred
	answer  *int64 // rows of the statement that was run ahead
	entries []recorded
	counts  counts
	after   []func()
	wrote   bool  // something was changed
	broken  error // first error of the database, if there was one
	invalid error // why an entry cannot stand in the audit
}

// runner runs statements: a transaction, or the connection that one is on.
type runner interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func (t *Tx) runner() runner {
	if t.line != nil {
		return t.line.conn
	}
	return t.tx
}

// Exec changes rows and returns how many.
func (t *Tx) Exec(query string, args ...any) (int64, error) {
	if err := t.flush(); err != nil {
		return 0, err
	}
	return t.exec(query, args)
}

func (t *Tx) exec(query string, args []any) (int64, error) {
	if t.line != nil && !t.line.begun {
		if err := t.flush(); err != nil {
			return 0, err
		}
	}
	s := t.db.written.find(query)
	var r sql.Result
	var err error
	if s.prepared != nil {
		r, err = t.tx.StmtContext(t.ctx, s.prepared).ExecContext(t.ctx, args...)
	} else {
		r, err = t.runner().ExecContext(t.ctx, s.text, args...)
	}
	var n int64
	if err == nil {
		n, err = r.RowsAffected()
	}
	t.wrote = t.wrote || n > 0 || err != nil
	return n, t.fail(err)
}

// One implements reader.
func (t *Tx) One(query string, args []any, dest ...any) error {
	if err := t.flush(); err != nil {
		return err
	}
	s := t.db.written.find(query)
	var row *sql.Row
	if s.prepared != nil {
		row = t.tx.StmtContext(t.ctx, s.prepared).QueryRowContext(t.ctx, args...)
	} else {
		row = t.runner().QueryRowContext(t.ctx, s.text, args...)
	}
	return t.fail(row.Scan(dest...))
}

// Each implements reader. use must not ask the same transaction.
func (t *Tx) Each(query string, args []any, use func(scan) error) error {
	if err := t.flush(); err != nil {
		return err
	}
	s := t.db.written.find(query)
	var rows *sql.Rows
	var err error
	if s.prepared != nil {
		rows, err = t.tx.StmtContext(t.ctx, s.prepared).QueryContext(t.ctx, args...)
	} else {
		rows, err = t.runner().QueryContext(t.ctx, s.text, args...)
	}
	var own error // of use, which says nothing of the database
	err = t.db.each(rows, err, func(s scan) error {
		own = use(s)
		return own
	})
	if own != nil {
		return err
	}
	return t.fail(err)
}

// Record appends an entry to the audit if this part succeeds. Its At is set if
// it is zero. An entry that cannot stand there fails the part.
func (t *Tx) Record(e audit.Entry) {
	if e.At.IsZero() {
		e.At = t.db.now()
	}
	text, err := audit.Encode(e)
	if err != nil && t.invalid == nil {
		t.invalid = err
	}
	t.entries = append(t.entries, recorded{e, text})
}

// After calls do once this part is durable. do must be quick.
func (t *Tx) After(do func()) { t.after = append(t.after, do) }

// fail remembers the database's first error: PostgreSQL refuses everything
// behind one until the savepoint.
func (t *Tx) fail(err error) error {
	if err == nil || errors.Is(err, sql.ErrNoRows) {
		return err
	}
	err = t.db.trouble(err)
	if t.broken == nil {
		t.broken = err
	}
	return err
}

// call runs a part. A panic is an Internal fault, so that one mistake does not
// end the work of everyone.
func (t *Tx) call(do func(*Tx) error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			t.db.log.Error("a change panicked", "panic", fmt.Sprintf("%T", v), "trace", string(debug.Stack()))
			err = fault.New(fault.Internal, fault.Place{}, "the change failed by a mistake of the program", "report it with the log's lines")
			t.wrote = true // nobody knows how far it came
		}
	}()
	if err := do(t); err != nil {
		return err
	}
	return t.invalid
}

// change runs an UPDATE that names a row by its ID and its Etag. Where it
// changes nothing, the row is not there or was changed meanwhile.
func (t *Tx) change(table string, id any, query string, args ...any) error {
	n, err := t.Exec(query, args...)
	if err != nil || n == 1 {
		return err
	}
	var etag int64
	if err := t.One("SELECT etag FROM "+table+" WHERE id = $1", []any{id}, &etag); err != nil {
		return found(err, thing(table))
	}
	return changedMeanwhile(thing(table))
}

// thing is what people call a row of a table.
func thing(table string) string {
	_, what, ok := strings.Cut(table, "_")
	if !ok {
		return table
	}
	return what
}
