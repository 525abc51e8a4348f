package lint

var relevantNever = Rule{
	ID: "relevant-never", Severity: Warning,
	Finds:  "a question, group or repeat whose relevant can never hold, alone or with those around it and before it",
	Why:    "nobody is ever asked it, and its column stays empty",
	Source: "ODK documentation, Form logic, Conditionally showing questions",
	check: func(q *questionnaire, report report) {
		silent := map[*row]bool{}
		for _, r := range q.rows {
			if r.parent != nil && silent[r.parent] {
				silent[r] = true // said of the group
				continue
			}
			own := r.in("relevant")
			if own == nil {
				continue
			}
			cases, ok := q.terms(own, own.tree, false)
			if !ok {
				continue
			}
			switch with, why := q.unreachable(r, cases); {
			case with == r:
				silent[r] = true
				report(q.cell(own), "correct the condition, or take the "+r.noun()+" out", "the relevant of %q can never hold", r.Name)
			case with != nil:
				silent[r] = true
				report(q.cell(own), "correct one of the two conditions", why, r.Name, with.Name, with.Place.Row)
			}
		}
	},
}

// unreachable returns the row whose condition shuts out the cases of r's own:
// r itself, a group around it, or a question that it asks about. It returns nil
// if some case can be met.
func (q *questionnaire) unreachable(r *row, cases []term) (with *row, why string) {
	cases = stillMet(cases)
	if len(cases) == 0 {
		return r, ""
	}
	for p := r.parent; p != nil; p = p.parent {
		around := p.in("relevant")
		if around == nil {
			continue
		}
		theirs, ok := q.terms(around, around.tree, false)
		if !ok {
			return nil, ""
		}
		theirs = stillMet(theirs)
		if len(theirs) == 0 {
			return nil, "" // said of the group
		}
		if cases, ok = product(cases, theirs); !ok {
			return nil, ""
		}
		if cases = stillMet(cases); len(cases) == 0 {
			return p, "the relevant of %q can never hold together with that of %q around it (row %d)"
		}
	}
	return q.unasked(cases)
}

// unasked looks for a question that every case needs an answer of and that is
// not asked in any of them. It returns the one of the last case.
func (q *questionnaire) unasked(cases []term) (with *row, why string) {
	for _, t := range cases {
		var shut *row
		for _, c := range t {
			if c.who == nil || !c.needsAnswer() {
				continue
			}
			theirs, ok := q.asked(c.who)
			if !ok || len(theirs) == 0 {
				continue
			}
			if both, ok := product([]term{t}, theirs); ok && len(stillMet(both)) == 0 {
				shut = c.who
				break
			}
		}
		if shut == nil {
			return nil, ""
		}
		with = shut
	}
	return with, "the relevant of %q can never hold: it needs an answer to %q (row %d), which is not asked then"
}

// asked is the cases in which a question is asked: its own condition and those
// of all groups around it.
func (q *questionnaire) asked(r *row) ([]term, bool) {
	cases := []term{{}}
	for ; r != nil; r = r.parent {
		e := r.in("relevant")
		if e == nil {
			continue
		}
		theirs, ok := q.terms(e, e.tree, false)
		if !ok {
			return nil, false
		}
		if cases, ok = product(cases, theirs); !ok {
			return nil, false
		}
		cases = stillMet(cases)
	}
	return cases, true
}

// needsAnswer tells whether a blank answer fails the claim.
func (c claim) needsAnswer() bool {
	switch c.op {
	case "=":
		return c.c.text != ""
	case "has":
		return true
	case "<", "<=", ">", ">=":
		return !c.blankToo
	}
	return false
}

func stillMet(cases []term) []term {
	var left []term
	for _, t := range cases {
		if met(t, "") {
			left = append(left, t)
		}
	}
	return left
}
