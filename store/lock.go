package store

import (
	"os"
	"path/filepath"

	"waymark/internal/fault"
)

// dirLock keeps a second process out of a data folder. Group commit, the tree of
// the audit and the totals rely on one writer for one SQLite file.
type dirLock struct{ file *os.File }

func lockDir(dir string) (*dirLock, error) {
	path := filepath.Join(dir, "waymark.lock")
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, fault.Place{File: path}, "the data folder cannot be locked",
			"give a folder that the user who runs waymark may write to", err)
	}
	if err := flock(f); err != nil {
		f.Close()
		return nil, fault.Wrap(fault.Unavailable, fault.Place{File: dir}, "another waymark is using this data folder",
			"stop it first, or give this one another folder; several processes need PostgreSQL", err)
	}
	return &dirLock{f}, nil
}

// release lets the folder go. The file stays: removing it would let two
// processes lock two files of one name.
func (l *dirLock) release() error { return l.file.Close() }
