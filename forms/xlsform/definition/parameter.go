package definition

import (
	"slices"
	"strings"
	"unicode"
)

const parameterRemedy = "write them as key1=value1 key2=value2"

// readParameters takes the parameters cell apart: pairs key=value, with spaces,
// commas or semicolons around and between. Keys, and values except of label and
// value, are lowered.
func (r *reader) readParameters(w *row) {
	if w.rawParameters == "" {
		return
	}
	pairs, ok := parseParameters(w.rawParameters)
	if !ok {
		r.fault(r.at(w, "parameters"), parameterRemedy, "the parameters %q cannot be read", w.rawParameters)
		return
	}
	w.parameters = pairs
}

func parseParameters(s string) (Attrs, bool) {
	var pairs Attrs
	for {
		var key, value string
		if key, s = parameterToken(s); key == "" {
			return pairs, s == ""
		}
		s = skipDelimiters(s)
		if !strings.HasPrefix(s, "=") {
			return nil, false
		}
		if value, s = parameterToken(s[1:]); value == "" {
			return nil, false
		}
		key = strings.ToLower(key)
		if key != "label" && key != "value" {
			value = strings.ToLower(value)
		}
		pairs.Set(key, value)
	}
}

// parameterToken returns the next token and what is after it; the token is
// empty at the end or before an equals sign.
func parameterToken(s string) (token, rest string) {
	s = skipDelimiters(s)
	end := strings.IndexFunc(s, func(c rune) bool { return c == '=' || isDelimiter(c) })
	if end < 0 {
		end = len(s)
	}
	return s[:end], s[end:]
}

func skipDelimiters(s string) string { return strings.TrimLeftFunc(s, isDelimiter) }

func isDelimiter(c rune) bool { return c == ',' || c == ';' || unicode.IsSpace(c) }

// accept complains of parameters that the row's type does not take.
func (r *reader) accept(w *row, keys ...string) {
	for _, p := range w.parameters {
		if !slices.Contains(keys, p.Key) {
			r.fault(r.at(w, "parameters"), "this type takes "+strings.Join(keys, ", "),
				"%q is not a parameter of the type %q", p.Key, w.kind)
		}
	}
}
