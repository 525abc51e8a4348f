package main

import (
	"errors"
	"fmt"
	"strings"
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
	mentionFormWarnings(cmd.ErrOrStderr(), named(file), warnings)
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
