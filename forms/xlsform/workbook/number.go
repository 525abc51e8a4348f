package workbook

import (
	"math"
	"strconv"
)

// appendNumber appends a number as it stands in a cell of XLSX: whole numbers
// without a point, others with the fewest digits that read back as the same
// number, in the notation of Python's str. It returns false for what is none.
func appendNumber(dst, raw []byte) ([]byte, bool) {
	if wholeDigits(raw) {
		return append(dst, raw...), true
	}
	if len(raw) > 64 {
		return dst, false
	}
	f, ok := parseFloat(raw)
	if !ok {
		return dst, false
	}
	return appendFloat(dst, f), true
}

// wholeDigits says whether raw is a whole number as it would be written again.
func wholeDigits(raw []byte) bool {
	if len(raw) > 1 && raw[0] == '-' && raw[1] != '0' {
		raw = raw[1:]
	}
	if len(raw) == 0 || len(raw) > 300 || raw[0] == '0' && len(raw) > 1 {
		return false
	}
	for _, c := range raw {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// parseFloat reads a finite number; unlike strconv it takes no hexadecimal
// digits, underscores or names.
func parseFloat(raw []byte) (float64, bool) {
	for _, c := range raw {
		if (c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E' {
			return 0, false
		}
	}
	f, err := strconv.ParseFloat(string(raw), 64)
	return f, err == nil
}

// appendFloat appends a finite number in the notation of Python's str, but
// whole numbers without ".0" and in full.
func appendFloat(dst []byte, f float64) []byte {
	switch abs := math.Abs(f); {
	case f == 0:
		return append(dst, '0')
	case f == math.Trunc(f):
		return strconv.AppendFloat(dst, f, 'f', 0, 64)
	case abs < 1e-4:
		return strconv.AppendFloat(dst, f, 'e', -1, 64)
	default:
		return strconv.AppendFloat(dst, f, 'f', -1, 64)
	}
}
