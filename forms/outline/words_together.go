package outline

import "waymark/forms/xpath"

// together merges neighbouring clauses about one subject: "x is a" or "x is b"
// become "x is a or b", "x is not a" and "x is not b" become "x is neither a
// nor b", and two inclusive bounds become "x is between a and b".
func together(all []clause, join string) []clause {
	var out []clause
	for i := 0; i < len(all); {
		run := 1
		for i+run < len(all) && all[i].subject != nil && all[i].join == "" && all[i+run].join == "" &&
			all[i+run].subject != nil && same(all[i].subject, all[i+run].subject) {
			run++
		}
		out = append(out, merged(all[i:i+run], join)...)
		i += run
	}
	return out
}

func merged(run []clause, join string) []clause {
	if len(run) == 1 {
		return run
	}
	if len(run) == 2 && join == "and" {
		low, high := run[0], run[1]
		if low.low == nil {
			low, high = high, low
		}
		if low.low != nil && high.high != nil {
			return []clause{{subject: low.subject, verb: "is", predicate: say("between ", low.low, " and ", high.high)}}
		}
	}
	verb := run[0].verb
	for _, c := range run {
		if c.verb != verb {
			verb = ""
		}
	}
	parts := make([]Sentence, len(run))
	for i, c := range run {
		parts[i] = c.predicate
		if verb == "" && i > 0 {
			parts[i] = say(c.verb+" ", c.predicate)
		}
	}
	switch {
	case verb == "" || verb == "has" || verb == "is" && join == "and":
		return []clause{{subject: run[0].subject, verb: run[0].verb, predicate: list(parts, join), join: join}}
	case (verb == "is" || verb == "includes") && join == "or":
		return []clause{{subject: run[0].subject, verb: verb, predicate: list(parts, "or"), choice: true}}
	case verb == "is not" && join == "and" && len(run) == 2:
		return []clause{{subject: run[0].subject, verb: "is", predicate: say("neither ", list(parts, "nor"))}}
	case verb == "is not" && join == "and":
		return []clause{{subject: run[0].subject, verb: "is", predicate: say("none of ", list(parts, "and"))}}
	case verb == "includes" && join == "and":
		return []clause{{subject: run[0].subject, verb: verb, predicate: list(parts, "and")}}
	case verb == "does not include" && join == "and":
		return []clause{{subject: run[0].subject, verb: verb, predicate: list(parts, "or")}}
	}
	return run
}

func conjunction(n xpath.AST) bool { b, ok := n.(*xpath.Binary); return ok && b.Op == "and" }

// alone says the rule that some choices exclude all others, written as
// not(selected(x, 'dk') and count-selected(x) > 1): "“Don't know” may only be
// chosen alone".
func (sp *speaker) alone(n *xpath.Binary) (clause, bool) {
	more, ok := n.Right.(*xpath.Binary)
	chosen := n.Left
	if !ok || !isCall(more.Left, "count-selected") {
		if more, ok = n.Left.(*xpath.Binary); !ok {
			return clause{}, false
		}
		chosen = n.Right
	}
	one, isNumber := more.Right.(*xpath.Number)
	if !isCall(more.Left, "count-selected") || !isNumber || !(more.Op == ">" && one.Value == 1 || more.Op == ">=" && one.Value == 2) {
		return clause{}, false
	}
	subject := sp.subject(more.Left.(*xpath.Call).Args[0])
	var choices []Sentence
	var collect func(m xpath.AST) bool
	collect = func(m xpath.AST) bool {
		if b, ok := m.(*xpath.Binary); ok && b.Op == "or" {
			return collect(b.Left) && collect(b.Right)
		}
		call, ok := m.(*xpath.Call)
		if !ok || call.Name != "selected" || len(call.Args) != 2 || !same(sp.subject(call.Args[0]), subject) {
			return false
		}
		choices = append(choices, sp.object(call.Args[0], call.Args[1]))
		return true
	}
	if !collect(chosen) {
		return clause{}, false
	}
	where := say(" in ", subject)
	if len(subject) == 1 && subject[0].Text == sp.self && sp.self != "" {
		where = nil
	}
	return plain(list(choices, "and"), where, " may only be chosen alone"), true
}

func isCall(n xpath.AST, name string) bool {
	call, ok := n.(*xpath.Call)
	return ok && call.Name == name && len(call.Args) == 1
}
