package store

import (
	"context"
	"io"
	"path/filepath"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/store/file"
)

// filesDir is the folder of contents in the data folder.
const filesDir = "files"

// openContents finds where the contents of files are kept.
func (db *DB) openContents(o Options) error {
	db.contents = o.Files
	if o.Files != nil || o.Dir == "" {
		return nil
	}
	disk, err := file.OpenDisk(filepath.Join(o.Dir, filesDir))
	if err == nil {
		db.contents, err = file.New(disk, o.Vault, "")
	}
	return err
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
