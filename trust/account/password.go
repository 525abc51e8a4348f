package account

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Weakness is why a password is refused.
type Weakness string

// The weaknesses. Length is in characters after normalisation.
const (
	TooShort Weakness = "short"    // less than 12
	TooLong  Weakness = "long"     // more than 128
	Common   Weakness = "common"   // what is tried first: words, years, rows of keys, repetitions
	Personal Weakness = "personal" // made of the person's own name or address
)

const (
	minPassword = 12
	maxPassword = 128
)

// Weaknesses says why a password is refused for a person; none if it is not.
// Length is what keeps guessing away (NIST SP 800-63B, 5.1.1.2), so there are no
// rules about kinds of characters.
func Weaknesses(password, name, email string) []Weakness {
	password = norm.NFKC.String(password)
	n := utf8.RuneCountInString(password)
	switch {
	case n < minPassword:
		return []Weakness{TooShort}
	case n > maxPassword:
		return []Weakness{TooLong}
	}
	plain := fold(password)
	if unspent(plain, commonWords) < minUnspent {
		return []Weakness{Common}
	}
	if own := ownWords(name, email); unspent(plain, longestFirst(append(own, commonWords...))) < minUnspent {
		return []Weakness{Personal}
	}
	return nil
}

// minUnspent is how many characters of a password must remain when words, runs
// and repetitions are taken away.
const minUnspent = 5

// look-alikes that people put for letters.
var lookAlike = strings.NewReplacer("@", "a", "4", "a", "3", "e", "1", "i", "!", "i", "0", "o", "$", "s", "5", "s", "7", "t", "8", "b", "|", "l")

// fold takes away what people vary: case, accents and separators.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("@!$|", r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(s))
}

// unspent counts the characters that are left when the words and everything that
// follows from its neighbour are taken away.
func unspent(s string, words []string) int {
	best := utf8.RuneCountInString(unrun(takeAway(s, words)))
	if n := utf8.RuneCountInString(unrun(takeAway(lookAlike.Replace(s), words))); n < best {
		best = n
	}
	return best
}

func takeAway(s string, words []string) string {
	for _, w := range words {
		s = strings.ReplaceAll(s, w, " ")
	}
	return s
}

// rows of keys that fingers follow, in both directions.
var rows = []string{"qwertyuiop", "asdfghjkl", "zxcvbnm", "azertyuiop", "qsdfghjklm", "wxcvbn", "qwertzuiop", "yxcvbnm", "1234567890", "ضصثقفغعهخحج", "شسيبلاتنمكط"}

// unrun takes away each character that those before it foretell.
func unrun(s string) string {
	var kept, seen []rune
	for _, r := range s {
		if r == ' ' {
			seen = nil
			continue
		}
		if !foretold(seen, r) {
			kept = append(kept, r)
		}
		seen = append(seen, r)
	}
	return string(kept)
}

// foretold says whether a character repeats one to four places before it, or goes
// on in the direction of the last two through the alphabet, the digits or a row of
// keys.
func foretold(before []rune, r rune) bool {
	n := len(before)
	for back := 1; back <= 4; back++ {
		if n >= back && before[n-back] == r {
			return true
		}
	}
	if n < 2 {
		return false
	}
	last, first := before[n-1], before[n-2]
	if d := r - last; (d == 1 || d == -1) && d == last-first {
		return true
	}
	for _, row := range rows {
		if d := step(row, last, r); d != 0 && d == step(row, first, last) {
			return true
		}
	}
	return false
}

// step is 1 or -1 if two keys are neighbours in a row, else 0.
func step(row string, from, to rune) int {
	keys := []rune(row)
	switch i, j := slices.Index(keys, from), slices.Index(keys, to); {
	case i < 0 || j < 0:
		return 0
	case j-i == 1 || j-i == -1:
		return j - i
	default:
		return 0
	}
}

// ownWords are the parts of a person's name and address that a guesser knows.
func ownWords(name, email string) []string {
	var words []string
	cut := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
	for _, w := range append(strings.FieldsFunc(name, cut), strings.FieldsFunc(email, cut)...) {
		if w = fold(w); utf8.RuneCountInString(w) >= 3 {
			words = append(words, w)
		}
	}
	return longestFirst(words)
}
