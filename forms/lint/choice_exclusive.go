package lint

import (
	"fmt"
	"strings"

	"waymark/forms/xlsform/definition"
	"waymark/forms/xpath"
	"waymark/internal/pattern"
)

// alone are names and labels of choices that go with no other.
var (
	aloneName  = pattern.Of(`^(none|no|nobody|no_one|nothing|never|nowhere|no_problem|none_of_(these|the_above|them)|dk|dont_know|do_not_know|doesnt_know|unknown|refused?|refuse_to_answer|prefer_not(_to_(say|answer))?|no_answer|na|n_a|not_applicable|aucune?|rien|nsp|ne_sait_pas|refus)$`)
	aloneLabel = pattern.Of(`^(none( of (these|the above|them))?|no one|nobody|nothing|(i )?(don['’]?t|do not|does not|doesn['’]?t) know|unknown|refused?( to answer)?|prefer(s|red)? not to (say|answer)|no answer|not applicable|aucune?( de ces.*)?|rien|ne sait pas|refus.*)[.!]?$`)
)

var choiceExclusive = Rule{
	ID: "choice-exclusive", Severity: Warning,
	Finds:  "a select_multiple with a choice such as none or refused, and no constraint that keeps it alone",
	Why:    "people tick it together with others, and the answer contradicts itself",
	Source: "XLSForm, Constraint: count-selected() and selected() on the answer itself",
	check: func(q *questionnaire, report report) {
		byList := map[*definition.List][]string{}
		for _, r := range q.rows {
			list := q.listOf(r)
			if r.Type != "select_multiple" || list == nil || len(list.Choices) < 2 {
				continue
			}
			names, looked := byList[list]
			if !looked {
				names = aloneIn(list)
				byList[list] = names
			}
			var loose []string
			for _, name := range names {
				if !keptAlone(r, name) {
					loose = append(loose, name)
				}
			}
			if len(loose) > 0 {
				var parts []string
				for _, name := range loose {
					parts = append(parts, fmt.Sprintf("selected(., %s)", xpath.Quote(name)))
				}
				either := strings.Join(parts, " or ")
				if len(parts) > 1 {
					either = "(" + either + ")"
				}
				remedy := "write in constraint: not(count-selected(.) > 1 and " + either + ")"
				if r.Bind.Has("constraint") {
					remedy = "add to the constraint: and not(count-selected(.) > 1 and " + either + ")"
				}
				report(q.at(r, "constraint"), remedy,
					"%q lets people choose %s together with other answers", r.Name, quoted(loose))
			}
		}
	},
}

// aloneIn are the choices of a list that contradict every other.
func aloneIn(list *definition.List) []string {
	var names []string
	for i := range list.Choices {
		if standsAlone(&list.Choices[i]) {
			names = append(names, list.Choices[i].Name)
		}
	}
	return names
}

// standsAlone tells whether a choice contradicts every other.
func standsAlone(c *definition.Choice) bool {
	if aloneName().MatchString(strings.ToLower(strings.ReplaceAll(c.Name, "-", "_"))) {
		return true
	}
	for _, tr := range translations(c.Label) {
		if aloneLabel().MatchString(strings.ToLower(strings.TrimSpace(tr.Text))) {
			return true
		}
	}
	return false
}

// keptAlone tells whether the question's constraint speaks of the choice.
func keptAlone(r *row, name string) bool {
	e := r.in("constraint")
	if e == nil {
		return r.Bind.Get("constraint") != ""
	}
	found := false
	xpath.Walk(e.tree, func(n xpath.AST) bool {
		switch n := n.(type) {
		case *xpath.Literal:
			found = found || n.Value == name || strings.Contains(n.Value, name)
		case *xpath.Number:
			found = found || xpath.Text(n) == name
		}
		return !found
	})
	return found
}

func quoted(names []string) string {
	q := make([]string, len(names))
	for i, n := range names {
		q[i] = fmt.Sprintf("%q", n)
	}
	return strings.Join(q, ", ")
}
