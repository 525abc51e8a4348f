package xpath

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"waymark/internal/fault"
)

// kind of token
type tokenKind uint8

const (
	tokEnd tokenKind = iota
	tokNumber
	tokLiteral
	tokName      // a name with its prefix, "prefix:*" or "*" as a name test
	tokReference // ${...}
	tokOperator  // or and = != < <= > >= + - * div mod |
	tokSymbol    // ( ) [ ] , / // . .. @ ::
)

type token struct {
	Span
	kind tokenKind
	text string
}

// maxLexFaults is how many stray characters are told before the rest is counted.
const maxLexFaults = 5

// lexer cuts a source into tokens.
type lexer struct {
	src    string
	at     int
	tokens []token
	faults *fault.List
}

func lex(src string) ([]token, error) {
	l := &lexer{src: src, faults: fault.NewList(maxLexFaults), tokens: make([]token, 0, len(src)/3+2)}
	for l.next() {
	}
	l.tokens = append(l.tokens, token{Span: Span{len(src), len(src)}, kind: tokEnd})
	return l.tokens, l.faults.Err()
}

func (l *lexer) emit(kind tokenKind, from int, text string) {
	l.tokens = append(l.tokens, token{Span: Span{from, l.at}, kind: kind, text: text})
}

// afterValue tells whether the token before ends a value, so that what follows
// is an operator: the rule of XPath 1.0 section 3.7.
func (l *lexer) afterValue() bool {
	if len(l.tokens) == 0 {
		return false
	}
	switch t := l.tokens[len(l.tokens)-1]; t.kind {
	case tokNumber, tokLiteral, tokName, tokReference:
		return true
	case tokSymbol:
		return t.text == ")" || t.text == "]" || t.text == "." || t.text == ".."
	default:
		return false
	}
}

// next reads one token and returns false at the end.
func (l *lexer) next() bool {
	for l.at < len(l.src) && isSpace(l.src[l.at]) {
		l.at++
	}
	if l.at >= len(l.src) {
		return false
	}
	from, rest := l.at, l.src[l.at:]
	sym := symbol(rest)
	switch c := rest[0]; {
	case c >= '0' && c <= '9', c == '.' && len(rest) > 1 && isDigit(rest[1]):
		l.number(from)
	case c == '"' || c == '\'':
		l.literal(from, c)
	case c == '$':
		l.reference(from)
	case sym != "":
		l.at += len(sym)
		kind := tokSymbol
		switch sym {
		case "=", "!=", "<", "<=", ">", ">=", "+", "-", "|":
			kind = tokOperator
		case "*":
			if kind = tokName; l.afterValue() {
				kind = tokOperator
			}
		}
		l.emit(kind, from, sym)
	default:
		l.name(from)
	}
	return true
}

// symbol returns the symbol at the start of s, the longer one where two fit.
func symbol(s string) string {
	two := func(second byte) bool { return len(s) > 1 && s[1] == second }
	switch c := s[0]; c {
	case '=', '+', '-', '|', '*', '(', ')', '[', ']', ',', '@':
		return s[:1]
	case '/', '.':
		if two(c) {
			return s[:2]
		}
		return s[:1]
	case '<', '>':
		if two('=') {
			return s[:2]
		}
		return s[:1]
	case '!':
		if two('=') {
			return s[:2]
		}
	case ':':
		if two(':') {
			return s[:2]
		}
	}
	return ""
}

func (l *lexer) number(from int) {
	point := false
	for ; l.at < len(l.src); l.at++ {
		c := l.src[l.at]
		if c == '.' && !point {
			point = true
		} else if !isDigit(c) {
			break
		}
	}
	l.emit(tokNumber, from, l.src[from:l.at])
}

func (l *lexer) literal(from int, quote byte) {
	n := strings.IndexByte(l.src[from+1:], quote)
	if n < 0 {
		l.at = len(l.src)
		l.bad(from, fmt.Sprintf("the text that starts with %c has no closing %c", quote, quote), fmt.Sprintf("end it with %c", quote))
		return
	}
	l.at = from + n + 2
	l.emit(tokLiteral, from, l.src[from+1:from+1+n])
}

func (l *lexer) reference(from int) {
	if !strings.HasPrefix(l.src[from:], "${") {
		l.at++
		l.bad(from, "found \"$\" where a value should be", "a question is named ${like_this}; variables do not exist in forms")
		return
	}
	n := strings.IndexByte(l.src[from:], '}')
	if n < 0 {
		l.at = len(l.src)
		l.bad(from, "the reference that starts with ${ has no closing }", "write ${name}")
		return
	}
	l.at = from + n + 1
	name := strings.TrimSpace(l.src[from+2 : from+n])
	if plain := strings.TrimPrefix(name, lastSavedMark); nameLength(plain) != len(plain) || plain == "" {
		l.bad(from, fmt.Sprintf("%q is not the name of a question", l.src[from:l.at]), "write ${name}, with letters, digits, _, - and . only")
		return
	}
	l.emit(tokReference, from, name)
}

// lastSavedMark precedes the name in ${last-saved#name}.
const lastSavedMark = "last-saved#"

func (l *lexer) name(from int) {
	n := nameLength(l.src[from:])
	if n == 0 {
		l.stray(from)
		return
	}
	if l.afterValue() {
		// As in JavaRosa, what follows need not stand apart: "1 and2".
		for _, word := range [...]string{"and", "or", "div", "mod"} {
			if strings.HasPrefix(l.src[from:], word) {
				l.at += len(word)
				l.emit(tokOperator, from, word)
				return
			}
		}
	}
	l.at += n
	if rest := l.src[l.at:]; len(rest) > 1 && rest[0] == ':' && rest[1] != ':' {
		if rest[1] == '*' {
			l.at += 2
		} else if n := nameLength(rest[1:]); n > 0 {
			l.at += 1 + n
		}
	}
	l.emit(tokName, from, l.src[from:l.at])
}

// nameLength returns how many bytes of s are an NCName: a letter or "_", then
// letters, digits, ".", "-", "_" and combining marks.
func nameLength(s string) int {
	for i, r := range s {
		switch {
		case r == utf8.RuneError:
			return i
		case r == '_' || unicode.IsLetter(r):
		case i > 0 && (r == '-' || r == '.' || r == '·' || unicode.IsDigit(r) || unicode.Is(unicode.M, r)):
		default:
			return i
		}
	}
	return len(s)
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' }
func isDigit(c byte) bool { return c >= '0' && c <= '9' }
