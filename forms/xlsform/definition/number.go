package definition

import (
	"math/big"
	"strconv"
	"strings"
)

// wholeNumber reads digits with an optional sign.
func wholeNumber(s string) (*big.Int, bool) {
	digits := strings.TrimLeft(s, "+-")
	if len(s)-len(digits) > 1 || digits == "" || len(digits) > 1000 {
		return nil, false
	}
	for i := 0; i < len(digits); i++ {
		if digits[i] < '0' || digits[i] > '9' {
			return nil, false
		}
	}
	return new(big.Int).SetString(strings.TrimPrefix(s, "+"), 10)
}

func isWhole(s string) bool { _, ok := wholeNumber(s); return ok }

// isNumber tells whether s is a number, with or without a fraction or exponent.
func isNumber(s string) bool {
	if strings.ContainsAny(s, "xXpP_") {
		return false
	}
	_, err := strconv.ParseFloat(s, 64)
	return err == nil || strings.Contains(err.Error(), "range")
}

// exact reads a finite decimal number without rounding.
func exact(s string) (*big.Rat, bool) {
	if s == "" || len(s) > 100 || strings.ContainsAny(s, "xXpPoObB_/") {
		return nil, false
	}
	if at := strings.IndexAny(s, "eE"); at >= 0 {
		// A huge exponent would be a huge number.
		if n, err := strconv.Atoi(s[at+1:]); err != nil || n > 1000 || n < -1000 {
			return nil, false
		}
	}
	return new(big.Rat).SetString(s)
}

// isMultiple tells whether a is a whole multiple of b, which is not 0.
func isMultiple(a, b *big.Rat) bool { return new(big.Rat).Quo(a, b).IsInt() }
