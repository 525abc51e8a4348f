package lang

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// formNames are the plural forms of CLDR, in its order.
var formNames = []string{"zero", "one", "two", "few", "many", "other"}

func isForm(name string) bool { return slices.Contains(formNames, name) }

// formOf names the cardinal form of a number in a language as it is printed
// with this many decimals. Source: Unicode CLDR plural rules, as tabled in
// golang.org/x/text/feature/plural; operands as in UTS 35, part 3, section 5.1.
func formOf(lang string, x float64, decimals int) string {
	digits := strconv.FormatFloat(math.Abs(x), 'f', decimals, 64)
	whole, frac, _ := strings.Cut(digits, ".")
	if len(whole) > 9 {
		whole = whole[len(whole)-9:] // the rules look at the last digits
	}
	trimmed := strings.TrimRight(frac, "0")
	i, _ := strconv.Atoi(whole)
	f, _ := strconv.Atoi("0" + frac)
	t, _ := strconv.Atoi("0" + trimmed)
	switch plural.Cardinal.MatchPlural(language.Make(lang), i, len(frac), len(trimmed), f, t) {
	case plural.Zero:
		return "zero"
	case plural.One:
		return "one"
	case plural.Two:
		return "two"
	case plural.Few:
		return "few"
	case plural.Many:
		return "many"
	default:
		return "other"
	}
}

// Forms returns the plural forms that whole numbers take in a language, in
// CLDR's order: "one", "other" in English; six in Arabic.
func Forms(lang string) []string {
	used := map[string]bool{"other": true}
	for n := range 201 {
		used[formOf(lang, float64(n), 0)] = true
	}
	used[formOf(lang, 1e6, 0)] = true
	var forms []string
	for _, f := range formNames {
		if used[f] {
			forms = append(forms, f)
		}
	}
	return forms
}
