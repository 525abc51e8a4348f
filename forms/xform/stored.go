package xform

import (
	"math"
	"strconv"
	"time"

	"waymark/forms/xpath"
)

// stored is a calculated value as the document holds it. A number that is none
// is blank; an int loses its fraction; a date takes the form of the type.
// Source: JavaRosa IAnswerData.wrapData, save that truths stay true and false.
func stored(d *Definition, v xpath.Value) string {
	switch v.Kind() {
	case xpath.NumberValue:
		f := v.Number()
		if math.IsNaN(f) {
			return ""
		}
		if d.Type == "int" && math.Abs(f) < 1<<53 {
			return strconv.FormatInt(int64(f), 10)
		}
	case xpath.DateValue:
		return storedDate(d, v)
	case xpath.NodesValue:
		if nodes := v.Nodes(); len(nodes) == 0 || nodes[0].Irrelevant {
			return ""
		} else if text := nodes[0].Value; d.Type == "int" {
			return whole(text)
		} else if d.Type != "date" {
			return text // as it was answered
		}
	}
	text := v.String()
	if d.Type == "date" && len(text) > 10 && text[10] == 'T' {
		return text[:10]
	}
	return text
}

// storedDate writes a date in the form of the node's type. Where the type says
// nothing, a moment keeps its time and a day has none.
func storedDate(d *Definition, v xpath.Value) string {
	text := v.String()
	t, ok := v.Time()
	if !ok || len(text) != len("2006-01-02") || text[4] != '-' {
		return text // a time of day
	}
	switch {
	case d.Type == "dateTime":
		return t.Format(dateTimeLayout)
	case d.Type == "time":
		return t.Format(dateTimeLayout)[len("2006-01-02T"):]
	case d.Type == "date" || t.Equal(time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())):
		return text
	}
	return t.Format(dateTimeLayout)
}

// dateTimeLayout is how ODK writes a dateTime: milliseconds and the offset.
const dateTimeLayout = "2006-01-02T15:04:05.000-07:00"

// whole is the text of a number without its fraction, or the text as it is.
func whole(text string) string {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || f == math.Trunc(f) || math.Abs(f) >= 1<<53 {
		return text
	}
	return strconv.FormatInt(int64(f), 10)
}

// storedType is the type that rules read a calculated value by. A text node that
// no select asks for keeps what its calculation gave: a truth, a number, a date.
// So "relevant" may be a calculated truth, and a calculated today() is a day.
// Source: JavaRosa IAnswerData.wrapData; run on random forms, the text "false"
// would be taken for a truth.
func storedType(d *Definition, v xpath.Value) string {
	if d.Type != "string" || d.Control != nil && d.Control.chooses() {
		return d.Type
	}
	switch v.Kind() {
	case xpath.BoolValue:
		return "boolean"
	case xpath.NumberValue:
		return "decimal"
	case xpath.DateValue:
		if text := v.String(); len(text) != len("2006-01-02") || text[4] != '-' {
			return "time"
		}
		return "dateTime"
	case xpath.NodesValue:
		if nodes := v.Nodes(); len(nodes) > 0 && nodes[0].Type != "" {
			return nodes[0].Type
		}
	}
	return d.Type
}

// chooses tells whether the control offers choices.
func (c *Control) chooses() bool {
	return c.Tag == "select1" || c.Tag == "select" || c.Tag == "odk:rank"
}
