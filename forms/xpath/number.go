package xpath

import (
	"math"
	"strconv"
	"strings"
)

// tiny is the distance below which JavaRosa takes two numbers as equal, and a
// number as zero or whole when it writes it.
const tiny = 1e-12

// parseNumber turns text into a number as JavaRosa does: spaces around are
// ignored, a comma is a point, and only digits, points and a minus may stand in
// it; all else, exponents and "Infinity" too, is NaN.
func parseNumber(s string) float64 {
	for len(s) > 0 && s[0] <= ' ' {
		s = s[1:]
	}
	for len(s) > 0 && s[len(s)-1] <= ' ' {
		s = s[:len(s)-1]
	}
	digits, comma := len(s) > 0 && len(s) < 16, false
	var small int64
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			small = small*10 + int64(c-'0')
		case c == '.' || c == '-':
			digits = false
		case c == ',':
			digits, comma = false, true
		default:
			return math.NaN()
		}
	}
	if digits { // whole and exact: no need for the general way
		return float64(small)
	}
	if s == "" {
		return math.NaN()
	}
	if comma {
		s = strings.ReplaceAll(s, ",", ".")
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil && !math.IsInf(f, 0) {
		return math.NaN()
	}
	return f
}

// formatNumber writes a number as XPath 1.0 section 4.2 does, never with an
// exponent; what is closer than tiny to a whole number is written as one.
func formatNumber(f float64) string {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	case math.Abs(f) < tiny:
		return "0"
	}
	if whole := math.Trunc(f); math.Abs(f) < 1e15 && math.Abs(f-whole) < tiny {
		return strconv.FormatInt(int64(whole), 10)
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// sameNumber is "=" of two numbers.
func sameNumber(a, b float64) bool { return a == b || math.Abs(a-b) < tiny }

// truthOfNumber is boolean() of a number.
func truthOfNumber(f float64) bool { return math.Abs(f) > tiny && !math.IsNaN(f) }

// whole cuts the fraction off, and is what an index becomes: NaN is 0.
func whole(f float64) int {
	switch {
	case math.IsNaN(f):
		return 0
	case f >= math.MaxInt32:
		return math.MaxInt32
	case f <= math.MinInt32:
		return math.MinInt32
	}
	return int(f)
}

// round rounds to places after the point, or before it if places is negative.
// Halves go up: 1.5 to 2, -1.5 to -1. More than 30 places either way are NaN.
func round(f float64, places int) float64 {
	switch {
	case math.IsNaN(f), math.IsInf(f, 0):
		return f
	case places > 30, places < -30:
		return math.NaN()
	case places == 0:
		t := math.Trunc(f)
		if rest := f - t; rest >= 0.5 {
			return t + 1
		} else if rest < -0.5 {
			return t - 1
		}
		return t
	case places < 0:
		scale := math.Pow10(-places)
		return math.Floor(f/scale+0.5) * scale
	}
	return roundDigits(f, places)
}

// roundDigits rounds the shortest decimal writing of f, so that 2.15 is a half
// as people see it and not as it is stored.
func roundDigits(f float64, places int) float64 {
	s := strconv.FormatFloat(math.Abs(f), 'f', -1, 64)
	point := strings.IndexByte(s, '.')
	if point < 0 || len(s)-point-1 <= places {
		return f
	}
	kept, rest := s[:point]+s[point+1:point+1+places], s[point+1+places:]
	up := rest[0] >= '5'
	if f < 0 && rest == "5" {
		up = false
	}
	digits := []byte(kept)
	if up {
		i := len(digits) - 1
		for ; i >= 0 && digits[i] == '9'; i-- {
			digits[i] = '0'
		}
		if i >= 0 {
			digits[i]++
		} else {
			digits = append([]byte{'1'}, digits...)
		}
	}
	cut := len(digits) - places
	r, err := strconv.ParseFloat(string(digits[:cut])+"."+string(digits[cut:]), 64)
	if err != nil {
		return f
	}
	return math.Copysign(r, f)
}
