package lang

import (
	"fmt"
	"sort"
	"strings"
)

// countKey names, in a message with plural forms, the variable that chooses
// the form. Default "n".
const countKey = "count"

// exactZero is the form for a count of exactly 0, optional in every language:
// "No one" reads better than "0 people".
const exactZero = "0"

// message is one text, or one text for each plural form.
type message struct {
	count string              // variable that chooses the form; "" for a plain text
	forms map[string]template // by form name; a plain text is under "other"
}

// template is a text cut at its variables.
type template []piece

// piece is literal text, or the name of a variable.
type piece struct {
	text string
	name string
}

// parseMessage reads a YAML value. It returns why it cannot.
func parseMessage(v any) (*message, string) {
	switch v := v.(type) {
	case string:
		t, why := parseTemplate(v)
		return &message{forms: map[string]template{"other": t}}, why
	case map[string]any:
		m := &message{count: "n", forms: make(map[string]template, len(v))}
		for form, text := range v {
			s, ok := text.(string)
			switch {
			case !ok:
				return nil, fmt.Sprintf("the form %q is not a text", form)
			case form == countKey:
				m.count = s
				continue
			case form != exactZero && !isForm(form):
				return nil, fmt.Sprintf("%q is not a plural form (zero, one, two, few, many, other, or \"0\" for exactly none)", form)
			}
			t, why := parseTemplate(s)
			if why != "" {
				return nil, why
			}
			m.forms[form] = t
		}
		if m.forms["other"] == nil {
			return nil, `the plural form "other" is missing`
		}
		return m, ""
	default:
		return nil, "the message is neither a text nor a map of plural forms"
	}
}

// parseTemplate cuts a text at its {variables}.
func parseTemplate(s string) (template, string) {
	if strings.TrimSpace(s) == "" {
		return nil, "the text is empty"
	}
	var t template
	for s != "" {
		open := strings.IndexAny(s, "{}")
		if open < 0 {
			return append(t, piece{text: s}), ""
		}
		if s[open] == '}' {
			return nil, "a } has no {"
		}
		if open > 0 {
			t = append(t, piece{text: s[:open]})
		}
		end := strings.IndexByte(s[open:], '}')
		if end < 0 {
			return nil, "a { has no }"
		}
		name := s[open+1 : open+end]
		if !isName(name) {
			return nil, fmt.Sprintf("{%s} is not a variable: use small letters, digits and _", name)
		}
		t = append(t, piece{name: name})
		s = s[open+end+1:]
	}
	return t, ""
}

func isName(s string) bool {
	for i, r := range s {
		letter := r >= 'a' && r <= 'z'
		if !letter && (i == 0 || (r != '_' && (r < '0' || r > '9'))) {
			return false
		}
	}
	return s != ""
}

// variables returns the names in any form and the count, sorted.
func (m *message) variables() []string {
	seen := map[string]bool{}
	if m.count != "" {
		seen[m.count] = true
	}
	for _, t := range m.forms {
		for _, p := range t {
			if p.name != "" {
				seen[p.name] = true
			}
		}
	}
	names := make([]string, 0, len(seen))
	for n := range seen {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}
