// Package durable writes files that are there whole or not at all, also after the
// machine has lost its power: the data are synced, and so is the name in its folder.
// New files can be read and written by their owner alone (0600).
//
// It must not know what is written. Errors are those of the file system, for the
// caller to put into words.
package durable

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
)

// Create makes a file of data. If there is one by that name already, whoever made it,
// it stays and the error is fs.ErrExist.
func Create(path string, data []byte) error {
	_, err := CreateFrom(path, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
	return err
}

// CreateFrom is Create for what write writes; size is in bytes. An error of write is
// returned as it is, and no file is left.
func CreateFrom(path string, write func(io.Writer) error) (size int64, err error) {
	tmp, size, err := temporary(filepath.Dir(path), write)
	if err != nil {
		return 0, err
	}
	defer os.Remove(tmp)
	if err := os.Link(tmp, path); err != nil { // unlike a rename, it replaces nothing
		return 0, err
	}
	return size, SyncDir(filepath.Dir(path))
}

// Replace writes a file of data in place of what is there.
func Replace(path string, data []byte) error {
	tmp, _, err := temporary(filepath.Dir(path), func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
	if err != nil {
		return err
	}
	if err := os.Rename(tmp, path); err != nil {
		os.Remove(tmp)
		return err
	}
	return SyncDir(filepath.Dir(path))
}

// temporary writes a new file in dir, syncs it and returns its path.
func temporary(dir string, write func(io.Writer) error) (path string, size int64, err error) {
	f, err := os.CreateTemp(dir, ".new-*") // 0600
	if err != nil {
		return "", 0, err
	}
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if info, statErr := f.Stat(); statErr == nil {
		size = info.Size()
	} else if err == nil {
		err = statErr
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		os.Remove(f.Name())
		return "", 0, err
	}
	return f.Name(), size, nil
}

// SyncDir makes the names in a folder durable. Windows has no such call and needs none.
func SyncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
