package definition

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"waymark/internal/fault"
)

// whole is a text that a message gives in full, however long.
type whole string

// quoted lists words in quotes: "a", "b".
func quoted(words []string) whole {
	parts := make([]string, len(words))
	for i, w := range words {
		parts[i] = strconv.Quote(w)
	}
	return whole(strings.Join(parts, ", "))
}

// maxQuote is how many bytes of a cell a message quotes.
const maxQuote = 120

// clipped shortens the texts in the arguments of a message.
func clipped(args []any) []any {
	for i, a := range args {
		if s, ok := a.(string); ok && len(s) > maxQuote {
			end := maxQuote
			for !utf8.RuneStart(s[end]) {
				end--
			}
			args[i] = s[:end] + "\u2026"
		}
	}
	return args
}

// maxHint is the longest word, in bytes, that a better one is looked for.
const maxHint = 64

// nearest suggests the word that a person may have meant, or "".
func nearest(word string, candidates []string) string {
	if len(word) > maxHint {
		return ""
	}
	if like := fault.Nearest(word, candidates); like != "" {
		return like
	}
	// Two letters that have changed places are one slip, but two edits.
	b := []byte(word)
	for i := 0; i+1 < len(b); i++ {
		b[i], b[i+1] = b[i+1], b[i]
		for _, c := range candidates {
			if strings.EqualFold(string(b), c) {
				return c
			}
		}
		b[i], b[i+1] = b[i+1], b[i]
	}
	return ""
}

// sheetEdits is how many letters of a sheet's name may be wrong for it to be
// taken for a misspelling. Source: pyxform 4.5.0.
const sheetEdits = 2

// misspells tells whether a name looks like a misspelling of a sheet's name.
func misspells(name, sheet string) bool {
	name = strings.ToLower(name)
	apart := utf8.RuneCountInString(name) - utf8.RuneCountInString(sheet)
	return apart >= -sheetEdits && apart <= sheetEdits && edits([]rune(name), []rune(sheet)) <= sheetEdits
}

// edits is the Levenshtein distance of two short words.
func edits(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, c := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, d := range b {
			cost := diagonal
			if c != d {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}

// listRemedy says what to do about a list that is not on its sheet.
func listRemedy(name string, lists []*List, sheet string) string {
	names := make([]string, len(lists))
	for i, l := range lists {
		names[i] = l.Name
	}
	if like := nearest(name, names); like != "" {
		return "write " + like + ", or add the list to the " + sheet + " sheet"
	}
	return "add the list to the " + sheet + " sheet, or correct its name"
}
