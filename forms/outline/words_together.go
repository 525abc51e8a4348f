package outline

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
		return []clause{{subject: run[0].subject, verb: verb, predicate: list(parts, "or")}}
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
