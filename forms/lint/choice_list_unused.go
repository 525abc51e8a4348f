package lint

import (
	"strings"

	"waymark/forms/xpath"
	"waymark/internal/fault"
)

var choiceListUnused = Rule{
	ID: "choice-list-unused", Severity: Warning,
	Finds:  "a list of choices that no question uses",
	Why:    "either a question has the wrong list, or translators work for nothing",
	Source: "XLSForm, choices sheet",
	check: func(q *questionnaire, report report) {
		used := map[string]bool{}
		for _, r := range q.rows {
			used[r.Itemset] = true
			for _, text := range quotedIn(r.Control.Get("appearance")) {
				used[text] = true // search('list')
			}
		}
		q.trees(func(e *expression) {
			visit(e.tree, false, func(n xpath.AST, _ bool) {
				if lit, ok := n.(*xpath.Literal); ok {
					used[lit.Value] = true // instance('list')
				}
			})
		})
		var names []string
		for _, l := range q.form.Lists {
			if used[l.Name] {
				names = append(names, l.Name)
			}
		}
		for _, l := range q.form.Lists {
			if used[l.Name] || len(l.Choices) == 0 || q.looped(l.Name) {
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

// quotedIn are the pieces of a text between quotes.
func quotedIn(text string) []string {
	var found []string
	for {
		i := strings.IndexAny(text, `'"`)
		if i < 0 {
			return found
		}
		inner, rest, closed := strings.Cut(text[i+1:], text[i:i+1])
		if !closed {
			return found
		}
		found = append(found, inner)
		text = rest
	}
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
