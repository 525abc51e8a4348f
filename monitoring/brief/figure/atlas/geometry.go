package main

import (
	"math"
	"sort"
)

// point is longitude and latitude in degrees, or x and y in pixels, y down.
type point struct{ x, y float64 }

// The map: a Lambert azimuthal equal-area projection about the middle of the
// region, and the part of it that is drawn. The edges are where the named
// points fall.
const (
	middleLongitude = 30.0
	middleLatitude  = 27.0
	pixels          = 720.0 // width of the map
)

var (
	westernmost  = lambert(point{-19.5, 12})
	easternmost  = lambert(point{78, 30})
	northernmost = lambert(point{30, 55})
	southernmost = lambert(point{30, -5})
)

// lambert projects degrees on a sphere of radius 1, y up.
// Source: Snyder (1987), Map Projections: A Working Manual, equations 24-2 to 24-4.
func lambert(p point) point {
	const rad = math.Pi / 180
	lambda, phi, phi1 := (p.x-middleLongitude)*rad, p.y*rad, middleLatitude*rad
	c := math.Sin(phi1)*math.Sin(phi) + math.Cos(phi1)*math.Cos(phi)*math.Cos(lambda)
	k := math.Sqrt(2 / max(1+c, 1e-9))
	return point{
		k * math.Cos(phi) * math.Sin(lambda),
		k * (math.Cos(phi1)*math.Sin(phi) - math.Sin(phi1)*math.Cos(phi)*math.Cos(lambda)),
	}
}

// project returns the pixel of a place in degrees.
func project(p point) point {
	scale := pixels / (easternmost.x - westernmost.x)
	q := lambert(p)
	return point{(q.x - westernmost.x) * scale, (northernmost.y - q.y) * scale}
}

// height returns the height of the map in whole pixels.
func height() float64 {
	return math.Round((northernmost.y - southernmost.y) * pixels / (easternmost.x - westernmost.x))
}

// thin drops the points of a line that matter least to its shape, until every
// triangle of a point with its neighbours has at least the given area in square
// pixels. The ends stay. Source: Visvalingam and Whyatt (1993), "Line
// generalisation by repeated elimination of points".
func thin(line []point, area float64) []point {
	line = append([]point(nil), line...)
	for len(line) > 2 {
		least, at := math.Inf(1), 0
		for i := 1; i < len(line)-1; i++ {
			if a := triangle(line[i-1], line[i], line[i+1]); a < least {
				least, at = a, i
			}
		}
		if least >= area || (len(line) <= 5 && line[0] == line[len(line)-1]) {
			return line
		}
		line = append(line[:at], line[at+1:]...)
	}
	return line
}

func triangle(a, b, c point) float64 {
	return math.Abs((b.x-a.x)*(c.y-a.y)-(c.x-a.x)*(b.y-a.y)) / 2
}

// size returns the area of a ring, positive or negative by its turn.
func size(ring []point) float64 {
	sum := 0.0
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		sum += p.x*q.y - q.x*p.y
	}
	return sum / 2
}

// clipRing cuts a ring to the map, edge after edge.
// Source: Sutherland and Hodgman (1974), "Reentrant polygon clipping".
func clipRing(ring []point) []point {
	edges := []func(point) float64{
		func(p point) float64 { return p.x },
		func(p point) float64 { return pixels - p.x },
		func(p point) float64 { return p.y },
		func(p point) float64 { return height() - p.y },
	}
	for _, inside := range edges {
		var kept []point
		for i, p := range ring {
			before := ring[(i+len(ring)-1)%len(ring)]
			a, b := inside(before), inside(p)
			if (a >= 0) != (b >= 0) {
				t := a / (a - b)
				kept = append(kept, point{before.x + (p.x-before.x)*t, before.y + (p.y-before.y)*t})
			}
			if b >= 0 {
				kept = append(kept, p)
			}
		}
		ring = kept
	}
	return ring
}

// clipLine cuts a line to the map and returns the pieces that are in it.
func clipLine(line []point) [][]point {
	var pieces [][]point
	var piece []point
	for i := 0; i+1 < len(line); i++ {
		a, b, ok := clipSegment(line[i], line[i+1])
		if !ok {
			continue
		}
		if len(piece) == 0 || piece[len(piece)-1] != a {
			if len(piece) > 1 {
				pieces = append(pieces, piece)
			}
			piece = []point{a}
		}
		piece = append(piece, b)
	}
	if len(piece) > 1 {
		pieces = append(pieces, piece)
	}
	return pieces
}

// clipSegment is the method of Liang and Barsky (1984).
func clipSegment(a, b point) (point, point, bool) {
	t0, t1 := 0.0, 1.0
	dx, dy := b.x-a.x, b.y-a.y
	for _, e := range [][2]float64{{-dx, a.x}, {dx, pixels - a.x}, {-dy, a.y}, {dy, height() - a.y}} {
		p, q := e[0], e[1]
		switch {
		case p == 0 && q < 0:
			return a, b, false
		case p < 0:
			t0 = max(t0, q/p)
		case p > 0:
			t1 = min(t1, q/p)
		}
	}
	if t0 >= t1 {
		return a, b, false
	}
	from, to := a, b
	if t0 > 0 {
		from = point{a.x + dx*t0, a.y + dy*t0}
	}
	if t1 < 1 {
		to = point{a.x + dx*t1, a.y + dy*t1}
	}
	return from, to, true
}

// heart returns the point of a ring that is farthest from its edge, on a grid of
// two pixels: where a circle sits best.
func heart(ring []point) point {
	lo, hi := ring[0], ring[0]
	for _, p := range ring {
		lo, hi = point{min(lo.x, p.x), min(lo.y, p.y)}, point{max(hi.x, p.x), max(hi.y, p.y)}
	}
	step := max(min(2, (hi.x-lo.x)/8, (hi.y-lo.y)/8), 0.05)
	best, most := point{(lo.x + hi.x) / 2, (lo.y + hi.y) / 2}, -1.0
	for y := lo.y + step/2; y < hi.y; y += step {
		for x := lo.x + step/2; x < hi.x; x += step {
			if d := depth(ring, point{x, y}); d > most {
				best, most = point{x, y}, d
			}
		}
	}
	return best
}

// depth returns how far inside the ring p is, or -1 if it is outside.
func depth(ring []point, p point) float64 {
	inside, least := false, math.Inf(1)
	for i, a := range ring {
		b := ring[(i+1)%len(ring)]
		if (a.y > p.y) != (b.y > p.y) && p.x < a.x+(b.x-a.x)*(p.y-a.y)/(b.y-a.y) {
			inside = !inside
		}
		dx, dy := b.x-a.x, b.y-a.y
		t := 0.0
		if l := dx*dx + dy*dy; l > 0 {
			t = min(max(((p.x-a.x)*dx+(p.y-a.y)*dy)/l, 0), 1)
		}
		least = min(least, math.Hypot(p.x-a.x-dx*t, p.y-a.y-dy*t))
	}
	if !inside {
		return -1
	}
	return least
}

// largest sorts rings by area, the greatest first.
func largest(rings [][]point) {
	sort.SliceStable(rings, func(i, j int) bool {
		return math.Abs(size(rings[i])) > math.Abs(size(rings[j]))
	})
}
