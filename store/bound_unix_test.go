//go:build unix

package store_test

import (
	"os/signal"
	"syscall"
)

// canBound says that files can be kept from growing.
const canBound = true

// boundFiles makes writes beyond a size fail in this process.
func boundFiles(size uint64) error {
	signal.Ignore(syscall.SIGXFSZ)
	var r syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &r); err != nil {
		return err
	}
	r.Cur = size
	return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &r)
}

func unboundFiles() error {
	var r syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &r); err != nil {
		return err
	}
	r.Cur = r.Max
	return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &r)
}
