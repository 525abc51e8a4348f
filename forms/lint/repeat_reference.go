package lint

import (
	"waymark/forms/xlsform/definition"
	"waymark/forms/xpath"
	"waymark/internal/fault"
)

var repeatReference = Rule{
	ID: "repeat-reference", Severity: Error,
	Finds:  "a formula or text outside a repeat that reads a question inside it as if it had one answer",
	Why:    "it works while the repeat is filled once; at the second time ODK Collect stops with an error",
	Source: "JavaRosa, XPathNodeset.unpack; ODK documentation, Form logic, Repeating questions",
	check: func(q *questionnaire, report report) {
		told := map[fault.Place]bool{}
		tell := func(at fault.Place, from, to *row) {
			if told[at] {
				return
			}
			told[at] = true
			repeat := to.parent
			for !repeat.repeats() || repeat.around(from) {
				repeat = repeat.parent
			}
			report(at, "say which: indexed-repeat(${"+to.Name+"}, ${"+repeat.Name+"}, 1), or put all together with sum(), count(), max(), join()",
				"%q reads %q, which has an answer for each %q", from.Name, to.Name, repeat.Name)
		}
		for _, r := range q.rows {
			for _, e := range r.exprs {
				if e.tree != nil {
					q.single(e.tree, func(to *row) {
						if !oneValue(to, r) {
							tell(q.cell(e), r, to)
						}
					})
				}
			}
			for _, t := range []struct {
				column string
				text   definition.Text
			}{{"label", r.Label}, {"hint", r.Hint}, {"guidance_hint", r.Guidance}, {"constraint_message", r.ConstraintMessage}, {"required_message", r.RequiredMessage}} {
				for _, tr := range translations(t.text) {
					refs, _ := definition.ParseReferences(tr.Text)
					for _, ref := range refs {
						if to := q.byName[ref.Name]; to != nil && !ref.LastSaved && to.Kind == definition.Question && !oneValue(to, r) {
							tell(q.placeIn("survey", r.Place.Row, t.column, tr.Language), r, to)
						}
					}
				}
			}
		}
	},
}

// takesAll are the functions that take all answers to a question together; some
// of them do so with a single argument only.
var takesAll = map[string]struct{ alone bool }{
	"count": {}, "count-non-empty": {}, "sum": {}, "join": {}, "checklist": {}, "weighted-checklist": {}, "randomize": {},
	"area": {}, "enclosed-area": {}, "distance": {}, "indexed-repeat": {}, "position": {},
	"max": {alone: true}, "min": {alone: true}, "concat": {alone: true},
}

// single calls f for every question that a formula reads where one answer is
// wanted: not as an argument of a function of many, nor filtered.
func (q *questionnaire) single(n xpath.AST, f func(to *row)) {
	switch n := n.(type) {
	case *xpath.Reference:
		if to := q.byName[n.Name]; to != nil && !n.LastSaved && to.Kind == definition.Question {
			f(to)
		}
	case *xpath.Binary:
		q.single(n.Left, f)
		q.single(n.Right, f)
	case *xpath.Negate:
		q.single(n.Operand, f)
	case *xpath.Call:
		many, known := takesAll[n.Name]
		for _, a := range n.Args {
			if _, direct := a.(*xpath.Reference); direct && known && (!many.alone || len(n.Args) == 1) {
				continue
			}
			q.single(a, f)
		}
	case *xpath.Path: // what is filtered is chosen; what it is compared with is not
		for _, s := range n.Steps {
			for _, p := range s.Predicates {
				q.single(p, f)
			}
		}
	case *xpath.Filtered:
		for _, p := range n.Predicates {
			q.single(p, f)
		}
	}
}
