package store_test

import (
	"syscall"
	"time"
)

// processorTime is what this process used of the processors. Other programs on
// the machine change it less than the time that passes.
func processorTime() time.Duration {
	var r syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &r) != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
