package lint

import (
	"fmt"
	"slices"

	"waymark/forms/xlsform/definition"
	"waymark/forms/xpath"
	"waymark/internal/fault"
)

var choiceFilterColumn = Rule{
	ID: "choice-filter-column", Severity: Error,
	Finds:  "a choice_filter that looks at a column which no choice of the list has",
	Why:    "the filter compares with nothing, so the question has no choices at all",
	Source: "XLSForm, Cascading selects: further columns of the choices sheet",
	check: func(q *questionnaire, report report) {
		for _, r := range q.rows {
			e, list := r.in("choice_filter"), q.listOf(r)
			if e == nil || list == nil {
				continue
			}
			columns := columnsOf(list)
			xpath.Walk(e.tree, func(n xpath.AST) bool {
				p, ok := n.(*xpath.Path)
				if !ok {
					return true
				}
				if p.Absolute || p.Filter != nil || len(p.Steps) != 1 || p.Steps[0].Axis != xpath.Child {
					return false
				}
				name := p.Steps[0].Test
				if slices.Contains(columns, name) || name == "*" {
					return false
				}
				remedy := fmt.Sprintf("add a column %q to the choices sheet and fill it for the list %q", name, list.Name)
				if near := fault.Nearest(name, columns); near != "" {
					remedy = fmt.Sprintf("did you mean %q?", near)
				} else if q.byName[name] != nil {
					remedy = fmt.Sprintf("write ${%s} if the answer is meant", name)
				}
				report(q.cell(e), remedy, "no choice of the list %q has anything in a column %q", list.Name, name)
				return false
			})
		}
	},
}

// columnsOf are the columns of a list that a filter may look at.
func columnsOf(list *definition.List) []string {
	columns := []string{"name", "label", "itextId"}
	for i := range list.Choices {
		for _, x := range list.Choices[i].Extra {
			if !slices.Contains(columns, x.Key) {
				columns = append(columns, x.Key)
			}
		}
	}
	return columns
}
