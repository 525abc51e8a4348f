package lint

var settingsFormID = Rule{
	ID: "settings-form-id", Severity: Warning,
	Finds:  "a form without a form_id",
	Why:    "the file's name is used, so a copy under another name is another form to the server",
	Source: "XLSForm, settings sheet: form_id",
	check: func(q *questionnaire, report report) {
		if q.column("settings", "form_id") < 0 {
			report(q.place("settings", q.settingsRow(), "form_id"), "write a short name that will never change",
				"the form has no form_id")
		}
	},
}
