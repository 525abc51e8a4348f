package instrument

import (
	"html"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"waymark/internal/pattern"
)

// maxHeader bounds the bytes of a header that are looked at, and
// maxSeparators the places where it may be divided into path and name.
const (
	maxHeader     = 2048
	maxSeparators = 12
)

// tag finds HTML tags in labels, which some forms use for colour and breaks.
var tag = pattern.Of(`</?[A-Za-z][^<>]*>`)

// plainLabel removes from a label what exports change: HTML tags and
// entities, invisible direction marks, curly quotes, and runs of space.
func plainLabel(s string) string {
	if strings.ContainsAny(s, "<&") {
		s = html.UnescapeString(tag().ReplaceAllString(s, " "))
	}
	s = norm.NFKC.String(s)
	s = strings.Map(func(r rune) rune {
		switch {
		case ' ' < r && r < unicode.MaxASCII: // most signs of most labels
			return r
		case r == '’' || r == '‘' || r == 'ʼ':
			return '\''
		case r == '“' || r == '”' || r == '«' || r == '»':
			return '"'
		case unicode.Is(unicode.Cf, r) || r == 'ـ': // direction marks, joiners, Arabic stretching
			return -1
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// labelKey is what two labels share that differ only in letter case, markup,
// spacing or the sign at their end.
func labelKey(s string) string {
	s = strings.ToLower(plainLabel(s))
	s = strings.ReplaceAll(s, "*", "")
	return strings.TrimRight(strings.TrimSpace(s), " :?.؟!")
}

// separator is a place in a header where a path may be divided.
type separator struct {
	start, end int // bytes of the sign, with spaces around it
	strong     bool
}

// separators finds the places where a header may be divided, from the left.
// "/", ":" and "::" always divide; "-" and "." also occur in names. Where there
// are more than maxSeparators, the first and the last ones count: paths stand
// before labels, options after them.
func separators(h string) []separator {
	var list []separator
	for i := 0; i < len(h); i++ {
		c := h[i]
		if c != '/' && c != ':' && c != '.' && c != '-' {
			continue
		}
		s := separator{i, i + 1, c == '/' || c == ':'}
		for s.end < len(h) && h[s.end] == c {
			s.end++
		}
		i = s.end - 1
		for s.start > 0 && h[s.start-1] == ' ' {
			s.start--
		}
		for s.end < len(h) && h[s.end] == ' ' {
			s.end++
		}
		if s.start > 0 && s.end < len(h) {
			list = append(list, s)
		}
	}
	if len(list) > maxSeparators {
		list = append(list[:maxSeparators/2], list[len(list)-maxSeparators/2:]...)
	}
	return list
}

// cleanHeader trims a header and bounds it.
func cleanHeader(h string) string {
	h = strings.TrimSpace(strings.TrimPrefix(h, "\ufeff"))
	if len(h) > maxHeader {
		h = strings.ToValidUTF8(h[:maxHeader], "")
	}
	return h
}
