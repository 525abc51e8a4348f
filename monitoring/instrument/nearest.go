package instrument

import "strings"

// nearest returns the candidate that a person most likely meant by word, or
// "" if none is near: at most one change in four characters, and never more
// than three changes. Letter case does not count.
func nearest(word string, candidates []string) string {
	w := []rune(strings.ToLower(word))
	if len(w) > 64 {
		return ""
	}
	best, least := "", min(3, max(1, len(w)/4))+1
	for _, c := range candidates {
		r := []rune(strings.ToLower(c))
		if d := len(r) - len(w); d >= least || -d >= least {
			continue
		}
		if d := distance(w, r); d < least {
			best, least = c, d
		}
	}
	return best
}

// distance is the least number of insertions, deletions and substitutions of
// one character that turn a into b (Levenshtein, 1965).
func distance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, y := range b {
			cost := diagonal
			if x != y {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
