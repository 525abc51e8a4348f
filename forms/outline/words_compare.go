package outline

import (
	"strings"

	"waymark/forms/xpath"
	"waymark/internal/pattern"
)

// flipped turns "5 < x" into "x > 5".
var flipped = map[string]string{"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

var numberWords = map[string]string{"<": "less than ", "<=": "at most ", ">": "more than ", ">=": "at least "}
var dateWords = map[string]string{"<": "before ", "<=": "on or before ", ">": "after ", ">=": "on or after "}

// comparison says "x is 5", "x is at least 5", "x is after y". Denied, "=" and
// "!=" swap; an order is denied as it stands, because "not (x >= 18)" also
// holds where there is no x, and "x < 18" does not.
func (sp *speaker) comparison(n *xpath.Binary, not bool) clause {
	left, right, op := n.Left, n.Right, n.Op
	if constant(left) && !constant(right) {
		left, right, op = right, left, flipped[op]
	}
	if sp.isColumn(right) && !sp.isColumn(left) {
		left, right, op = right, left, flipped[op]
	}
	if truth, ok := truthOf(right); ok && (op == "=" || op == "!=") && isCondition(left) {
		return sp.condition(left, (op == "!=") != !truth != not)
	}
	if op == "!=" {
		op, not = "=", !not
	}
	if special, ok := sp.special(left, right, op, not); ok {
		return special
	}
	c := clause{subject: sp.subject(left), verb: either(not, "is not", "is")}
	if lit, ok := right.(*xpath.Literal); ok && lit.Value == "" && op == "=" {
		c.verb, c.predicate = either(not, "is", "is not"), say("answered")
		return c
	}
	if q, ok := sp.item(left); ok && q != nil && q.Type == "acknowledge" && op == "=" && constant(right) {
		c.predicate = say("confirmed")
		return c
	}
	object := sp.object(left, right)
	if op == "=" {
		if q, ok := sp.item(left); ok && q != nil && q.Type == "select_multiple" {
			c.verb = either(not, "is not", "is")
			object = say("only ", object)
		}
		c.predicate = object
		return c
	}
	words := numberWords
	if sp.isDate(left) || sp.isDate(right) {
		words = dateWords
	}
	c.predicate = say(words[op], object)
	switch {
	case not || words[op] == "":
	case op == ">=":
		c.low = object
	case op == "<=":
		c.high = object
	}
	return c
}

// isColumn tells whether an expression is a column of the row that a filter
// looks at.
func (sp *speaker) isColumn(n xpath.AST) bool {
	p, ok := n.(*xpath.Path)
	return ok && sp.inRow && !p.Absolute && p.Filter == nil && len(p.Steps) == 1 && p.Steps[0].Axis == xpath.Child
}

// special says comparisons of a count or a length, whose subject is better the
// thing counted: "“Means” has at most 3 choices".
func (sp *speaker) special(left, right xpath.AST, op string, not bool) (clause, bool) {
	call, ok := left.(*xpath.Call)
	if !ok || len(call.Args) != 1 || !(call.Name == "count-selected" || call.Name == "string-length") {
		return clause{}, false
	}
	subject := sp.subject(call.Args[0])
	number, _ := right.(*xpath.Number)
	none := number != nil && (number.Value == 0 && (op == "=" || op == "<=" || op == ">") || number.Value == 1 && (op == "<" || op == ">="))
	if none {
		some := op == ">" || op == ">="
		return clause{subject: subject, verb: either(some != not, "is", "is not"), predicate: say("answered")}, true
	}
	amount := say(either(op == "=", "exactly ", numberWords[op]), sp.value(right))
	one := number != nil && number.Value == 1
	if call.Name == "string-length" {
		return clause{subject: subject, verb: either(not, "is not", "is"), predicate: say(amount, either(one, " character long", " characters long"))}, true
	}
	return clause{subject: subject, verb: either(not, "does not have", "has"), predicate: say(amount, either(one, " choice", " choices"))}, true
}

// subject says what a comparison is about.
func (sp *speaker) subject(n xpath.AST) Sentence {
	if q, ok := sp.item(n); ok && q != nil && sp.many(q) {
		return say("any ", q)
	}
	if call, ok := n.(*xpath.Call); ok && call.Name == "current" && len(call.Args) == 0 && sp.self == "" && sp.current != nil {
		return say(sp.current)
	}
	return sp.value(n)
}

// object says what something is compared with: the label of a choice where it
// is one, "the answer to" another question.
func (sp *speaker) object(left, right xpath.AST) Sentence {
	if value, ok := constantText(right); ok {
		if choice := sp.choice(left, value); choice != nil {
			return Sentence{{Choice: choice}}
		}
		if lit, ok := right.(*xpath.Literal); ok {
			if sp.isNumber(left) && number().MatchString(lit.Value) {
				return say(lit.Value)
			}
			if day := calendarDay(lit.Value); day != "" {
				return say(day)
			}
		}
	}
	if q, ok := sp.item(right); ok && q != nil && q.Kind != Group && q.Kind != Repeat {
		if q.Kind == Question {
			return say("the answer to ", q)
		}
		return say(q)
	}
	if b, ok := right.(*xpath.Binary); ok && (b.Op == "or" || b.Op == "and") {
		return say("(", sp.value(right), ")")
	}
	return sp.value(right)
}

var number = pattern.Of(`^-?\d+(\.\d+)?$`)

// choice finds the choice that a value compared with n stands for.
func (sp *speaker) choice(n xpath.AST, value string) *Choice {
	if call, ok := n.(*xpath.Call); ok {
		switch call.Name {
		case "string", "number", "int", "selected-at", "once", "coalesce":
			if len(call.Args) > 0 {
				return sp.choice(call.Args[0], value)
			}
		case "current":
			return sp.current.listed(value)
		}
		return nil
	}
	if q, ok := sp.item(n); ok {
		return q.listed(value)
	}
	return nil
}

func (i *Item) listed(value string) *Choice {
	if i == nil {
		return nil
	}
	return i.List.Choice(value)
}

// constant tells whether an expression is the same for every record, so that
// a comparison is better turned round to start with the other side.
func constant(n xpath.AST) bool {
	if call, ok := n.(*xpath.Call); ok {
		switch call.Name {
		case "today", "now":
			return len(call.Args) == 0
		case "date", "date-time", "number", "string":
			return len(call.Args) == 1 && constant(call.Args[0])
		}
	}
	_, ok := constantText(n)
	return ok
}

// constantText returns the value of a literal or a number as text.
func constantText(n xpath.AST) (string, bool) {
	switch n := n.(type) {
	case *xpath.Literal:
		return n.Value, true
	case *xpath.Number:
		return numberText(n), true
	case *xpath.Negate:
		if inner, ok := n.Operand.(*xpath.Number); ok {
			return "-" + numberText(inner), true
		}
	}
	return "", false
}

// truthOf returns the value of true(), false(), 'true' and 'false'.
func truthOf(n xpath.AST) (value, ok bool) {
	if call, is := n.(*xpath.Call); is && len(call.Args) == 0 {
		return call.Name == "true", call.Name == "true" || call.Name == "false"
	}
	if lit, is := n.(*xpath.Literal); is {
		low := strings.ToLower(lit.Value)
		return low == "true", low == "true" || low == "false"
	}
	return false, false
}

// isCondition tells whether an expression is true or false by its form.
func isCondition(n xpath.AST) bool {
	switch n := n.(type) {
	case *xpath.Binary:
		switch n.Op {
		case "and", "or", "=", "!=", "<", "<=", ">", ">=":
			return true
		}
	case *xpath.Call:
		_, known := truths[n.Name]
		return known || n.Name == "not" || n.Name == "true" || n.Name == "false" || n.Name == "selected"
	}
	return false
}
