package lang

import (
	"strings"
	"unicode"
)

// The marks that set a run of text apart from the direction around it.
// Source: Unicode Standard Annex 9, section 2.
const (
	firstStrongIsolate = "\u2068"
	popIsolate         = "\u2069"
)

// Isolate sets a text in first-strong isolates if it holds a digit or a Latin
// letter, so that it keeps its own order inside right-to-left text. A text
// without either, or one that is isolated already, is returned as it is.
func Isolate(s string) string {
	if strings.HasPrefix(s, firstStrongIsolate) {
		return s
	}
	foreign := strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsDigit(r) || unicode.Is(unicode.Latin, r)
	})
	if !foreign {
		return s
	}
	return firstStrongIsolate + s + popIsolate
}

// WithoutIsolates removes the marks, for places that cannot use them, such as
// a spreadsheet's cell or a terminal.
func WithoutIsolates(s string) string {
	return strings.NewReplacer(firstStrongIsolate, "", popIsolate, "").Replace(s)
}
