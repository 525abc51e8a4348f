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

// recipe is a regular expression read for writing texts that it matches; nil is
// one that cannot be read.
type recipe struct {
	tree  *syntax.Regexp
	whole *regexp.Regexp
}

func readPattern(pattern string) *recipe {
	tree, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return nil
	}
	whole, err := regexp.Compile(pattern)
	if err != nil {
		return nil
	}
	return &recipe{tree.Simplify(), whole}
}

// text returns a text that the expression matches, or false if nothing was
// found. Open repetitions are written up to some times more than they must be.
// Letters and digits come before other characters, so that the text looks like
// something a person types.
func (p *recipe) text(r *rand.Rand, open int) (string, bool) {
	if p == nil {
		return "", false
	}
	for range 20 {
		w := writer{r: r, open: open}
		if !w.write(p.tree, 0) {
			return "", false
		}
		if text := w.b.String(); p.whole.MatchString(text) {
			return text, true
		}
	}
	return "", false
}

// writer writes one text.
type writer struct {
	b    strings.Builder
	r    *rand.Rand
	open int
}

// write appends a text that the tree matches. It gives up on what cannot be
// built piece by piece, and on trees deeper than any pattern in use.
func (w *writer) write(re *syntax.Regexp, depth int) bool {
	if depth > 100 || w.b.Len() > 4096 {
		return false
	}
	switch re.Op {
	case syntax.OpEmptyMatch, syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText,
		syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return true
	case syntax.OpLiteral:
		for _, c := range re.Rune {
			w.b.WriteRune(c)
		}
		return true
	case syntax.OpCharClass:
		c, ok := oneOf(re.Rune, w.r)
		w.b.WriteRune(c)
		return ok
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		w.b.WriteRune(rune('a' + w.r.IntN(26)))
		return true
	case syntax.OpCapture:
		return w.write(re.Sub[0], depth+1)
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			if !w.write(sub, depth+1) {
				return false
			}
		}
		return true
	case syntax.OpAlternate:
		return w.write(re.Sub[w.r.IntN(len(re.Sub))], depth+1)
	case syntax.OpQuest, syntax.OpStar, syntax.OpPlus, syntax.OpRepeat:
		return w.repeat(re, depth)
	}
	return false
}

func (w *writer) repeat(re *syntax.Regexp, depth int) bool {
	least, greatest := 0, w.open
	switch re.Op {
	case syntax.OpQuest:
		greatest = 1
	case syntax.OpPlus:
		least, greatest = 1, 1+w.open
	case syntax.OpRepeat:
		least, greatest = re.Min, re.Max
		if greatest < 0 {
			greatest = least + w.open
		}
	}
	for range least + w.r.IntN(greatest-least+1) {
		if !w.write(re.Sub[0], depth+1) {
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
