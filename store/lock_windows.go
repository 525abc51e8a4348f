package store

import (
	"os"

	"golang.org/x/sys/windows"
)

// flock takes the file for this process; the system lets it go when the process
// ends, however it ends.
func flock(f *os.File) error {
	const flags = windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY
	return windows.LockFileEx(windows.Handle(f.Fd()), flags, 0, 1, 0, new(windows.Overlapped))
}
