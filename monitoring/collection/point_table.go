package collection

import (
	"strconv"
	"strings"

	"waymark/internal/fault"
	"waymark/internal/ids"
)

// pointColumns are the columns of a list of points.
var pointColumns = []column{
	{name: "code", aliases: []string{"point", "رمز", "الرمز"}, required: true},
	{name: "name", aliases: []string{"nom", "اسم", "الاسم"}, required: true},
	{name: "route", aliases: []string{"itinéraire", "itineraire", "طريق", "الطريق"}},
	{name: "lat", aliases: []string{"latitude", "خط العرض"}},
	{name: "lon", aliases: []string{"long", "lng", "longitude", "خط الطول"}},
}

// PointColumns are the names of the columns of a list of points, in order.
var PointColumns = columnNames(pointColumns)

func columnNames(columns []column) []string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.name
	}
	return names
}

// PointTable is a list of points as it was read.
type PointTable struct {
	// Points are all of the list. One whose code the round has already keeps that
	// point's ID and Etag, and what the list has no column for.
	Points []*Point
	// Added and Changed count them; those that are as they were are left out of
	// both and of Points.
	Added, Changed, Same int
	// Ignored are columns that are not read, as written.
	Ignored []string
}

// ReadPoints reads a list of points: the columns code, name, route, lat and lon,
// parted by commas, semicolons or tabs, named in the first line or in that order.
// It reports every fault with its row; row 1 is the list's first line.
func ReadPoints(raw []byte, r *Round, present []*Point) (*PointTable, error) {
	t, b := readTable(raw, pointColumns)
	if t == nil {
		return nil, b.byRow()
	}
	byCode := map[string]*Point{}
	for _, p := range present {
		byCode[p.Code] = p
	}
	out := &PointTable{Ignored: t.ignored}
	codes := seen{}
	for _, row := range t.rows {
		p := &Point{Round: r.ID, Code: row.cells["code"], Name: row.cells["name"], Route: row.cells["route"]}
		p.Lat = readDegrees(b, row, "lat", "latitude", t.comma)
		p.Lon = readDegrees(b, row, "lon", "longitude", t.comma)
		was := byCode[p.Code]
		if was != nil {
			keepUnlisted(p, was, t.has)
		}
		bad := b.list.Len()
		b.twice(codes, fault.Place{Row: row.row, Field: "code"}, p.Code, row.row)
		if row.cells["lat"] != "" && p.Lat == nil || row.cells["lon"] != "" && p.Lon == nil {
			q := *p // its position has been reported
			q.Lat, q.Lon = nil, nil
			q.check(b, r, row.row)
		} else {
			p.check(b, r, row.row)
		}
		if b.list.Len() > bad {
			continue
		}
		switch {
		case was == nil:
			out.Added++
		case samePoint(was, p):
			out.Same++
			continue
		default:
			p.ID, p.Etag = was.ID, was.Etag
			out.Changed++
		}
		out.Points = append(out.Points, p)
	}
	if len(present)+out.Added > MostPoints {
		b.field("", "many", "most", strconv.Itoa(MostPoints))
	}
	return out, b.byRow()
}

// keepUnlisted gives a point what it had in columns that the list does not have.
func keepUnlisted(p, was *Point, has map[string]bool) {
	if !has["route"] {
		p.Route = was.Route
	}
	if !has["lat"] && !has["lon"] {
		p.Lat, p.Lon = was.Lat, was.Lon
	}
}

// readDegrees reads a number of degrees; a comma is a decimal point where it does
// not part values.
func readDegrees(b *breaches, row tableRow, cell, code string, comma rune) *float64 {
	s := row.cells[cell]
	if s == "" {
		return nil
	}
	if comma != ',' {
		s = strings.Replace(s, ",", ".", 1)
	}
	x, ok := Degrees(s)
	if !ok {
		b.add(fault.Place{Row: row.row, Field: cell}, code)
		return nil
	}
	return &x
}

// Degrees reads degrees with a decimal point, as people type them: "-5.8137".
func Degrees(s string) (float64, bool) {
	s = strings.TrimSuffix(strings.Replace(s, "−", "-", 1), "°")
	if strings.Trim(s, "+-.0123456789") != "" {
		return 0, false
	}
	x, err := strconv.ParseFloat(s, 64)
	return x, err == nil
}

func samePoint(a, b *Point) bool {
	same := func(x, y *float64) bool { return x == y || x != nil && y != nil && *x == *y }
	return a.Name == b.Name && a.Route == b.Route && same(a.Lat, b.Lat) && same(a.Lon, b.Lon)
}

// PointsByID returns points by their identifiers.
func PointsByID(points []*Point) map[ids.ID]*Point {
	m := make(map[ids.ID]*Point, len(points))
	for _, p := range points {
		m[p.ID] = p
	}
	return m
}
