package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"waymark/internal/fault"
)

// trouble turns an error of a driver into a fault. What a person cannot see
// (values, statements) stays in its cause. Faults, sql.ErrNoRows and the end of a
// context pass as they are.
func (db *DB) trouble(err error) error {
	var f *fault.Fault
	var l *fault.List
	switch {
	case err == nil, errors.Is(err, sql.ErrNoRows), errors.As(err, &f), errors.As(err, &l), errors.Is(err, context.Canceled):
		return err
	case isFull(err):
		return fault.Wrap(fault.Unavailable, fault.Place{}, "there is no room left for the database",
			"make room on its disk; nothing that was acknowledged is lost, and what was refused can be sent again", err)
	case isLost(err), isPassing(err), errors.Is(err, context.DeadlineExceeded), errors.Is(err, sql.ErrConnDone), errors.Is(err, errDatabaseClosed(err)):
		return fault.Wrap(fault.Unavailable, fault.Place{}, "the database does not answer",
			"wait and try again; if it stays so, see that it runs and that its disk is sound", err)
	}
	return fault.Wrap(fault.Internal, fault.Place{}, "the database refused a statement", "this is a mistake of the program: report it with the log's lines", err)
}

// errDatabaseClosed is err if it says that a pool was closed; database/sql has
// no variable for it.
func errDatabaseClosed(err error) error {
	if strings.HasSuffix(err.Error(), "sql: database is closed") {
		return err
	}
	return errNever
}

var errNever = errors.New("never")

func sqliteCode(err error) (primary, extended int) {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code() & 0xff, e.Code()
	}
	return 0, 0
}

func postgresCode(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// codeOf is what a log says of an error: its code, since its text may show values.
func codeOf(err error) string {
	if _, extended := sqliteCode(err); extended != 0 {
		return "sqlite " + strconv.Itoa(extended)
	}
	if code := postgresCode(err); code != "" {
		return "postgres " + code
	}
	return fmt.Sprintf("%T", err)
}

// isFull tells that a disk is full.
func isFull(err error) bool {
	primary, _ := sqliteCode(err)
	return primary == sqlite3.SQLITE_FULL || postgresCode(err) == "53100"
}

// isTwice tells that a row with this key is there already.
func isTwice(err error) bool {
	_, extended := sqliteCode(err)
	switch extended {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_ROWID:
		return true
	}
	return postgresCode(err) == "23505"
}

// isOrphan tells that a row names one that is not there.
func isOrphan(err error) bool {
	_, extended := sqliteCode(err)
	return extended == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY || postgresCode(err) == "23503"
}

// isPassing tells that the same again may succeed: locks, limits, deadlocks.
func isPassing(err error) bool {
	switch primary, _ := sqliteCode(err); primary {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_NOMEM:
		return true
	}
	switch code := postgresCode(err); {
	case code == "40001", code == "40P01", code == "55P03", code == "57014":
		return true
	default:
		return strings.HasPrefix(code, "53") && code != "53100"
	}
}

// isLost tells that the connection, the server or the disk is gone.
func isLost(err error) bool {
	switch primary, _ := sqliteCode(err); primary {
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_PERM:
		return true
	}
	code := postgresCode(err)
	if strings.HasPrefix(code, "08") || strings.HasPrefix(code, "57P") || code == "25P03" || code == "25006" {
		return true
	}
	var connect *pgconn.ConnectError
	var network net.Error
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		errors.As(err, &connect) || errors.As(err, &network) || code == "" && (strings.Contains(err.Error(), "conn closed") || strings.Contains(err.Error(), "conn busy"))
}

// isNone tells that a look-up found no row.
func isNone(err error) bool { return errors.Is(err, sql.ErrNoRows) }
