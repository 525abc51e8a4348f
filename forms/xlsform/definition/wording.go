package definition

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"waymark/internal/fault"
)

// quoted lists words in quotes: "a", "b".
func quoted(words []string) string {
	parts := make([]string, len(words))
	for i, w := range words {
		parts[i] = strconv.Quote(w)
	}
	return strings.Join(parts, ", ")
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
	if like := fault.Nearest(name, names); like != "" {
		return "write " + like + ", or add the list to the " + sheet + " sheet"
	}
	return "add the list to the " + sheet + " sheet, or correct its name"
}
