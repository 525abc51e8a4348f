package lint

import (
	"math"

	"waymark/forms/xlsform/definition"
	"waymark/forms/xpath"
	"waymark/internal/fault"
)

var comparisonNever = Rule{
	ID: "comparison-never", Severity: Warning,
	Finds:  "a comparison of two kinds of thing: a number with a word, a date with text, a note or a group with anything",
	Why:    "it is never true (or always), whatever people answer",
	Source: "JavaRosa, XPathFuncExpr.toNumeric: text other than digits is no number, a date in quotes neither",
	check: func(q *questionnaire, report report) {
		q.trees(func(e *expression) {
			visit(e.tree, false, func(n xpath.AST, filtering bool) {
				operand, op, c, ok := comparison(n)
				if !ok || c.text == "" {
					return
				}
				if who := q.subject(e, operand, filtering); who != nil {
					compareKinds(who, op, c, q.cell(e), report)
				}
			})
		})
	},
}

// compareKinds reports a comparison of an answer with a constant of another
// kind.
func compareKinds(who *row, op string, c constant, at fault.Place, report report) {
	number := !math.IsNaN(c.value())
	ordered := op != "=" && op != "!="
	switch {
	case who.Kind == definition.Group || who.Kind == definition.Repeat:
		report(at, "name the question that is meant", "%q is a %s, which has no answer to compare with %q", who.Name, who.noun(), c.text)
	case who.Type == "note" && !who.Bind.Has("calculate") && who.Default == "":
		report(at, "name the question that is meant", "%q is a note, which has no answer to compare with %q", who.Name, c.text)
	case (who.Type == "integer" || who.Type == "decimal" || who.Type == "range") && !number:
		report(at, "compare it with a number", "%q is a number, so it is never %q", who.Name, c.text)
	case ordered && c.isText && (who.Type == "date" || who.Type == "today"):
		if _, ok := daysOf(c.text); ok {
			report(at, "write date("+xpath.Quote(c.text)+")", "the date %q is compared with text: %q in quotes alone is no date", who.Name, c.text)
		}
	case ordered && c.isText && !number && who.Type != "calculate" && who.Type != "hidden":
		report(at, "compare it with a number, or with = or !=", "%q cannot be less or greater than %q", who.Name, c.text)
	case who.Type == "acknowledge" && c.text != "OK":
		report(at, "compare it with 'OK'", "%q is an acknowledgement, whose only answer is OK, never %q", who.Name, c.text)
	}
}
