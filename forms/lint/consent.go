package lint

import (
	"fmt"
	"strings"

	"waymark/internal/pattern"
)

// Words by which a question of consent is known, in names and labels.
var (
	consentName  = pattern.Of(`consent|^agree(_|$)|(^|_)accord(_|$)|einwilligung`)
	consentLabel = pattern.Of(`consent|do you agree to|agree to (take part|participate|be interviewed)|willing to (take part|participate|be interviewed)|acceptez-vous|d'accord (de|pour)|موافق|توافق|رضایت|موافقت`)
)

// settingConsent is a column of the settings sheet that names the question of
// consent, where neither its name nor its label says so.
const settingConsent = "consent_question"

// consent returns the question of consent, or nil: the one that the setting
// names, or the first whose name or label says so.
func (q *questionnaire) consent() *row {
	if s := q.book.Sheet("settings"); s != nil && len(s.Rows) > 0 {
		if c := q.column("settings", settingConsent); c >= 0 {
			if r := q.byName[s.Rows[0].Get(c)]; r != nil {
				return r
			}
		}
	}
	for _, r := range q.rows {
		if r.Type != "select_one" && r.Type != "acknowledge" && r.Type != "select_multiple" {
			continue
		}
		if consentName().MatchString(strings.ToLower(r.Name)) || consentLabel().MatchString(words(r.Label)) {
			return r
		}
	}
	return nil
}

// fewRows is the most rows that are told one by one.
const fewRows = 3

// tellRows calls tell for every row, or once for all of them where they are
// many, with the rows as the beginning of a sentence.
func tellRows(rows []*row, tell func(first *row, what string)) {
	if len(rows) <= fewRows {
		for _, r := range rows {
			if r.container() {
				tell(r, fmt.Sprintf("%s %q is", r.noun(), r.Name))
			} else {
				tell(r, fmt.Sprintf("%q is", r.Name))
			}
		}
		return
	}
	numbers := make([]int, len(rows))
	for i, r := range rows {
		numbers[i] = r.Place.Row
	}
	tell(rows[0], fmt.Sprintf("%q and others (%s) are", rows[0].Name, inRows(numbers)))
}
