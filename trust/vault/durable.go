package vault

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"waymark/internal/durable"
	"waymark/internal/fault"
)

// maxFile bounds what is read of any file of keys, in bytes. Ours are below 4 kB.
const maxFile = 64 << 10

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
	return durable.SyncDir(filepath.Dir(path))
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
