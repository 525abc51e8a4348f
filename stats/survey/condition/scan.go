package condition

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"waymark/internal/fault"
)

// token is a word, a quoted text, a name in backticks, or a sign.
type token struct {
	kind byte // 'w' word, 't' text, 'n' name, 's' sign, 0 the end
	text string
	at   int
}

// signs, the longest first.
var signs = []string{"==", "!=", "<=", ">=", "<>", "&&", "||", "=", "<", ">", "(", ")", ",", "&", "|", "!"}

// scan cuts the text into tokens.
func scan(text string) ([]token, error) {
	if len(text) > maxLength {
		return nil, fault.New(fault.Invalid, fault.Place{Field: "where"}, fmt.Sprintf("the condition is longer than %d characters", maxLength), "make a column of it first")
	}
	if !utf8.ValidString(text) {
		return nil, fault.New(fault.Invalid, fault.Place{Field: "where"}, "the condition is not UTF-8", "write it as UTF-8")
	}
	var out []token
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRuneInString(text[at:])
		switch {
		case unicode.IsSpace(r):
			at += size
		case r == '"' || r == '\'' || r == '`':
			end := strings.IndexRune(text[at+1:], r)
			if end < 0 {
				return nil, fault.New(fault.Invalid, place(at), fmt.Sprintf("the %c has no end", r), "close it")
			}
			kind := byte('t')
			if r == '`' {
				if kind = 'n'; end == 0 {
					return nil, fault.New(fault.Invalid, place(at), "a column is expected between the backticks", "such as `a name`")
				}
			}
			out = append(out, token{kind, text[at+1 : at+1+end], at})
			at += end + 2
		case isWord(r):
			end := at
			for end < len(text) {
				r, size := utf8.DecodeRuneInString(text[end:])
				if !isWord(r) && !exponent(text[at:end], r) {
					break
				}
				end += size
			}
			out = append(out, token{'w', text[at:end], at})
			at = end
		default:
			sign := ""
			for _, s := range signs {
				if strings.HasPrefix(text[at:], s) {
					sign = s
					break
				}
			}
			if sign == "" {
				return nil, fault.New(fault.Invalid, place(at), fmt.Sprintf("%q has no meaning here", r), "write comparisons joined by and, or, not; put names in `backticks` and texts in \"quotes\"")
			}
			out = append(out, token{'s', sign, at})
			at += len(sign)
		}
	}
	return append(out, token{0, "", len(text)}), nil
}

// isWord: what a bare name, number, date or level may hold.
func isWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || strings.ContainsRune("_.-:/", r)
}

// exponent lets 1e+6 be one word.
func exponent(word string, r rune) bool {
	if r != '+' || len(word) < 2 {
		return false
	}
	last := word[len(word)-1]
	return (last == 'e' || last == 'E') && word[0] >= '0' && word[0] <= '9'
}
