package lint

import (
	"fmt"
	"regexp"
	"strings"

	"waymark/forms/xlsform/definition"
)

// Words by which a question of consent is known, in names and labels.
var (
	consentName  = regexp.MustCompile(`consent|^agree(_|$)|(^|_)accord(_|$)|einwilligung`)
	consentLabel = regexp.MustCompile(`consent|do you agree to|agree to (take part|participate|be interviewed)|willing to (take part|participate|be interviewed)|acceptez-vous|d'accord (de|pour)|موافق|توافق|رضایت|موافقت`)
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
		if consentName.MatchString(strings.ToLower(r.Name)) || consentLabel.MatchString(words(r.Label)) {
			return r
		}
	}
	return nil
}

// preliminary are words of what may be asked before consent: who asks, where
// and when, in which language, and whether the person may be asked at all.
var preliminary = regexp.MustCompile(`enumerator|interviewer|surveyor|collector|operator|supervisor|enqu[eê]t|agent|` +
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
	return preliminary.MatchString(strings.ToLower(r.Name)) || r.parent != nil && preliminary.MatchString(strings.ToLower(r.parent.Name))
}

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

var consentGate = Rule{
	ID: "consent-gate", Severity: Warning,
	Finds:  "questions after consent that are asked whatever the person said",
	Why:    "a person who refuses is interviewed all the same",
	Source: "IOM Data Protection Manual (2010), principle 4 (consent); WHO Ethical and Safety Recommendations for Interviewing Trafficked Women (2003), recommendation 6 (informed consent)",
	check: func(q *questionnaire, report report) {
		consent := q.consent()
		if consent == nil || consent.Bind.Has("constraint") || consent.Type == "acknowledge" && consent.holds("required") {
			return // nobody comes past it without consent
		}
		g := &gate{q: q, consent: consent, memo: map[*row]bool{}}
		children := map[*row][]*row{}
		for _, r := range q.rows {
			children[r.parent] = append(children[r.parent], r)
		}
		var look func(rows []*row)
		look = func(rows []*row) {
			var open []*row
			for _, r := range rows {
				switch {
				case g.gated(r):
				case r.container() && g.openThrough(r, children) > 1, g.open(r):
					open = append(open, r)
				case r.container():
					look(children[r])
				}
			}
			tellRows(open, func(r *row, what string) {
				report(q.at(r, "relevant"), g.remedy(), "%s asked whether or not %q is given", what, consent.Name)
			})
		}
		look(children[nil])
	},
}

// gate tells which rows depend on consent.
type gate struct {
	q       *questionnaire
	consent *row
	memo    map[*row]bool
}

// gated tells whether a row's condition asks about consent, itself or through
// a question or calculation that does.
func (g *gate) gated(r *row) bool {
	if v, known := g.memo[r]; known {
		return v
	}
	g.memo[r] = false // a circle is no gate
	v := r.parent != nil && g.gated(r.parent)
	if r.Bind.Has("relevant") && r.in("relevant") == nil {
		v = true // it cannot be read, and that is told already
	}
	for _, column := range []string{"relevant", "calculation"} {
		e := r.in(column)
		if e == nil || v {
			continue
		}
		for _, other := range g.q.references(e) {
			if other == g.consent || g.gated(other) {
				v = true
				break
			}
		}
	}
	g.memo[r] = v
	return v
}

// closing are words of what an interviewer fills in after any interview.
var closing = regexp.MustCompile(`comment|observation|remark|notes?$|enumerator|interviewer|refus|reason|end_|outcome|result|gps|location|signature`)

// open tells whether a row is asked after consent without depending on it, and
// should: what interviewers write about the interview is theirs.
func (g *gate) open(r *row) bool {
	return r.index > g.consent.index && r.input() && !g.gated(r) && !mayPrecede(r) && !closing.MatchString(strings.ToLower(r.Name))
}

// openThrough counts the questions of a group if all of them are open, so that
// the group can be named instead; it is 0 if any is not.
func (g *gate) openThrough(r *row, children map[*row][]*row) int {
	n := 0
	for _, c := range children[r] {
		switch {
		case c.container():
			inner := g.openThrough(c, children)
			if inner == 0 {
				return 0
			}
			n += inner
		case g.open(c):
			n++
		case c.input():
			return 0
		}
	}
	return n
}

// remedy writes the condition for the list that consent has.
func (g *gate) remedy() string {
	value := "OK"
	if list := g.q.listOf(g.consent); list != nil {
		value = yesOf(list)
	}
	if value == "" {
		return "put it into a group whose relevant asks for ${" + g.consent.Name + "}"
	}
	return "write in relevant, or in that of a group around it: ${" + g.consent.Name + "} = '" + value + "'"
}

// yesOf is the choice of a list that means yes, or "".
func yesOf(list *definition.List) string {
	for _, c := range list.Choices {
		switch strings.ToLower(c.Name) {
		case "yes", "y", "oui", "agree", "agreed", "given", "consent", "1", "true":
			return c.Name
		}
	}
	return ""
}
