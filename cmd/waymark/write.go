package main

import (
	"errors"
	"os"
	"path/filepath"

	"waymark/internal/fault"
)

// replaceFile writes a file whole or not at all. A device or a pipe is written
// to and never replaced: /dev/null must stay what it is.
func replaceFile(path string, data []byte) error {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return writeThrough(path, info, data)
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".waymark-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(data)
	if err == nil {
		err = tmp.Chmod(0o644)
	}
	if err == nil {
		err = tmp.Sync()
	}
	if closed := tmp.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}

// unwritten is the fault of a file that could not be written.
func unwritten(path string, err error) error {
	var f *fault.Fault
	if errors.As(err, &f) {
		return err
	}
	return fault.Wrap(fault.Unavailable, fault.Place{File: path}, "the file could not be written",
		"check that the folder may be written to and the file is not open elsewhere", err)
}

// writeThrough writes to what is there and is no file.
func writeThrough(path string, info os.FileInfo, data []byte) error {
	if info.IsDir() {
		return fault.New(fault.Invalid, fault.Place{File: path}, "this is a folder, not a file", "name the file to write in it")
	}
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if closed := f.Close(); err == nil {
		err = closed
	}
	return err
}
