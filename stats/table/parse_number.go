package table

import (
	"bytes"
	"strconv"
)

// numberForm says how a number is written, as far as commas go.
type numberForm uint8

const (
	notNumber     numberForm = iota
	plainForm                // digits with a point at most: 1234.5, 1e-3
	decimalComma             // the comma is surely decimal: 1,5 or 1.234,50
	thousandComma            // the comma surely groups: 1,234,567 or 1,234.50
	eitherComma              // 1,234 may be 1234 or 1.234: the column decides
)

// Exact powers of ten: a mantissa below 2^53 over one of these is rounded once.
var powersOfTen = [...]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22}

// plainNumber reads an optional sign, digits with a point at most, and an
// optional exponent. Infinity, hexadecimal and underscores are not numbers.
func plainNumber(b []byte) (value float64, ok bool) {
	i, negative := 0, false
	if len(b) > 0 && (b[0] == '-' || b[0] == '+') {
		negative = b[0] == '-'
		i = 1
	}
	var mantissa uint64
	digits, decimals, point, exact := 0, 0, false, true
	for ; i < len(b); i++ {
		switch c := b[i]; {
		case c >= '0' && c <= '9':
			digits++
			if mantissa < (1<<53-9)/10 {
				mantissa = mantissa*10 + uint64(c-'0')
				if point {
					decimals++
				}
			} else {
				exact = false
			}
		case c == '.' && !point:
			point = true
		case (c == 'e' || c == 'E') && digits > 0:
			return slowNumber(b, i+1)
		default:
			return 0, false
		}
	}
	switch {
	case digits == 0:
		return 0, false
	case !exact || decimals >= len(powersOfTen):
		return slowNumber(b, 0)
	}
	value = float64(mantissa) / powersOfTen[decimals]
	if negative {
		value = -value
	}
	return value, true
}

// slowNumber leaves long mantissas and exponents to strconv, once what follows
// the e at exponent-1, if any, is found to be an integer of a few digits.
func slowNumber(b []byte, exponent int) (float64, bool) {
	if exponent > 0 {
		e := b[exponent:]
		if len(e) > 0 && (e[0] == '-' || e[0] == '+') {
			e = e[1:]
		}
		if len(e) == 0 || len(e) > 4 || !allDigits(e) {
			return 0, false
		}
	}
	v, err := strconv.ParseFloat(string(b), 64)
	return v, err == nil
}

// parseNumber reads a number as people write it. The rule:
//
//   - a point without commas is decimal, unless there are several and they group
//     by three (1.234.567);
//   - where there are commas and points, the last kind is decimal and the other
//     groups by three;
//   - several commas group by three; a single comma is decimal unless exactly
//     three digits follow it and one to three, not only 0, come before: then
//     the form is eitherComma, value is the number with the comma as grouping
//     and other with the comma as decimal;
//   - spaces (also no-break ones) and apostrophes may group by three.
func parseNumber(cell []byte) (value, other float64, form numberForm) {
	if v, ok := plainNumber(cell); ok {
		return v, 0, plainForm
	}
	if len(cell) > 64 {
		return 0, 0, notNumber
	}
	b := bytes.TrimFunc(cell, isEdge)
	if v, ok := plainNumber(b); ok {
		return v, 0, plainForm
	}
	for _, sep := range []string{" ", "\u00a0", "\u202f", "'", "\u2019"} {
		if bytes.Contains(b, []byte(sep)) {
			whole, rest := b, []byte(nil)
			if i := bytes.IndexAny(b, ".,"); i >= 0 {
				whole, rest = b[:i], b[i:]
			}
			joined, ok := ungroup(whole, sep)
			if !ok {
				return 0, 0, notNumber
			}
			b = append(joined, rest...)
			break
		}
	}
	commas, points := bytes.Count(b, []byte{','}), bytes.Count(b, []byte{'.'})
	comma, point := bytes.LastIndexByte(b, ','), bytes.LastIndexByte(b, '.')
	switch {
	case commas == 0 && points <= 1:
		return plainAs(b, plainForm)
	case commas == 0:
		return groupedAs(b, nil, ".", plainForm)
	case points == 0 && commas > 1:
		return groupedAs(b, nil, ",", thousandComma)
	case points == 0:
		if grouped, ok := ungroup(b, ","); ok {
			value, isNumber := plainNumber(grouped)
			other, _ := plainNumber(bytes.Replace(b, []byte{','}, []byte{'.'}, 1))
			if bytes.TrimLeft(b, "+-")[0] != '0' && isNumber {
				return value, other, eitherComma
			}
		}
		return plainAs(bytes.Replace(b, []byte{','}, []byte{'.'}, 1), decimalComma)
	case comma < point && points == 1:
		return groupedAs(b[:point], b[point:], ",", thousandComma)
	case point < comma && commas == 1:
		decimals := append([]byte{'.'}, b[comma+1:]...)
		return groupedAs(b[:comma], decimals, ".", decimalComma)
	}
	return 0, 0, notNumber
}

func plainAs(b []byte, form numberForm) (value, other float64, _ numberForm) {
	if v, ok := plainNumber(b); ok {
		return v, 0, form
	}
	return 0, 0, notNumber
}

func groupedAs(whole, decimals []byte, sep string, form numberForm) (value, other float64, _ numberForm) {
	joined, ok := ungroup(whole, sep)
	if !ok {
		return 0, 0, notNumber
	}
	return plainAs(append(joined, decimals...), form)
}

// ungroup removes separators that cut the digits in groups of three; the first
// group has one to three.
func ungroup(b []byte, sep string) ([]byte, bool) {
	parts := bytes.Split(b, []byte(sep))
	joined := make([]byte, 0, len(b))
	for i, p := range parts {
		digits := p
		if i == 0 {
			digits = bytes.TrimLeft(p, "+-")
		}
		if !allDigits(digits) || i == 0 && len(digits) > 3 && len(parts) > 1 || i > 0 && len(digits) != 3 {
			return nil, false
		}
		joined = append(joined, p...)
	}
	return joined, true
}

// allDigits says whether b is one digit or more, and nothing else.
func allDigits(b []byte) bool {
	for _, c := range b {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(b) > 0
}
