package lint

import (
	"strings"

	"waymark/forms/xlsform/definition"
	"waymark/forms/xpath"
)

var expressionFunction = Rule{
	ID: "expression-function", Severity: Error,
	Finds:  "a function that ODK does not have, a wrong number of arguments, a pattern that cannot work",
	Why:    "the phone refuses to open the form, or stops in the middle of it",
	Source: "ODK XForms specification, XPath functions",
	check: func(q *questionnaire, report report) {
		q.trees(func(e *expression) {
			plain, err := xpath.Parse(withoutReferences(e.text))
			if err != nil {
				return // the reference stands where no path can; pyxform's business
			}
			if _, err := plain.Compile(xpath.Options{}); err != nil {
				tell(q, e, err, report)
			}
		})
	},
}

// withoutReferences writes a path of the same length for every ${reference},
// so that a formula can be compiled before its form is.
func withoutReferences(text string) string {
	refs, err := definition.ParseReferences(text)
	if err != nil || len(refs) == 0 {
		return text
	}
	var b strings.Builder
	at := 0
	for _, r := range refs {
		b.WriteString(text[at:r.Start])
		path := "/" + r.Name
		b.WriteString(path + strings.Repeat(" ", r.End-r.Start-len(path)))
		at = r.End
	}
	b.WriteString(text[at:])
	return b.String()
}
