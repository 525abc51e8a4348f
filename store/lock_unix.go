//go:build unix

package store

import (
	"os"

	"golang.org/x/sys/unix"
)

// flock takes the whole file for this process; the system lets it go when the
// process ends, however it ends.
func flock(f *os.File) error { return unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB) }
