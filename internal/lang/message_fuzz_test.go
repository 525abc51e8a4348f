package lang

import (
	"strings"
	"testing"
)

// FuzzTemplate prints back what was parsed: a text that parses is the same
// text again once every variable is filled with its own name in braces.
func FuzzTemplate(f *testing.F) {
	for _, s := range []string{"plain", "{n} people", "a {b} c {d}", "{", "}", "{}", "{A}", "{a_1}{b}", "49\u202f%", "\u2068{n}\u2069"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		parsed, why := parseTemplate(s)
		if why != "" {
			return
		}
		var b strings.Builder
		for _, p := range parsed {
			if p.name != "" {
				b.WriteString("{" + p.name + "}")
			} else {
				b.WriteString(p.text)
			}
		}
		if b.String() != s {
			t.Errorf("%q came back as %q", s, b.String())
		}
	})
}
