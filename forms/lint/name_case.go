package lint

import "strings"

var nameCase = Rule{
	ID: "name-case", Severity: Warning,
	Finds:  "two names that differ in capitals only",
	Why:    "SPSS, SQL databases and spreadsheets on Windows take them for one column",
	Source: "IBM SPSS Statistics, Variable Names: not case-sensitive",
	check: func(q *questionnaire, report report) {
		first := map[string]*row{}
		for _, r := range q.rows {
			k := strings.ToLower(r.Name)
			other := first[k]
			switch {
			case r.Name == "":
			case other == nil:
				first[k] = r
			case other.Name != r.Name:
				report(q.at(r, "name"), "rename one of them",
					"the names %q and %q (row %d) differ in capitals only", r.Name, other.Name, other.Place.Row)
			}
		}
	},
}
