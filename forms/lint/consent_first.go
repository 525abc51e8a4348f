package lint

import (
	"strings"

	"waymark/internal/pattern"
)

var consentFirst = Rule{
	ID: "consent-first", Severity: Warning,
	Finds:  "questions about the person before the question of consent",
	Why:    "answers are taken before the person has agreed to give them",
	Source: "IOM Data Protection Manual (2010), principle 4 (consent); WHO Ethical and Safety Recommendations for Interviewing Trafficked Women (2003), recommendation 6 (informed consent)",
	check: func(q *questionnaire, report report) {
		consent := q.consent()
		if consent == nil {
			return
		}
		var early []*row
		for _, r := range q.rows[:consent.index] {
			if r.input() && !mayPrecede(r) {
				early = append(early, r)
			}
		}
		tellRows(early, func(r *row, what string) {
			report(q.at(r, "name"), "move it after the consent, or name it for what it is if it is about the place or the interviewer",
				"%s asked before consent (%q, row %d)", what, consent.Name, consent.Place.Row)
		})
	},
}

// preliminary are words of what may be asked before consent: who asks, where
// and when, in which language, and whether the person may be asked at all.
var preliminary = pattern.Of(`enumerator|interviewer|surveyor|collector|operator|supervisor|enqu[eê]t|agent|` +
	`team|partner|organi[sz]ation|agency|` +
	`location|place|site|point|fmp|country|pays|region|province|district|city|town|village|camp|gps|lieu|ville|` +
	`date|time|round|language|langue|lang$|` +
	`eligib|adult|minor|\b18\b|_18|over18|privacy|private|alone|safe|previous|already|interviewed_before|form_id|questionnaire|^id$|_id$|^code$|_code$|barcode|serial|number_of_form`)

// mayPrecede tells whether a question may come before consent.
func mayPrecede(r *row) bool {
	switch r.Type {
	case "geopoint", "geotrace", "geoshape", "acknowledge", "barcode", "date", "time", "dateTime":
		return true
	}
	return preliminary().MatchString(strings.ToLower(r.Name)) || r.parent != nil && preliminary().MatchString(strings.ToLower(r.parent.Name))
}
