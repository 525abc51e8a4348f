package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"waymark/forms/xform"
	"waymark/forms/xlsform"
	"waymark/forms/xlsform/workbook"
	"waymark/internal/fault"
	"waymark/monitoring/instrument"
)

// readForm reads the form in an XLSForm, an XForm (.xml, told by its content),
// a built-in instrument or the folder or archive of one, and compiles it where that is needed. "-" is
// standard input. The warnings are those of the compiler.
func readForm(in io.Reader, file string) (*xform.Form, []*fault.Fault, error) {
	if info, err := os.Stat(file); err != nil && slices.Contains(instrument.Builtin(), file) || err == nil && (info.IsDir() || filepath.Ext(file) == ".txtar") {
		book, err := instrument.XLSForm(file)
		if err != nil {
			return nil, nil, err
		}
		return compileBook(book, file)
	}
	var data []byte
	var err error
	if file == "-" {
		if data, err = io.ReadAll(io.LimitReader(in, xform.MaxBytes+1)); err != nil {
			return nil, nil, fault.Wrap(fault.Unavailable, fault.Place{File: "standard input"}, "the form could not be read", "name its file instead of -", err)
		}
		file = "standard input"
	} else if strings.EqualFold(filepath.Ext(file), ".xml") {
		if data, err = os.ReadFile(file); err != nil {
			return nil, nil, fault.Wrap(fault.NotFound, fault.Place{File: file}, "the file cannot be read", "check the name and the folder", err)
		}
	} else {
		book, err := workbook.ReadFile(file)
		if err != nil {
			return nil, nil, err
		}
		return compileBook(book, file)
	}
	if isXML(data) {
		form, err := xform.Parse(data)
		return form, nil, fault.InFile(err, file)
	}
	book, err := workbook.Read(data)
	if err != nil {
		return nil, nil, fault.InFile(err, file)
	}
	return compileBook(book, file)
}

// isXML tells whether a text starts as XML does.
func isXML(data []byte) bool {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	return bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n"), []byte("<"))
}

// compileBook compiles an XLSForm and reads the XForm that it becomes.
func compileBook(book *workbook.Workbook, file string) (*xform.Form, []*fault.Fault, error) {
	result, err := xlsform.Compile(book, xlsform.Options{})
	if err != nil {
		return nil, nil, fault.InFile(err, file)
	}
	form, err := xform.Parse(result.XForm)
	if err != nil {
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
		return fault.Wrap(fault.Unavailable, fault.Place{File: path}, "the file could not be written",
			"check that the folder may be written to and the file is not open elsewhere", err)
	}
	return nil
}
