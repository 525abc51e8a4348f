package lint

import (
	"errors"

	"waymark/internal/fault"
)

var expressionSyntax = Rule{
	ID: "expression-syntax", Severity: Error,
	Finds:  "a formula that cannot be read: a missing bracket or quote, a stray sign",
	Why:    "the phone refuses to open the form",
	Source: "XPath 1.0, section 3; ODK XForms specification, XPath",
	check: func(q *questionnaire, report report) {
		q.each(func(e *expression) {
			if e.err != nil {
				tell(q, e, e.err, report)
			}
		})
	},
}

// tell reports the faults of one formula at its cell.
func tell(q *questionnaire, e *expression, err error, report report) {
	var list *fault.List
	var one *fault.Fault
	switch {
	case errors.As(err, &list):
		for _, f := range list.Faults {
			report(q.cell(e), f.Remedy, "the %s of %q: %s", e.column, e.row.Name, f.Message)
		}
	case errors.As(err, &one):
		report(q.cell(e), one.Remedy, "the %s of %q: %s", e.column, e.row.Name, one.Message)
	default:
		report(q.cell(e), "", "the %s of %q: %v", e.column, e.row.Name, err)
	}
}
