package collection

import (
	"strconv"

	"waymark/internal/fault"
)

// MostPoints is how many points a round may have.
const MostPoints = 2000

// Check says everything that is wrong with a point of a round, by the fields
// "code", "name", "route", "lat" and "lon". others are the round's points; the
// one with the same ID is the point's former state.
func (p *Point) Check(r *Round, others []*Point) error {
	b := newBreaches()
	p.check(b, r, 0)
	for _, o := range others {
		if o.ID != p.ID && o.Code == p.Code {
			b.field("code", "taken")
		}
	}
	if p.ID == 0 && len(others) >= MostPoints {
		b.field("code", "many", "most", strconv.Itoa(MostPoints))
	}
	return b.err()
}

func (p *Point) check(b *breaches, r *Round, row int) {
	at := func(field string) fault.Place { return fault.Place{Row: row, Field: field} }
	b.code(at("code"), p.Code)
	b.text(at("name"), p.Name, true, MostName, false)
	if p.Route != "" && !r.HasRoute(p.Route) {
		b.add(at("route"), "route.unknown")
	}
	if p.Lat != nil && !within(*p.Lat, 90) {
		b.add(at("lat"), "latitude")
	}
	if p.Lon != nil && !within(*p.Lon, 180) {
		b.add(at("lon"), "longitude")
	}
	switch {
	case p.Lat == nil && p.Lon != nil:
		b.add(at("lat"), "position.half")
	case p.Lat != nil && p.Lon == nil:
		b.add(at("lon"), "position.half")
	case p.Lat != nil && *p.Lat == 0 && *p.Lon == 0:
		b.add(at("lat"), "position.zero")
	}
}

// within tells whether x lies from -most to most; NaN does not.
func within(x, most float64) bool { return x >= -most && x <= most }
