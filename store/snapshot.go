package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"waymark/internal/fault"
	"waymark/store/file"
	"waymark/trust/audit"
)

// Reader is a database that is only read, beside the process that writes to it.
// It needs no keys.
type Reader struct{ db *DB }

// OpenReader opens a database that is there, without its lock. Of the options
// only Dir and URL count.
func OpenReader(ctx context.Context, o Options) (*Reader, error) {
	db := &DB{}
	o.Readers = 1
	var err error
	if o.URL != "" {
		err = db.openPostgres(ctx, o)
	} else {
		err = db.readSQLite(ctx, o)
	}
	if err != nil {
		db.closeFiles()
		return nil, err
	}
	return &Reader{db}, nil
}

func (db *DB) readSQLite(ctx context.Context, o Options) error {
	db.engine = sqliteEngine
	path := filepath.Join(o.Dir, sqliteFile)
	if _, err := os.Stat(path); err != nil {
		kind := fault.Unavailable
		if errors.Is(err, fs.ErrNotExist) {
			kind = fault.NotFound
		}
		return fault.Wrap(kind, fault.Place{File: path}, "there is no database", "name the data folder of a server", err)
	}
	var err error
	if db.read, err = sqlitePool(path, "deferred", []string{"busy_timeout(10000)", "temp_store(MEMORY)", "cache_size(-8192)", "query_only(1)"}); err != nil {
		return err
	}
	if err := db.read.PingContext(ctx); err != nil {
		return db.unreadable(path, err)
	}
	return nil
}

// Snapshot is as DB.Snapshot.
func (r *Reader) Snapshot(ctx context.Context) (*Snapshot, error) { return r.db.Snapshot(ctx) }

// Close closes the database.
func (r *Reader) Close() error { return r.db.closeFiles() }

// Contents is where the contents of files are.
func (db *DB) Contents() *file.Contents { return db.contents }

// Snapshot is a database as it was at one moment, while writing goes on. Close it.
type Snapshot struct {
	// Engine is "sqlite" or "postgres".
	Engine string
	// Schema is the version of the tables.
	Schema int64
	// Size and Root are those of the audit log.
	Size int64
	Root audit.Hash
	db   *DB
	tx   *sql.Tx
}

// Snapshot begins one. It holds one connection for reading, and on PostgreSQL
// takes as long as it takes.
func (db *DB) Snapshot(ctx context.Context) (*Snapshot, error) {
	o := &sql.TxOptions{}
	if db.engine == postgresEngine {
		o = &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
	}
	tx, err := db.read.BeginTx(ctx, o)
	if err != nil {
		return nil, db.trouble(err)
	}
	s := &Snapshot{Engine: string(db.engine), db: db, tx: tx}
	if db.engine == postgresEngine {
		_, err = tx.ExecContext(ctx, "SET LOCAL statement_timeout = 0")
		if err == nil {
			_, err = tx.ExecContext(ctx, "SET LOCAL idle_in_transaction_session_timeout = 0")
		}
	}
	if err == nil { // the first read fixes the moment
		err = tx.QueryRowContext(ctx, "SELECT max(version_id) FROM goose_db_version").Scan(&s.Schema)
	}
	var frontier []byte
	if err == nil {
		err = tx.QueryRowContext(ctx, "SELECT size, frontier FROM audit_head WHERE id = 1").Scan(&s.Size, &frontier)
	}
	if err != nil {
		s.Close()
		if errors.Is(err, sql.ErrNoRows) {
			return nil, fault.New(fault.Invalid, fault.Place{}, "this is not a database of waymark", "name the data folder of a server")
		}
		return nil, db.trouble(err)
	}
	tree, err := audit.RestoreTree(s.Size, frontier)
	if err != nil {
		s.Close()
		return nil, err
	}
	s.Root = tree.Root()
	return s, nil
}

// Each calls use for every row of a table of Tables, in no order. A value is an
// int64, a float64, a string, bytes or nil, and use may keep none of them.
func (s *Snapshot) Each(ctx context.Context, table string, use func(columns []string, row []any) error) error {
	if !isTable(table) {
		return fault.New(fault.Internal, fault.Place{}, "there is no such table", "")
	}
	rows, err := s.tx.QueryContext(ctx, "SELECT * FROM "+table)
	if err != nil {
		return s.db.trouble(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return s.db.trouble(err)
	}
	row, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range row {
		into[i] = &row[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return s.db.trouble(err)
		}
		if err := use(columns, row); err != nil {
			return err
		}
	}
	return s.db.trouble(rows.Err())
}

// Addresses lists the contents of files that rows name, each once, as bytes: the
// texts of a million would fill memory.
func (s *Snapshot) Addresses(ctx context.Context) ([][32]byte, error) {
	var raw [][32]byte
	for table, column := range addresses {
		rows, err := s.tx.QueryContext(ctx, "SELECT "+column+" FROM "+table+" WHERE "+column+" <> ''")
		if err != nil {
			return nil, s.db.trouble(err)
		}
		for rows.Next() {
			var address string
			if err := rows.Scan(&address); err != nil {
				rows.Close()
				return nil, s.db.trouble(err)
			}
			var b [32]byte
			if _, err := hex.Decode(b[:], []byte(address)); err != nil || !file.Valid(address) {
				rows.Close()
				return nil, fault.New(fault.Internal, fault.Place{Field: table}, "the database names a file by what is no address", "")
			}
			raw = append(raw, b)
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return nil, s.db.trouble(err)
		}
	}
	slices.SortFunc(raw, func(a, b [32]byte) int { return slices.Compare(a[:], b[:]) })
	return slices.Compact(raw), nil
}

// Close ends the snapshot.
func (s *Snapshot) Close() error { return s.tx.Rollback() }
