package main

import (
	"os"
	"syscall"
)

// dataSync is what SQLite calls.
func dataSync(f *os.File) error { return syscall.Fdatasync(int(f.Fd())) }
