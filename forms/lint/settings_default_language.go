package lint

import (
	"slices"
	"strings"

	"waymark/internal/fault"
)

var settingsDefaultLanguage = Rule{
	ID: "settings-default-language", Severity: Warning,
	Finds:  "a form in several languages without a default_language, or with one that no text is in",
	Why:    "the phone opens the form in a language that nobody chose, or shows gaps",
	Source: "XLSForm, settings sheet: default_language",
	check: func(q *questionnaire, report report) {
		if len(q.languages) < 2 {
			return
		}
		at := q.place("settings", q.settingsRow(), "default_language")
		chosen := q.form.DefaultLanguage
		switch {
		case chosen == "default" && slices.Contains(q.languages, chosen): // columns without a language are there for it
		case chosen == "" || chosen == "default":
			report(at, "write one of "+strings.Join(q.languages, ", "), "the form is in %d languages and has no default_language", len(q.languages))
		case !slices.Contains(q.languages, chosen):
			remedy := "write one of " + strings.Join(q.languages, ", ")
			if near := fault.Nearest(chosen, q.languages); near != "" {
				remedy = "write " + near
			}
			report(at, remedy, "no text is in the default_language %q", chosen)
		}
	},
}
