package lint

import (
	"strings"

	"waymark/internal/fault"
)

var choiceListUnused = Rule{
	ID: "choice-list-unused", Severity: Warning,
	Finds:  "a list of choices that no question uses",
	Why:    "either a question has the wrong list, or translators work for nothing",
	Source: "XLSForm, choices sheet",
	check: func(q *questionnaire, report report) {
		used := map[string]bool{}
		var formulas strings.Builder
		for _, r := range q.rows {
			used[r.Itemset] = true
			for _, e := range r.exprs {
				formulas.WriteString(e.text)
				formulas.WriteByte('\n')
			}
			formulas.WriteString(r.Control.Get("appearance"))
			formulas.WriteByte('\n')
		}
		all := formulas.String()
		var names []string
		for name := range used {
			names = append(names, name)
		}
		for _, l := range q.form.Lists {
			if used[l.Name] || strings.Contains(all, "'"+l.Name+"'") || strings.Contains(all, `"`+l.Name+`"`) || q.looped(l.Name) || len(l.Choices) == 0 {
				continue
			}
			remedy := "use it in a question, or take it out"
			if near := fault.Nearest(l.Name, names); near != "" {
				remedy = "take it out, or check whether " + near + " was meant"
			}
			report(q.place("choices", l.Choices[0].Row, "list_name"), remedy, "no question uses the list %q", l.Name)
		}
	},
}

// looped tells whether a loop goes over a list.
func (q *questionnaire) looped(list string) bool {
	column := q.column("survey", "type")
	if column < 0 {
		return false
	}
	for _, row := range q.book.Sheet("survey").Rows {
		if kind := row.Get(column); strings.HasPrefix(strings.ToLower(kind), "begin") && strings.HasSuffix(kind, " "+list) {
			return true
		}
	}
	return false
}
