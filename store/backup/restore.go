package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"filippo.io/age"

	"waymark/internal/durable"
	"waymark/internal/fault"
	"waymark/store"
	"waymark/store/file"
)

// Target is where a backup is restored to.
type Target struct {
	// Dir is the data folder, made if need be: Required. It must have no database
	// and no contents.
	Dir string
	// URL of an empty PostgreSQL database. Default SQLite in Dir.
	URL string
	// Files is where contents go. Default a folder in Dir.
	Files file.Bucket
}

// staging is the folder in the data folder in which everything is put together.
const staging = "restoring"

// What the store calls its own in the data folder.
const (
	databaseFile  = "waymark.db"
	contentFolder = "files"
)

// Restore fills an empty target from a backup, all of it or nothing: where it
// fails, the target is as it was, but for contents in a storage of their own. It
// does not need the keys, and checks nothing that does.
func Restore(ctx context.Context, r io.Reader, by []age.Identity, to Target) (*Summary, error) {
	if err := to.empty(); err != nil {
		return nil, err
	}
	dir := filepath.Join(to.Dir, staging)
	if err := os.RemoveAll(dir); err == nil { // what an earlier try left
		err = os.MkdirAll(dir, 0o700)
		if err != nil {
			return nil, unwritable(to.Dir, err)
		}
	}
	defer os.RemoveAll(dir)
	w := &restoring{to: to, dir: dir, files: to.Files}
	if w.files == nil {
		disk, err := file.OpenDisk(filepath.Join(dir, contentFolder))
		if err != nil {
			return nil, err
		}
		w.files = disk
	}
	s, err := Read(ctx, r, by, w)
	if err == nil {
		err = w.agree(s)
	}
	if err == nil {
		err = w.settle(ctx)
	}
	if err != nil {
		if w.loader != nil {
			w.loader.Abort()
		}
		return nil, err
	}
	return s, nil
}

// empty refuses a folder that is in use.
func (t *Target) empty() error {
	for _, name := range []string{databaseFile, contentFolder} {
		path := filepath.Join(t.Dir, name)
		entries, err := os.ReadDir(path)
		if errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0 {
			continue
		}
		if name == databaseFile && t.URL != "" {
			continue
		}
		if name == contentFolder && t.Files != nil {
			continue
		}
		return fault.New(fault.Conflict, fault.Place{File: path}, "the data folder is not empty: a restore never replaces anything", "give an empty folder with --data, or move this away")
	}
	return nil
}

// restoring implements Into.
type restoring struct {
	to     Target
	dir    string
	files  file.Bucket
	loader *store.Loader
}

// Begin implements Into.
func (w *restoring) Begin(ctx context.Context, m *Manifest) (err error) {
	w.loader, err = store.OpenLoader(ctx, store.Options{Dir: w.dir, URL: w.to.URL}, m.Schema)
	return err
}

// Row implements Into.
func (w *restoring) Row(ctx context.Context, table string, columns []string, row []any) error {
	return w.loader.Row(ctx, table, columns, row)
}

// Content implements Into.
func (w *restoring) Content(ctx context.Context, address string, r io.Reader, size int64) error {
	return w.files.Put(ctx, address, r, size)
}

// agree compares what was written with what was read.
func (w *restoring) agree(s *Summary) error {
	written := w.loader.Counts()
	for table, n := range s.Tables {
		if written[table] != n {
			return fault.New(fault.Internal, fault.Place{Field: table}, fmt.Sprintf("%d of %d rows were written", written[table], n), "")
		}
	}
	return nil
}

// settle ends the database and moves what was put together to its place, the
// database last: without it nothing counts as restored.
func (w *restoring) settle(ctx context.Context) error {
	if w.to.Files == nil {
		to := filepath.Join(w.to.Dir, contentFolder)
		if err := os.Remove(to); err != nil && !errors.Is(err, fs.ErrNotExist) { // an empty one
			return unwritable(to, err)
		}
		if err := os.Rename(filepath.Join(w.dir, contentFolder), to); err != nil {
			return unwritable(to, err)
		}
	}
	err := w.loader.Commit(ctx)
	if err == nil && w.to.URL == "" {
		err = os.Rename(filepath.Join(w.dir, databaseFile), filepath.Join(w.to.Dir, databaseFile))
	}
	if err == nil {
		err = durable.SyncDir(w.to.Dir)
	}
	if err != nil {
		if w.to.Files == nil {
			os.RemoveAll(filepath.Join(w.to.Dir, contentFolder))
		}
		return err
	}
	return nil
}

func unwritable(path string, err error) error {
	return fault.Wrap(fault.Unavailable, fault.Place{File: path}, "it could not be written", "check that the folder may be written to and has room", err)
}
