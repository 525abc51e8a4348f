package fill

import (
	"fmt"
	"strconv"
	"strings"

	"waymark/forms/xform"
)

// expects says how an answer is written.
func expects(c *xform.Control) string {
	switch c.Tag {
	case "select":
		return "numbers, with spaces between"
	case "odk:rank":
		return "all numbers, the first is the highest"
	case "trigger":
		return "ok, or empty"
	case "upload":
		return "the name of the file"
	case "range":
		return fmt.Sprintf("from %s to %s by %s", c.Attrs["start"], c.Attrs["end"], c.Attrs["step"])
	}
	switch c.Node.Type {
	case "int":
		return "a whole number"
	case "decimal":
		return "a number"
	case "date":
		return "year-month-day"
	case "time":
		return "hours:minutes"
	case "dateTime":
		return "year-month-dayThours:minutes"
	case "geopoint":
		return "latitude longitude"
	}
	return ""
}

// typed turns what was typed into a value, or says what is wrong with it.
func typed(c *xform.Control, choices []xform.Choice, line string) (value, wrong string) {
	switch c.Tag {
	case "select1":
		return pick(choices, line)
	case "select", "odk:rank":
		var values []string
		for _, word := range strings.FieldsFunc(line, func(r rune) bool { return r == ' ' || r == ',' }) {
			v, wrong := pick(choices, word)
			if wrong != "" {
				return "", wrong
			}
			values = append(values, v)
		}
		return strings.Join(values, " "), ""
	case "trigger":
		if strings.EqualFold(line, "ok") || strings.EqualFold(line, "yes") {
			return "OK", ""
		}
		return "", "Type ok, or leave it empty."
	}
	return line, ""
}

// pick takes a choice by its number or its name.
func pick(choices []xform.Choice, word string) (value, wrong string) {
	for _, c := range choices {
		if c.Value == word {
			return word, ""
		}
	}
	if i, err := strconv.Atoi(word); err == nil && i >= 1 && i <= len(choices) {
		return choices[i-1].Value, ""
	}
	return "", fmt.Sprintf("There is no choice %q: type a number from 1 to %d.", word, len(choices))
}
