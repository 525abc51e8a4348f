package outline

import (
	"strings"

	"waymark/forms/xpath"
	"waymark/internal/pattern"
)

// characters are what a class in a pattern stands for, one and many.
var characters = map[string][2]string{
	`\d`: {"digit", "digits"}, `[0-9]`: {"digit", "digits"},
	`[A-Z]`: {"capital letter A to Z", "capital letters A to Z"}, `[a-z]`: {"small letter a to z", "small letters a to z"},
	`[A-Za-z]`: {"letter A to Z", "letters A to Z"}, `[a-zA-Z]`: {"letter A to Z", "letters A to Z"},
	`\w`: {"letter, digit or underscore", "letters, digits or underscores"}, `[A-Za-z0-9]`: {"letter or digit", "letters or digits"}, `[a-zA-Z0-9]`: {"letter or digit", "letters or digits"},
	`[A-Z0-9]`: {"capital letter or digit", "capital letters or digits"}, `[a-z0-9]`: {"small letter or digit", "small letters or digits"},
	`.`: {"character", "characters"}, `\s`: {"space", "spaces"}, ` `: {"space", "spaces"},
}

var (
	run      = pattern.Of(`^(\\d|\\w|\\s|\[[^\]]+\]|\.|\\[-.+/()]|[^\\\[\](){}^$|?*+.])(\{\d+(?:,\d*)?\}|[+*?])?`)
	quantity = pattern.Of(`^\{(\d+)(,?)(\d*)\}$`)
)

// pattern says regex(x, 'pattern') in words where the pattern is a row of runs
// of known characters: "is E followed by 2 digits". Others stay as code.
func (sp *speaker) pattern(n *xpath.Call, not bool) clause {
	c := clause{subject: sp.subject(n.Args[0]), verb: either(not, "is not", "is")}
	source, ok := constantText(n.Args[1])
	if !ok {
		c.verb, c.predicate = either(not, "does not match", "matches"), say("the pattern ", sp.value(n.Args[1]))
		return c
	}
	if words := patternWords(source); words != "" {
		c.predicate = say(words)
		return c
	}
	c.verb, c.predicate = either(not, "does not match", "matches"), say("the pattern ", Piece{Name: source})
	return c
}

// patternWords says a pattern, or returns "" for one that is not a plain row.
// regex() matches the whole text, so anchors at the ends say nothing.
func patternWords(pattern string) string {
	rest := strings.TrimSuffix(strings.TrimPrefix(pattern, "^"), "$")
	var parts []string
	fixed := ""
	flush := func() {
		if fixed != "" {
			parts = append(parts, "“"+fixed+"”")
			fixed = ""
		}
	}
	for rest != "" {
		m := run().FindStringSubmatch(rest)
		if m == nil {
			return ""
		}
		rest = rest[len(m[0]):]
		names, known := characters[m[1]]
		switch {
		case !known && m[2] == "" && !strings.HasPrefix(m[1], "["):
			fixed += strings.TrimPrefix(m[1], `\`)
			continue
		case !known:
			return ""
		}
		flush()
		words := amount(m[2], names)
		if words == "" {
			return ""
		}
		parts = append(parts, words)
	}
	flush()
	if len(parts) > 5 {
		return ""
	}
	return strings.Join(parts, " followed by ")
}

// amount says how many characters a quantity asks for.
func amount(quantifier string, names [2]string) string {
	switch quantifier {
	case "":
		return "1 " + names[0]
	case "+":
		return "one or more " + names[1]
	case "*":
		return "any number of " + names[1]
	case "?":
		return "perhaps 1 " + names[0]
	}
	q := quantity().FindStringSubmatch(quantifier)
	switch {
	case q == nil:
		return ""
	case q[2] == "" && q[1] == "1":
		return "1 " + names[0]
	case q[2] == "" || q[1] == q[3]:
		return q[1] + " " + names[1]
	case q[3] == "":
		return "at least " + q[1] + " " + names[1]
	}
	return q[1] + " to " + q[3] + " " + names[1]
}
