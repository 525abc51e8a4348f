package outline

import "waymark/forms/xpath"

// truths are the functions that are true or false: the subject is the first
// argument; yes and no are the verbs, predicate the rest.
var truths = map[string]struct {
	yes, no, predicate string
	args               int
}{
	"contains":            {"contains", "does not contain", "$2", 2},
	"starts-with":         {"starts with", "does not start with", "$2", 2},
	"ends-with":           {"ends with", "does not end with", "$2", 2},
	"regex":               {"is", "is not", "", 2},
	"boolean":             {"is", "is not", "", 1},
	"boolean-from-string": {"is", "is not", "", 1},
	"geofence":            {"lies", "does not lie", "inside $2", 2},
	"intersects":          {"crosses", "does not cross", "itself", 1},
	"checklist":           {"", "", "", -3},
	"weighted-checklist":  {"", "", "", -4},
}

// truth says a call whose value is true or false.
func (sp *speaker) truth(n *xpath.Call, not bool) clause {
	switch {
	case n.Name == "not" && len(n.Args) == 1:
		return sp.condition(n.Args[0], !not)
	case (n.Name == "true" || n.Name == "false") && len(n.Args) == 0:
		return plain(either((n.Name == "true") != not, "always", "never"))
	case n.Name == "selected" && len(n.Args) == 2:
		return sp.selected(n, not)
	case n.Name == "regex" && len(n.Args) == 2:
		return sp.pattern(n, not)
	case n.Name == "boolean-from-string" && len(n.Args) == 1, n.Name == "boolean" && len(n.Args) == 1:
		if isCondition(n.Args[0]) {
			return sp.condition(n.Args[0], not)
		}
		return clause{subject: sp.subject(n.Args[0]), verb: either(not, "is not", "is"), predicate: say(either(n.Name == "boolean", "answered", "true or 1"))}
	case n.Name == "checklist" && len(n.Args) >= 3:
		return sp.checklist(n, not)
	case (n.Name == "once" || n.Name == "string" || n.Name == "number") && len(n.Args) == 1 && isCondition(n.Args[0]):
		return sp.condition(n.Args[0], not)
	case n.Name == "if" && len(n.Args) == 3:
		return plain(either(not, "it is not so that ", ""), sp.value(n))
	}
	if t, ok := truths[n.Name]; ok && t.args == len(n.Args) {
		var rest []Sentence
		for i, a := range n.Args {
			switch i {
			case 0:
				rest = append(rest, nil) // the subject
			case 1:
				rest = append(rest, sp.object(n.Args[0], a))
			default:
				rest = append(rest, sp.value(a))
			}
		}
		return clause{subject: sp.subject(n.Args[0]), verb: either(not, t.no, t.yes), predicate: fill(t.predicate, rest)}
	}
	if not {
		return plain("it is not so that ", sp.value(n))
	}
	return plain(sp.value(n))
}

// selected says "“Means” includes “Boat”", and "is" for a question that takes
// one choice.
func (sp *speaker) selected(n *xpath.Call, not bool) clause {
	c := clause{subject: sp.subject(n.Args[0]), verb: either(not, "does not include", "includes"), predicate: sp.object(n.Args[0], n.Args[1])}
	if q, ok := sp.item(n.Args[0]); ok && q != nil && q.Type == "select_one" {
		c.verb = either(not, "is not", "is")
	}
	return c
}

// checklist says "between 2 and 3 of these are so: ...". A bound of -1 is none.
func (sp *speaker) checklist(n *xpath.Call, not bool) clause {
	low, _ := constantText(n.Args[0])
	high, _ := constantText(n.Args[1])
	amount := say("between ", sp.value(n.Args[0]), " and ", sp.value(n.Args[1]))
	switch {
	case low == "-1" && high == "-1":
		return plain(either(not, "never", "always"))
	case high == "-1":
		amount = say("at least ", sp.value(n.Args[0]))
	case low == "-1" || low == "0":
		amount = say("at most ", sp.value(n.Args[1]))
	}
	var parts []Sentence
	for _, a := range n.Args[2:] {
		parts = append(parts, sp.condition(a, false).bracketed("and"))
	}
	return plain(either(not, "it is not so that ", ""), amount, " of these are so: ", list(parts, "and"))
}
