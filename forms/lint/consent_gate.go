package lint

import (
	"strings"

	"waymark/forms/xlsform/definition"
	"waymark/internal/pattern"
)

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
var closing = pattern.Of(`comment|observation|remark|notes?$|enumerator|interviewer|refus|reason|end_|outcome|result|gps|location|signature`)

// open tells whether a row is asked after consent without depending on it, and
// should: what interviewers write about the interview is theirs.
func (g *gate) open(r *row) bool {
	return r.index > g.consent.index && r.input() && !g.gated(r) && !mayPrecede(r) && !closing().MatchString(strings.ToLower(r.Name))
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
