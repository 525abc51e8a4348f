package store

import (
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// deferred is a statement whose result nobody waits for.
type deferred struct {
	query string
	args  []any
}

// line is what goes to a server in one go. Each statement alone would wait for
// its answer to come over the network; what Later is given is sent together,
// before the next statement that is waited for. It is nil where there is no
// network, and where each part stands behind a savepoint.
type line struct {
	queued []deferred
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

// Ahead is Exec for a statement that depends on nothing that was deferred.
func (t *Tx) Ahead(query string, args ...any) (int64, error) {
	return t.exec(query, args)
}

// flush sends what was deferred, by this part and by those before it.
func (t *Tx) flush() error {
	if t.line == nil || len(t.line.queued)+len(t.queued) == 0 {
		return nil
	}
	return t.send(nil)
}

// oneBehind is One; what was deferred goes to the server with it.
func (t *Tx) oneBehind(query string, args []any, dest ...any) error {
	if t.line == nil {
		return t.One(query, args, dest...)
	}
	return t.send(&deferred{query, args}, dest...)
}

// send sends what was deferred in one go, with a query behind it if there is one.
func (t *Tx) send(last *deferred, dest ...any) error {
	all := append(t.line.queued, t.queued...)
	t.line.queued, t.queued = nil, nil
	t.wrote = t.wrote || len(all) > 0
	var b pgx.Batch
	for _, d := range all {
		b.Queue(t.db.written.find(d.query).text, d.args...)
	}
	if last != nil {
		b.Queue(t.db.written.find(last.query).text, last.args...)
	}
	err := t.conn.Raw(func(driver any) error {
		results := driver.(*stdlib.Conn).Conn().SendBatch(t.ctx, &b)
		for range all {
			if _, err := results.Exec(); err != nil {
				return errors.Join(err, results.Close())
			}
		}
		if last != nil {
			if err := results.QueryRow().Scan(dest...); err != nil {
				return errors.Join(err, results.Close())
			}
		}
		return results.Close()
	})
	if err != nil {
		t.line.err = err
	}
	return t.fail(err)
}
