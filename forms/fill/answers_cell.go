package fill

import (
	"slices"
	"strings"

	"waymark/forms/xform"
	"waymark/forms/xpath"
)

// cells puts the answers of a row together, by path: most stand in one column,
// a place or a select of an export in several.
func (a *Answers) cells(row []string) map[string]*given {
	answers := map[string]*given{}
	for i, c := range a.columns {
		if c.node == nil || i >= len(row) {
			continue
		}
		value := strings.TrimSpace(row[i])
		if value == "" || c.choice != "" && !affirmed(value) {
			continue
		}
		g := answers[c.path]
		if g == nil {
			g = &given{column: i}
			answers[c.path] = g
		}
		switch {
		case c.part > 0:
			g.place[c.part-1] = value
			g.value = g.point()
		case c.choice != "":
			g.value = strings.TrimSpace(g.value + " " + c.choice)
		default:
			g.value = value
		}
	}
	return answers
}

// given is the answer that a row has for a question.
type given struct {
	column int // the first one that has some of it
	value  string
	place  [4]string
}

// point writes a place as forms do, with 0 for what is not known at its end.
func (g *given) point() string {
	parts := slices.Clone(g.place[:])
	for i := 2; i < len(parts); i++ {
		if parts[i] == "" {
			parts[i] = "0"
		}
	}
	return strings.Join(strings.Fields(strings.Join(parts, " ")), " ")
}

// affirmed tells whether the column of one choice says that it was taken.
func affirmed(value string) bool {
	switch strings.ToLower(value) {
	case "1", "1.0", "true", "yes":
		return true
	}
	return false
}

// coded turns labels of choices into their names where a cell holds those, and
// leaves everything else as it is.
func coded(s *xform.Session, c *xform.Control, n *xpath.Node, value string) string {
	switch c.Tag {
	case "select1":
		if code, ok := code(s.Choices(n), value); ok {
			return code
		}
	case "select", "odk:rank":
		if codes, ok := codes(s.Choices(n), value); ok {
			return strings.Join(codes, " ")
		}
	}
	return value
}

func code(choices []xform.Choice, value string) (string, bool) {
	for _, choice := range choices {
		if choice.Value == value {
			return value, true
		}
	}
	for _, choice := range choices {
		if strings.EqualFold(strings.TrimSpace(choice.Label), value) {
			return choice.Value, true
		}
	}
	return "", false
}

// codes reads several choices, by name or by label, that are set apart by
// spaces, as in documents and exports, or by commas, semicolons or bars.
func codes(choices []xform.Choice, value string) ([]string, bool) {
	var all []string
	if cells := strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ';' || r == '|' }); len(cells) > 1 {
		for _, cell := range cells {
			one, ok := codes(choices, strings.TrimSpace(cell))
			if !ok {
				return nil, false
			}
			all = append(all, one...)
		}
		return all, true
	}
	// A label may have spaces itself, so the longest run of words comes first.
	words := strings.Fields(value)
	for from := 0; from < len(words); {
		to := len(words)
		for ; to > from; to-- {
			if one, ok := code(choices, strings.Join(words[from:to], " ")); ok {
				all = append(all, one)
				break
			}
		}
		if to == from {
			return nil, false
		}
		from = to
	}
	return all, true
}
