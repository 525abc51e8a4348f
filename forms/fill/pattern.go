package fill

import (
	"math/rand/v2"
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode"
)

// most bounds how often an open repetition (* or +) beyond its least is written.
const most = 4

// matching returns a text that a regular expression matches, or false if the
// pattern cannot be read or nothing was found. Letters and digits come before
// other characters, so that the text looks like something a person types.
func matching(pattern string, r *rand.Rand) (string, bool) {
	tree, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return "", false
	}
	whole, err := regexp.Compile(pattern)
	if err != nil {
		return "", false
	}
	for range 20 {
		var b strings.Builder
		if !write(&b, tree.Simplify(), r, 0) {
			return "", false
		}
		if whole.MatchString(b.String()) {
			return b.String(), true
		}
	}
	return "", false
}

// write appends a text that the tree matches. It gives up on what cannot be
// built piece by piece, and on trees deeper than any pattern in use.
func write(b *strings.Builder, re *syntax.Regexp, r *rand.Rand, depth int) bool {
	if depth > 100 || b.Len() > 4096 {
		return false
	}
	switch re.Op {
	case syntax.OpEmptyMatch, syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText,
		syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return true
	case syntax.OpLiteral:
		for _, c := range re.Rune {
			b.WriteRune(c)
		}
		return true
	case syntax.OpCharClass:
		c, ok := oneOf(re.Rune, r)
		b.WriteRune(c)
		return ok
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		b.WriteRune(rune('a' + r.IntN(26)))
		return true
	case syntax.OpCapture:
		return write(b, re.Sub[0], r, depth+1)
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			if !write(b, sub, r, depth+1) {
				return false
			}
		}
		return true
	case syntax.OpAlternate:
		return write(b, re.Sub[r.IntN(len(re.Sub))], r, depth+1)
	case syntax.OpQuest, syntax.OpStar, syntax.OpPlus, syntax.OpRepeat:
		return repeat(b, re, r, depth)
	}
	return false
}

func repeat(b *strings.Builder, re *syntax.Regexp, r *rand.Rand, depth int) bool {
	least, greatest := 0, most
	switch re.Op {
	case syntax.OpQuest:
		greatest = 1
	case syntax.OpPlus:
		least, greatest = 1, 1+most
	case syntax.OpRepeat:
		least, greatest = re.Min, re.Max
		if greatest < 0 {
			greatest = least + most
		}
	}
	for range least + r.IntN(greatest-least+1) {
		if !write(b, re.Sub[0], r, depth+1) {
			return false
		}
	}
	return true
}

// oneOf picks a character of a class, given as pairs of first and last.
func oneOf(pairs []rune, r *rand.Rand) (rune, bool) {
	for _, plain := range [][2]rune{{'a', 'z'}, {'0', '9'}, {'A', 'Z'}, {' ', '~'}} {
		if c, ok := within(pairs, plain, r); ok {
			return c, true
		}
	}
	c, ok := within(pairs, [2]rune{' ', unicode.MaxRune}, r)
	return c, ok
}

// within picks a character that lies both in the class and between two others.
func within(pairs []rune, plain [2]rune, r *rand.Rand) (rune, bool) {
	total := 0
	for i := 0; i < len(pairs); i += 2 {
		total += max(0, int(min(pairs[i+1], plain[1])-max(pairs[i], plain[0]))+1)
	}
	if total == 0 {
		return 0, false
	}
	at := r.IntN(total)
	for i := 0; i < len(pairs); i += 2 {
		first := max(pairs[i], plain[0])
		n := max(0, int(min(pairs[i+1], plain[1])-first)+1)
		if at < n {
			return first + rune(at), true
		}
		at -= n
	}
	return 0, false
}
