// Package store keeps everything in one database: SQLite in a folder for one
// process, PostgreSQL for several. One set of SQL serves both.
//
// It seals what identifies people before it is written and appends the audit in
// the transaction of the change. It must not know protocols, pages, or what is
// asked in a form; rules of a domain stay in the domain.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/store/file"
	"waymark/trust/vault"
)

// Options say where the database is and what it is used with.
type Options struct {
	// Dir is the data folder. Without URL, SQLite keeps waymark.db in it; without
	// Files, contents are kept in it. Required where it is used.
	Dir string
	// URL of a PostgreSQL database, "postgres://...". It may hold a password, so it
	// comes from a file or the environment and is never printed. Default SQLite.
	URL string
	// Vault seals what identifies people. Required.
	Vault vault.Sealer
	// Cases seal what was said in concerns and cases. Required where they are opened
	// or changed; without it they are only listed.
	Cases CaseKeys
	// Files keeps the contents of files. Default a folder in Dir.
	Files *file.Contents
	// Log is told of trouble that no caller sees. Required.
	Log *slog.Logger
	// Now is the clock. Default time.Now.
	Now func() time.Time
	// Readers is how many connections read at once. Default 4.
	Readers int
	// MaxPages bounds a SQLite file, in pages of 4,096 bytes; tests fill a disk with
	// it. Default no bound.
	MaxPages int
}

// DB is an open store. It is safe for concurrent use.
type DB struct {
	engine  engine
	vault   vault.Sealer
	cases   CaseKeys
	log     *slog.Logger
	now     func() time.Time
	ids     *ids.Source
	write   *sql.DB // SQLite: one connection, shared with whatever else writes
	read    *sql.DB
	turns   chan struct{} // one for each connection of read
	lock    *dirLock      // SQLite only
	queue   *queue
	written *statements // on write
	asked   *statements // on read
	// programmes remembers which programme a round is in; a round never moves.
	programmes sync.Map
	contents   *file.Contents
	few        int // see plan; tests make it small
	closing    sync.Mutex
}

var _ collection.Store = (*DB)(nil)

// Open opens the database, brings its tables up to date and begins to write. A
// database that another process has open (SQLite), that a newer program wrote,
// or that does not answer is a fault that says what to do.
func Open(ctx context.Context, o Options) (*DB, error) {
	switch {
	case o.Vault == nil || o.Log == nil:
		return nil, errors.New("store: Vault and Log are required")
	case o.Dir == "" && o.URL == "":
		return nil, errors.New("store: Dir or URL is required")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Readers <= 0 {
		o.Readers = 4
	}
	if o.Cases == nil {
		o.Cases = noCaseKeys{}
	}
	db := &DB{vault: o.Vault, cases: o.Cases, log: o.Log}
	var err error
	if o.URL != "" {
		err = db.openPostgres(ctx, o)
	} else {
		err = db.openSQLite(ctx, o)
	}
	if err == nil {
		err = db.openContents(o)
	}
	if err == nil {
		err = db.migrate(ctx)
	}
	if err == nil {
		err = db.accountKeys(ctx)
	}
	if err == nil {
		err = db.startClock(ctx, o.Now)
	}
	if err != nil {
		db.closeFiles()
		return nil, err
	}
	db.written = newStatements(db.engine, db.write)
	db.asked = newStatements(db.engine, db.read)
	if err := db.caseKeys(ctx); err != nil {
		db.closeFiles()
		return nil, err
	}
	db.queue = newQueue(db)
	return db, nil
}

// accountKeys makes the keys of accounts at a first start. Where there are
// accounts already their keys must be there: new ones would open nothing, and
// would stand in the way of the right ones.
func (db *DB) accountKeys(ctx context.Context) error {
	var one int
	err := db.read.QueryRowContext(ctx, "SELECT 1 FROM account LIMIT 1").Scan(&one)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return db.vault.Create(vault.Accounts)
	case err != nil:
		return db.trouble(err)
	}
	_, err = db.vault.Token(vault.Accounts, nil)
	return err
}

// startClock makes identifiers that are greater than every one in the database,
// also when the machine's clock was set back since.
func (db *DB) startClock(ctx context.Context, now func() time.Time) error {
	var last ids.ID
	for _, table := range []string{"submission", "remark", "round", "programme", "matter", "matter_part", "matter_message"} {
		var id ids.ID
		err := db.read.QueryRowContext(ctx, "SELECT id FROM "+table+" ORDER BY id DESC LIMIT 1").Scan(&id)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return db.trouble(err)
		}
		last = max(last, id)
	}
	floor := last.Time().Add(time.Millisecond)
	db.now = now
	db.ids = ids.NewSource(func() time.Time {
		if t := now(); last == 0 || t.After(floor) {
			return t
		}
		return floor
	})
	return nil
}

// Engine is "sqlite" or "postgres".
func (db *DB) Engine() string { return string(db.engine) }

// Writer is the handle by which others write to the same database: the queue of
// jobs, whose tables are its own. On SQLite its one connection is shared with
// the store, so hold it briefly.
func (db *DB) Writer() *sql.DB { return db.write }

// Ping tells whether the database answers.
func (db *DB) Ping(ctx context.Context) error {
	var one int
	return db.trouble(db.read.QueryRowContext(ctx, "SELECT 1").Scan(&one))
}

// Close writes what waits, then closes. Writes that come later are refused. It
// may be called twice.
func (db *DB) Close() error {
	db.queue.close()
	return db.closeFiles()
}

func (db *DB) closeFiles() error {
	db.closing.Lock()
	defer db.closing.Unlock()
	var errs []error
	for _, pool := range []*sql.DB{db.read, db.write} {
		if pool != nil {
			errs = append(errs, pool.Close())
		}
	}
	if db.lock != nil {
		errs = append(errs, db.lock.release())
		db.lock = nil
	}
	return errors.Join(errs...)
}

// NewID is the next identifier. Those of one process grow.
func (db *DB) NewID() ids.ID { return db.ids.New() }

// notFound is the fault of a look-up that finds nothing.
func notFound(what string) error {
	return fault.New(fault.NotFound, fault.Place{}, fmt.Sprintf("there is no such %s", what), "")
}

// changedMeanwhile is the fault of a change against an old Etag.
func changedMeanwhile(what string) error {
	return fault.New(fault.Conflict, fault.Place{}, fmt.Sprintf("the %s was changed by someone else in the meantime", what),
		"look at it as it is now, then make the change again")
}
