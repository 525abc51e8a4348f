// Package xmltext holds the rules of XML 1.0 about single characters, for the
// readers that scan documents by themselves.
package xmltext

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Allowed says whether a document may hold a character. Source: XML 1.0, §2.2.
func Allowed(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= ' ' && r < 0xD800 || r > 0xDFFF && r < 0xFFFE || r > 0xFFFF && r <= utf8.MaxRune
}

// Reference returns the character of a reference, given without & and ;: the
// five names that need no declaration, and numbers of allowed characters.
// Source: XML 1.0, §4.1 and §4.6.
func Reference(name string) (rune, bool) {
	switch name {
	case "amp":
		return '&', true
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	digits, ok := strings.CutPrefix(name, "#")
	if !ok {
		return 0, false
	}
	base := 10
	if hex, ok := strings.CutPrefix(digits, "x"); ok {
		digits, base = hex, 16
	}
	n, err := strconv.ParseUint(digits, base, 32) // takes no sign
	if err != nil || n > utf8.MaxRune || !Allowed(rune(n)) {
		return 0, false
	}
	return rune(n), true
}
