package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// deferred is a statement that is sent together with others.
type deferred struct {
	query string
	args  []any
}

// line is a transaction on a server, in as few goes as it can be. Each statement
// alone would wait for its answer to come over the network; what Later is given
// is sent together, before the next statement that is waited for. The beginning
// goes with the first statements, the commit with the last. It is nil where there
// is no network, and where each part stands behind a savepoint.
type line struct {
	conn   *sql.Conn
	queued []deferred
	begun  bool
	ended  bool
	err    error // of a statement that was deferred; nobody knows whose
}

// Later changes rows like Exec, at the latest at the end of the batch. Only
// statements that Ahead runs may be run before it.
func (t *Tx) Later(query string, args ...any) error {
	if t.line == nil {
		_, err := t.Exec(query, args...)
		return err
	}
	t.queued = append(t.queued, deferred{query, args})
	return nil
}

// Ahead is Exec for a statement that depends on nothing that was deferred. The one
// that writeAfter was given has been run already.
func (t *Tx) Ahead(query string, args ...any) (int64, error) {
	if t.answer != nil {
		n := *t.answer
		t.answer = nil
		return n, nil
	}
	return t.exec(query, args)
}

// flush sends what was deferred, by this part and by those before it, and begins
// the transaction if nothing has.
func (t *Tx) flush() error {
	if t.line == nil || t.line.begun && len(t.line.queued)+len(t.queued) == 0 {
		return nil
	}
	return t.fail(t.send(nil))
}

// oneBehind is One; what was deferred goes to the server with it.
func (t *Tx) oneBehind(query string, args []any, dest ...any) error {
	if t.line == nil {
		return t.One(query, args, dest...)
	}
	return t.fail(t.send(func(r pgx.BatchResults) error { return r.QueryRow().Scan(dest...) }, deferred{query, args}))
}

// ask runs the first statements of parts that follow one another, in one go.
func (t *Tx) ask(parts []*unit) error {
	first := make([]deferred, len(parts))
	for i, u := range parts {
		first[i] = *u.first
	}
	return t.fail(t.send(func(r pgx.BatchResults) error {
		for _, u := range parts {
			tag, err := r.Exec()
			if err != nil {
				return err
			}
			n := tag.RowsAffected()
			u.answer = &n
		}
		return nil
	}, first...))
}

// commit sends what was deferred and the end of the transaction.
func (t *Tx) commit() error {
	if t.line == nil {
		return t.tx.Commit()
	}
	if !t.line.begun && len(t.line.queued)+len(t.queued) == 0 {
		return nil
	}
	return t.send(func(r pgx.BatchResults) error {
		tag, err := r.Exec()
		if err == nil && tag.String() != "COMMIT" {
			err = pgx.ErrTxCommitRollback
		}
		t.line.ended = err == nil
		return err
	}, deferred{query: "COMMIT"})
}

// send sends what was deferred in one go, and behind it statements whose results
// read takes.
func (t *Tx) send(read func(pgx.BatchResults) error, behind ...deferred) error {
	var all []deferred
	if !t.line.begun {
		all = append(all, deferred{query: "BEGIN"})
	}
	all = append(append(all, t.line.queued...), t.queued...)
	t.wrote = t.wrote || len(t.line.queued)+len(t.queued) > 0
	t.line.queued, t.queued, t.line.begun = nil, nil, true
	var b pgx.Batch
	for _, some := range [][]deferred{all, behind} {
		for _, d := range some {
			b.Queue(t.db.written.find(d.query).text, d.args...)
		}
	}
	err := t.line.conn.Raw(func(raw any) error {
		results := raw.(*stdlib.Conn).Conn().SendBatch(t.ctx, &b)
		for range all {
			if _, err := results.Exec(); err != nil {
				return errors.Join(err, results.Close())
			}
		}
		if read != nil {
			if err := read(results); err != nil {
				return errors.Join(err, results.Close())
			}
		}
		return results.Close()
	})
	if err != nil {
		t.line.err = err
	}
	return err
}

// close gives the connection back. A transaction that was not committed is undone;
// a connection on which that fails is not used again.
func (l *line) close() {
	if l.begun && !l.ended {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if _, err := l.conn.ExecContext(ctx, "ROLLBACK"); err != nil {
			_ = l.conn.Raw(func(any) error { return driver.ErrBadConn })
		}
	}
	_ = l.conn.Close()
}
