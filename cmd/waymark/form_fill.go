package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"waymark/forms/fill"
	"waymark/forms/outline"
	"waymark/forms/xform"
	"waymark/internal/fault"
	"waymark/internal/pattern"
)

// fillFlags are the flags of form fill.
type fillFlags struct {
	answers, lang, out, start, format string
	random                            int
	seed                              uint64
	blank                             float64
	attach                            []string
	partial                           bool
	single                            bool // out is the file of the one document
}

func formFillCommand() *cobra.Command {
	f := &fillFlags{}
	cmd := &cobra.Command{
		Use:   "fill FORM",
		Short: "Answer a form: in the terminal, from a table, or at random",
		Long: `Fill makes the documents that a phone would send, by the form's own rules:
defaults, calculations, who is asked what, constraints.

Without --answers or --random it asks in the terminal, one question at a time.
--answers takes a CSV with a column a question and a row a document, as an export
of ODK Central or KoboToolbox has them; instances of a repeat are columns such as
trip[2]/country, and choices are given by name or by label. Answers that
break a rule, or belong to a question that is not asked, are reported with row
and column, all at once, and nothing is written (--partial writes the good rows).
--random makes valid documents for testing, marked as synthetic in their texts;
the same form, --seed and --start give the same bytes.

FORM is an XLSForm, an XForm (.xml) or a built-in instrument. Files that the form
reads (places.csv) are taken from its folder, or named with --attach.`,
		Example: `  waymark form fill survey.xlsx
  waymark form fill survey.xlsx --answers answers.csv --out filled
  waymark form fill fms-2016 --random 100 --seed 7 --out synthetic`,
		Args: exactly(1, "give one XLSForm or XForm, or a built-in instrument such as fms-2016"),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args[0]) },
	}
	cmd.Flags().StringVar(&f.answers, "answers", "", "CSV `file` of answers: a column a question, a row a document")
	cmd.Flags().IntVar(&f.random, "random", 0, "make `N` valid documents at random")
	cmd.Flags().Uint64Var(&f.seed, "seed", 0, "decides the random answers")
	cmd.Flags().Float64Var(&f.blank, "blank", 0.1, "`share` of optional questions that stay blank at random, from 0 to 1")
	cmd.Flags().StringVar(&f.start, "start", "", "`time` at which the filling begins, as 2026-01-31T09:00:00Z (default: now)")
	cmd.Flags().StringVar(&f.lang, "lang", "", "`language` of questions and messages, by name or code (default: the form's)")
	cmd.Flags().StringArrayVar(&f.attach, "attach", nil, "a `file` that the form reads; may be given again")
	cmd.Flags().StringVar(&f.out, "out", "", "`folder` for several documents, file for one, or - for standard output (default: FORM's name and -filled)")
	cmd.Flags().BoolVar(&f.partial, "partial", false, "write the good rows of --answers and report the others")
	cmd.Flags().StringVar(&f.format, "format", "text", "how the result is printed: text or json")
	return cmd
}

func (f *fillFlags) run(cmd *cobra.Command, file string) error {
	if err := oneOf("format", f.format, "text", "json"); err != nil {
		return err
	}
	switch {
	case f.format == "json" && f.out == "-":
		return usage("--format json takes standard output for itself", "leave out --out -, or name a file")
	case file == "-" && f.answers == "" && f.random == 0:
		return usage("the form comes on standard input, where answers would come from", "name the form's file, or give --answers or --random")
	case f.answers != "" && f.random != 0:
		return usage("--answers and --random do not go together", "leave one of them out")
	case cmd.Flags().Changed("random") && f.random < 1 || f.random > 10_000_000:
		return usage("--random takes a number from 1 to 10,000,000", "")
	case !(f.blank >= 0 && f.blank <= 1):
		return usage("--blank takes a share from 0 to 1", "")
	}
	start := time.Now()
	if f.start != "" {
		var err error
		if start, err = time.Parse(time.RFC3339, f.start); err != nil {
			return usage("--start takes a time such as 2026-01-31T09:00:00Z", "")
		}
	}
	form, warnings, err := readForm(cmd.InOrStdin(), file)
	if err != nil {
		return err
	}
	printFormWarnings(cmd.ErrOrStderr(), warnings)
	if f.lang != "" {
		if _, err := outline.Of(form).Language(f.lang); err != nil {
			return err
		}
	}
	files, err := f.attachments(cmd, form, file)
	if err != nil {
		return err
	}
	if f.out == "" {
		f.out = stem(file) + "-filled"
		if f.answers == "" && f.random == 0 {
			f.out += ".xml"
		}
	}
	now := func() time.Time { return start }
	if f.start == "" {
		now = time.Now
	}
	opt := xform.SessionOptions{Now: now, Language: f.lang, Files: files}
	switch {
	case f.random > 0:
		return f.write(cmd, form, f.random, f.dice(form, files, start))
	case f.answers != "":
		return f.table(cmd, form, opt)
	}
	return f.ask(cmd, form, opt)
}

// ask fills one document in the terminal. A document that is not finished is
// written nowhere: what is in it stays on the screen only.
func (f *fillFlags) ask(cmd *cobra.Command, form *xform.Form, opt xform.SessionOptions) error {
	in := &interruptible{ctx: cmd.Context(), in: cmd.InOrStdin()}
	s, err := fill.Ask(form, opt, in, cmd.ErrOrStderr())
	if cmd.Context().Err() != nil {
		fmt.Fprintln(cmd.ErrOrStderr())
		return fault.New(fault.Unavailable, fault.Place{}, "interrupted: nothing was written", "")
	}
	if errors.Is(err, fill.ErrStopped) {
		return fault.New(fault.Invalid, fault.Place{}, "stopped before the end: nothing was written", "answer to the last question")
	}
	if err != nil {
		return err
	}
	if err := writeOutput(cmd, f.out, s.XML()); err != nil {
		return err
	}
	return f.report(cmd, form, []string{f.out}, 1, nil)
}

// table fills a document a row.
func (f *fillFlags) table(cmd *cobra.Command, form *xform.Form, opt xform.SessionOptions) error {
	data, err := readLimited(f.answers)
	if err != nil {
		return err
	}
	answers, err := fill.ReadAnswers(form, data)
	if err != nil {
		return fault.InFile(err, f.answers)
	}
	if left := answers.LeftOut(); len(left) > 0 {
		more := ""
		if len(left) > 8 {
			left, more = left[:8], fmt.Sprintf(" and %d more", len(left)-8)
		}
		fmt.Fprintf(cmd.ErrOrStderr(), "Not read, as the form fills them or exports add them: %s%s\n", strings.Join(left, ", "), more)
	}
	if answers.Len() == 0 {
		return fault.New(fault.Invalid, fault.Place{File: f.answers}, "the table has a header and no rows", "write a row for each document")
	}
	err = f.write(cmd, form, answers.Len(), func() maker {
		return func(row int) (*xform.Session, error) { return answers.Document(row, opt) }
	})
	return fault.InFile(err, f.answers)
}

// maker makes the document of a number, from 0.
type maker func(number int) (*xform.Session, error)

// dice gives each worker a generator of its own.
func (f *fillFlags) dice(form *xform.Form, files map[string]*xform.File, start time.Time) func() maker {
	return func() maker {
		return fill.NewRandom(form, fill.RandomOptions{Seed: f.seed, Start: start, Blank: f.blank, Files: files, Language: f.lang}).Document
	}
}

// write makes the documents on two workers, and writes them in their order.
// Nothing is written if one is at fault, unless the good ones are asked for.
func (f *fillFlags) write(cmd *cobra.Command, form *xform.Form, n int, workers func() maker) error {
	if info, err := os.Stat(f.out); strings.EqualFold(filepath.Ext(f.out), ".xml") && (err != nil || !info.IsDir()) {
		if n > 1 {
			return usage(fmt.Sprintf("%d documents do not go into the file %s", n, f.out), "name a folder with --out")
		}
		f.single = true
	}
	if f.random > 0 || f.partial {
		return f.stream(cmd, form, n, workers)
	}
	// A table is checked whole before the first file is made.
	faults := fault.NewList(200)
	good := 0
	if err := f.each(cmd, n, workers, func(_ int, _ []byte, err error) error {
		if err == nil {
			good++
		}
		return gather(faults, err)
	}); err != nil {
		return err
	}
	if faults.Len() > 0 {
		faults.Addf(fault.Invalid, fault.Place{}, "mend them, or write the good rows with --partial", "nothing was written; %d of %d rows are good", good, n)
		return faults
	}
	return f.stream(cmd, form, n, workers)
}

func (f *fillFlags) stream(cmd *cobra.Command, form *xform.Form, n int, workers func() maker) error {
	faults := fault.NewList(200)
	tried := &unfilled{places: map[unfilledAt]*fault.Fault{}, documents: map[unfilledAt]int{}}
	width := len(fmt.Sprint(n))
	name := fileName(form.ID)
	var files []string
	written := 0
	err := f.each(cmd, n, workers, func(i int, document []byte, err error) error {
		switch {
		case err != nil && f.random > 0:
			return tried.add(err, i+1, written)
		case err != nil:
			return gather(faults, err)
		}
		written++
		if f.out == "-" {
			return writeOutput(cmd, "-", append(document, '\n'))
		}
		path := f.out
		if !f.single {
			path = filepath.Join(path, fmt.Sprintf("%s-%0*d.xml", name, width, i+1))
		}
		if len(files) < 1000 {
			files = append(files, path)
		}
		return writeOutput(cmd, path, document)
	})
	if err != nil && !errors.Is(err, errHopeless) {
		return err
	}
	if f.random > 0 {
		faults = tried.list(n)
	}
	return f.report(cmd, form, files, written, faults)
}

func gather(faults *fault.List, err error) error {
	var list *fault.List
	var one *fault.Fault
	switch {
	case err == nil:
	case errors.As(err, &list):
		faults.Merge(list)
	case errors.As(err, &one):
		faults.Add(one)
	default:
		return err
	}
	return nil
}

// each makes all documents, some at a time, and hands them on in their order.
func (f *fillFlags) each(cmd *cobra.Command, n int, workers func() maker, use func(int, []byte, error) error) error {
	const hands = 2
	type made struct {
		document []byte
		err      error
	}
	bar := newProgress(cmd.ErrOrStderr())
	defer bar.clear()
	makers := [hands]maker{}
	for i := range makers {
		makers[i] = workers()
	}
	// The first batch is small, so that a form that cannot be filled is soon known.
	for from, batch := 0, hopeless; from < n; from, batch = from+batch, 256 {
		if err := cmd.Context().Err(); err != nil {
			return fault.Wrap(fault.Unavailable, fault.Place{}, "interrupted", "", err)
		}
		results := make([]made, min(batch, n-from))
		var group sync.WaitGroup
		for hand, make := range makers {
			group.Go(func() {
				for i := hand; i < len(results); i += hands {
					s, err := make(from + i)
					if err != nil {
						results[i].err = err
						continue
					}
					results[i].document = s.XML()
				}
			})
		}
		group.Wait()
		for i, r := range results {
			if err := use(from+i, r.document, r.err); err != nil {
				return err
			}
		}
		bar.count("filling", from+len(results), n)
	}
	return nil
}

// report prints what was written, or fails with what was not.
func (f *fillFlags) report(cmd *cobra.Command, form *xform.Form, files []string, written int, faults *fault.List) error {
	if f.format == "json" {
		if files == nil {
			files = []string{}
		}
		if err := writeJSON(cmd.OutOrStdout(), map[string]any{"form": form.ID, "version": form.Version, "documents": written, "files": files}); err != nil {
			return err
		}
	} else if f.out != "-" && written > 0 {
		fmt.Fprintf(cmd.OutOrStdout(), "Written: %s to %s\n", counted(written, "document", "documents"), f.out)
	}
	if faults.Err() != nil {
		return faults
	}
	return nil
}

var notInNames = pattern.Of(`[^\p{L}\p{N}._-]+`)

// fileName makes a form's id fit for a file's name.
func fileName(id string) string {
	name := strings.Trim(notInNames().ReplaceAllString(id, "-"), ".-")
	if name == "" {
		return "form"
	}
	return name[:min(len(name), 80)]
}

// attachments reads the files that the form names: those given, then those in
// the form's folder. One that is missing stays empty, as on a phone, and is
// named: questions may have no choices without it.
func (f *fillFlags) attachments(cmd *cobra.Command, form *xform.Form, file string) (map[string]*xform.File, error) {
	given := map[string]string{}
	for _, path := range f.attach {
		given[filepath.Base(path)] = path
	}
	files := map[string]*xform.File{}
	for _, id := range sortedIDs(form) {
		source := form.Secondary[id].Source
		if source == "" || strings.HasPrefix(source, "jr://instance/") {
			continue
		}
		name := source[strings.LastIndex(source, "/")+1:]
		path, named := given[name]
		if !named {
			path = filepath.Join(filepath.Dir(file), name)
			if _, err := os.Stat(path); err != nil {
				fmt.Fprintf(cmd.ErrOrStderr(), "The form reads %s, which is not in its folder: name it with --attach, or it counts as empty.\n", name)
				continue
			}
		}
		delete(given, name)
		data, err := readLimited(path)
		if err != nil {
			return nil, err
		}
		if files[name], err = xform.ReadFile(name, data); err != nil {
			return nil, fault.InFile(err, path)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		return nil, usage(fmt.Sprintf("the form reads no file named %q", name), "leave --attach "+given[name]+" out, or name the file as the form does")
	}
	return files, nil
}

func sortedIDs(form *xform.Form) []string {
	ids := make([]string, 0, len(form.Secondary))
	for id := range form.Secondary {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// readLimited reads a file that is not too large for one.
func readLimited(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fault.Wrap(fault.NotFound, fault.Place{File: path}, "the file cannot be read", "check the name and the folder", err)
	}
	if info.IsDir() {
		return nil, fault.New(fault.Invalid, fault.Place{File: path}, "this is a folder, not a file", "name a file in it")
	}
	if info.Size() > xform.MaxBytes {
		return nil, fault.New(fault.Invalid, fault.Place{File: path}, fmt.Sprintf("the file has %d MiB, more than %d", info.Size()>>20, xform.MaxBytes>>20), "split it")
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fault.Wrap(fault.NotFound, fault.Place{File: path}, "the file cannot be read", "check that it may be read", err)
	}
	return data, nil
}
