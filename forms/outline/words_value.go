package outline

import (
	"strconv"
	"strings"
	"time"

	"waymark/forms/xpath"
)

// calls are templates of functions by name; the n-th is for n arguments, $*
// lists them all. A template at "*" is for any number.
var calls = map[string]map[string]string{
	"today": {"0": "today"}, "now": {"0": "now"},
	"random": {"0": "a random number between 0 and 1"}, "uuid": {"0": "a random identifier", "1": "a random text of $1 characters"}, "pi": {"0": "pi"},
	"sum": {"1": "the sum of $1"}, "count": {"1": "the number of $1"}, "count-non-empty": {"1": "the number of answers to $1"},
	"count-selected": {"1": "the number of choices in $1"}, "string-length": {"1": "the length of $1"},
	"min": {"1": "the smallest $1", "*": "the smallest of $*"}, "max": {"1": "the largest $1", "*": "the largest of $*"},
	"int": {"1": "the whole part of $1"}, "round": {"1": "$1 rounded to a whole number", "2": "$1 rounded to $2 decimals"},
	"abs": {"1": "$1 without its sign"}, "pow": {"2": "$1 to the power of $2"}, "sqrt": {"1": "the square root of $1"},
	"exp": {"1": "e to the power of $1"}, "exp10": {"1": "10 to the power of $1"}, "log": {"1": "the natural logarithm of $1"}, "log10": {"1": "the decimal logarithm of $1"},
	"sin": {"1": "the sine of $1"}, "cos": {"1": "the cosine of $1"}, "tan": {"1": "the tangent of $1"}, "asin": {"1": "the arc sine of $1"}, "acos": {"1": "the arc cosine of $1"}, "atan": {"1": "the arc tangent of $1"}, "atan2": {"2": "the angle of $1 over $2"},
	"string": {"1": "$1"}, "number": {"1": "$1"}, "date": {"1": "$1"}, "date-time": {"1": "$1"}, "decimal-date-time": {"1": "$1"}, "decimal-time": {"1": "the time of day of $1"}, "boolean": {"1": "$1"},
	"once": {"1": "$1, set once and then kept"}, "normalize-space": {"1": "$1 with single spaces"},
	"coalesce": {"2": "$1, or $2 if that is blank"}, "concat": {"1": "$1", "*": "the text $* in a row"},
	"substr":           {"2": "the part of $1 after its first $2 characters", "3": "the part of $1 after its first $2 characters up to character $3"},
	"substring-before": {"2": "the part of $1 before $2"}, "substring-after": {"2": "the part of $1 after $2"},
	"translate": {"3": "$1 with the characters $2 replaced by $3"}, "lower-case": {"1": "$1 in lower case"}, "upper-case": {"1": "$1 in upper case"},
	"digest": {"*": "a digest of $1"}, "base64-decode": {"1": "$1 decoded"}, "base64-encode": {"1": "$1 encoded"},
	"position": {"0": "its number", "1": "the number of this $1"},
	"area":     {"1": "the area of $1 in square metres"}, "distance": {"1": "the length of $1 in metres", "*": "the distance along $* in metres"},
	"current":   {"0": "the answer"},
	"randomize": {"1": "$1 in random order", "2": "$1 in random order"},
	"last":      {"0": "the last"}, "version": {"0": "the form's version"}, "property": {"1": "the device's setting $1"},
}

var arithmetic = map[string]string{"+": "plus", "-": "minus", "*": "times", "div": "divided by"}

// value says an expression that is a value.
func (sp *speaker) value(n xpath.AST) Sentence {
	if sp.spent() {
		return Sentence{{Code: "…"}}
	}
	switch n := n.(type) {
	case *xpath.Literal:
		if n.Value == "" {
			return say("nothing")
		}
		if day := calendarDay(n.Value); day != "" {
			return say(day)
		}
		return Sentence{{Value: n.Value}}
	case *xpath.Number:
		return say(numberText(n))
	case *xpath.Negate:
		return say("minus ", sp.operand(n.Operand))
	case *xpath.Binary:
		if isCondition(n) {
			return say("yes if ", sp.condition(n, false).sentence(), ", otherwise no")
		}
		return sp.arithmetic(n)
	case *xpath.Union:
		return say(sp.value(n.Left), " and ", sp.value(n.Right))
	case *xpath.Path:
		return sp.path(n)
	case *xpath.Call:
		return sp.call(n)
	}
	return sp.code(n)
}

// operand is a value, in brackets where the sentence would be misread.
func (sp *speaker) operand(n xpath.AST) Sentence {
	if b, ok := n.(*xpath.Binary); ok {
		return say("(", sp.value(b), ")")
	}
	return sp.value(n)
}

// around is an operand whose words need no brackets where they say a span.
func (sp *speaker) around(n xpath.AST) Sentence {
	if b, ok := n.(*xpath.Binary); ok && !isCondition(b) {
		if s := sp.span(b); s != nil {
			return s
		}
	}
	return sp.operand(n)
}

func (sp *speaker) arithmetic(n *xpath.Binary) Sentence {
	if s := sp.span(n); s != nil {
		return s
	}
	if n.Op == "mod" {
		return say("the rest of ", sp.operand(n.Left), " divided by ", sp.operand(n.Right))
	}
	word := arithmetic[n.Op]
	if word == "" {
		return sp.code(n)
	}
	say1 := sp.operand
	if b, ok := n.Left.(*xpath.Binary); ok && b.Op == n.Op && !sp.isDate(b.Left) { // a plus b plus c
		say1 = sp.value
	}
	return say(say1(n.Left), " "+word+" ", sp.operand(n.Right))
}

// call says a function call.
func (sp *speaker) call(n *xpath.Call) Sentence {
	if s := sp.particular(n); s != nil {
		return s
	}
	if isCondition(n) {
		if v, ok := truthOf(n); ok {
			return say(either(v, "true", "false"))
		}
		return say("yes if ", sp.condition(n, false).sentence(), ", otherwise no")
	}
	forms := calls[n.Name]
	template, ok := forms[strconv.Itoa(len(n.Args))]
	if !ok {
		template, ok = forms["*"]
	}
	if !ok {
		return sp.code(n)
	}
	parts := make([]Sentence, len(n.Args))
	for i, a := range n.Args {
		if template != "$1" && !strings.Contains(template, "$*") {
			parts[i] = sp.around(a)
		} else {
			parts[i] = sp.value(a)
		}
	}
	return fill(template, parts)
}

// particular says the calls that a template cannot; nil if n is another one.
func (sp *speaker) particular(n *xpath.Call) Sentence {
	args := len(n.Args)
	switch {
	case n.Name == "if" && args == 3:
		return sp.choose(n)
	case n.Name == "current" && args == 0 && sp.self == "" && sp.current != nil:
		return say(sp.current)
	case n.Name == "jr:choice-name" && args == 2:
		return sp.choiceName(n)
	case n.Name == "jr:itext" && args == 1:
		return sp.value(n.Args[0])
	case n.Name == "format-date" && args == 2, n.Name == "format-date-time" && args == 2:
		return sp.dated(n)
	case n.Name == "selected-at" && args == 2:
		return say("choice number ", sp.ordinal(n.Args[1]), " of ", sp.value(n.Args[0]))
	case n.Name == "round" && args == 2 && isZero(n.Args[1]):
		return say(sp.around(n.Args[0]), " rounded to a whole number")
	case n.Name == "join" && args >= 2:
		return say(sp.all(n.Args[1:]), " joined by ", sp.value(n.Args[0]))
	case n.Name == "indexed-repeat" && args >= 3:
		return sp.indexed(n)
	case n.Name == "pulldata" && args == 4:
		return sp.pulled(n)
	case n.Name == "int" && args == 1, n.Name == "floor" && args == 1:
		if s := sp.full(n.Args[0]); s != nil {
			return s
		}
	}
	return nil
}

// ordinal says an index that counts from 0 as a number that counts from 1.
func (sp *speaker) ordinal(n xpath.AST) Sentence {
	if number, ok := n.(*xpath.Number); ok {
		return say(strconv.FormatFloat(number.Value+1, 'f', -1, 64))
	}
	if b, ok := n.(*xpath.Binary); ok && b.Op == "-" {
		if one, ok := b.Right.(*xpath.Number); ok && one.Value == 1 {
			return sp.operand(b.Left)
		}
	}
	return say("(", sp.value(n), " plus 1)")
}

func isZero(n xpath.AST) bool { number, ok := n.(*xpath.Number); return ok && number.Value == 0 }

func (sp *speaker) all(args []xpath.AST) Sentence {
	parts := make([]Sentence, len(args))
	for i, a := range args {
		parts[i] = sp.value(a)
	}
	return list(parts, "and")
}

// choose says if(c, a, b), and a chain of them in one row.
func (sp *speaker) choose(n *xpath.Call) Sentence {
	then := n.Args[1]
	s := say(sp.value(then), " if ", sp.condition(n.Args[0], false).sentence())
	if next, ok := n.Args[2].(*xpath.Call); ok && next.Name == "if" && len(next.Args) == 3 {
		return say(s, "; ", sp.choose(next))
	}
	return say(s, "; otherwise ", sp.value(n.Args[2]))
}

// numberText writes a number without an exponent or needless digits.
func numberText(n *xpath.Number) string { return strconv.FormatFloat(n.Value, 'f', -1, 64) }

// calendarDay writes "2016-10-06" as 6 October 2016, and returns "" for what is
// not a day.
func calendarDay(s string) string {
	t, err := time.Parse("2006-01-02", s)
	if err != nil {
		return ""
	}
	return t.Format("2 January 2006")
}
