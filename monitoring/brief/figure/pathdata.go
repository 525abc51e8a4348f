package figure

import (
	"math"
	"strconv"
)

// walkPath reads path data of M, L and Z commands, absolute or (in lower case)
// relative, and calls visit for every point: op is 'M', 'L' or 'Z'. It stops at
// the first thing that it does not know.
func walkPath(d string, visit func(op byte, x, y float64)) {
	var op byte
	var x, y, startX, startY float64
	for at := 0; at < len(d); {
		c := d[at]
		switch {
		case c == ' ' || c == ',' || c == '\n':
			at++
			continue
		case c == 'M' || c == 'L' || c == 'm' || c == 'l':
			op = c
			at++
			continue
		case c == 'Z' || c == 'z':
			x, y = startX, startY
			visit('Z', x, y)
			at++
			continue
		}
		px, next, ok := scanNumber(d, at)
		if !ok {
			return
		}
		py, after, ok := scanNumber(d, next)
		if !ok {
			return
		}
		at = after
		if op == 'm' || op == 'l' {
			px, py = x+px, y+py
		}
		x, y = px, py
		switch op {
		case 'M', 'm':
			startX, startY = x, y
			visit('M', x, y)
			op-- // further pairs after M are lines: 'M'-1 is 'L', 'm'-1 is 'l'
		case 'L', 'l':
			visit('L', x, y)
		default:
			return
		}
	}
}

// scanNumber reads a plain decimal number after blanks and commas.
func scanNumber(d string, at int) (value float64, next int, ok bool) {
	for at < len(d) && (d[at] == ' ' || d[at] == ',') {
		at++
	}
	end := at
	if end < len(d) && (d[end] == '-' || d[end] == '+') {
		end++
	}
	whole, plain := 0, true
	for end < len(d) && (d[end] == '.' || (d[end] >= '0' && d[end] <= '9')) {
		if d[end] == '.' {
			if !plain {
				break // a second point begins the next number
			}
			plain = false
		}
		whole++
		end++
	}
	if whole == 0 {
		return 0, at, false
	}
	v, err := strconv.ParseFloat(d[at:end], 64)
	if err != nil || math.IsInf(v, 0) {
		return 0, at, false
	}
	return v, end, true
}
