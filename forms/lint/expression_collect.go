package lint

import "waymark/forms/xpath"

var expressionCollect = Rule{
	ID: "expression-collect", Severity: Warning,
	Finds:  "a formula that browsers take and ODK Collect does not: floor(), unions, steps such as // and following-sibling::",
	Why:    "the form works where it was tried, and does not open on the phone",
	Source: "JavaRosa, XPathFuncExpr and XPathPathExpr; ODK XForms specification, XPath evaluator",
	check: func(q *questionnaire, report report) {
		q.trees(func(e *expression) {
			plain, err := xpath.Parse(withoutReferences(e.text))
			if err != nil {
				return // expression-syntax says so
			}
			if _, err := plain.Compile(xpath.Options{}); err != nil {
				return // expression-function says so
			}
			for _, beyond := range plain.BeyondCollect() {
				tell(q, e, beyond, report)
			}
		})
	},
}
