package lint

var settingsVersion = Rule{
	ID: "settings-version", Severity: Warning,
	Finds:  "a form without a version",
	Why:    "a server refuses the second version of the form, and data cannot say which questions were asked",
	Source: "XLSForm, settings sheet: version; OpenRosa form list",
	check: func(q *questionnaire, report report) {
		if q.form.Settings.Version == "" {
			report(q.place("settings", q.settingsRow(), "version"), "write the date and a number, for example 2026032001, and raise it with every change",
				"the form has no version")
		}
	},
}

// settingsRow is the row of the settings, or 2 where it would be.
func (q *questionnaire) settingsRow() int {
	if s := q.book.Sheet("settings"); s != nil && len(s.Rows) > 0 {
		return s.Rows[0].Number
	}
	return 2
}
