// Package draft makes a version of a form from what people upload: an XLSForm
// (XLSX, XLS, CSV, markdown), an XForm, or a built-in instrument. It says
// everything that is wrong at once, which files the form needs, what a version
// changes for the data, and whether it may be published.
//
// It knows forms and the values of collection; it must not know the store,
// pages or the network. Messages speak of the form, never of answers.
package draft

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"path"
	"strings"
	"time"
	"unicode/utf8"

	"waymark/forms/lint"
	"waymark/forms/xform"
	"waymark/internal/fault"
	"waymark/monitoring/collection"
	"waymark/monitoring/instrument"
)

// The bounds of an uploaded form.
const (
	// MaxSource is the largest upload, in bytes, inclusive: 16 MiB. The largest
	// XLSForms in use, with 100,000 choices, have about 3 MiB.
	MaxSource = 16 << 20
	// MaxXForm is the largest XForm that it may become, in bytes, inclusive.
	// Phones read it whole.
	MaxXForm = 32 << 20
	// MaxFormID and MaxVersion bound the form's own names, in characters. ODK's
	// servers keep them in columns of 255 and 64 characters.
	MaxFormID, MaxVersion = 64, 64
	// MaxTitle bounds the form's title, in characters.
	MaxTitle = 200
	// maxFaults bounds what is said of one upload.
	maxFaults = 200
)

// Options say how an upload becomes a draft.
type Options struct {
	// FormID that the form must have: that of the form whose version it is to
	// be. Default: any.
	FormID string
	// Now dates a version that names none. Required.
	Now time.Time
	// Taken are the version names that were published before, which a version
	// made from the date avoids. Default: none.
	Taken []string
	// PublicKey is base64 of an X.509 SubjectPublicKeyInfo (RSA) that phones
	// encrypt submissions to. Default: none, and a key that the form brings
	// stays in it.
	PublicKey string
}

// Draft is what an upload became.
type Draft struct {
	// Version holds XForm, Hash, Version, Source, SourceName and the files that
	// are needed, without addresses. Its IDs are for the caller to set. It is nil
	// if there is no form that phones could take.
	Version *collection.Version
	FormID  string
	Title   string
	// Dated says that the upload named no version and was given one.
	Dated bool
	// Findings are all that the compiler and the rules say, in the order of the
	// sheets.
	Findings []lint.Finding
	// Needs are the files that the form needs, with those that came with it.
	Needs []Need
	Form  *xform.Form
}

// Errors counts the findings with which a form must not be published.
func (d *Draft) Errors() int {
	n := 0
	for _, f := range d.Findings {
		if f.Severity == lint.Error {
			n++
		}
	}
	return n
}

// Make compiles and checks an upload; name is its file name, which names the
// form where its settings do not. What it is is told by its content alone.
//
// The draft is never nil. The error holds every fault, each with sheet, row and
// column, if there is no form that phones could take; the findings say the same
// and more. A form that compiles and yet does not work comes without an error:
// it may be kept and mended, and Ready does not let it be published.
func Make(source []byte, name string, opt Options) (*Draft, error) {
	d := &Draft{}
	name = cleanName(name)
	switch {
	case len(source) == 0:
		return d, d.refuse(fault.New(fault.Invalid, fault.Place{File: name}, "the file is empty", "choose the file of the form"))
	case len(source) > MaxSource:
		return d, d.refuse(fault.New(fault.Invalid, fault.Place{File: name}, fmt.Sprintf("the file has more than %d MiB", MaxSource>>20), "move long lists of choices into CSV files"))
	}
	m := &maker{Draft: d, opt: opt, name: name, source: source}
	var err error
	if isXML(source) {
		err = m.xform()
	} else {
		err = m.xlsform()
	}
	if err != nil {
		return d, fault.InFile(err, name)
	}
	return d, nil
}

// Builtin makes a draft of an instrument that comes with the program.
func Builtin(id string, opt Options) (*Draft, error) {
	known := false
	for _, b := range instrument.Builtin() {
		known = known || b == id
	}
	if !known { // nothing but an id: a path must not be opened
		return &Draft{}, fault.New(fault.NotFound, fault.Place{}, "there is no built-in questionnaire of this name", "choose one of: "+strings.Join(instrument.Builtin(), ", "))
	}
	var book bytes.Buffer
	if err := instrument.WriteXLSX(&book, id); err != nil {
		return &Draft{}, err
	}
	return Make(book.Bytes(), id+".xlsx", opt)
}

// refuse notes an error as a finding, too, and returns it.
func (d *Draft) refuse(err error) error {
	d.Findings = append(d.Findings, lint.Compiled(faultsOf(err), lint.Error)...)
	return err
}

// cleanName is a file name without folders and control characters.
func cleanName(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7f || r == utf8.RuneError {
			return -1
		}
		return r
	}, name)
	if name == "." || name == "/" || name == "" {
		return "form"
	}
	if r := []rune(name); len(r) > 120 {
		ext := []rune(path.Ext(name))
		if len(ext) > 10 {
			ext = nil
		}
		name = string(r[:120-len(ext)]) + string(ext)
	}
	return name
}

// isXML tells whether a text starts as XML does, in UTF-8 or UTF-16.
func isXML(data []byte) bool {
	for _, bom := range []string{"\xef\xbb\xbf", "\xff\xfe", "\xfe\xff"} {
		data = bytes.TrimPrefix(data, []byte(bom))
	}
	data = bytes.TrimLeft(data, " \t\r\n\x00")
	return bytes.HasPrefix(data, []byte("<"))
}

// faultsOf are the faults of an error.
func faultsOf(err error) []*fault.Fault {
	switch e := err.(type) {
	case nil:
		return nil
	case *fault.List:
		if e.Dropped == 0 {
			return e.Faults
		}
		return append(e.Faults[:len(e.Faults):len(e.Faults)],
			fault.New(fault.Invalid, fault.Place{}, fmt.Sprintf("there are %d more faults", e.Dropped), "mend these first"))
	case *fault.Fault:
		return []*fault.Fault{e}
	}
	return []*fault.Fault{fault.Wrap(fault.Internal, fault.Place{}, "the form could not be read", "", err)}
}

// hash is what OpenRosa calls the hash of a form, without "md5:".
func hash(data []byte) string {
	sum := md5.Sum(data)
	return hex.EncodeToString(sum[:])
}
