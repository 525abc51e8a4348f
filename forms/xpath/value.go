package xpath

import (
	"math"
	"strings"
	"time"
)

// ValueKind is what a Value is.
type ValueKind uint8

// The kinds of value. Dates are JavaRosa's addition to the four of XPath 1.0:
// they keep their time until they are turned into text or a number of days.
const (
	StringValue ValueKind = iota
	NumberValue
	BoolValue
	DateValue
	NodesValue
)

// anyValue marks code whose kind is known only when it runs.
const anyValue ValueKind = 255

// Value is what an expression gives: text, a number, a truth, a date or nodes.
// The zero Value is the empty text.
type Value struct {
	kind  ValueKind
	truth bool
	num   float64 // a number, a date's milliseconds since 1970 in UTC, or for nodes those of the evaluation
	str   string  // text, or the writing of a time of day
	nodes []*Node
	zone  *time.Location // of a date, and of the dates of nodes
}

// What makes values.

func text(s string) Value      { return Value{str: s} }
func number(f float64) Value   { return Value{kind: NumberValue, num: f} }
func truth(b bool) Value       { return Value{kind: BoolValue, truth: b} }
func nodes(list []*Node) Value { return Value{kind: NodesValue, nodes: list} }
func date(ms float64, zone *time.Location) Value {
	return Value{kind: DateValue, num: ms, zone: zone}
}

// Kind says what the value is.
func (v Value) Kind() ValueKind { return v.kind }

// Nodes returns the nodes, or nil if the value is none.
func (v Value) Nodes() []*Node { return v.nodes }

// Time returns the instant of a date, in the zone of the evaluation, and whether
// the value is one. Nodes count by the first.
func (v Value) Time() (time.Time, bool) {
	if v = v.scalar(); v.kind != DateValue {
		return time.Time{}, false
	}
	return v.time(), true
}

func (v Value) time() time.Time {
	zone := v.zone
	if zone == nil {
		zone = time.Local
	}
	return time.UnixMilli(int64(v.num)).In(zone)
}

// String returns the value as text: a date as 2006-01-02 without its time, as
// JavaRosa does, no nodes as "", and more than one as the first.
func (v Value) String() string {
	switch v = v.scalar(); v.kind {
	case NumberValue:
		return formatNumber(v.num)
	case BoolValue:
		if v.truth {
			return "true"
		}
		return "false"
	case DateValue:
		if v.str != "" {
			return v.str
		}
		return v.time().Format("2006-01-02")
	}
	return v.str
}

// Number returns the value as a number: a date as whole days since 1970-01-01 by
// its local calendar day, text that is no number as NaN.
func (v Value) Number() float64 {
	switch v = v.scalar(); v.kind {
	case NumberValue:
		return v.num
	case BoolValue:
		if v.truth {
			return 1
		}
		return 0
	case DateValue:
		return civilDays(v.time())
	}
	return parseNumber(v.str)
}

// Bool returns the value as a truth: text is true unless it is empty, a number
// unless it is 0 or NaN, a date always. Nodes go by the value of the first, and
// so differ from XPath 1.0: a blank answer is false.
func (v Value) Bool() bool {
	switch v = v.scalar(); v.kind {
	case NumberValue:
		return truthOfNumber(v.num)
	case BoolValue:
		return v.truth
	case DateValue:
		return true
	}
	return v.str != ""
}

// Blank tells whether coalesce() and once() pass the value over: empty text or NaN.
func (v Value) Blank() bool {
	v = v.scalar()
	return v.kind == StringValue && v.str == "" || v.kind == NumberValue && math.IsNaN(v.num)
}

// scalar returns the value of the first node, or the value itself.
func (v Value) scalar() Value {
	if v.kind != NodesValue {
		return v
	}
	if len(v.nodes) == 0 {
		return Value{}
	}
	return typed(v.nodes[0], v.time)
}

// textual tells whether a bind's type leaves an answer as text.
func textual(typ string) bool {
	switch typ {
	case "int", "integer", "long", "decimal", "double", "boolean", "date", "dateTime", "time":
		return false
	}
	return true
}

// typed returns the value of a node by its bind's type. What does not fit the
// type is text, and irrelevant nodes are blank.
func typed(n *Node, now func() time.Time) Value {
	if n.Irrelevant {
		return Value{}
	}
	s := n.Value
	if s == "" {
		return Value{}
	}
	switch n.Type {
	case "int", "integer", "long", "decimal", "double":
		if f := parseNumber(s); !math.IsNaN(f) {
			return number(f)
		}
	case "boolean":
		switch strings.TrimSpace(s) {
		case "1", "true":
			return truth(true)
		case "0", "false":
			return truth(false)
		}
	case "date", "dateTime":
		zone := now().Location()
		if t, ok := parseDateTime(s, zone); ok {
			return date(float64(t.UnixMilli()), zone)
		}
	case "time":
		today := now()
		if t, ok := parseTimeOn(s, today); ok {
			v := date(float64(t.UnixMilli()), today.Location())
			v.str = s
			return v
		}
	}
	return text(s)
}

// same is "=" of two values that are not nodes: as truths if one is a truth, as
// numbers if one is a number, and else as text. Dates compare as text, by day.
func same(a, b Value) bool {
	switch {
	case a.kind == StringValue && b.kind == StringValue:
		return a.str == b.str
	case a.kind == BoolValue || b.kind == BoolValue:
		return a.Bool() == b.Bool()
	case a.kind == NumberValue || b.kind == NumberValue:
		return sameNumber(a.Number(), b.Number())
	}
	return a.String() == b.String()
}
