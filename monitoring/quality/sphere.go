package quality

import (
	"math"
	"strconv"
	"strings"

	"waymark/stats/table"
)

// place is a position in degrees.
type place struct{ lat, lon float64 }

// locations holds the position of each interview.
type locations struct {
	column string
	at     []place
	known  []bool
	broken []int32 // rows with a text that is no position, or outside the globe
}

// newLocations reads a geopoint column ("latitude longitude altitude
// accuracy", degrees and metres), or returns nil for nil.
func newLocations(c table.Column) *locations {
	if c == nil {
		return nil
	}
	l := &locations{column: c.Name(), at: make([]place, c.Len()), known: make([]bool, c.Len())}
	for row := range l.at {
		if !present(c, row) {
			continue
		}
		text := c.Text(row)
		if text == "" {
			continue
		}
		p, ok := parsePlace(text)
		if !ok {
			l.broken = append(l.broken, int32(row))
			continue
		}
		l.at[row], l.known[row] = p, true
	}
	return l
}

// parsePlace reads "lat lon [altitude [accuracy]]", also with commas.
func parsePlace(text string) (place, bool) {
	parts := strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' || r == ';' })
	if len(parts) < 2 {
		return place{}, false
	}
	lat, err1 := strconv.ParseFloat(parts[0], 64)
	lon, err2 := strconv.ParseFloat(parts[1], 64)
	if err1 != nil || err2 != nil || !(math.Abs(lat) <= 90) || !(math.Abs(lon) <= 180) {
		return place{}, false
	}
	return place{lat, lon}, true
}

// zero says that a position is where a phone without a fix puts itself.
func (p place) zero() bool { return math.Abs(p.lat) < 0.01 && math.Abs(p.lon) < 0.01 }

// earthRadius is the mean radius in kilometres (IUGG: 6,371.0088).
const earthRadius = 6371.0088

// kilometres is the great-circle distance by the haversine formula.
//
//	2 R asin √(sin²(Δlat/2) + cos lat1 · cos lat2 · sin²(Δlon/2))
//
// The earth is taken as a sphere: the error is under 0.6%.
// Source: Sinnott (1984), Sky and Telescope 68(2), 159.
func kilometres(a, b place) float64 {
	const rad = math.Pi / 180
	dlat, dlon := (b.lat-a.lat)*rad, (b.lon-a.lon)*rad
	s, t := math.Sin(dlat/2), math.Sin(dlon/2)
	h := s*s + math.Cos(a.lat*rad)*math.Cos(b.lat*rad)*t*t
	return 2 * earthRadius * math.Asin(math.Min(1, math.Sqrt(h)))
}

// centre is the median latitude and the median longitude. It does not hold for
// places on both sides of the 180th meridian.
func centre(places []place) place {
	lat, lon := make([]float64, len(places)), make([]float64, len(places))
	for i, p := range places {
		lat[i], lon[i] = p.lat, p.lon
	}
	return place{median(lat), median(lon)}
}

// centres is the centre of each point's positions; known is false for a point
// with fewer than three.
func (r *round) centres() (at []place, known []bool) {
	if r.point == nil || r.locations == nil {
		return nil, nil
	}
	groups := make([][]place, len(r.point.names))
	for row, code := range r.point.code {
		if code >= 0 && r.locations.known[row] && !r.locations.at[row].zero() {
			groups[code] = append(groups[code], r.locations.at[row])
		}
	}
	at, known = make([]place, len(groups)), make([]bool, len(groups))
	for i, g := range groups {
		if len(g) >= 3 {
			at[i], known[i] = centre(g), true
		}
	}
	return at, known
}
