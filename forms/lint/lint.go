// Package lint looks through a questionnaire that compiles for what will go
// wrong in the field or in the data: questions that nobody can reach, answers
// that no condition can meet, texts without a translation, names that collide
// on export.
//
// It reads the form as its sheets define it. It must not know how an XForm is
// written, nor change a form.
package lint

import (
	"fmt"
	"slices"
	"strings"

	"waymark/forms/xlsform/definition"
	"waymark/forms/xlsform/workbook"
	"waymark/internal/fault"
)

// Severity says how much a finding matters.
type Severity string

// The severities, gravest first.
const (
	Error   Severity = "error"   // the form does not work as it is
	Warning Severity = "warning" // data or people's time will be lost
	Advice  Severity = "advice"  // worth a look before the first interview
)

// Severities are all severities, gravest first.
var Severities = []Severity{Error, Warning, Advice}

// Finding is one thing to look at.
type Finding struct {
	Rule     string
	Severity Severity
	Place    fault.Place
	// Message says what is wrong, Remedy what to write instead.
	Message, Remedy string
}

// Rule is one check. Every rule has a file of its own, named after its id.
type Rule struct {
	ID       string
	Severity Severity
	// Finds says what the rule finds, Why what it costs to leave it.
	Finds, Why string
	// Source is where the rule comes from.
	Source string

	check func(q *questionnaire, report report)
}

// report takes one finding of a rule.
type report func(at fault.Place, remedy, format string, args ...any)

// perRule is the most findings of one rule; the last one counts the others.
const perRule = 10_000

// Check runs every rule over a form and the workbook that it was read from.
// Findings come by sheet (survey, choices, settings, others) and row.
func Check(book *workbook.Workbook, form *definition.Form) []Finding {
	if form == nil || form.Root == nil {
		return nil
	}
	q := newQuestionnaire(book, form)
	var all []Finding
	for _, rule := range Rules {
		all = append(all, runRule(q, rule)...)
	}
	Sort(all)
	return all
}

// Errors runs only the rules that find what does not work.
func Errors(book *workbook.Workbook, form *definition.Form) []Finding {
	if form == nil || form.Root == nil {
		return nil
	}
	q := newQuestionnaire(book, form)
	var all []Finding
	for _, rule := range Rules {
		if rule.Severity == Error {
			all = append(all, runRule(q, rule)...)
		}
	}
	Sort(all)
	return all
}

func runRule(q *questionnaire, rule Rule) []Finding {
	var found []Finding
	more := 0
	rule.check(q, func(at fault.Place, remedy, format string, args ...any) {
		if len(found) == perRule {
			more++
			return
		}
		found = append(found, Finding{rule.ID, rule.Severity, at, fmt.Sprintf(format, args...), remedy})
	})
	if more > 0 {
		last := &found[len(found)-1]
		last.Message += fmt.Sprintf(" (and %d more of this kind)", more)
	}
	return found
}

// Compiled turns the compiler's faults or warnings into findings.
func Compiled(faults []*fault.Fault, severity Severity) []Finding {
	found := make([]Finding, 0, len(faults))
	for _, f := range faults {
		found = append(found, Finding{"xlsform-" + string(severity), severity, f.Place, f.Message, f.Remedy})
	}
	return found
}

// Refused turns the faults of a reader of XForms into findings. They have no
// cell: the reader knows the XForm alone.
func Refused(faults []*fault.Fault) []Finding {
	found := make([]Finding, 0, len(faults))
	for _, f := range faults {
		found = append(found, Finding{"xform-error", Error, fault.Place{Field: f.Place.Field}, "a phone would refuse the form: " + f.Message, f.Remedy})
	}
	return found
}

// Worst is the gravest severity among findings, or "" if there are none.
func Worst(found []Finding) Severity {
	for _, s := range Severities {
		if slices.ContainsFunc(found, func(f Finding) bool { return f.Severity == s }) {
			return s
		}
	}
	return ""
}

// compiler are the rules that stand for the checks of the compiler and of the
// reader of XForms.
var compiler = []Rule{
	{ID: "xlsform-error", Severity: Error, Finds: "what the compiler refuses", Why: "there is no form to send to a phone",
		Source: "XLSForm; waymark form compile"},
	{ID: "xlsform-warning", Severity: Warning, Finds: "what the compiler accepts with a warning", Why: "it may not be what was meant",
		Source: "XLSForm; waymark form compile"},
	{ID: "xform-error", Severity: Error, Finds: "what our own reader of XForms refuses, though nothing else was found", Why: "a phone would refuse it too",
		Source: "ODK XForms specification"},
}

// AllRules are the compiler's rules and ours.
func AllRules() []Rule { return slices.Concat(compiler, Rules) }

// Merge puts findings together in order. Where a rule says of a cell what a
// warning of the compiler says less fully, the warning is left out.
func Merge(lists ...[]Finding) []Finding {
	type cell struct {
		sheet       string
		row, column int
	}
	of := func(f Finding) cell { return cell{f.Place.Sheet, f.Place.Row, f.Place.Column} }
	all := slices.Concat(lists...)
	said := map[cell]bool{}
	for _, f := range all {
		if f.Rule == choiceLabelMissing.ID || f.Rule == nameCase.ID {
			said[of(f)] = true
		}
	}
	all = slices.DeleteFunc(all, func(f Finding) bool {
		return f.Rule == "xlsform-warning" && said[of(f)]
	})
	Sort(all)
	return all
}

// sheetOrder is the order in which sheets are shown.
var sheetOrder = []string{"", "survey", "choices", "external_choices", "entities", "osm", "settings"}

// Sort orders findings by file, sheet, row, column, severity and rule.
func Sort(found []Finding) {
	rank := func(sheet string) int {
		if i := slices.Index(sheetOrder, strings.ToLower(sheet)); i >= 0 {
			return i
		}
		return len(sheetOrder)
	}
	slices.SortStableFunc(found, func(a, b Finding) int {
		if c := strings.Compare(a.Place.File, b.Place.File); c != 0 {
			return c
		}
		if c := rank(a.Place.Sheet) - rank(b.Place.Sheet); c != 0 {
			return c
		}
		if c := a.Place.Row - b.Place.Row; c != 0 {
			return c
		}
		if c := a.Place.Column - b.Place.Column; c != 0 {
			return c
		}
		if c := slices.Index(Severities, a.Severity) - slices.Index(Severities, b.Severity); c != 0 {
			return c
		}
		return strings.Compare(a.Rule, b.Rule)
	})
}
