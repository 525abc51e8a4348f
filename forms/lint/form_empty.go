package lint

import (
	"slices"

	"waymark/internal/fault"
)

var formEmpty = Rule{
	ID: "form-empty", Severity: Warning,
	Finds:  "a form that asks and shows nothing",
	Why:    "it opens and ends at once; the questions may stand on another sheet or further down",
	Source: "ODK Collect: a form without questions goes straight to its end",
	check: func(q *questionnaire, report report) {
		if s := q.book.Sheet("survey"); len(q.rows) == 0 && s != nil && len(s.Rows) > 0 {
			return // there are rows, and the compiler says what is wrong with them
		}
		if !slices.ContainsFunc(q.rows, func(r *row) bool { return r.input() || r.Type == "note" }) {
			report(fault.Place{Sheet: "survey"}, "write questions in the rows below the header, without many blank rows before them", "the form has no question")
		}
	},
}
