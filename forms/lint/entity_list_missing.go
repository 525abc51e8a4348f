package lint

import (
	"strings"

	"waymark/forms/xlsform/definition"
)

var entityListMissing = Rule{
	ID: "entity-list-missing", Severity: Error,
	Finds:  "a form that changes entities of a list which it does not attach",
	Why:    "the phone looks the entity's version up in the list, and refuses to open the form without it",
	Source: "ODK XForms specification, Entities, Declaring that a form updates entities",
	check: func(q *questionnaire, report report) {
		attached := map[string]bool{}
		for _, r := range q.rows {
			if r.Kind == definition.External {
				attached[r.Name] = true
			}
			if stem, _, isFile := strings.Cut(r.Itemset, "."); isFile {
				attached[stem] = true
			}
		}
		var walk func(e *definition.Element)
		walk = func(e *definition.Element) {
			for _, c := range e.Children {
				walk(c)
			}
			if e.Kind != definition.Entity {
				return
			}
			list, updates := "", false
			for _, a := range e.Children {
				if a.Name == "dataset" {
					list = a.Default
				}
				updates = updates || a.Name == "update"
			}
			if updates && !attached[list] && q.lists[list] == nil {
				report(e.Place, "let people choose the entity with select_one_from_file "+list+".csv, or add a row of type csv-external named "+list,
					"the form changes entities of %q, but does not attach that list", list)
			}
		}
		walk(q.form.Root)
	},
}
