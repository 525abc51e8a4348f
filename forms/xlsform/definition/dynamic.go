package definition

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// readDefault finds out whether a default is an expression, which an action has
// to set when a form or a round of a repeat begins.
func (r *reader) readDefault(w *row) {
	if !isDynamic(w.el.Default, w.kind) {
		return
	}
	w.el.DynamicDefault = true
	w.el.Actions = append(w.el.Actions, Action{Name: "setvalue", Event: "odk-instance-first-load"})
	for i := range r.stack {
		if r.stack[i].kind == "repeat" {
			w.el.Actions = append(w.el.Actions, Action{Name: "setvalue", Event: "odk-new-repeat"})
			return
		}
	}
}

// isDynamic tells whether a default is an expression and not a plain value: it
// has an operator of arithmetic, a union, a reference or a call. A hyphen first
// makes dates and places plain: they are full of hyphens.
//
// It follows the tokens of the reference compiler, of which only those that
// decide are told apart here.
func isDynamic(s, kind string) bool {
	hyphens := false
	switch kind {
	case "date", "dateTime", "geopoint", "geotrace", "geoshape":
		hyphens = true
	}
	for s != "" {
		token, n := defaultToken(s)
		switch token {
		case operatorToken:
			return !hyphens || s[0] != '-'
		case unionToken, referenceToken, callToken:
			return true
		}
		s = s[n:]
	}
	return false
}

type token uint8

const (
	otherToken token = iota
	operatorToken
	unionToken
	referenceToken
	callToken
)

// defaultToken returns the first token of s, which is not empty, and its length.
func defaultToken(s string) (token, int) {
	if n := scanDate(s); n > 0 {
		return otherToken, n
	}
	if n := scanTime(s); n > 0 {
		return otherToken, n
	}
	if n := scanNumber(s); n > 0 {
		return otherToken, n
	}
	switch c := s[0]; c {
	case '*', '+', '-':
		return operatorToken, 1
	case ' ', '\t', '\n', '\r', '\v', '\f':
		switch {
		case strings.HasPrefix(s, " mod "), strings.HasPrefix(s, " div "):
			return operatorToken, 5
		case strings.HasPrefix(s, " and "):
			return otherToken, 5
		case strings.HasPrefix(s, " or "):
			return otherToken, 4
		}
		return otherToken, len(s) - len(strings.TrimLeftFunc(s, unicode.IsSpace))
	case '|':
		return unionToken, 1
	case '"', '\'':
		if end := strings.IndexByte(s[1:], c); end >= 0 {
			return otherToken, end + 2
		}
		return otherToken, 1
	case '$':
		if strings.HasPrefix(s, "${") {
			if end := strings.IndexByte(s, '}'); end > 0 && isPlainName(strings.TrimPrefix(s[2:end], lastSaved)) {
				return referenceToken, end + 1
			}
		}
		return otherToken, 1
	}
	if n := scanName(s); n > 0 {
		if n < len(s) && s[n] == ':' {
			n += scanAfterColon(s[n+1:])
		}
		if n < len(s) && s[n] == '(' {
			return callToken, n + 1
		}
		return otherToken, n
	}
	_, n := utf8.DecodeRuneInString(s)
	return otherToken, n
}

// scanAfterColon is the length of a colon with the name after it, or 0.
func scanAfterColon(s string) int {
	if n := scanName(s); n > 0 {
		return n + 1
	}
	return 0
}

// scanDate is the length of a date such as 2020-01-31, with a time or without.
func scanDate(s string) int {
	sign := 0
	if s[0] == '-' {
		sign = 1
	}
	n := matched(s[sign:], "dddd-dd-dd")
	if n == 0 {
		return 0
	}
	n += sign
	if n < len(s) && s[n] == 'T' {
		if t := scanTime(s[n+1:]); t > 0 {
			return n + 1 + t
		}
	}
	return n
}

// scanTime is the length of a time such as 10:30:00Z. As in the reference
// compiler, a fraction is not part of it.
func scanTime(s string) int {
	n := matched(s, "dd:dd:dd")
	if n == 0 || n == len(s) {
		return n
	}
	switch rest := s[n:]; rest[0] {
	case 'Z':
		return n + 1
	case '+', '-':
		if zone := matched(rest[1:], "dd:dd"); zone > 0 {
			return n + 1 + zone
		}
	}
	return n
}

// scanNumber is the length of a number such as -1.5, with its sign.
func scanNumber(s string) int {
	sign := 0
	if s[0] == '-' {
		sign = 1
	}
	whole := scanDigits(s[sign:])
	n := sign + whole
	if n < len(s) && s[n] == '.' {
		if fraction := scanDigits(s[n+1:]); whole > 0 || fraction > 0 {
			return n + 1 + fraction
		}
	}
	if whole == 0 {
		return 0
	}
	return n
}

// scanDigits is the length of the digits, of any script, that s begins with.
func scanDigits(s string) int { return len(s) - len(strings.TrimLeftFunc(s, unicode.IsDigit)) }

// matched is the length of what s begins with if that is like a pattern in which
// d is a digit of any script, or 0.
func matched(s, pattern string) int {
	n := 0
	for i := 0; i < len(pattern); i++ {
		r, size := utf8.DecodeRuneInString(s[n:])
		if pattern[i] == 'd' && !unicode.IsDigit(r) || pattern[i] != 'd' && r != rune(pattern[i]) {
			return 0
		}
		n += size
	}
	return n
}
