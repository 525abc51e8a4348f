package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"waymark/internal/fault"
)

// Loader fills an empty database from a backup: all of it or nothing.
type Loader struct {
	db      *DB
	tx      *sql.Tx
	path    string // of the file, on SQLite
	table   string
	columns []string
	rows    [][]any
	size    int
	counts  map[string]int64
	done    bool
}

// loadBytes is how much of a table is written with one statement, about.
const loadBytes = 256 << 10

// OpenLoader makes the tables of a version and returns what fills them. On
// SQLite the folder must not have a database; on PostgreSQL the database must be
// empty, or have tables of that version without rows. Of the options Dir and URL
// count.
func OpenLoader(ctx context.Context, o Options, schema int64) (*Loader, error) {
	l := &Loader{db: &DB{}, counts: map[string]int64{}}
	o.Readers = 1
	var err error
	if o.URL != "" {
		err = l.db.openPostgres(ctx, o)
	} else {
		err = l.createSQLite(ctx, o)
	}
	if err == nil {
		err = l.prepare(ctx, schema)
	}
	if err == nil {
		l.tx, err = l.db.write.BeginTx(ctx, nil)
	}
	if err == nil && o.URL != "" {
		for _, query := range []string{"SET LOCAL statement_timeout = 0", "SET LOCAL idle_in_transaction_session_timeout = 0"} {
			if _, err = l.tx.ExecContext(ctx, query); err != nil {
				break
			}
		}
	}
	if err == nil { // the head of a log without entries
		_, err = l.tx.ExecContext(ctx, "DELETE FROM audit_head")
	}
	if err != nil {
		l.Abort()
		return nil, l.db.trouble(err)
	}
	return l, nil
}

// createSQLite makes a file for this alone: it is synced once at the end, and
// removed if the end is never reached.
func (l *Loader) createSQLite(ctx context.Context, o Options) error {
	l.db.engine = sqliteEngine
	path := filepath.Join(o.Dir, sqliteFile)
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		kind, message := fault.Unavailable, "the database cannot be made"
		if errors.Is(err, os.ErrExist) {
			kind, message = fault.Conflict, "there is a database already"
		}
		return fault.Wrap(kind, fault.Place{File: path}, message, "restore into an empty folder", err)
	}
	l.path = path
	f.Close()
	if l.db.write, err = sqlitePool(path, "immediate", []string{"journal_mode(OFF)", "synchronous(OFF)", "foreign_keys(1)", "temp_store(MEMORY)", "cache_size(-32768)"}); err != nil {
		return err
	}
	l.db.write.SetMaxOpenConns(1)
	return l.db.write.PingContext(ctx)
}

// prepare brings the tables to a version.
func (l *Loader) prepare(ctx context.Context, schema int64) error {
	provider, err := l.db.provider()
	if err != nil {
		return err
	}
	sources := provider.ListSources()
	if newest := sources[len(sources)-1].Version; schema > newest || schema < 1 {
		return fault.New(fault.Conflict, fault.Place{}, fmt.Sprintf("the backup is of a newer waymark: its tables are of version %d, this program knows %d", schema, newest),
			"restore it with the program that made it, or a newer one")
	}
	current, _, err := provider.GetVersions(ctx)
	if err != nil {
		return l.db.trouble(err)
	}
	if current > schema {
		return fault.New(fault.Conflict, fault.Place{}, "the database has newer tables than the backup", "restore into an empty database")
	}
	if current > 0 {
		if err := l.empty(ctx); err != nil {
			return err
		}
	}
	if _, err := provider.UpTo(ctx, schema); err != nil {
		return l.db.unmigrated(err)
	}
	return nil
}

// empty refuses a database that holds anything.
func (l *Loader) empty(ctx context.Context) error {
	for _, table := range Tables {
		if table == "audit_head" {
			continue
		}
		var one int
		err := l.db.write.QueryRowContext(ctx, "SELECT 1 FROM "+table+" LIMIT 1").Scan(&one)
		switch {
		case errors.Is(err, sql.ErrNoRows):
		case err == nil:
			return fault.New(fault.Conflict, fault.Place{}, "the database is not empty", "restore into a new database; nothing was changed")
		case postgresCode(err) == "42P01": // a table of a later version
		default:
			return l.db.trouble(err)
		}
	}
	return nil
}

// Row adds a row to a table of Tables. Tables come one after another, in the
// order of Tables. row is not kept.
func (l *Loader) Row(ctx context.Context, table string, columns []string, row []any) error {
	if table != l.table || !slices.Equal(columns, l.columns) {
		if err := l.flush(ctx); err != nil {
			return err
		}
		if !isTable(table) || len(columns) == 0 || slices.ContainsFunc(columns, func(c string) bool { return !isColumn(c) }) {
			return fault.New(fault.Invalid, fault.Place{Field: "table"}, "the backup names a table or a column that there is not", "")
		}
		l.table, l.columns = table, slices.Clone(columns)
	}
	if len(row) != len(columns) {
		return fault.New(fault.Invalid, fault.Place{Field: table}, "a row of the backup has more or fewer values than columns", "")
	}
	l.rows = append(l.rows, slices.Clone(row))
	for _, v := range row {
		switch v := v.(type) {
		case string:
			l.size += len(v)
		case []byte:
			l.size += len(v)
		default:
			l.size += 8
		}
	}
	l.counts[table]++
	if l.size >= loadBytes || len(l.rows)*len(columns) >= 3000 {
		return l.flush(ctx)
	}
	return nil
}

// isColumn says whether a name is one of a column: it becomes a part of a statement.
func isColumn(name string) bool {
	return name != "" && len(name) <= 60 && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz_") == ""
}

func (l *Loader) flush(ctx context.Context) error {
	if len(l.rows) == 0 {
		return nil
	}
	var args []any
	for _, row := range l.rows {
		args = append(args, row...)
	}
	text := insertText("INSERT INTO "+l.table+" ("+strings.Join(l.columns, ", ")+") VALUES", "", len(l.rows), len(l.columns))
	if _, err := l.tx.ExecContext(ctx, l.db.engine.text(text), args...); err != nil {
		if isTwice(err) || isOrphan(err) {
			return fault.Wrap(fault.Invalid, fault.Place{Field: l.table}, "the rows of the backup do not fit together", "make another backup, or use an earlier one", err)
		}
		return l.db.trouble(err)
	}
	l.rows, l.size = l.rows[:0], 0
	return nil
}

// Counts are the rows that were added, by table.
func (l *Loader) Counts() map[string]int64 { return l.counts }

// Commit ends it: the database is whole and durable.
func (l *Loader) Commit(ctx context.Context) error {
	err := l.flush(ctx)
	if err == nil {
		err = l.db.trouble(l.tx.Commit())
	}
	if err != nil {
		l.Abort()
		return err
	}
	l.done = true
	if l.path != "" { // or whoever reads keeps the server from opening it
		_, err = l.db.write.ExecContext(ctx, "PRAGMA journal_mode = WAL")
	}
	err = errors.Join(l.db.trouble(err), l.db.closeFiles())
	if err == nil && l.path != "" {
		err = syncFile(l.path)
	}
	return err
}

func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// Abort leaves nothing of what was added. It does nothing after Commit.
func (l *Loader) Abort() {
	if l.done {
		return
	}
	l.done = true
	if l.tx != nil {
		l.tx.Rollback()
	}
	l.db.closeFiles()
	if l.path != "" {
		os.Remove(l.path)
		os.Remove(l.path + "-journal")
	}
}
