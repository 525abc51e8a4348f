package compare

import "strings"

// similarity is how alike two texts are, from 0 to 1: twice the pairs of
// neighbouring letters that they share over all pairs, ignoring case and
// punctuation. Source: Dice (1945), Ecology 26; by bigrams, Adamson and Boreham
// (1974), Information Storage and Retrieval 10.
func similarity(a, b string) float64 {
	a, b = folded(a), folded(b)
	if a == b {
		return 1
	}
	counts := map[[2]rune]int{}
	total := 0
	for _, p := range pairs(a) {
		counts[p]++
		total++
	}
	shared := 0
	for _, p := range pairs(b) {
		total++
		if counts[p] > 0 {
			counts[p]--
			shared++
		}
	}
	if total == 0 {
		return 0
	}
	return 2 * float64(shared) / float64(total)
}

func pairs(s string) [][2]rune {
	runes := []rune(s)
	var all [][2]rune
	for i := 1; i < len(runes); i++ {
		all = append(all, [2]rune{runes[i-1], runes[i]})
	}
	return all
}

// folded is a text in lower case with its words apart by one space.
func folded(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return strings.ContainsRune(" \t\n_-.,;:!?()[]'\"’“”/", r)
	}), " ")
}
