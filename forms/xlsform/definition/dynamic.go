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
	case ' ':
		if strings.HasPrefix(s, " mod ") || strings.HasPrefix(s, " div ") {
			return operatorToken, 5
		}
		return otherToken, 1
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
	n := 0
	if s[0] == '-' {
		n = 1
	}
	if !matches(s[n:], "dddd-dd-dd") {
		return 0
	}
	n += 10
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
	if !matches(s, "dd:dd:dd") {
		return 0
	}
	n := 8
	switch rest := s[n:]; {
	case rest == "":
	case rest[0] == 'Z':
		n++
	case (rest[0] == '+' || rest[0] == '-') && matches(rest[1:], "dd:dd"):
		n += 6
	}
	return n
}

// scanNumber is the length of a number such as -1.5, with its sign.
func scanNumber(s string) int {
	n := 0
	if s[0] == '-' {
		n = 1
	}
	digits := countDigits(s[n:])
	after := n + digits
	if after < len(s) && s[after] == '.' {
		fraction := countDigits(s[after+1:])
		if digits > 0 || fraction > 0 {
			return after + 1 + fraction
		}
	}
	if digits == 0 {
		return 0
	}
	return after
}

func countDigits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

// matches tells whether s begins like a pattern in which d is a digit.
func matches(s, pattern string) bool {
	if len(s) < len(pattern) {
		return false
	}
	for i := 0; i < len(pattern); i++ {
		if pattern[i] == 'd' {
			if !unicode.IsDigit(rune(s[i])) {
				return false
			}
		} else if s[i] != pattern[i] {
			return false
		}
	}
	return true
}
