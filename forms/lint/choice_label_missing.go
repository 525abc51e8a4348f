package lint

var choiceLabelMissing = Rule{
	ID: "choice-label-missing", Severity: Warning,
	Finds:  "a choice with neither a label nor a picture or sound",
	Why:    "people see an empty line or the bare name",
	Source: "XLSForm, choices sheet: list_name, name and label",
	check: func(q *questionnaire, report report) {
		for _, l := range q.form.Lists {
			for _, c := range l.Choices {
				if c.Label.Empty() && len(c.Media) == 0 {
					report(q.place("choices", c.Row, "label"), "write what people are to read",
						"choice %q of list %q has no label", c.Name, l.Name)
				}
			}
		}
	},
}
