package quality

import (
	"math"
	"strconv"
	"strings"

	"waymark/monitoring/instrument"
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

// newLocations reads the positions: a geopoint column ("latitude longitude
// altitude accuracy", degrees and metres), or the two columns of a position
// that an export has divided. It returns nil without either.
func (r *round) newLocations() *locations {
	name := r.inst.Roles[instrument.RoleLocation]
	l := &locations{column: name, at: make([]place, r.n), known: make([]bool, r.n)}
	if c := r.in.Table.Column(name); name != "" && c != nil {
		for row := range l.at {
			if !present(c, row) {
				continue
			}
			if text := c.Text(row); text != "" {
				p, ok := parsePlace(text)
				l.put(row, p, ok)
			}
		}
		return l
	}
	lat, lon := r.in.Table.Number(instrument.Latitude(name)), r.in.Table.Number(instrument.Longitude(name))
	if name == "" || lat == nil || lon == nil {
		return nil
	}
	for row := range l.at {
		if present(lat, row) && present(lon, row) {
			p := place{lat.Values[row], lon.Values[row]}
			l.put(row, p, p.onGlobe())
		}
	}
	return l
}

func (l *locations) put(row int, p place, ok bool) {
	if !ok {
		l.broken = append(l.broken, int32(row))
		return
	}
	l.at[row], l.known[row] = p, true
}

// onGlobe says whether latitude and longitude are within their ranges.
func (p place) onGlobe() bool { return math.Abs(p.lat) <= 90 && math.Abs(p.lon) <= 180 }

// parsePlace reads "lat lon [altitude [accuracy]]", also with commas.
func parsePlace(text string) (place, bool) {
	parts := strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' || r == ';' })
	if len(parts) < 2 {
		return place{}, false
	}
	lat, err1 := strconv.ParseFloat(parts[0], 64)
	lon, err2 := strconv.ParseFloat(parts[1], 64)
	p := place{lat, lon}
	return p, err1 == nil && err2 == nil && p.onGlobe()
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

// Kilometres is the great-circle distance of two positions in degrees.
func Kilometres(latA, lonA, latB, lonB float64) float64 {
	return kilometres(place{latA, lonA}, place{latB, lonB})
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
