package outline

import (
	"strings"

	"waymark/forms/xpath"
)

// isDate tells whether an expression is a date by its form or by the type of
// the question that it names.
func (sp *speaker) isDate(n xpath.AST) bool {
	switch n := n.(type) {
	case *xpath.Literal:
		return calendarDay(n.Value) != ""
	case *xpath.Call:
		switch n.Name {
		case "today", "now", "date", "date-time":
			return true
		case "decimal-date-time", "once", "coalesce", "min", "max", "string", "number":
			return len(n.Args) > 0 && sp.isDate(n.Args[0])
		case "if":
			return len(n.Args) == 3 && sp.isDate(n.Args[1]) && sp.isDate(n.Args[2])
		case "current":
			return len(n.Args) == 0 && sp.current.isDate()
		}
	case *xpath.Binary:
		return (n.Op == "+" || n.Op == "-") && sp.isDate(n.Left) != sp.isDate(n.Right) // a date moved by days
	case *xpath.Path:
		q, ok := sp.item(n)
		return ok && q.isDate()
	}
	return false
}

func (i *Item) isDate() bool {
	if i == nil || i.Definition == nil {
		return false
	}
	switch i.Type {
	case "today", "start", "end":
		return true
	}
	return i.Definition.Type == "date" || i.Definition.Type == "dateTime"
}

// isNumber tells whether an expression names a question whose answer is a number.
func (sp *speaker) isNumber(n xpath.AST) bool {
	q, ok := sp.item(n)
	return ok && q != nil && q.Definition != nil && (q.Definition.Type == "int" || q.Definition.Type == "decimal")
}

// span says arithmetic with dates: days between two, a date moved by days, and
// years between two (a difference divided by 365 or thereabouts). It returns
// nil for other arithmetic.
func (sp *speaker) span(n *xpath.Binary) Sentence {
	switch {
	case n.Op == "-" && sp.isDate(n.Left) && sp.isDate(n.Right):
		return say("the days from ", sp.value(n.Right), " to ", sp.value(n.Left))
	case n.Op == "-" && sp.isDate(n.Left):
		return say(sp.operand(n.Right), " days before ", sp.value(n.Left))
	case n.Op == "+" && sp.isDate(n.Left):
		return say(sp.operand(n.Right), " days after ", sp.value(n.Left))
	case n.Op == "+" && sp.isDate(n.Right):
		return say(sp.operand(n.Left), " days after ", sp.value(n.Right))
	case n.Op == "*":
		if days, unit := n.Left, multiples[constantOf(n.Right)]; unit != "" {
			if b, ok := days.(*xpath.Binary); ok && b.Op == "-" && sp.isDate(b.Left) && sp.isDate(b.Right) {
				return say("the "+unit+" from ", sp.value(b.Right), " to ", sp.value(b.Left))
			}
		}
	case n.Op == "div":
		unit, from, to, ok := sp.between(n)
		if ok {
			return say("the "+unit+" from ", from, " to ", to)
		}
	}
	return nil
}

// multiples are the units that a difference in days is turned into.
var multiples = map[string]string{"24": "hours", "1440": "minutes", "86400": "seconds"}

func constantOf(n xpath.AST) string { text, _ := constantText(n); return text }

// full says int(days div 365.25) as "the full years from a to b".
func (sp *speaker) full(n xpath.AST) Sentence {
	b, ok := n.(*xpath.Binary)
	if !ok {
		return nil
	}
	if unit, from, to, ok := sp.between(b); ok {
		return say("the full "+unit+" from ", from, " to ", to)
	}
	return nil
}

func (sp *speaker) between(n *xpath.Binary) (unit string, from, to Sentence, ok bool) {
	days, isBinary := n.Left.(*xpath.Binary)
	by, isNumber := n.Right.(*xpath.Number)
	if n.Op != "div" || !isBinary || !isNumber || days.Op != "-" || !sp.isDate(days.Left) || !sp.isDate(days.Right) {
		return "", nil, nil, false
	}
	switch v := by.Value; {
	case v >= 365 && v <= 366:
		unit = "years"
	case v >= 30 && v <= 31:
		unit = "months"
	case v == 7:
		unit = "weeks"
	default:
		return "", nil, nil, false
	}
	return unit, sp.value(days.Right), sp.value(days.Left), true
}

// dateParts are the formats that are one part of a date.
var dateParts = map[string]string{"%Y": "the year", "%y": "the two-digit year", "%m": "the month", "%n": "the month", "%b": "the month's name", "%d": "the day of the month", "%e": "the day of the month", "%a": "the day of the week", "%H": "the hour", "%M": "the minute"}

var dateLetters = strings.NewReplacer("%Y", "year", "%y", "year", "%m", "month", "%n", "month", "%b", "month", "%d", "day", "%e", "day", "%H", "hour", "%h", "hour", "%M", "minute", "%S", "second", "%3", "millisecond", "%a", "weekday")

// dated says format-date: "the year of “Date of birth”".
func (sp *speaker) dated(n *xpath.Call) Sentence {
	format, ok := n.Args[1].(*xpath.Literal)
	if !ok {
		return say(sp.value(n.Args[0]), " written by the format ", sp.value(n.Args[1]))
	}
	if part := dateParts[format.Value]; part != "" {
		return say(part+" of ", sp.value(n.Args[0]))
	}
	return say(sp.value(n.Args[0]), " written as "+dateLetters.Replace(format.Value))
}
