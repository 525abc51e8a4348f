package file

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"waymark/internal/durable"
)

// Ages implements Shelf.
func (d *Disk) Ages(ctx context.Context, use func(address string, put time.Time) error) error {
	return d.walk(ctx, func(info fs.FileInfo) error { return use(info.Name(), info.ModTime()) })
}

// SetAside implements Shelf. The time of a file that is set aside says since
// when; it is set first, so that after a crash in between the file is young and
// not forgotten.
func (d *Disk) SetAside(_ context.Context, address string) error {
	if err := checkAddress(address); err != nil {
		return err
	}
	from, to := d.path(address), d.shelf(address)
	now := time.Now()
	err := os.MkdirAll(filepath.Dir(to), 0o700)
	if err == nil {
		err = os.Chtimes(from, now, now)
	}
	if err == nil {
		err = os.Rename(from, to)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist): // someone else did
		return nil
	case err == nil:
		err = durable.SyncDir(filepath.Dir(to))
	}
	if err != nil {
		return unkept("a file could not be set aside", err)
	}
	return nil
}

// Aside implements Shelf.
func (d *Disk) Aside(ctx context.Context, use func(address string, since time.Time) error) error {
	entries, err := os.ReadDir(filepath.Join(d.root, aside))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return unkept("the folder of files could not be read", err)
	}
	for _, e := range entries {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) || err == nil && !Valid(e.Name()) {
			continue
		}
		if err != nil {
			return unkept("the folder of files could not be read", err)
		}
		if err := use(e.Name(), info.ModTime()); err != nil {
			return err
		}
	}
	return nil
}

// BringBack implements Shelf. What was put meanwhile is the same content.
func (d *Disk) BringBack(_ context.Context, address string) error {
	if err := checkAddress(address); err != nil {
		return err
	}
	from := d.shelf(address)
	if _, err := os.Stat(from); err != nil { // most likely: nothing is made for it
		return unread(err)
	}
	dir := filepath.Dir(d.path(address))
	err := d.mkdir(dir)
	if err == nil {
		err = os.Rename(from, d.path(address))
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return noContent()
	case err == nil:
		err = durable.SyncDir(dir)
	}
	if err != nil {
		return unkept("a file could not be brought back", err)
	}
	return nil
}

// Discard implements Shelf.
func (d *Disk) Discard(_ context.Context, address string) error {
	if err := checkAddress(address); err != nil {
		return err
	}
	if _, err := os.Lstat(d.shelf(address)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return remove(d.shelf(address))
}

func (d *Disk) shelf(address string) string { return filepath.Join(d.root, aside, address) }
