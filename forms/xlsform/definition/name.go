package definition

import (
	"strings"
	"unicode/utf8"
)

const nameRemedy = "begin with a letter or underscore; go on with letters, digits, underscores, hyphens or full stops"

// remedyForBadName says what a name must be, with one that is near if there is.
func remedyForBadName(name string) string {
	if len(name) > maxHint {
		return nameRemedy
	}
	fit := strings.Map(func(r rune) rune {
		switch {
		case r == ' ' || r == '/' || r == '\\':
			return '_'
		case isName("a" + string(r)):
			return r
		}
		return -1
	}, strings.TrimSpace(name))
	if !isName(fit) {
		fit = "_" + fit
	}
	if len(fit) < 2 || !isName(fit) {
		return nameRemedy
	}
	return "write " + fit + "; " + nameRemedy
}

// isName tells whether s can name an XML node: a name, or two of them with a
// colon between.
//
// Source: Namespaces in XML 1.0, NCName, without the capitals from U+00C0 to
// U+00D6, which the reference compiler refuses as well.
func isName(s string) bool {
	n := scanName(s)
	if n == 0 {
		return false
	}
	if n < len(s) && s[n] == ':' {
		m := scanName(s[n+1:])
		return m > 0 && n+1+m == len(s)
	}
	return n == len(s)
}

// isColumnName tells whether the header of a further choice column can name a
// node. The capitals that isName refuses are as good as any there.
func isColumnName(s string) bool {
	return isName(strings.Map(func(r rune) rune {
		if r >= 0xc0 && r <= 0xd6 {
			return 'a'
		}
		return r
	}, s))
}

// isPlainName is isName without a colon.
func isPlainName(s string) bool { n := scanName(s); return n > 0 && n == len(s) }

// scanName returns the length of the name that s begins with, or 0.
func scanName(s string) int {
	i := 0
	for i < len(s) {
		c := s[i]
		if c < utf8.RuneSelf {
			letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
			if !letter && (i == 0 || !(c >= '0' && c <= '9' || c == '-' || c == '.')) {
				return i
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		if !startsName(r) && (i == 0 || !continuesName(r)) {
			return i
		}
		i += size
	}
	return i
}

// startsName covers the runes beyond ASCII that may begin a name.
func startsName(r rune) bool {
	switch {
	case r < 0xd8:
		return false
	case r <= 0x2ff:
		return r != 0xf7
	case r < 0x370:
		return false
	case r <= 0x1fff:
		return r != 0x37e
	case r >= 0x2070 && r <= 0x218f, r >= 0x2c00 && r <= 0x2fef, r >= 0x3001 && r <= 0xd7ff,
		r >= 0xf900 && r <= 0xfdcf, r >= 0xfdf0 && r <= 0xfffd, r >= 0x10000 && r <= 0xeffff:
		return true
	}
	return r == 0x200c || r == 0x200d
}

// continuesName covers those that may stand only after the first.
func continuesName(r rune) bool {
	return r == 0xb7 || r >= 0x300 && r <= 0x36f || r == 0x203f || r == 0x2040
}
