package quality

import (
	"math"
	"strconv"
	"strings"
	"unicode"
)

// months per unit; a month is a twelfth of 365.25 days.
var unitMonths = map[string]float64{
	"day": 12 / 365.25, "week": 7 * 12 / 365.25, "month": 1, "year": 12,
}

// parseBand reads a band of time from a code such as under_2_weeks,
// 2_weeks_3_months, 3_6_months or over_12_months, or from an English label
// such as "Between 3 and 6 months". Limits are in months; an open one is 0 or
// infinite. A number without a unit takes the one that follows.
func parseBand(text string) (lo, hi float64, ok bool) {
	words := strings.FieldsFunc(strings.ToLower(text), func(c rune) bool {
		return !unicode.IsLetter(c) && !unicode.IsDigit(c) && c != '.'
	})
	var values []float64
	pending, under, over := 0, false, false
	for _, w := range words {
		if v, err := strconv.ParseFloat(w, 64); err == nil && v >= 0 && !math.IsInf(v, 0) {
			values = append(values, v)
			pending++
			continue
		}
		if unit, known := unitMonths[strings.TrimSuffix(w, "s")]; known && pending > 0 {
			for i := len(values) - pending; i < len(values); i++ {
				values[i] *= unit
			}
			pending = 0
			continue
		}
		switch w {
		case "under", "less", "below", "fewer", "up":
			under = true
		case "over", "more", "above", "longer", "plus":
			over = true
		}
	}
	switch {
	case pending > 0:
		return 0, 0, false
	case len(values) == 2 && values[0] <= values[1]:
		return values[0], values[1], true
	case len(values) == 1 && under && !over:
		return 0, values[0], true
	case len(values) == 1 && over && !under:
		return values[0], math.Inf(1), true
	}
	return 0, 0, false
}
