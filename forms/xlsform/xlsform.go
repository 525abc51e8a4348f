// Package xlsform compiles an XLSForm into an XForm of ODK, the document that
// phones and browsers fill.
//
// Package workbook reads the sheets and package definition their grammar; what
// is here turns the form so defined into XML: answers, binds, texts, lists and
// the body. It must not know files, columns or spellings of types.
//
// Sources: XLSForm reference (xlsform.org); ODK XForms specification
// (getodk.github.io/xforms-spec). Where these leave a choice, the outcome is
// that of pyxform 4.5.0, so that a form means the same whichever compiler made
// it; departures are listed in docs/divergences.md.
package xlsform

import (
	"errors"

	"waymark/forms/xlsform/definition"
	"waymark/forms/xlsform/workbook"
	"waymark/internal/fault"
)

// Options are the choices of a compilation.
type Options struct {
	// Name of the root node of an answer document. Default: data.
	Name string
	// DefaultLanguage of texts in columns without a language, if the settings
	// sheet names none. Default: default.
	DefaultLanguage string
}

// Result is a compiled form.
type Result struct {
	// XForm is the document in UTF-8, the same bytes for the same workbook.
	XForm []byte
	// Itemsets is the file itemsets.csv that select_one_external questions look
	// up, or nil if the form has none.
	Itemsets []byte
	Form     *definition.Form
	// Warnings are what a person should look at; the form is usable.
	Warnings []*fault.Fault
}

// Compile compiles the form in a workbook. Its error is a *fault.List with
// every fault found: those of the sheets, and those that show only when the
// form is written, except in rows that have a fault already.
func Compile(book *workbook.Workbook, opts Options) (*Result, error) {
	form, err := definition.Read(book, definition.Options{Name: opts.Name, DefaultLanguage: opts.DefaultLanguage})
	if err != nil {
		return nil, withLaterFaults(form, err)
	}
	xform, err := Write(form)
	if err != nil {
		return nil, err
	}
	return &Result{XForm: xform, Itemsets: itemsets(form), Form: form, Warnings: form.Warnings}, nil
}

// withLaterFaults adds to the faults of the sheets those that writing what
// could be read of the form brings out. References are left aside: what they
// refer to may be in a row that could not be read.
func withLaterFaults(form *definition.Form, err error) error {
	var list *fault.List
	if form == nil || form.Root == nil || !errors.As(err, &list) {
		return err
	}
	type row struct {
		sheet  string
		number int
	}
	faulty := map[row]bool{}
	for _, f := range list.Faults {
		faulty[row{f.Place.Sheet, f.Place.Row}] = true
	}
	c := newCompiler(form)
	c.unsure = true
	c.write()
	for _, f := range c.faults.Faults {
		if !faulty[row{f.Place.Sheet, f.Place.Row}] {
			list.Add(f)
		}
	}
	return list
}
