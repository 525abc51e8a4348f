package file

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"waymark/internal/durable"
)

// Disk is a folder of contents: root/ab/cd/abcd....
type Disk struct{ root string }

var _ Bucket = (*Disk)(nil)

// temporary is the folder of what is being written, beside the contents so that
// it can be renamed to them.
const temporary = "new"

// stale is how old a file in it must be to be what a crash left.
const stale = 24 * time.Hour

// OpenDisk returns the bucket in a folder, which it makes if need be, and
// removes what a crash left half written.
func OpenDisk(root string) (*Disk, error) {
	dir := filepath.Join(root, temporary)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, unkept("the folder of files could not be made", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, unkept("the folder of files could not be read", err)
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > stale {
			os.Remove(filepath.Join(dir, e.Name()))
		}
	}
	return &Disk{root}, nil
}

// Put implements Bucket.
func (d *Disk) Put(ctx context.Context, address string, r io.Reader, size int64) error {
	if err := checkAddress(address); err != nil {
		return err
	}
	f, err := d.create()
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	n, err := io.Copy(f, r)
	if err == nil && n != size {
		err = io.ErrUnexpectedEOF
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return unkept("a file could not be written", err)
	}
	return d.adopt(f.Name(), address)
}

// create opens a new file that adopt can take.
func (d *Disk) create() (*os.File, error) {
	f, err := os.CreateTemp(filepath.Join(d.root, temporary), "*")
	if err != nil {
		return nil, unkept("a file could not be written", err)
	}
	return f, nil
}

// adopt gives a synced file its address. The rename is durable when it returns;
// if the content is there already, so is that.
func (d *Disk) adopt(path, address string) error {
	to := d.path(address)
	dir := filepath.Dir(to)
	err := d.mkdir(dir)
	if err == nil {
		if _, statErr := os.Stat(to); statErr != nil {
			err = os.Rename(path, to)
		}
	}
	if err == nil {
		err = durable.SyncDir(dir)
	}
	if err != nil {
		return unkept("a file could not be written", err)
	}
	return nil
}

// mkdir makes the two folders of an address durably.
func (d *Disk) mkdir(dir string) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	upper := filepath.Dir(dir)
	return errors.Join(durable.SyncDir(upper), durable.SyncDir(filepath.Dir(upper)))
}

// Open implements Bucket.
func (d *Disk) Open(ctx context.Context, address string) (io.ReadCloser, error) {
	if err := checkAddress(address); err != nil {
		return nil, err
	}
	f, err := os.Open(d.path(address))
	if errors.Is(err, fs.ErrNotExist) && d.BringBack(ctx, address) == nil {
		f, err = os.Open(d.path(address))
	}
	if err != nil {
		return nil, unread(err)
	}
	return f, nil
}

// Stat implements Bucket.
func (d *Disk) Stat(ctx context.Context, address string) (int64, error) {
	if err := checkAddress(address); err != nil {
		return 0, err
	}
	info, err := os.Stat(d.path(address))
	if errors.Is(err, fs.ErrNotExist) && d.BringBack(ctx, address) == nil {
		info, err = os.Stat(d.path(address))
	}
	if err != nil {
		return 0, unread(err)
	}
	return info.Size(), nil
}

// Delete implements Bucket.
func (d *Disk) Delete(ctx context.Context, address string) error {
	if err := checkAddress(address); err != nil {
		return err
	}
	if err := d.Discard(ctx, address); err != nil {
		return err
	}
	return remove(d.path(address))
}

// remove removes a file durably; it is no error if there is none.
func remove(path string) error {
	switch err := os.Remove(path); {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return unkept("a file could not be removed", err)
	}
	if err := durable.SyncDir(filepath.Dir(path)); err != nil {
		return unkept("a file could not be removed", err)
	}
	return nil
}

// List implements Bucket.
func (d *Disk) List(ctx context.Context, use func(address string, size int64) error) error {
	return d.walk(ctx, func(info fs.FileInfo) error { return use(info.Name(), info.Size()) })
}

func (d *Disk) walk(ctx context.Context, use func(fs.FileInfo) error) error {
	own := errors.New("")
	err := filepath.WalkDir(d.root, func(path string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		case e.IsDir() && filepath.Dir(path) == d.root && len(e.Name()) != 2:
			return fs.SkipDir
		case !e.Type().IsRegular() || !Valid(e.Name()) || d.path(e.Name()) != path:
			return nil
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil // removed meanwhile
		}
		if err == nil {
			if err = use(info); err != nil {
				own = err
			}
		}
		return err
	})
	if err == nil || err == own || ctx.Err() != nil {
		return err
	}
	return unkept("the folder of files could not be read", err)
}

// Ping implements Bucket.
func (d *Disk) Ping(context.Context) error {
	f, err := d.create()
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

func (d *Disk) path(address string) string {
	return filepath.Join(d.root, filepath.FromSlash(spread(address)))
}

func unread(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return noContent()
	}
	return unkept("a file could not be read", err)
}

// trimSpread is the address in a key that spread made, or "".
func trimSpread(key string) string {
	address := key[strings.LastIndexByte(key, '/')+1:]
	if !Valid(address) || spread(address) != key {
		return ""
	}
	return address
}
