package collection

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"waymark/internal/fault"
)

// Greatest lengths in characters, inclusive.
const (
	MostName  = 200
	MostCode  = 64
	MostAbout = 2000
)

// Clean returns a text of one line as it is kept: without spaces at its ends, and
// with single spaces inside.
func Clean(s string) string { return strings.Join(strings.Fields(s), " ") }

// CleanLines returns a text of several lines as it is kept: line ends as "\n",
// no spaces at the ends of lines, no empty lines at its ends.
func CleanLines(s string) string {
	lines := strings.Split(strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n"), "\n")
	for i := range lines {
		lines[i] = strings.TrimRightFunc(lines[i], unicode.IsSpace)
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}

// text checks a text of at most most characters; lines allows line ends.
func (b *breaches) text(at fault.Place, s string, required bool, most int, lines bool) {
	switch {
	case s == "" && required:
		b.add(at, "missing")
	case utf8.RuneCountInString(s) > most:
		b.add(at, "long", "most", strconv.Itoa(most))
	case !showable(s, lines):
		b.add(at, "control")
	}
}

// showable tells whether a text has no control characters and nothing that turns
// the direction of the text around it.
func showable(s string, lines bool) bool {
	if !utf8.ValidString(s) {
		return false
	}
	for _, r := range s {
		switch {
		case r == '\n' && lines, r == '\t' && lines:
		case unicode.IsControl(r), r >= 0x202A && r <= 0x202E, r == 0x2028, r == 0x2029, r == 0xFFFE:
			return false
		}
	}
	return true
}

// code checks a code as data hold it.
func (b *breaches) code(at fault.Place, s string) {
	switch {
	case s == "":
		b.add(at, "missing")
	case utf8.RuneCountInString(s) > MostCode:
		b.add(at, "long", "most", strconv.Itoa(MostCode))
	case !IsCode(s):
		b.add(at, "code")
	}
}

// IsCode tells whether a text is a code: letters, digits, hyphens, dots and
// underscores, the first a letter or digit. A spreadsheet never takes one for a
// formula.
func IsCode(s string) bool {
	for i, r := range s {
		word := unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) && i > 0
		if !word && (i == 0 || r != '-' && r != '_' && r != '.') {
			return false
		}
	}
	return s != "" && utf8.ValidString(s)
}

// seen finds codes that stand twice.
type seen map[string]seenCode

type seenCode struct {
	row  int
	code string
}

// twice checks that a code stands only once, also when capitals are ignored.
func (b *breaches) twice(s seen, at fault.Place, code string, row int) {
	if code == "" {
		return
	}
	folded := strings.ToLower(code)
	first, ok := s[folded]
	switch {
	case !ok:
		s[folded] = seenCode{row, code}
	case first.code == code:
		b.add(at, "duplicate", "row", strconv.Itoa(first.row))
	default:
		b.add(at, "duplicate.case", "row", strconv.Itoa(first.row))
	}
}

// Day reads a civil date, "2016-10-06", of the years 1900 to 2199.
func Day(s string) (time.Time, bool) {
	t, err := time.Parse(time.DateOnly, s)
	return t, err == nil && t.Year() >= 1900 && t.Year() < 2200
}

// dates checks a first and a last day, both optional unless required. Place
// fields are "from" and "to" after a prefix.
func (b *breaches) dates(at fault.Place, prefix, from, to string, required bool) bool {
	ok := true
	bad := func(field, code string) {
		at := at
		at.Field = prefix + field
		b.add(at, code)
		ok = false
	}
	each := func(field, day string) {
		if day == "" {
			if required {
				bad(field, "missing")
			}
		} else if _, is := Day(day); !is {
			bad(field, "date")
		}
	}
	each("from", from)
	each("to", to)
	if ok && from != "" && to != "" && to < from {
		bad("to", "date.order")
	}
	return ok
}
