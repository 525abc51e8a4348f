package vault

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"waymark/internal/fault"
)

// maxFile bounds what is read of any file of keys, in bytes. Ours are below 4 kB.
const maxFile = 64 << 10

// temporary writes data under a new name in dir, 0600, and syncs it.
func temporary(dir string, data []byte) (path string, err error) {
	f, err := os.CreateTemp(dir, ".new-*") // 0600
	if err != nil {
		return "", err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err != nil {
		os.Remove(f.Name())
		return "", err
	}
	return f.Name(), nil
}

// createWhole makes a file that is there whole or not at all. If there is one by
// that name already, whoever made it, it stays and the error is fs.ErrExist. A
// link does both at once; a rename would replace.
func createWhole(path string, data []byte) error {
	dir := filepath.Dir(path)
	tmp, err := temporary(dir, data)
	if err != nil {
		return err
	}
	defer os.Remove(tmp)
	if err := os.Link(tmp, path); err != nil {
		return err
	}
	return syncDir(dir)
}

// replaceWhole writes a file in place of what is there.
func replaceWhole(path string, data []byte) error {
	dir := filepath.Dir(path)
	tmp, err := temporary(dir, data)
	if err != nil {
		return err
	}
	if err := os.Rename(tmp, path); err != nil {
		os.Remove(tmp)
		return err
	}
	return syncDir(dir)
}

// erase overwrites a file once and removes it. Overwriting helps on plain disks
// only; what makes the data unreadable is that no copy of the keyset is left.
func erase(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		if info, statErr := f.Stat(); statErr == nil && info.Size() <= maxFile {
			f.Write(make([]byte, info.Size()))
			f.Sync()
		}
		f.Close()
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// syncDir makes names durable. Windows has no such call and needs none.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// readPrivate reads a small file that nobody but its owner may read or write.
func readPrivate(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if err := private(f, path); err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(data) > maxFile {
		err = fault.New(fault.Invalid, fault.Place{File: path}, "the file is too large to be a key", "")
	}
	return data, err
}

// private refuses files and folders that others of the machine may use. Windows
// keeps rights elsewhere.
func private(f *os.File, path string) error {
	info, err := f.Stat()
	if err != nil || runtime.GOOS == "windows" || info.Mode().Perm()&0o077 == 0 {
		return err
	}
	mode := "600"
	if info.IsDir() {
		mode = "700"
	}
	return fault.New(fault.Denied, fault.Place{File: path}, "other users of this machine may read these keys", "chmod "+mode+" it, and ask who may have read it")
}
