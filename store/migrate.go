package store

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	"github.com/pressly/goose/v3"

	"waymark/internal/fault"
)

//go:embed migration/*.sql
var migrations embed.FS

// migrationLock is the number of the advisory lock under which one process at a
// time changes tables on PostgreSQL: "waymark" in ASCII.
const migrationLock = 0x7761796d61726b

// migrate brings the tables up to date, once, whoever else starts at the same
// time. A database of a newer program is refused, so that an older one cannot
// write what it does not understand.
func (db *DB) migrate(ctx context.Context) error {
	if db.engine == postgresEngine {
		unlock, err := db.lockMigration(ctx)
		if err != nil {
			return db.trouble(err)
		}
		defer unlock()
	}
	provider, err := db.provider()
	if err != nil {
		return err
	}
	current, target, err := provider.GetVersions(ctx)
	if err != nil {
		return db.trouble(err)
	}
	if current > target {
		return fault.New(fault.Conflict, fault.Place{},
			fmt.Sprintf("the database was written by a newer waymark: its tables are of version %d, this program knows %d", current, target),
			"run the newer program, or restore the backup that was made before the upgrade")
	}
	if _, err := provider.Up(ctx); err != nil {
		return db.unmigrated(err)
	}
	_, err = db.write.ExecContext(ctx, db.engine.text("INSERT INTO audit_head (id, size, frontier) VALUES (1, 0, $1) ON CONFLICT (id) DO NOTHING"), []byte{})
	return db.trouble(err)
}

// provider knows the changes of tables in the engine's words.
func (db *DB) provider() (*goose.Provider, error) {
	dialect := goose.DialectSQLite3
	if db.engine == postgresEngine {
		dialect = goose.DialectPostgres
	}
	files, err := fs.Sub(inWords{migrations, db.engine}, "migration")
	if err != nil {
		return nil, err
	}
	provider, err := goose.NewProvider(dialect, db.write, files, goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return nil, fault.Wrap(fault.Internal, fault.Place{}, "the changes of tables cannot be read", "", err)
	}
	return provider, nil
}

// unmigrated is the fault of tables that could not be changed.
func (db *DB) unmigrated(err error) error {
	var partial *goose.PartialError
	if errors.As(err, &partial) {
		err = partial.Err
	}
	return fault.Wrap(fault.KindOf(db.trouble(err)), fault.Place{}, "the tables could not be brought up to date",
		"see that the disk has room and that the database's user may create tables; nothing was changed", err)
}

// lockMigration waits for the lock on a connection of its own.
func (db *DB) lockMigration(ctx context.Context) (unlock func(), err error) {
	conn, err := db.write.Conn(ctx)
	if err != nil {
		return nil, err
	}
	// A long change of another process is waited for, unlike a long statement.
	for _, query := range []string{"SET statement_timeout = '10min'", "SET lock_timeout = '10min'"} {
		if _, err := conn.ExecContext(ctx, query); err != nil {
			conn.Close()
			return nil, err
		}
	}
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", int64(migrationLock)); err != nil {
		conn.Close()
		return nil, err
	}
	return func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		conn.ExecContext(ctx, "SELECT pg_advisory_unlock($1)", int64(migrationLock))
		conn.ExecContext(ctx, "RESET statement_timeout")
		conn.ExecContext(ctx, "RESET lock_timeout")
		conn.Close()
	}, nil
}

// inWords gives the files of migrations in the engine's words.
type inWords struct {
	fs.FS
	engine engine
}

// Open implements fs.FS.
func (w inWords) Open(name string) (fs.File, error) {
	f, err := w.FS.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil || info.IsDir() {
		return f, err
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	if err != nil {
		return nil, err
	}
	text := []byte(w.engine.text(string(data)))
	return &wordFile{bytes.NewReader(text), sized{info, int64(len(text))}}, nil
}

type wordFile struct {
	*bytes.Reader
	info sized
}

// Stat implements fs.File.
func (f *wordFile) Stat() (fs.FileInfo, error) { return f.info, nil }

// Close implements fs.File.
func (f *wordFile) Close() error { return nil }

type sized struct {
	fs.FileInfo
	size int64
}

// Size implements fs.FileInfo.
func (s sized) Size() int64 { return s.size }
