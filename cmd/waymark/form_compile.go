package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"waymark/forms/lint"
	"waymark/forms/xlsform"
	"waymark/forms/xlsform/definition"
	"waymark/forms/xlsform/workbook"
	"waymark/internal/fault"
)

// formCompileOptions are the flags of `waymark form compile`.
type formCompileOptions struct {
	name     string
	language string
	out      string
	format   string
}

func formCompileCommand() *cobra.Command {
	var o formCompileOptions
	cmd := &cobra.Command{
		Use:   "compile FILE",
		Short: "Compile an XLSForm into the XForm that phones and browsers fill",
		Long: `Compile writes the XForm beside the workbook, under the same name with the
ending .xml, and itemsets.csv if the form has external choices. FILE may be a
built-in instrument such as fms-2016, or - for standard input; the XForm then
goes to standard output.

A form with faults is not written. All of them are listed at once, each with
its sheet, row and column and what to write instead. Warnings do not stop the
work: the form can be used. What compiles and yet does not work, such as an
expression that a phone stops at, is listed too.

The outcome means the same as that of pyxform, the reference compiler, and is
the same bytes for the same workbook.`,
		Example: `  waymark form compile survey.xlsx
  waymark form compile survey.xlsx --out forms/survey.xml
  waymark form compile survey.xlsx --format json
  waymark form compile - --form-name data < survey.md > survey.xml`,
		Args: exactly(1, "give one XLSForm, or - for standard input"),
		RunE: func(cmd *cobra.Command, args []string) error { return runFormCompile(cmd, &o, args[0]) },
	}
	f := cmd.Flags()
	f.StringVar(&o.name, "form-name", "data", "`name` of the root node of an answer document")
	f.StringVar(&o.language, "default-language", "default", "`language` of texts in columns without one, where the settings sheet names none")
	f.StringVar(&o.out, "out", "", "`file` to write, or - for standard output (default: beside FILE, with the ending .xml)")
	f.StringVar(&o.format, "format", "text", "what to print: text or json; json holds the XForm and writes no file unless --out names one")
	return cmd
}

func runFormCompile(cmd *cobra.Command, o *formCompileOptions, file string) error {
	if err := oneOf("format", o.format, "text", "json"); err != nil {
		return err
	}
	if o.format == "json" && o.out == "-" {
		return usage("--format json takes standard output for itself", "leave out --out -, or name a file")
	}
	result, broken, err := compileForm(cmd.InOrStdin(), file, xlsform.Options{Name: o.name, DefaultLanguage: o.language})
	if o.format == "json" {
		if printed := writeJSON(cmd.OutOrStdout(), compiledView(result, broken, err)); printed != nil {
			return printed
		}
	}
	if err != nil {
		if o.format == "text" && result != nil && len(result.Warnings) > 0 {
			fmt.Fprintf(cmd.ErrOrStderr(), "%s beside the faults below\n", counted(len(result.Warnings), "warning", "warnings"))
			printBySheet(cmd.ErrOrStderr(), result.Warnings)
		}
		return err
	}
	path := o.outPath(file)
	if path == "-" {
		if _, err := cmd.OutOrStdout().Write(result.XForm); err != nil {
			return err
		}
		printFormWarnings(cmd.ErrOrStderr(), result.Warnings)
		printBroken(cmd.ErrOrStderr(), broken)
		if result.Itemsets != nil {
			fmt.Fprintln(cmd.ErrOrStderr(), "The form has external choices: compile it to a file to have itemsets.csv too.")
		}
		return nil
	}
	written, err := writeForm(path, result)
	if err != nil || o.format == "json" {
		return err
	}
	reportForm(cmd, result, written)
	printBroken(cmd.ErrOrStderr(), broken)
	return nil
}

// outPath is where the XForm goes: a file, "-" for standard output, or nowhere.
func (o *formCompileOptions) outPath(file string) string {
	switch {
	case o.out != "" || o.format == "json":
		return o.out
	case file == "-":
		return "-"
	}
	return strings.TrimSuffix(file, filepath.Ext(file)) + ".xml"
}

// compileForm reads and compiles the XLSForm in a file, or on standard input
// if the file is "-". The second result is what compiles and yet does not work:
// expressions that a phone stops at.
func compileForm(in io.Reader, file string, opts xlsform.Options) (*xlsform.Result, []*fault.Fault, error) {
	book, err := readWorkbook(in, file)
	if err != nil {
		return nil, nil, err
	}
	result, err := xlsform.Compile(book, opts)
	if err != nil {
		warnings, err := alsoFound(book, opts, err)
		if file != "-" {
			err = fault.InFile(err, file)
		}
		return &xlsform.Result{Warnings: warnings}, nil, err
	}
	var broken []*fault.Fault
	for _, f := range lint.Errors(book, result.Form) {
		broken = append(broken, fault.New(fault.Invalid, f.Place, f.Message, f.Remedy))
	}
	return result, broken, nil
}

// alsoFound adds to the faults of a form that does not compile the expressions
// that would not work, and gives the compiler's warnings: a column that is
// misspelled is often why there are faults.
func alsoFound(book *workbook.Workbook, opts xlsform.Options, err error) ([]*fault.Fault, error) {
	var list *fault.List
	if !errors.As(err, &list) {
		return nil, err
	}
	form, _ := definition.Read(book, definition.Options{Name: opts.Name, DefaultLanguage: opts.DefaultLanguage})
	if form == nil {
		return nil, err
	}
	type cell struct {
		sheet       string
		row, column int
	}
	said := map[cell]bool{}
	for _, f := range list.Faults {
		said[cell{f.Place.Sheet, f.Place.Row, f.Place.Column}] = true
	}
	for _, f := range lint.Errors(book, form) {
		if strings.HasPrefix(f.Rule, "expression-") && !said[cell{f.Place.Sheet, f.Place.Row, f.Place.Column}] {
			list.Add(fault.New(fault.Invalid, f.Place, f.Message, f.Remedy))
		}
	}
	return form.Warnings, err
}

// compiledForm is what --format json prints.
type compiledForm struct {
	XForm    *string  `json:"xform"`
	Itemsets *string  `json:"itemsets"`
	Warnings []string `json:"warnings"`
	Error    *string  `json:"error"`
}

func compiledView(result *xlsform.Result, broken []*fault.Fault, err error) compiledForm {
	v := compiledForm{Warnings: []string{}}
	if result != nil {
		for _, w := range slices.Concat(result.Warnings, broken) {
			v.Warnings = append(v.Warnings, w.Error())
		}
	}
	if err != nil {
		text := err.Error()
		v.Error = &text
		return v
	}
	xform := string(result.XForm)
	v.XForm = &xform
	if result.Itemsets != nil {
		itemsets := string(result.Itemsets)
		v.Itemsets = &itemsets
	}
	return v
}

// writeForm writes the XForm and what goes with it, each whole or not at all.
// It returns the files' paths; an empty path writes nothing.
func writeForm(path string, result *xlsform.Result) ([]string, error) {
	if path == "" {
		return nil, nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, fault.Wrap(fault.Unavailable, fault.Place{File: filepath.Dir(path)}, "the folder could not be made", "choose another with --out", err)
	}
	type file struct {
		path string
		data []byte
	}
	files := []file{{path, result.XForm}}
	if info, err := os.Stat(path); err != nil || info.Mode().IsRegular() { // beside a device there is no place
		files = append(files, file{filepath.Join(filepath.Dir(path), "itemsets.csv"), result.Itemsets})
	}
	var written []string
	for _, f := range files {
		if f.data == nil {
			continue
		}
		if err := replaceFile(f.path, f.data); err != nil {
			return nil, unwritten(f.path, err)
		}
		written = append(written, filepath.ToSlash(f.path))
	}
	return written, nil
}

// reportForm prints the files, then the warnings by sheet, then hints.
func reportForm(cmd *cobra.Command, result *xlsform.Result, written []string) {
	out := cmd.OutOrStdout()
	fmt.Fprintf(out, "Written: %s\n", strings.Join(written, ", "))
	printFormWarnings(cmd.ErrOrStderr(), result.Warnings)
	if len(written) > 1 {
		fmt.Fprintln(out, "Publish itemsets.csv with the form: its external choices are looked up in it.")
	}
}

// printBroken lists what does not work in a form that compiles.
func printBroken(w io.Writer, broken []*fault.Fault) {
	if len(broken) > 0 {
		fmt.Fprintf(w, "\n%s: the form compiles, but does not work as it is; \"waymark form check\" says more\n", counted(len(broken), "error", "errors"))
		printBySheet(w, broken)
	}
}
