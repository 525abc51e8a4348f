package vault

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"waymark/internal/fault"
)

// The files that processes on one folder keep out of each other's way by.
const (
	// fileChange is held shared while keys are made or backed up, and exclusively
	// while the keyset that wraps them is changed.
	fileChange = "change.lock"
	// fileRotation is held exclusively during a whole rotation.
	fileRotation = "rotation.lock"
)

const (
	shared    = false
	exclusive = true
)

// lock takes a lock file and waits for it; the system lets it go when the process
// ends, however it ends.
func (c *Cases) lock(name string, alone bool) (release func(), err error) {
	return lockFile(filepath.Join(c.dir, name), alone, true)
}

func lockFile(path string, alone, wait bool) (release func(), err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err == nil {
		if err = flock(f, alone, wait); err != nil {
			f.Close()
		}
	}
	if err != nil {
		return nil, unusable(path, "the folder of the keys of cases cannot be locked", err)
	}
	return func() { f.Close() }, nil
}

// waitAlone takes a lock exclusively, however long others hold it, until ctx ends.
func (c *Cases) waitAlone(ctx context.Context, name string) (release func(), err error) {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		release, err := lockFile(filepath.Join(c.dir, name), exclusive, false)
		if err == nil || !errors.Is(err, errLocked) {
			return release, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-tick.C:
		}
	}
}

// errLocked says that another holds the lock.
var errLocked = errors.New("the file is locked")

// HoldCases keeps the keyset that wraps the keys of cases as it is until release
// is called, so that a copy of the folder of keys opens as a whole. Cases are made,
// destroyed and wrapped anew all the same; a rotation waits at its start and end.
func HoldCases(dir string) (release func(), err error) {
	path := filepath.Join(dir, casesDir)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return func() {}, nil
	}
	return lockFile(filepath.Join(path, fileChange), shared, true)
}

// HoldRotation keeps every rotation of the keys of cases off until release is
// called, so that keys which are put into the folder stay wrapped by what is there.
// One that is under way is a fault.
func HoldRotation(dir string) (release func(), err error) {
	path := filepath.Join(dir, casesDir)
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, unusable(path, "the folder of the keys of cases could not be made", err)
	}
	return takeRotation(path)
}

func takeRotation(dir string) (release func(), err error) {
	release, err = lockFile(filepath.Join(dir, fileRotation), exclusive, false)
	if errors.Is(err, errLocked) {
		return nil, fault.Wrap(fault.Conflict, fault.Place{}, "the keys of cases are being rotated by another process", "wait until that has ended", err)
	}
	return release, err
}
