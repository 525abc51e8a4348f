package lint

import (
	"slices"

	"waymark/forms/xpath"
)

// The most cases that a condition is taken apart into. A condition with more
// counts as one that can hold.
const maxTerms = 256

// The most claims of one case, for the same reason.
const maxClaims = 500

// claim is one thing that a condition says of one value.
type claim struct {
	key string // the value, as the canonical text of its expression
	who *row   // the row whose answer it is, or nil
	domain
	closed []string // the choices, where the answer is one of a list
	op     string   // = != < <= > >= or has, hasnt (of selected())
	c      constant
	// blankToo tells that a blank answer fulfils it too: the opposite of a
	// comparison of numbers, which no blank answer fulfils.
	blankToo bool
}

// term is claims that must all be met.
type term []claim

// terms writes a condition as cases of which one must be met (its disjunctive
// normal form). What it does not understand claims nothing. ok is false if
// there would be too many.
func (q *questionnaire) terms(e *expression, n xpath.AST, negated bool) (cases []term, ok bool) {
	always, never := []term{{}}, []term{}
	truth := func(b bool) ([]term, bool) {
		if b != negated {
			return always, true
		}
		return never, true
	}
	switch n := n.(type) {
	case *xpath.Literal:
		return truth(n.Value != "")
	case *xpath.Number:
		return truth(n.Value != 0)
	case *xpath.Call:
		return q.callTerms(e, n, negated, truth)
	case *xpath.Binary:
		if n.Op == "and" || n.Op == "or" {
			left, ok := q.terms(e, n.Left, negated)
			if !ok {
				return nil, false
			}
			right, ok := q.terms(e, n.Right, negated)
			if !ok {
				return nil, false
			}
			if (n.Op == "or") != negated {
				return slices.Concat(left, right), len(left)+len(right) <= maxTerms
			}
			return product(left, right)
		}
		return q.compareTerms(e, n, negated, truth)
	}
	return always, true
}

// product joins every case of one condition with every case of another.
func product(left, right []term) ([]term, bool) {
	if len(left)*len(right) > maxTerms {
		return nil, false
	}
	var all []term
	for _, l := range left {
		for _, r := range right {
			if len(l)+len(r) > maxClaims {
				return nil, false
			}
			all = append(all, slices.Concat(l, r))
		}
	}
	return all, true
}

func (q *questionnaire) callTerms(e *expression, n *xpath.Call, negated bool, truth func(bool) ([]term, bool)) ([]term, bool) {
	switch {
	case n.Name == "true" && len(n.Args) == 0:
		return truth(true)
	case n.Name == "false" && len(n.Args) == 0:
		return truth(false)
	case n.Name == "not" && len(n.Args) == 1:
		return q.terms(e, n.Args[0], !negated)
	case n.Name == "boolean" && len(n.Args) == 1:
		if b, ok := n.Args[0].(*xpath.Binary); ok {
			return q.terms(e, b, negated)
		}
	case n.Name == "selected" && len(n.Args) == 2:
		if c, ok := constantOf(n.Args[1]); ok {
			op := "has"
			if negated {
				op = "hasnt"
			}
			return q.claimTerms(e, n.Args[0], claim{op: op, c: c})
		}
	}
	return []term{{}}, true
}

// opposite is each comparison's opposite.
var opposite = map[string]string{"=": "!=", "!=": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}

func (q *questionnaire) compareTerms(e *expression, n *xpath.Binary, negated bool, truth func(bool) ([]term, bool)) ([]term, bool) {
	left, leftIs := constantOf(n.Left)
	right, rightIs := constantOf(n.Right)
	if leftIs && rightIs {
		if holds, known := compareConstants(left, n.Op, right); known {
			return truth(holds)
		}
		return []term{{}}, true
	}
	operand, op, c, ok := comparison(n)
	if !ok {
		return []term{{}}, true
	}
	blankToo := false
	if negated {
		blankToo = op != "=" && op != "!="
		op = opposite[op]
	}
	return q.claimTerms(e, operand, claim{op: op, c: c, blankToo: blankToo})
}

// compareConstants decides a comparison of two constants, as 1 = 1.
func compareConstants(a constant, op string, b constant) (holds, known bool) {
	if a.isText && b.isText && (op == "=" || op == "!=") {
		return (a.text == b.text) == (op == "="), true
	}
	if !a.isNum || !b.isNum {
		return false, false
	}
	switch op {
	case "=":
		return a.number == b.number, true
	case "!=":
		return a.number != b.number, true
	case "<":
		return a.number < b.number, true
	case "<=":
		return a.number <= b.number, true
	case ">":
		return a.number > b.number, true
	default:
		return a.number >= b.number, true
	}
}

// claimTerms makes the one case of one claim, if the operand is one value: an
// answer outside of repeats that the formula is not in, or a function of it.
func (q *questionnaire) claimTerms(e *expression, operand xpath.AST, c claim) ([]term, bool) {
	switch n := operand.(type) {
	case *xpath.Reference, *xpath.Path:
		c.who = q.subject(e, n, false)
		if c.who == nil || !oneValue(c.who, e.row) {
			return []term{{}}, true
		}
		if c.who.Type == "date" && c.c.isText && c.c.text != "" {
			return []term{{}}, true // compared as text; its order is comparison-never's
		}
		c.key, c.domain, c.closed = "${"+c.who.Name+"}", domainOf(c.who), q.closedList(c.who)
	case *xpath.Call:
		d, known := steady[n.Name]
		if !known {
			return []term{{}}, true
		}
		c.key, c.domain = xpath.Text(n), d
	default:
		return []term{{}}, true
	}
	return []term{{c}}, true
}

// steady are functions that give the same value each time within one condition,
// and of what kind: a whole number, any number or any text.
var steady = map[string]domain{
	"string-length": wholes, "count-selected": wholes, "count": wholes, "count-non-empty": wholes, "position": wholes, "int": wholes,
	"sum": numbers, "number": numbers, "round": numbers, "today": numbers, "max": numbers, "min": numbers,
	"selected-at": texts, "coalesce": texts, "substr": texts, "concat": texts, "string": texts,
}

// oneValue tells whether a reference from one row to another is to one answer:
// every repeat around the other one is also around the first.
func oneValue(to, from *row) bool {
	for p := to.parent; p != nil; p = p.parent {
		if p.repeats() && !p.around(from) {
			return false
		}
	}
	return true
}

// around tells whether r is at or around another row.
func (r *row) around(other *row) bool {
	for ; other != nil; other = other.parent {
		if other == r {
			return true
		}
	}
	return false
}
