package table

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"waymark/internal/fault"
)

// Read reads the file at path; see ReadFrom.
func Read(ctx context.Context, path string, opt Options) (*Result, error) {
	name := filepath.Base(path)
	at := fault.Place{File: name}
	file, err := os.Open(path)
	if err != nil {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil, fault.Wrap(fault.NotFound, fault.Place{File: path}, "there is no such file", "check the name and the folder", err)
		case errors.Is(err, fs.ErrPermission):
			return nil, fault.Wrap(fault.Denied, fault.Place{File: path}, "the file may not be read", "ask its owner for leave to read it", err)
		}
		return nil, fault.Wrap(fault.Unavailable, fault.Place{File: path}, "the file could not be opened", "", err)
	}
	defer func() { _ = file.Close() }() // only read from
	info, err := file.Stat()
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, at, "the file could not be opened", "", err)
	}
	if info.IsDir() {
		return nil, fault.New(fault.Invalid, at, "this is a folder", "give the file with the interviews")
	}
	if !info.Mode().IsRegular() {
		return nil, fault.New(fault.Invalid, at, "this is not an ordinary file", "save the data to a file first")
	}
	return ReadFrom(ctx, file, info.Size(), name, opt)
}

// ReadFrom reads a table from size bytes of r, called name in messages.
//
// The content decides the format: XLSX, Parquet, Stata, SPSS, or else delimited
// text in any of the usual encodings. With Options.Match the file is read once; without,
// twice, first to infer the types from all its rows. Memory is that of the
// columns plus a constant. What stops the reading comes back as a *fault.Fault
// or, several at once, a *fault.List; the rest is in Result.Warnings. A file
// with a header and no rows gives a table of 0 rows.
func ReadFrom(ctx context.Context, r io.ReaderAt, size int64, name string, opt Options) (*Result, error) {
	rep := newReport(name, opt)
	src, err := newSource(r, size, name, opt, rep)
	if err != nil {
		return nil, err
	}
	kind, err := sniff(r, size, src.head, rep)
	if err != nil {
		return nil, err
	}
	switch kind {
	case formatXLSX:
		w, err := openXLSX(ctx, src, opt, rep)
		if err != nil {
			return nil, err
		}
		return readRows(ctx, w, src, opt)
	case formatParquet:
		return readParquet(ctx, src, opt)
	case formatDTA:
		return readDTA(ctx, src, opt)
	case formatSAV:
		return readSAV(ctx, src, opt)
	default:
		f, err := openCSV(ctx, src, src.head)
		if err != nil {
			return nil, err
		}
		return readRows(ctx, f, src, opt)
	}
}

// rowFile is a file that gives its rows as text cells.
type rowFile interface {
	format() string
	scan(ctx context.Context, rep *report, begin beginFunc) error
}

// readRows makes a table of a file of rows: infers a schema where there is
// none, then reads into columns.
func readRows(ctx context.Context, f rowFile, src *source, opt Options) (*Result, error) {
	match := opt.Match
	var inferred []Inference
	first := ""
	if match == nil {
		schema, why, err := inferRows(ctx, f, opt, src.name)
		if err != nil {
			return nil, err
		}
		inferred, first = why, src.passSum()
		match = func(Header) (*Schema, error) { return schema, nil }
	} else {
		src.passes = 1
	}
	var names []string
	var a *assembly
	var rep *report
	err := errAgain
	for errors.Is(err, errAgain) {
		rep = newReport(src.name, opt)
		err = f.scan(ctx, rep, func(h Header) ([]cellAdder, error) {
			schema, err := match(h)
			if err != nil {
				return nil, err
			}
			names = h.Names
			a, err = assemble(schema, h, rep)
			if err != nil {
				return nil, err
			}
			return a.adders, nil
		})
	}
	if again := src.passSum(); err == nil && first != "" && again != "" && again != first {
		err = fault.New(fault.Conflict, rep.at(0, 0, ""), "the file changed while it was read", "wait until it is written whole, or read a copy")
	}
	if err = rep.end(err); err != nil {
		return nil, err
	}
	t, err := a.table(rep)
	if err != nil {
		return nil, err
	}
	sum, err := src.sum(ctx)
	if err != nil {
		return nil, err
	}
	return &Result{
		Table:    t,
		Warnings: rep.warnings,
		Inferred: inferred,
		Source: Source{
			Name: src.name, Format: f.format(), SHA256: sum, Bytes: src.size, Rows: t.Rows(),
			FirstRow: rep.firstRow, Gaps: rep.gaps, Sheet: rep.sheet, Columns: names,
		},
	}, nil
}
