package figure

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"
)

// outlinesText holds the outlines that the command in atlas/ makes.
//
//go:embed outlines.txt
var outlinesText string

// outlines is the base map. Coordinates are tenths of a pixel on a map that is
// width by height pixels.
type outlines struct {
	width, height  float64
	land           []polyline
	border, dashed []polyline
	places         map[string]mapPlace
}

// mapPlace is where a country's circle stands, and whether enough of the
// country is on the map.
type mapPlace struct {
	x, y float64 // pixels
	on   bool
}

// polyline is a first point and then steps, in tenths of a pixel: x, y, x, y.
type polyline []int

// baseMap reads the outlines once. They are part of the program, and a test
// holds that they read whole.
var baseMap = sync.OnceValue(func() *outlines {
	m := &outlines{places: map[string]mapPlace{}}
	for line := range strings.Lines(outlinesText) {
		kind, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch kind {
		case "map":
			w, h, _ := strings.Cut(rest, " ")
			m.width, m.height = decimal(w), decimal(h)
		case "land":
			f := strings.SplitN(rest, " ", 5)
			if len(f) < 5 {
				continue
			}
			if f[0] != "-" {
				m.places[f[0]] = mapPlace{decimal(f[1]) / 10, decimal(f[2]) / 10, f[3] == "1"}
			}
			m.land = append(m.land, polylines(f[4])...)
		case "border":
			m.border = polylines(rest)
		case "dashed":
			m.dashed = polylines(rest)
		}
	}
	return m
})

func decimal(s string) float64 {
	v, _ := strconv.ParseFloat(s, 64)
	return v
}

// polylines reads lines of whole numbers; a minus sign also ends the number before.
func polylines(text string) []polyline {
	var all []polyline
	for part := range strings.SplitSeq(text, ";") {
		line := make(polyline, 0, len(part)/3)
		for at := 0; at < len(part); {
			negative := part[at] == '-'
			if negative || part[at] == ' ' {
				at++
			}
			n, digits := 0, 0
			for at < len(part) && part[at] >= '0' && part[at] <= '9' {
				n, at, digits = n*10+int(part[at]-'0'), at+1, digits+1
			}
			if digits == 0 && !negative && at < len(part) && part[at] != '-' && part[at] != ' ' {
				at++ // not a number: the test of the outlines finds it
				continue
			}
			if digits == 0 {
				continue
			}
			if negative {
				n = -n
			}
			line = append(line, n)
		}
		all = append(all, line)
	}
	return all
}

// pathData writes lines as path data, scaled and moved down by top pixels. Every
// point is rounded by itself, so that no error adds up.
func pathData(lines []polyline, scale, top float64, closed bool) string {
	var b []byte
	round := func(v float64) int {
		if v < 0 {
			return int(v*10 - 0.5)
		}
		return int(v*10 + 0.5)
	}
	put := func(tenths int) {
		if len(b) > 0 && tenths >= 0 && b[len(b)-1] != 'M' && b[len(b)-1] != 'l' {
			b = append(b, ' ')
		}
		if tenths%10 == 0 {
			b = strconv.AppendInt(b, int64(tenths/10), 10)
			return
		}
		b = strconv.AppendFloat(b, float64(tenths)/10, 'f', 1, 64)
	}
	for _, line := range lines {
		x, y, px, py := 0, 0, 0, 0
		for i := 0; i+1 < len(line); i += 2 {
			x, y = x+line[i], y+line[i+1]
			nx, ny := round(float64(x)/10*scale), round(float64(y)/10*scale+top)
			switch {
			case i == 0:
				b = append(b, 'M')
				put(nx)
				put(ny)
			case nx == px && ny == py:
				continue
			default:
				if i == 2 || b[len(b)-1] == 'M' {
					b = append(b, 'l')
				}
				put(nx - px)
				put(ny - py)
			}
			px, py = nx, ny
		}
		if closed {
			b = append(b, 'Z')
		}
	}
	return string(b)
}
