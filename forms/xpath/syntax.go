package xpath

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"waymark/internal/fault"
)

// Offset is the cause of a fault that knows where in its expression it is.
type Offset int

// Error says the offset; the fault around it says it in words.
func (o Offset) Error() string { return fmt.Sprintf("byte %d of the expression", int(o)) }

// OffsetOf returns the byte offset in the expression of the first fault in err
// that has one, or -1.
func OffsetOf(err error) int {
	var o Offset
	if errors.As(err, &o) {
		return int(o)
	}
	return -1
}

// syntaxFault makes a fault at a byte of src. People count characters from 1.
func syntaxFault(src string, at int, found, remedy string) *fault.Fault {
	at = min(at, len(src))
	where := fmt.Sprintf("at character %d of the expression", utf8.RuneCountInString(src[:at])+1)
	if at >= len(src) {
		where = "at the end of the expression"
	}
	return fault.Wrap(fault.Invalid, fault.Place{}, where+" "+found, remedy, Offset(at))
}

func (l *lexer) bad(at int, found, remedy string) {
	l.faults.Add(syntaxFault(l.src, at, found, remedy))
}

// strays are characters of other languages and of word processors, with what
// to write instead.
var strays = []struct{ text, remedy string }{
	{"&&", "write \"and\""},
	{"||", "write \"or\""},
	{"&", "write \"and\", or concat() to put texts together"},
	{"!", "write \"!=\" for not equal, or not(...)"},
	{"%", "write \"mod\" for the remainder, or divide by 100"},
	{"÷", "write \"div\""}, {"×", "write \"*\""},
	{"≤", "write \"<=\""}, {"≥", "write \">=\""}, {"≠", "write \"!=\""},
	{"–", "write a plain minus, \"-\""}, {"—", "write a plain minus, \"-\""}, {"−", "write a plain minus, \"-\""},
	{"‘", "use straight quotes: '"}, {"’", "use straight quotes: '"},
	{"“", "use straight quotes: \""}, {"”", "use straight quotes: \""}, {"«", "use straight quotes: \""}, {"»", "use straight quotes: \""},
	{"{", "a question is named ${like_this}"}, {"}", "a question is named ${like_this}"},
	{"#", "remove it; only ${last-saved#name} has one"},
	{";", "arguments are separated by commas"},
	{"،", "arguments are separated by a plain comma"},
	{":", "a prefix and a name have no space between them: jr:itext"},
	{"\u00a0", "replace the no-break space by a plain one"},
	{"\u200f", "remove the invisible direction mark"}, {"\u200e", "remove the invisible direction mark"},
	{"\u200b", "remove the invisible space"}, {"\ufeff", "remove the invisible mark"},
}

// stray tells of a character that no expression has.
func (l *lexer) stray(from int) {
	rest := l.src[from:]
	for _, s := range strays {
		if strings.HasPrefix(rest, s.text) {
			l.at += len(s.text)
			l.bad(from, "found "+quoted(s.text), s.remedy)
			return
		}
	}
	r, size := utf8.DecodeRuneInString(rest)
	l.at += size
	if r == utf8.RuneError {
		l.bad(from, "is not UTF-8 text", "save the form as UTF-8")
		return
	}
	l.bad(from, "found "+quoted(rest[:size]), "remove it, or put it in quotes if it is text")
}

// quoted shows a piece of source, with its code point where it cannot be seen.
func quoted(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	if size == len(s) && (!unicode.IsPrint(r) || unicode.IsSpace(r)) {
		return fmt.Sprintf("the character U+%04X", r)
	}
	return fmt.Sprintf("%q", s)
}

// found describes a token that does not fit.
func (t token) found() string {
	switch t.kind {
	case tokEnd:
		return "it stops"
	case tokLiteral:
		return "found the text " + shown(t.text)
	case tokReference:
		return "found ${" + t.text + "}"
	default:
		return "found " + shown(t.text)
	}
}

// shown quotes a text, cut to a length that a message can carry.
func shown(s string) string {
	const most = 40
	if utf8.RuneCountInString(s) > most {
		s = string([]rune(s)[:most]) + "…"
	}
	return fmt.Sprintf("%q", s)
}
