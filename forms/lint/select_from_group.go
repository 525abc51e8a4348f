package lint

import "waymark/forms/xlsform/definition"

var selectFromGroup = Rule{
	ID: "select-from-group", Severity: Error,
	Finds:  "a select that offers the answers of a question which stands in a group inside its repeat",
	Why:    "ODK Collect refuses to open the form: what is offered must stand in the repeat itself",
	Source: "JavaRosa, FormInstanceParser.verifyRepeatMemberBindings",
	check: func(q *questionnaire, report report) {
		for _, r := range q.rows {
			refs, _ := definition.ParseReferences(r.Itemset)
			if len(refs) != 1 {
				continue
			}
			to := q.byName[refs[0].Name]
			if to == nil || to.parent == nil || to.parent.repeats() {
				continue
			}
			repeat := to.parent
			for repeat != nil && !repeat.repeats() {
				repeat = repeat.parent
			}
			if repeat == nil {
				continue
			}
			report(r.Place, "move \""+to.Name+"\" out of the group \""+to.parent.Name+"\", or calculate its answer beside the group and offer that",
				"%q offers the answers of %q, which stands in the group %q inside the repeat %q", r.Name, to.Name, to.parent.Name, repeat.Name)
		}
	},
}
