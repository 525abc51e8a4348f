package store

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"

	"modernc.org/sqlite"

	"waymark/internal/fault"
)

// sqliteFile is the database's name in the data folder.
const sqliteFile = "waymark.db"

// openSQLite takes the folder's lock, then opens one connection that writes and
// some that read.
//
// A commit is durable before it is answered (WAL, synchronous FULL; fdatasync
// where the system has it, F_FULLFSYNC on macOS). Temporary tables and journals
// of savepoints stay in memory, so that nothing is written beside the database.
func (db *DB) openSQLite(ctx context.Context, o Options) error {
	db.engine = sqliteEngine
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return fault.Wrap(fault.Unavailable, fault.Place{File: o.Dir}, "the data folder cannot be made",
			"give a folder that the user who runs waymark may write to", err)
	}
	var err error
	if db.lock, err = lockDir(o.Dir); err != nil {
		return err
	}
	path := filepath.Join(o.Dir, sqliteFile)
	// Made here so that only its owner may read it; SQLite gives the journal the
	// same permissions.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fault.Wrap(fault.Unavailable, fault.Place{File: path}, "the database cannot be opened",
			"give its owner, the user who runs waymark, the right to read and write it", err)
	}
	f.Close()
	sqlite.Fdatasync(true) // where it is not available, SQLite does its own
	writing := []string{"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "fullfsync(1)", "foreign_keys(1)",
		"temp_store(MEMORY)", "cache_size(-8192)", "journal_size_limit(67108864)"}
	if o.MaxPages > 0 {
		writing = append(writing, "max_page_count("+strconv.Itoa(o.MaxPages)+")")
	}
	reading := []string{"busy_timeout(10000)", "foreign_keys(1)", "temp_store(MEMORY)", "cache_size(-4096)", "query_only(1)"}
	if db.write, err = sqlitePool(path, "immediate", writing); err != nil {
		return err
	}
	db.write.SetMaxOpenConns(1)
	db.write.SetMaxIdleConns(1)
	if err := db.write.PingContext(ctx); err != nil {
		return db.unreadable(path, err)
	}
	if db.read, err = sqlitePool(path, "deferred", reading); err != nil {
		return err
	}
	db.turns = make(chan struct{}, o.Readers)
	db.read.SetMaxOpenConns(o.Readers)
	db.read.SetMaxIdleConns(o.Readers)
	return nil
}

func sqlitePool(path, lock string, pragmas []string) (*sql.DB, error) {
	q := url.Values{"_txlock": {lock}, "_pragma": pragmas, "_dqs": {"0"}, "_defensive": {"1"}}
	// The path is escaped so that no sign in it reads as a parameter.
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath(), RawQuery: q.Encode()}
	return sql.Open("sqlite", u.String())
}

// unreadable is a database that does not open at all.
func (db *DB) unreadable(path string, err error) error {
	if fault.KindOf(db.trouble(err)) == fault.Unavailable {
		return fault.Wrap(fault.Unavailable, fault.Place{File: path}, "the database cannot be opened",
			"see that the disk has room and that the file belongs to the user who runs waymark; restore a backup if it was damaged", err)
	}
	return fault.Wrap(fault.Invalid, fault.Place{File: path}, "this is not a database of waymark, or it was damaged",
		fmt.Sprintf("restore a backup, or move %s away to begin anew", sqliteFile), err)
}
