package lint

import (
	"slices"
	"strings"
)

var relevantLater = Rule{
	ID: "relevant-later", Severity: Warning,
	Finds:  "a relevant that asks about a question further down, which is still blank then",
	Why:    "the question is skipped, and appears behind the interviewer's back once the later one is answered",
	Source: "ODK documentation, Form logic, Conditionally showing questions",
	check: func(q *questionnaire, report report) {
		for _, r := range q.rows {
			e := r.in("relevant")
			if e == nil || !r.shown() {
				continue
			}
			for _, other := range q.references(e) {
				if other.index <= r.index || r.around(other) || !other.input() || other.Default != "" ||
					other.Bind.Has("calculate") || oneScreen(r, other) {
					continue
				}
				report(q.cell(e), "move the later question up, or ask about one that comes before",
					"the relevant of %q asks about %q, which comes later (row %d)", r.Name, other.Name, other.Place.Row)
				break
			}
		}
	},
}

// shown tells whether a person sees the row, or something in it.
func (r *row) shown() bool { return r.container() || r.Tag != "" && r.Tag != "action" }

// oneScreen tells whether a group shows both rows on one screen.
func oneScreen(a, b *row) bool {
	for p := a.parent; p != nil; p = p.parent {
		if p.around(b) && slices.Contains(strings.Fields(p.Control.Get("appearance")), "field-list") {
			return true
		}
	}
	return false
}
