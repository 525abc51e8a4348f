package record

import (
	"strconv"
	"strings"
	"time"

	"waymark/forms/outline"
	"waymark/forms/xpath"
)

// Shows tells whether a pseudonymous reader sees a value of an item: it is not
// hidden, and it is what the item asks for. A client may send anything under any
// name, so that text where a number, a date or a code is due is not shown.
//
// Of a list that the form does not hold (a file, the answers of a repeat) codes
// of at most 64 letters, digits and signs pass. Texts that are calculated from
// what is shown pass as they were sent; a reader of single records also has the
// form's own check of them.
func (m Mask) Shows(i *outline.Item, value string) bool {
	if i == nil || i.Definition == nil {
		return false
	}
	if _, hidden := m.Hides(i.Definition.Path); hidden {
		return false
	}
	if value == "" {
		return true
	}
	if c := i.Control; c != nil {
		switch c.Tag {
		case "trigger":
			return value == "OK"
		case "select1":
			return listed(i.List, value)
		case "select", "odk:rank", "rank":
			for code := range strings.FieldsSeq(value) {
				if !listed(i.List, code) {
					return false
				}
			}
			return true
		case "range":
			return isNumber(value)
		}
	}
	return fitsType(i, value)
}

// Withheld is why no pseudonymous reader of single records sees an item that the
// mask does not hide, or "".
func Withheld(i *outline.Item) Reason {
	if i == nil || i.Definition == nil {
		return Identifier
	}
	switch i.Type {
	case "instanceID", "deprecatedID":
		return Identifier
	case "start", "end", "dateTime", "time":
		return TimeOfDay
	}
	switch i.Definition.Type {
	case "dateTime", "time":
		return TimeOfDay
	}
	if i.List != nil && len(i.List.Choices) == 0 {
		return OtherList
	}
	return ""
}

func listed(l *outline.List, code string) bool {
	switch {
	case l == nil:
		return false
	case len(l.Choices) > 0:
		return l.Choice(code) != nil
	}
	return isCode(code)
}

// isCode tells whether a text looks like the code of a choice.
func isCode(s string) bool {
	if len(s) > 64 {
		return false
	}
	for _, r := range s {
		if !(r == '_' || r == '-' || r == '.' || r == ':' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z') {
			return false
		}
	}
	return s != ""
}

func fitsType(i *outline.Item, value string) bool {
	switch i.Type {
	case "start", "end":
		return isTime(value)
	case "today":
		return isDay(value)
	case "instanceID", "deprecatedID":
		return len(value) <= 100 && isCode(strings.TrimPrefix(value, "uuid:"))
	}
	switch i.Definition.Type {
	case "int", "integer", "long", "decimal":
		return isNumber(value)
	case "boolean":
		return value == "true" || value == "false" || value == "1" || value == "0"
	case "date":
		return isDay(value) || isTime(value)
	case "dateTime":
		return isTime(value) || isDay(value)
	case "time":
		return isTime("2006-01-02T" + value)
	}
	if reads, err := xpath.Parse(i.Definition.Calculate); err != nil || unsteady(reads.Root) {
		return isNumber(value) || isDay(value) || isTime(value) || isUUID(value)
	}
	return true // calculated from what is shown
}

// unsteady tells whether an expression depends on the moment, so that no check
// can say what it should have given.
func unsteady(root xpath.AST) bool {
	found := false
	xpath.Walk(root, func(n xpath.AST) bool {
		if c, ok := n.(*xpath.Call); ok {
			switch c.Name {
			case "now", "today", "random", "uuid", "once", "randomize":
				found = true
			}
		}
		return !found
	})
	return found
}

func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i, r := range s {
		dash := i == 8 || i == 13 || i == 18 || i == 23
		if dash != (r == '-') || !dash && !(r >= '0' && r <= '9' || r >= 'a' && r <= 'f' || r >= 'A' && r <= 'F') {
			return false
		}
	}
	return true
}

func isNumber(s string) bool {
	s = strings.TrimSpace(s)
	_, err := strconv.ParseFloat(s, 64)
	return err == nil && len(s) <= 32 && !strings.ContainsAny(s, "xXpP_nNiI")
}

func isDay(s string) bool {
	_, err := time.Parse("2006-01-02", s)
	return err == nil
}

func isTime(s string) bool {
	_, ok := moment(s)
	return ok
}
