package store

import (
	"context"
	"errors"
	"time"

	"waymark/internal/fault"
	"waymark/trust/audit"
)

// Append writes an entry into the audit of a database that is there, for a
// command that has no keys. It changes no table: a database of another version
// is a fault of kind Conflict. Over SQLite a server that runs is one of kind
// Unavailable. Of the options Dir, URL and Log count.
func Append(ctx context.Context, o Options, e audit.Entry) error {
	if o.Log == nil {
		return errors.New("store: Log is required")
	}
	o.Readers = 1
	there, err := OpenReader(ctx, o) // what is not there must not be made
	if err != nil {
		return err
	}
	there.Close()
	db := &DB{log: o.Log, now: time.Now}
	defer db.closeFiles()
	if o.URL != "" {
		err = db.openPostgres(ctx, o)
	} else {
		err = db.openSQLite(ctx, o)
	}
	if err != nil {
		return err
	}
	provider, err := db.provider()
	if err != nil {
		return err
	}
	current, target, err := provider.GetVersions(ctx)
	if err != nil {
		return db.trouble(err)
	}
	if current != target {
		return fault.New(fault.Conflict, fault.Place{}, "the database is of another version than this program", "start the server once, which brings it up to date")
	}
	db.written, db.asked = newStatements(db.engine, db.write), newStatements(db.engine, db.read)
	db.queue = newQueue(db)
	err = db.Note(ctx, e)
	db.queue.close()
	return err
}
