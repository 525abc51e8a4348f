package fault

import "strings"

// Nearest returns the candidate closest to word by edit distance, ignoring
// case, or "" if none is within a third of the word's length (at least one
// edit). Ties go to the earlier candidate.
func Nearest(word string, candidates []string) string {
	lower := strings.ToLower(word)
	best, bound := "", max(1, len(lower)/3)
	for _, c := range candidates {
		if d := distance(lower, strings.ToLower(c), bound); d <= bound {
			best, bound = c, d-1
		}
	}
	return best
}

// distance is the Levenshtein distance of two strings by byte; it gives up
// with bound+1 where they are further apart.
func distance(a, b string, bound int) int {
	if len(a)-len(b) > bound || len(b)-len(a) > bound {
		return bound + 1
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := diagonal
			if a[i-1] != b[j-1] {
				cost++
			}
			diagonal = row[j]
			row[j] = min(cost, row[j]+1, row[j-1]+1)
			least = min(least, row[j])
		}
		if least > bound {
			return bound + 1
		}
	}
	return row[len(b)]
}
