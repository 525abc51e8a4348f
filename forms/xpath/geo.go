package xpath

import (
	"math"
	"strconv"
	"strings"
)

// earthRadius is in metres, at the equator, as JavaRosa has it.
const earthRadius = 6378100

// place is a point in degrees.
type place struct{ lat, lon float64 }

// parsePlace reads "latitude longitude altitude accuracy", of which the last two
// may be missing. Blank text is 0 0, as in JavaRosa.
func parsePlace(s string) (place, bool) {
	fields := strings.Fields(s)
	var p [4]float64
	if len(fields) > len(p) {
		return place{}, false
	}
	for i, f := range fields {
		x, err := strconv.ParseFloat(f, 64)
		if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
			return place{}, false
		}
		p[i] = x
	}
	return place{p[0], p[1]}, true
}

// places reads the points of one or more values: geopoints, or one trace or
// shape with its points separated by ";".
func (c *Context) places(function string, a []code) []place {
	var out []place
	bad := false
	for _, x := range a {
		eachValue(c, x, func(v Value) {
			points := strings.Split(v.String(), ";")
			for i, s := range points {
				if len(points) > 1 && i == len(points)-1 && strings.TrimSpace(s) == "" {
					continue // a trailing ";"
				}
				p, ok := parsePlace(s)
				bad = bad || !ok
				out = append(out, p)
			}
		})
	}
	if bad {
		c.failf("give points such as 36.8 10.2 0 0, separated by \";\"", "%s() has a value that is no place", function)
		return nil
	}
	return out
}

// area returns the square metres within a ring of points: the plane polygon of
// degrees turned into metres, with longitudes shrunk by the latitude of each
// point. Fewer than three points have none. Source: JavaRosa, GeoUtils.
func area(ring []place) float64 {
	if len(ring) < 3 {
		return 0
	}
	const metres = 2 * math.Pi * earthRadius / 360
	origin := ring[0]
	plane := func(p place) (x, y float64) {
		return (p.lon - origin.lon) * metres * math.Cos(p.lat*math.Pi/180), (p.lat - origin.lat) * metres
	}
	sum := 0.0
	for i := 2; i < len(ring); i++ {
		x1, y1 := plane(ring[i-1])
		x2, y2 := plane(ring[i])
		sum += (y1*x2 - x1*y2) / 2
	}
	return math.Abs(sum)
}

// length returns the metres along a line of points by the spherical law of
// cosines. Source: JavaRosa, GeoUtils.
func length(line []place) float64 {
	sum := 0.0
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		lat1, lat2 := a.lat*math.Pi/180, b.lat*math.Pi/180
		cos := math.Sin(lat1)*math.Sin(lat2) + math.Cos(lat1)*math.Cos(lat2)*math.Cos((a.lon-b.lon)*math.Pi/180)
		sum += arc(cos) * earthRadius
	}
	return sum
}

// arc returns the angle of a cosine. Near 1, where points are close together, it
// goes by the half angle, which keeps the digits.
func arc(cos float64) float64 {
	switch {
	case cos >= 1:
		return 0
	case cos > 0.5:
		return 2 * math.Asin(math.Sqrt((1-cos)/2))
	}
	return math.Acos(max(cos, -1))
}

// within tells whether a point is inside a ring whose last point is its first:
// whether a line from it to the east crosses the ring an odd number of times.
func within(p place, ring []place) bool {
	inside := false
	for i := 1; i < len(ring); i++ {
		a, b := ring[i-1], ring[i]
		if (b.lat > p.lat) != (a.lat > p.lat) && p.lon < (a.lon-b.lon)*(p.lat-b.lat)/(a.lat-b.lat)+b.lon {
			inside = !inside
		}
	}
	return inside
}

// crosses tells whether a line of points meets itself: whether two of its
// segments that do not follow each other have a point in common. A ring may end
// where it began.
func crosses(line []place) bool {
	segments := len(line) - 1
	closed := segments > 2 && line[0] == line[segments]
	for i := range max(segments, 0) {
		for j := i + 2; j < segments; j++ {
			if closed && i == 0 && j == segments-1 {
				continue
			}
			if meet(line[i], line[i+1], line[j], line[j+1]) {
				return true
			}
		}
	}
	return false
}

// meet tells whether two segments have a point in common.
func meet(a, b, c, d place) bool {
	s1, s2 := side(a, b, c), side(a, b, d)
	s3, s4 := side(c, d, a), side(c, d, b)
	if s1*s2 < 0 && s3*s4 < 0 {
		return true
	}
	return s1 == 0 && between(a, b, c) || s2 == 0 && between(a, b, d) || s3 == 0 && between(c, d, a) || s4 == 0 && between(c, d, b)
}

// side is positive, negative or zero as p is left of, right of or on the line a b.
func side(a, b, p place) float64 {
	return (b.lon-a.lon)*(p.lat-a.lat) - (b.lat-a.lat)*(p.lon-a.lon)
}

func between(a, b, p place) bool {
	return min(a.lon, b.lon) <= p.lon && p.lon <= max(a.lon, b.lon) && min(a.lat, b.lat) <= p.lat && p.lat <= max(a.lat, b.lat)
}

func buildArea(_ *compiler, n *Call, a []code) code {
	return numberCode(func(c *Context) float64 { return area(c.places(n.Name, a)) })
}

func buildDistance(_ *compiler, n *Call, a []code) code {
	return numberCode(func(c *Context) float64 { return length(c.places(n.Name, a)) })
}

// buildGeofence compiles geofence(point, shape). A blank point is nowhere.
func buildGeofence(_ *compiler, n *Call, a []code) code {
	return truthCode(func(c *Context) bool {
		if a[0].text(c) == "" {
			return false
		}
		point, ring := c.places(n.Name, a[:1]), c.places(n.Name, a[1:])
		return len(point) > 0 && within(point[0], ring)
	})
}

// buildIntersects compiles intersects(trace or shape).
func buildIntersects(_ *compiler, n *Call, a []code) code {
	return truthCode(func(c *Context) bool {
		line := c.places(n.Name, a)
		return c.visit(len(line)*len(line)) && crosses(line)
	})
}
