package lint

import "waymark/forms/xlsform/definition"

var nameRepeated = Rule{
	ID: "name-repeated", Severity: Warning,
	Finds:  "two questions with one name in different groups",
	Why:    "an export without group names has two columns of one name, and ${name} cannot say which is meant",
	Source: "ODK documentation, Form logic, Variables: names should be unique in a form",
	check: func(q *questionnaire, report report) {
		first := map[string]*row{}
		for _, r := range q.rows {
			if r.Kind != definition.Question || r.Name == "" || r.Type == "note" {
				continue
			}
			if other := first[r.Name]; other != nil {
				report(q.at(r, "name"), "rename one of them, for example with the group's name before it",
					"the name %q is also in row %d", r.Name, other.Place.Row)
				continue
			}
			first[r.Name] = r
		}
	},
}
