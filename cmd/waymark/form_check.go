package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"waymark/forms/lint"
	"waymark/forms/xform"
	"waymark/forms/xlsform"
	"waymark/forms/xlsform/definition"
	"waymark/forms/xlsform/workbook"
	"waymark/internal/fault"
)

// formCheckOptions are the flags of `waymark form check`.
type formCheckOptions struct {
	name, language string
	format         string
	strict, rules  bool
}

func formCheckCommand() *cobra.Command {
	var o formCheckOptions
	cmd := &cobra.Command{
		Use:   "check FILE...",
		Short: "Check XLSForms for what will go wrong in the field or in the data",
		Long: `Check lists everything that the compiler refuses or warns of, and what it lets
pass but people will trip over: questions that nobody can reach, answers that
no condition can meet, texts without a translation, names that collide on
export, questions before consent. Each finding says where it is, what is wrong
and what to write instead, and names its rule.

An error is a form that does not work, a warning is data or time lost, advice
is worth a look. The exit code is 1 if there is an error; with --strict also if
there is a warning. FILE may be - for standard input.

The question of consent is found by its name or label; a column
consent_question on the settings sheet can name it.`,
		Example: `  waymark form check survey.xlsx
  waymark form check forms/*.xlsx --strict
  waymark form check survey.xlsx --format json
  waymark form check --rules`,
		RunE: func(cmd *cobra.Command, args []string) error { return runFormCheck(cmd, &o, args) },
	}
	f := cmd.Flags()
	f.StringVar(&o.name, "form-name", "data", "`name` of the root node of an answer document")
	f.StringVar(&o.language, "default-language", "default", "`language` of texts in columns without one, where the settings sheet names none")
	f.StringVar(&o.format, "format", "text", "what to print: text or json")
	f.BoolVar(&o.strict, "strict", false, "exit with 1 on warnings too")
	f.BoolVar(&o.rules, "rules", false, "list the rules, what each costs to leave, and its source")
	return cmd
}

func runFormCheck(cmd *cobra.Command, o *formCheckOptions, files []string) error {
	if err := oneOf("format", o.format, "text", "json"); err != nil {
		return err
	}
	if o.rules {
		return printFormRules(cmd.OutOrStdout(), o.format)
	}
	if len(files) == 0 {
		return usage("there is no form to check", "waymark form check FILE..., or waymark form check --rules")
	}
	checks := make([]formCheck, len(files))
	total := map[lint.Severity]int{}
	for i, file := range files {
		checks[i] = checkForm(cmd.InOrStdin(), o, file)
		for severity, n := range checks[i].Counts {
			total[severity] += n
		}
	}
	if err := printFormChecks(cmd.OutOrStdout(), o.format, checks); err != nil {
		return err
	}
	switch {
	case total[lint.Error] > 0:
		return fault.New(fault.Invalid, fault.Place{}, "the check found "+counted(total[lint.Error], "error", "errors"), "")
	case o.strict && total[lint.Warning] > 0:
		return fault.New(fault.Invalid, fault.Place{}, "the check found "+counted(total[lint.Warning], "warning", "warnings")+", and --strict lets none pass", "")
	}
	return nil
}

// formCheck is what was found in one file.
type formCheck struct {
	File     string                `json:"file"`
	Counts   map[lint.Severity]int `json:"counts"`
	Findings []formFinding         `json:"findings"`
}

// formFinding is one finding as --format json prints it. Row and column count
// from 1; they are 0 where a finding has none.
type formFinding struct {
	Rule     string        `json:"rule"`
	Severity lint.Severity `json:"severity"`
	Sheet    string        `json:"sheet"`
	Row      int           `json:"row"`
	Column   int           `json:"column"`
	Field    string        `json:"field"`
	Cell     string        `json:"cell"`
	Message  string        `json:"message"`
	Remedy   string        `json:"remedy"`
}

// checkForm checks one file; that it cannot be read is a finding too.
func checkForm(in io.Reader, o *formCheckOptions, file string) formCheck {
	name := file
	if file == "-" {
		name = "standard input"
	}
	check := formCheck{File: name, Counts: map[lint.Severity]int{lint.Error: 0, lint.Warning: 0, lint.Advice: 0}, Findings: []formFinding{}}
	for _, f := range formFindings(in, o, file) {
		check.Counts[f.Severity]++
		at := f.Place
		check.Findings = append(check.Findings, formFinding{Rule: f.Rule, Severity: f.Severity,
			Sheet: at.Sheet, Row: at.Row, Column: at.Column, Field: at.Field, Cell: cellName(at), Message: f.Message, Remedy: f.Remedy})
	}
	return check
}

// formFindings is everything that the compiler and the rules say of a file.
func formFindings(in io.Reader, o *formCheckOptions, file string) []lint.Finding {
	book, err := readWorkbook(in, file)
	if err != nil {
		return lint.Compiled(faultsOf(err), lint.Error)
	}
	form, err := definition.Read(book, definition.Options{Name: o.name, DefaultLanguage: o.language})
	var document []byte
	if err == nil {
		document, err = xlsform.Write(form)
	}
	found := lint.Merge(
		lint.Compiled(faultsOf(err), lint.Error),
		lint.Compiled(form.Warnings, lint.Warning),
		lint.Check(book, form),
	)
	if lint.Worst(found) != lint.Error {
		_, err := xform.Parse(document)
		found = lint.Merge(found, lint.Refused(faultsOf(err)))
	}
	return found
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
		return append(e.Faults[:len(e.Faults):len(e.Faults)], fault.New(fault.Invalid, fault.Place{}, fmt.Sprintf("there are %d more faults", e.Dropped), "mend these first"))
	case *fault.Fault:
		return []*fault.Fault{e}
	}
	return []*fault.Fault{fault.Wrap(fault.Internal, fault.Place{}, err.Error(), "", err)}
}

// cellName is the cell as spreadsheets name it (F7), or its row or column.
func cellName(at fault.Place) string {
	switch {
	case at.Row > 0 && at.Column > 0:
		return workbook.ColumnName(at.Column-1) + fmt.Sprint(at.Row)
	case at.Row > 0:
		return fmt.Sprintf("row %d", at.Row)
	case at.Column > 0:
		return "column " + workbook.ColumnName(at.Column-1)
	}
	return ""
}

func printFormChecks(w io.Writer, format string, checks []formCheck) error {
	if format == "json" {
		return writeJSON(w, map[string]any{"files": checks})
	}
	for i, c := range checks {
		if i > 0 {
			fmt.Fprintln(w)
		}
		fmt.Fprintf(w, "%s: %s\n", c.File, c.summary())
		for at := 0; at < len(c.Findings); {
			sheet := c.Findings[at].Sheet
			from := at
			for at < len(c.Findings) && c.Findings[at].Sheet == sheet {
				at++
			}
			title := "sheet " + sheet
			if sheet == "" {
				title = "workbook"
			}
			fmt.Fprintf(w, "\n%s\n", title)
			aligned(w, nil, findingRows(c.Findings[from:at]))
		}
	}
	return nil
}

// findingRows are the lines for the findings of one sheet, of each rule the
// first few.
func findingRows(found []formFinding) [][]string {
	const most = 50
	var rows [][]string
	count := map[string]int{}
	for _, f := range found {
		if count[f.Rule]++; count[f.Rule] <= most {
			rows = append(rows, []string{"  " + f.Cell, string(f.Severity), f.Rule, f.sentence()})
		}
	}
	for _, f := range found {
		if more := count[f.Rule] - most; more > 0 {
			rows = append(rows, []string{"", string(f.Severity), f.Rule, fmt.Sprintf("and %d more; --format json lists them all", more)})
			count[f.Rule] = 0
		}
	}
	return rows
}

// summary counts the findings in words.
func (c formCheck) summary() string {
	if len(c.Findings) == 0 {
		return "nothing found"
	}
	return strings.Join([]string{counted(c.Counts[lint.Error], "error", "errors"), counted(c.Counts[lint.Warning], "warning", "warnings"),
		fmt.Sprintf("%d for advice", c.Counts[lint.Advice])}, ", ")
}

// sentence is what is wrong and what to do.
func (f formFinding) sentence() string {
	if f.Remedy == "" {
		return f.Message
	}
	return f.Message + ": " + f.Remedy
}

// printFormRules lists the rules.
func printFormRules(w io.Writer, format string) error {
	type view struct {
		ID       string        `json:"id"`
		Severity lint.Severity `json:"severity"`
		Finds    string        `json:"finds"`
		Why      string        `json:"why"`
		Source   string        `json:"source"`
	}
	views := []view{}
	for _, r := range lint.AllRules() {
		views = append(views, view{r.ID, r.Severity, r.Finds, r.Why, r.Source})
	}
	if format == "json" {
		return writeJSON(w, views)
	}
	for i, v := range views {
		if i > 0 {
			fmt.Fprintln(w)
		}
		fmt.Fprintf(w, "%s (%s)\n", v.ID, v.Severity)
		aligned(w, nil, [][]string{{"  finds", v.Finds}, {"  why", v.Why}, {"  source", v.Source}})
	}
	return nil
}
