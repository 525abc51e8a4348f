package main

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"waymark/forms/compare"
	"waymark/internal/fault"
	"waymark/monitoring"
)

func formDiffCommand() *cobra.Command {
	var format, lang, failOn, out string
	cmd := &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "What changed between two versions of a form, for the data",
		Long: `Diff compares two versions of a form and says what each change does to data:
what breaks columns, types or codes; what changes the meaning of answers, such
as who is asked; what adds columns; what is wording only. Logic is compared by
what it says, not by how it is written, and shown in words.

A question that was removed while a like one was added is taken as renamed;
check those. OLD and NEW are XLSForms, XForms (.xml) or built-in instruments.

With --fail-on the exit code is 1 if there is a change of that level or a
graver one: breaking, meaning, adds or wording.`,
		Example: `  waymark form diff survey-v1.xlsx survey-v2.xlsx
  waymark form diff fms-2016 survey.xlsx --format json
  waymark form diff survey-v1.xlsx survey-v2.xlsx --format html --out changes.html
  waymark form diff published.xml survey.xlsx --fail-on breaking`,
		Args: exactly(2, "give the old form and the new one"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := oneOf("format", format, "text", "json", "html"); err != nil {
				return err
			}
			levels := []compare.Level{compare.Breaks, compare.Meaning, compare.Adds, compare.Wording}
			if failOn != "" {
				if err := oneOf("fail-on", failOn, "breaking", "meaning", "adds", "wording"); err != nil {
					return err
				}
			}
			old, _, err := readForm(cmd.InOrStdin(), args[0])
			if err != nil {
				return err
			}
			new, _, err := readForm(cmd.InOrStdin(), args[1])
			if err != nil {
				return err
			}
			report, err := compare.Forms(old, new, lang)
			if err != nil {
				return err
			}
			var text bytes.Buffer
			switch format {
			case "json":
				err = writeJSON(&text, report)
			case "html":
				err = report.HTML(&text, monitoring.Program)
			default:
				printFormDiff(&text, report, args[0], args[1])
			}
			if err != nil {
				return err
			}
			if err := writeOutput(cmd, out, text.Bytes()); err != nil {
				return err
			}
			grave := 0
			for _, level := range levels {
				grave += report.Count(level)
				if failOn == level.String() && grave > 0 {
					return fault.New(fault.Conflict, fault.Place{}, fmt.Sprintf("%s of the level %s or graver", counted(grave, "change is", "changes are"), failOn), "")
				}
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&format, "format", "text", "what to print: text, json or html")
	f.StringVar(&out, "out", "-", "`file` to write, or - for standard output")
	f.StringVar(&lang, "lang", "", "`language` of the labels, by name or code (default: the new form's)")
	f.StringVar(&failOn, "fail-on", "", "exit with 1 if there is a change of this `level` or graver: breaking, meaning, adds, wording")
	return cmd
}

// printFormDiff prints the result, the warnings, then the changes by level.
func printFormDiff(w io.Writer, r *compare.Report, oldFile, newFile string) {
	if len(r.Changes) == 0 {
		fmt.Fprintf(w, "%s and %s are the same form\n", oldFile, newFile)
		return
	}
	titles := []struct {
		level compare.Level
		one   string
		more  string
	}{
		{compare.Breaks, "change breaks data", "changes break data"},
		{compare.Meaning, "changes meaning", "change meaning"},
		{compare.Adds, "adds columns", "add columns"},
		{compare.Wording, "is wording only", "are wording only"},
	}
	var parts []string
	for _, t := range titles {
		n := r.Count(t.level)
		if t.level == compare.Breaks && n == 0 {
			parts = append(parts, "No change breaks data")
		} else if n > 0 {
			parts = append(parts, counted(n, t.one, t.more))
		}
	}
	for _, line := range wrap(strings.Join(parts, ", "), terminalWidth) {
		fmt.Fprintln(w, line)
	}
	fmt.Fprintln(w)
	aligned(w, nil, [][]string{{"old", versionOf(r.Old), oldFile}, {"new", versionOf(r.New), newFile}})
	for _, warning := range r.Warnings {
		fmt.Fprintln(w)
		for _, line := range wrap("Warning: "+warning, terminalWidth) {
			fmt.Fprintln(w, line)
		}
	}
	for _, t := range titles {
		if r.Count(t.level) == 0 {
			continue
		}
		fmt.Fprintf(w, "\n%s (%d)\n", t.level.Title(), r.Count(t.level))
		var rows [][]string
		for _, c := range r.Changes {
			if c.Level == t.level {
				rows = append(rows, changeRows(c)...)
			}
		}
		aligned(w, nil, rows)
	}
}

func versionOf(s compare.Side) string {
	if s.Version == "" {
		return s.ID + ", no version"
	}
	return s.ID + " " + s.Version
}

// changeRows are the lines of one change: what changed, then both sides where
// they are too long for one line.
func changeRows(c compare.Change) [][]string {
	name, what := c.Name(), c.What
	if len(c.Names) > 0 {
		names := c.Names
		if len(names) > 10 {
			names = append(names[:10:10], fmt.Sprintf("and %d more", len(c.Names)-10))
		}
		what += " [" + strings.Join(names, ", ") + "]"
	}
	if c.Old == "" && c.New == "" {
		return [][]string{{name, what}}
	}
	if len(c.Old)+len(c.New) < 50 {
		return [][]string{{name, what + ": " + c.Old + " → " + c.New}}
	}
	return [][]string{{name, what}, {"", "old: " + c.Old}, {"", "new: " + c.New}}
}
