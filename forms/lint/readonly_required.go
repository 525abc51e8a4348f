package lint

import "strings"

var readonlyRequired = Rule{
	ID: "readonly-required", Severity: Error,
	Finds:  "a note or read-only question that must be answered and has no value",
	Why:    "nobody can answer it, so nobody can finish the form",
	Source: "ODK documentation, Form logic, Requiring responses",
	check: func(q *questionnaire, report report) {
		for _, r := range q.rows {
			required := strings.TrimSpace(r.Bind.Get("required"))
			if required == "" || required == "false()" || r.Tag == "" {
				continue
			}
			note := r.Type == "note"
			if !note && !r.holds("readonly") || r.Bind.Has("calculate") || r.Default != "" || len(r.Triggers) > 0 {
				continue
			}
			what := "read-only"
			if note {
				what = "a note"
			}
			report(q.at(r, "required"), "clear required", "%q is %s, so it cannot be answered, but it is required", r.Name, what)
		}
	},
}
