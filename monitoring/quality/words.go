package quality

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// count is a number with its noun: "1 row", "2,340 rows".
func count(n int, one, many string) string { return thousands(n) + " " + verb(n, one, many) }

// verb is the form that goes with n.
func verb(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// thousands writes a count with commas.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// percent writes a share as a whole percentage; small ones are not written as 0.
func percent(share float64) string {
	switch {
	case math.IsNaN(share):
		return "–"
	case share > 0 && share < 0.005:
		return "under 1%"
	case share < 1 && share >= 0.995:
		return "over 99%"
	}
	return fmt.Sprintf("%.0f%%", 100*share)
}

// probability writes a p value.
func probability(p float64) string {
	if p < 0.001 {
		return "p < 0.001"
	}
	return fmt.Sprintf("p = %.3f", p)
}

// sentence gives a text a capital and no full stop at its end, so that
// renderers can add their own.
func sentence(s string) string {
	s = strings.TrimRight(strings.TrimSpace(s), ".")
	first, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return ""
	}
	return string(unicode.ToUpper(first)) + s[size:]
}

// clip shortens a text to at most n runes.
func clip(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	runes := []rune(s)
	return string(runes[:n-1]) + "…"
}

// printable replaces control characters, with which a header or file name
// could write over a terminal.
func printable(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsControl(c) {
			return '\uFFFD'
		}
		return c
	}, s)
}

// dayText writes a day as 6 October 2016; days count from 1970-01-01.
func dayText(day int32) string {
	return time.Unix(int64(day)*86400, 0).UTC().Format("2 January 2006")
}
