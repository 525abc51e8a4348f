package lint

var constraintNever = Rule{
	ID: "constraint-never", Severity: Error,
	Finds:  "a constraint that no answer can meet, such as . > 10 and . < 5",
	Why:    "the interview stops there: every answer is refused",
	Source: "ODK documentation, Form logic, Validating and restricting responses",
	check: func(q *questionnaire, report report) {
		for _, r := range q.rows {
			e := r.in("constraint")
			if e == nil || !r.input() {
				continue
			}
			cases, ok := q.terms(e, e.tree, false)
			if !ok {
				continue
			}
			possible := false
			for _, t := range cases {
				possible = possible || met(t, "${"+r.Name+"}")
			}
			if !possible {
				report(q.cell(e), "correct the limits, so that some answer is accepted", "no answer to %q can meet its constraint", r.Name)
			}
		}
	},
}
