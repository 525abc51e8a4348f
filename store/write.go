package store

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"waymark/internal/fault"
	"waymark/trust/audit"
)

const (
	waitingUnits = 1024                  // that may wait to be written
	batchUnits   = 256                   // of one transaction, at most
	batchTime    = 25 * time.Millisecond // after which a transaction takes no more
	batchLimit   = time.Minute           // for a transaction on a server
	batchTries   = 6
)

// Write runs do in a transaction and returns when what it did is durable.
//
// Calls that come together share one transaction and one sync of the disk. do
// may run more than once and must set, not add to, what lies outside of it; it
// must not call Write. An error of do undoes its own part alone. Where the
// database fails the error is of kind Unavailable: nothing is known to be
// written, and the same may be tried again. A context that ends before do began
// withdraws it; one that ends later does not.
func (db *DB) Write(ctx context.Context, do func(*Tx) error) error {
	return db.queue.wait(&unit{ctx: ctx, do: do})
}

// writeAfter is Write for a change that begins with a statement of which it needs
// the number of rows (Ahead). Those of changes that come together go to a server in
// one go, before the first of them: they must depend on none of the others'.
func (db *DB) writeAfter(ctx context.Context, first *deferred, do func(*Tx) error) error {
	return db.queue.wait(&unit{ctx: ctx, do: do, first: first})
}

// wait queues a unit and returns what became of it.
func (q *queue) wait(u *unit) error {
	u.done = make(chan error, 1)
	if err := q.put(u); err != nil {
		return err
	}
	select {
	case err := <-u.done:
		return err
	case <-u.ctx.Done():
		if u.state.CompareAndSwap(unitWaits, unitWithdrawn) {
			return u.ctx.Err()
		}
		return <-u.done
	}
}

const (
	unitWaits int32 = iota
	unitTaken
	unitWithdrawn
)

// unit is one call to Write.
type unit struct {
	ctx    context.Context
	do     func(*Tx) error
	first  *deferred // of writeAfter
	answer *int64    // rows of first, in the transaction under way
	state  atomic.Int32
	done   chan error
	err    error
	after  []func()
}

// take claims the unit for the writer, unless its caller has gone.
func (u *unit) take() bool {
	if u.ctx.Err() != nil && u.state.CompareAndSwap(unitWaits, unitWithdrawn) {
		u.done <- u.ctx.Err()
		return false
	}
	return u.state.CompareAndSwap(unitWaits, unitTaken)
}

// queue is where units wait for the one goroutine that writes.
type queue struct {
	db     *DB
	units  chan *unit
	mu     sync.RWMutex // held by those who put; close waits for them
	closed bool
	ended  chan struct{}
	// head is the audit's, where no other process can have moved it.
	head *audit.Tree
}

func newQueue(db *DB) *queue {
	q := &queue{db: db, units: make(chan *unit, waitingUnits), ended: make(chan struct{})}
	go q.run()
	return q
}

func (q *queue) put(u *unit) error {
	q.mu.RLock()
	defer q.mu.RUnlock()
	if q.closed {
		return fault.New(fault.Unavailable, fault.Place{}, "the store is closing", "try again when it runs again")
	}
	select {
	case q.units <- u:
		return nil
	case <-u.ctx.Done():
		return u.ctx.Err()
	}
}

func (q *queue) close() {
	q.mu.Lock()
	first := !q.closed
	q.closed = true
	if first {
		close(q.units)
	}
	q.mu.Unlock()
	<-q.ended
}

func (q *queue) run() {
	defer close(q.ended)
	for u := range q.units {
		if u.take() {
			q.serve(u)
		}
	}
}

// errSpoilt says that a part failed after it had changed something, so that the
// others must be run again, each behind a savepoint.
var errSpoilt = errors.New("a part failed")

// serve writes one batch and answers everyone in it.
func (q *queue) serve(first *unit) {
	batch := []*unit{first}
	plain := true
	var err error
	for try := range batchTries {
		batch, err = q.attempt(batch, plain, try == 0)
		if err == nil {
			break
		}
		q.head = nil
		if errors.Is(err, errSpoilt) {
			plain = false
			continue
		}
		if !isPassing(err) && !isLost(err) || errors.Is(err, errUnknown) {
			break
		}
		if try > 0 { // the first time at once: a connection may just have grown old
			time.Sleep(time.Duration(rand.Int64N(int64(try) * int64(30*time.Millisecond))))
		}
	}
	if err != nil {
		q.db.log.Error("a batch was not written", "parts", len(batch), "code", codeOf(err))
		err = q.db.trouble(err)
	}
	for _, u := range batch {
		if u.err == nil {
			u.err = err
		}
		if u.err == nil {
			for _, do := range u.after {
				do()
			}
		}
		u.done <- u.err
	}
	q.db.written.prepare(context.Background())
}

// errUnknown marks a commit of which nobody knows whether it took place.
var errUnknown = errors.New("the answer to a commit was lost")

// attempt runs the units of a batch in one transaction and commits it. Without
// savepoints (plain) a part that fails without having changed anything is simply
// left out. With more, those that arrive in the meantime are taken along.
func (q *queue) attempt(batch []*unit, plain, more bool) ([]*unit, error) {
	ctx := context.Background()
	if q.db.engine == postgresEngine {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, batchLimit)
		defer cancel()
	}
	began := time.Now()
	whole, end, err := q.begin(ctx, plain)
	if err != nil {
		return batch, err
	}
	defer end()
	take := func() bool {
		if !more || len(batch) == batchUnits || time.Since(began) >= batchTime {
			return false
		}
		u := q.next()
		if u != nil {
			batch = append(batch, u)
		}
		return u != nil
	}
	for _, u := range batch {
		u.answer = nil
	}
	for i := 0; i < len(batch); i++ {
		u := batch[i]
		if whole.line != nil && u.first != nil && u.answer == nil {
			for take() {
			}
			if err := whole.ask(run(batch[i:])); err != nil {
				return batch, whole.spoilt(err)
			}
		}
		t := &Tx{db: q.db, ctx: ctx, tx: whole.tx, line: whole.line, answer: u.answer, wrote: u.answer != nil && *u.answer > 0}
		if !plain {
			if _, err := whole.Exec("SAVEPOINT part"); err != nil {
				return batch, err
			}
		}
		u.err = t.call(u.do)
		u.after = t.after
		if t.broken != nil && (isLost(t.broken) || isPassing(t.broken) || isFull(t.broken)) {
			u.err = nil
			return batch, t.broken
		}
		if whole.line != nil && whole.line.err != nil {
			u.err = nil
			return batch, errSpoilt
		}
		if u.err == nil {
			u.err = t.broken // hidden by the part; nothing behind it can be relied on
		}
		failed := u.err != nil
		switch {
		case failed && plain && (t.wrote || t.broken != nil):
			if len(batch) == 1 {
				return batch, nil
			}
			return batch, errSpoilt
		case failed && !plain:
			if _, err := whole.Exec("ROLLBACK TO SAVEPOINT part"); err != nil {
				return batch, err
			}
		case !failed:
			whole.entries = append(whole.entries, t.entries...)
			whole.counts.merge(&t.counts)
			if whole.line != nil {
				whole.line.queued = append(whole.line.queued, t.queued...)
			}
		}
		if !plain {
			if _, err := whole.Exec("RELEASE SAVEPOINT part"); err != nil {
				return batch, err
			}
		}
		if i == len(batch)-1 {
			take()
		}
	}
	next, err := q.finish(whole)
	if err != nil {
		return batch, whole.spoilt(err)
	}
	if err := whole.commit(); err != nil {
		if postgresCode(err) == "" && isLost(err) && q.db.engine == postgresEngine {
			return batch, errors.Join(errUnknown, err)
		}
		return batch, whole.spoilt(err)
	}
	q.head = next
	return batch, nil
}

// begin makes what is common to a batch, and returns what undoes it if it is not
// committed.
func (q *queue) begin(ctx context.Context, plain bool) (*Tx, func(), error) {
	whole := &Tx{db: q.db, ctx: ctx}
	if q.db.engine == postgresEngine && plain {
		conn, err := q.db.write.Conn(ctx)
		if err != nil {
			return nil, nil, err
		}
		whole.line = &line{conn: conn}
		return whole, whole.line.close, nil
	}
	var err error
	whole.tx, err = q.db.write.BeginTx(ctx, nil)
	return whole, func() { whole.tx.Rollback() }, err
}

// run is the units at the front that begin with a statement of writeAfter.
func run(units []*unit) []*unit {
	for i, u := range units {
		if u.first == nil {
			return units[:i]
		}
	}
	return units
}

// spoilt is what a batch does about an error of statements that were sent together:
// nobody knows whose it is.
func (t *Tx) spoilt(err error) error {
	if t.line != nil && t.line.err != nil && !isLost(err) && !isPassing(err) && !isFull(err) {
		return errSpoilt
	}
	return err
}

// next is a unit that waits, or nil.
func (q *queue) next() *unit {
	for {
		select {
		case u, ok := <-q.units:
			switch {
			case !ok:
				return nil
			case u.take():
				return u
			}
		default:
			return nil
		}
	}
}

// finish writes what the parts of a batch have in common: totals and the audit.
// The audit's head is locked here and not before, so that processes wait for
// each other only this long.
func (q *queue) finish(t *Tx) (*audit.Tree, error) {
	if len(t.entries) == 0 && t.counts.empty() {
		return q.head, nil
	}
	h := q.head
	if h == nil || q.db.engine != sqliteEngine {
		var err error
		if h, err = readHead(t); err != nil {
			return nil, err
		}
	}
	if err := t.counts.write(t); err != nil {
		return nil, err
	}
	return appendEntries(t, h, t.entries)
}
