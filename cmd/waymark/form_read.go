package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"waymark/forms/lint"
	"waymark/forms/xform"
	"waymark/forms/xlsform"
	"waymark/forms/xlsform/workbook"
	"waymark/internal/fault"
	"waymark/monitoring/instrument"
)

// readForm reads the form in an XLSForm, an XForm (.xml, told by its content)
// or a built-in instrument, and compiles it where that is needed. "-" is
// standard input. The warnings are those of the compiler.
func readForm(in io.Reader, file string) (*xform.Form, []*fault.Fault, error) {
	if file == "-" || strings.EqualFold(filepath.Ext(file), ".xml") {
		data, err := readText(in, file)
		if err != nil {
			return nil, nil, err
		}
		if isXML(data) {
			form, err := xform.Parse(data)
			return form, nil, fault.InFile(err, named(file))
		}
		in = bytes.NewReader(data)
	}
	book, err := readWorkbook(in, file)
	if err != nil {
		return nil, nil, fault.InFile(err, named(file))
	}
	return compileBook(book, named(file))
}

// readText reads a file whole, or standard input for "-".
func readText(in io.Reader, file string) ([]byte, error) {
	if file != "-" {
		return readLimited(file)
	}
	data, err := io.ReadAll(io.LimitReader(in, xform.MaxBytes+1))
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, fault.Place{File: named(file)}, "the form could not be read", "name its file instead of -", err)
	}
	return data, nil
}

// readWorkbook reads the sheets of an XLSForm: a file, a built-in instrument or
// an instrument's folder, or standard input for "-".
func readWorkbook(in io.Reader, file string) (*workbook.Workbook, error) {
	if file == "-" {
		data, err := readText(in, file)
		if err != nil {
			return nil, err
		}
		return workbook.Read(data)
	}
	info, err := os.Stat(file)
	if err != nil && slices.Contains(instrument.Builtin(), file) || err == nil && info.IsDir() {
		return instrument.XLSForm(file)
	}
	return workbook.ReadFile(file)
}

// named is what a file is called in messages.
func named(file string) string {
	if file == "-" {
		return "standard input"
	}
	return file
}

// isXML tells whether a text starts as XML does.
func isXML(data []byte) bool {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	return bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n"), []byte("<"))
}

// compileBook compiles an XLSForm and reads the XForm that it becomes. What
// that reader refuses is said by the workbook's cells where the checks find it:
// nobody has seen the lines of the XForm.
func compileBook(book *workbook.Workbook, file string) (*xform.Form, []*fault.Fault, error) {
	result, err := xlsform.Compile(book, xlsform.Options{})
	if err != nil {
		return nil, nil, fault.InFile(err, file)
	}
	form, err := xform.Parse(result.XForm)
	if err != nil {
		faults := fault.NewList(200)
		for _, f := range lint.Errors(book, result.Form) {
			faults.Add(fault.New(fault.Invalid, f.Place, f.Message, f.Remedy))
		}
		if faults.Len() > 0 {
			return nil, nil, fault.InFile(faults, file)
		}
		return nil, nil, fault.InFile(err, file+", compiled")
	}
	return form, result.Warnings, nil
}

// stem is a file's name without folder and ending; "form" for standard input.
func stem(file string) string {
	if file == "-" {
		return "form"
	}
	base := filepath.Base(file)
	return strings.TrimSuffix(base, filepath.Ext(base))
}

// writeOutput writes a file whole or not at all, or to standard output for "-".
func writeOutput(cmd *cobra.Command, path string, data []byte) error {
	if path == "-" {
		_, err := cmd.OutOrStdout().Write(data)
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fault.Wrap(fault.Unavailable, fault.Place{File: filepath.Dir(path)}, "the folder could not be made", "choose another with --out", err)
	}
	if err := replaceFile(path, data); err != nil {
		return unwritten(path, err)
	}
	return nil
}
