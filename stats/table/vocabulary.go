package table

import (
	"bytes"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// notAvailable are spellings by which programs write an empty cell.
var notAvailable = []string{"na", "n/a", "#n/a", "null", "nan"}

// vocabulary says what the words of a column mean: its levels, their aliases
// and the codes for missing values. It answers for a spelling seen for the
// first time; spellings remembers the answer.
type vocabulary struct {
	exact  map[string]uint32 // codes as they are
	folded map[string]uint32 // codes, missing codes and aliases, folded
}

// newVocabulary numbers the levels from FirstLevel, as CategoryColumn does. A
// code wins over a missing code, and both over an alias.
func newVocabulary(f *Field) *vocabulary {
	if f.words != nil {
		return f.words
	}
	v := &vocabulary{exact: make(map[string]uint32, len(f.Levels)), folded: make(map[string]uint32, 2*len(f.Levels)+len(f.Aliases))}
	put := func(word string, code uint32) {
		if _, ok := v.folded[fold(word)]; !ok {
			v.folded[fold(word)] = code
		}
	}
	for i, l := range f.Levels {
		if _, dup := v.exact[l.Code]; !dup {
			v.exact[l.Code] = uint32(i + FirstLevel)
		}
		put(l.Code, uint32(i+FirstLevel))
	}
	for word, m := range f.MissingCodes {
		put(word, uint32(m))
	}
	aliases := make([]string, 0, len(f.Aliases))
	for word := range f.Aliases {
		aliases = append(aliases, word)
	}
	slices.Sort(aliases) // where two aliases fold to one word, always the same wins
	for _, word := range aliases {
		if code, ok := v.exact[f.Aliases[word]]; ok {
			put(word, code)
		} else if code, ok := v.folded[fold(f.Aliases[word])]; ok {
			put(word, code)
		}
	}
	return v
}

// fold prepares a word for matching: one form of accents, no space around it,
// lower case.
func fold(word string) string {
	return strings.ToLower(norm.NFC.String(strings.TrimFunc(word, isEdge)))
}

// find returns the code of a word: a level, a missing reason, or 0 if the
// vocabulary does not know it. note says that the word is a program's way to
// write an empty cell.
func (v *vocabulary) find(cell []byte) (code uint32, note bool) {
	if code, ok := v.exact[string(cell)]; ok {
		return code, false
	}
	word := fold(string(unescape(cell)))
	if word == "" {
		return uint32(Blank), false
	}
	if code, ok := v.folded[word]; ok {
		return code, false
	}
	// Spreadsheets and data frames turn a code 1 into 1.0.
	if whole, ok := strings.CutSuffix(word, ".0"); ok {
		if code, ok := v.folded[whole]; ok {
			return code, false
		}
	}
	if slices.Contains(notAvailable, word) {
		return uint32(Blank), true
	}
	return 0, false
}

// isNotAvailable says whether a cell is a program's way to write an empty one.
func isNotAvailable(cell []byte) bool {
	if len(cell) > 8 {
		return false
	}
	cell = bytes.TrimSpace(cell)
	for _, w := range notAvailable {
		if len(w) == len(cell) && strings.EqualFold(w, string(cell)) {
			return true
		}
	}
	return false
}
