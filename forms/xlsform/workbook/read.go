package workbook

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"waymark/internal/fault"
)

// supported are the sheets of an XLSForm, by their lower-case names. Source:
// the XLSForm specification, and pyxform's constants of the same names.
var supported = map[string]bool{
	"survey": true, "choices": true, "settings": true,
	"external_choices": true, "osm": true, "entities": true,
}

// Read reads the sheets of an XLSForm. What the bytes are is told by their
// content alone.
//
// The error is a *fault.Fault if the file cannot be read as a workbook at all.
// It is a *fault.List if cells are at fault; the workbook is then returned
// beside it, without those cells, so that a caller can look for the other
// faults of the form. A workbook that came with an error must not be compiled.
func Read(data []byte) (*Workbook, error) {
	format, err := sniff(data)
	if err != nil {
		return nil, err
	}
	shared := newBudget()
	var w *Workbook
	switch format {
	case XLSX:
		w, err = readXLSX(data, shared)
	case XLS:
		w, err = readXLS(data, shared)
	case Markdown:
		w, err = readMarkdown(string(trimMark(data)), shared)
	default:
		w, err = readCSV(string(trimMark(data)), shared)
	}
	if err != nil {
		return nil, err
	}
	w.Format = format
	w.Warnings = shared.warnings
	return w, shared.faults.Err()
}

// ReadFile reads the XLSForm in a file; see Read. The file's name without its
// ending becomes the workbook's Stem, and every fault names the file.
func ReadFile(path string) (*Workbook, error) {
	data, err := readAll(path)
	if err != nil {
		return nil, err
	}
	w, err := Read(data)
	if w != nil {
		base := filepath.Base(path)
		w.Stem = strings.TrimSuffix(base, filepath.Ext(base))
	}
	if err != nil {
		return w, fault.InFile(err, path)
	}
	return w, nil
}

// readAll reads a file of at most MaxFileBytes.
func readAll(path string) ([]byte, error) {
	at := fault.Place{File: path}
	f, err := os.Open(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fault.Wrap(fault.NotFound, at, "there is no such file", "check the name and the folder", err)
	case err != nil:
		return nil, fault.Wrap(fault.Unavailable, at, "the file cannot be opened", "check that you may read it", err)
	}
	defer f.Close()
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, fault.Wrap(fault.Unavailable, at, "the file cannot be opened", "check that you may read it", err)
	case info.IsDir():
		return nil, fault.New(fault.Invalid, at, "this is a folder, not a file", "name the workbook in it")
	case info.Size() > MaxFileBytes:
		return nil, fault.InFile(tooLarge(), path)
	}
	data := make([]byte, 0, info.Size()+1)
	limited := io.LimitReader(f, MaxFileBytes+1)
	for {
		n, err := limited.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
		switch {
		case errors.Is(err, io.EOF):
			return data, nil
		case err != nil:
			return nil, fault.Wrap(fault.Unavailable, at, "the file cannot be read", "copy it to this machine and try again", err)
		case len(data) == cap(data):
			data = append(data, 0)[:len(data)]
		}
	}
}

// trimMark leaves out the mark with which some programs begin UTF-8 text.
func trimMark(data []byte) []byte {
	if strings.HasPrefix(string(data[:min(len(data), len(utf8Mark))]), utf8Mark) {
		return data[len(utf8Mark):]
	}
	return data
}

// Supported says whether a sheet's name, in whatever case, is one of XLSForm's.
func Supported(name string) bool { return supported[strings.ToLower(name)] }
