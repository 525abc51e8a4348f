package store

import (
	"context"
	"io"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
)

// Contents keeps the contents of files outside the database, sealed under the
// keys of their round.
type Contents interface {
	collection.Files
	// Delete removes a content; it is no error if there is none.
	Delete(ctx context.Context, address string) error
}

var _ collection.Files = (*DB)(nil)

// PutFile implements collection.Files.
func (db *DB) PutFile(ctx context.Context, round ids.ID, r io.Reader, limit int64) (address string, size int64, md5 string, err error) {
	if db.contents == nil {
		return "", 0, "", noContents()
	}
	return db.contents.PutFile(ctx, round, r, limit)
}

// OpenFile implements collection.Files.
func (db *DB) OpenFile(ctx context.Context, round ids.ID, address string) (io.ReadCloser, error) {
	if db.contents == nil {
		return nil, noContents()
	}
	return db.contents.OpenFile(ctx, round, address)
}

func noContents() error {
	return fault.New(fault.Unavailable, fault.Place{}, "there is no storage for files", "set where files are kept")
}
