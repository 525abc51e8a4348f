package lint

import "waymark/forms/xpath"

var selectMultipleEquals = Rule{
	ID: "select-multiple-equals", Severity: Warning,
	Finds:  "${q} = 'x' where several answers may be chosen",
	Why:    "it holds only if x is the one answer chosen, not if x is among them",
	Source: "XLSForm, Relevant: selected() for select_multiple",
	check: func(q *questionnaire, report report) {
		q.trees(func(e *expression) {
			told := false
			visit(e.tree, false, func(n xpath.AST, filtering bool) {
				operand, op, c, ok := comparison(n)
				if !ok || op != "=" && op != "!=" || c.text == "" || told {
					return
				}
				who := q.subject(e, operand, filtering)
				if who == nil || who.Type != "select_multiple" {
					return
				}
				told = true
				call := "selected(" + xpath.Text(operand) + ", " + xpath.Quote(c.text) + ")"
				if op == "!=" {
					call = "not(" + call + ")"
				}
				report(q.cell(e), "write "+call, "%q may have several answers, but it is compared as a whole with %q", who.Name, c.text)
			})
		})
	},
}
