package arrival

import (
	"strings"
	"time"

	"waymark/forms/record"
	"waymark/monitoring/collection"
	"waymark/monitoring/instrument"
)

const dayLayout = "2006-01-02"

// maxCode bounds a code that stands in clear, in bytes.
const maxCode = 64

// facets are the columns that point, route and day are read from; -1 for none.
type facets struct {
	date, start, point, route, enumerator, location int
	points, routes                                  *record.Column // with their choices, or nil
}

func (s *sheet) facets(t *record.Table) facets {
	f := facets{date: s.column(instrument.RoleDate), start: s.column(instrument.RoleStart), point: s.column(instrument.RolePoint),
		route: s.column(instrument.RoleRoute), enumerator: s.column(instrument.RoleEnumerator), location: s.column(instrument.RoleLocation)}
	if f.point >= 0 {
		f.points = t.Columns[f.point]
	}
	if f.route >= 0 {
		f.routes = t.Columns[f.route]
	}
	return f
}

// day is the civil date of the interview by the answers, or "". Only what parses
// as a date of our times gets out.
func (f facets) day(cells []string) string {
	for _, at := range []int{f.date, f.start} {
		if at < 0 || len(cells[at]) < len(dayLayout) {
			continue
		}
		text := cells[at]
		if len(text) > len(dayLayout) && text[len(dayLayout)] != 'T' {
			continue
		}
		day, err := time.Parse(dayLayout, text[:len(dayLayout)])
		if err == nil && day.Year() >= 1990 && day.Year() < 2200 {
			return day.Format(dayLayout)
		}
	}
	return ""
}

// pointOf is the code of the point by the answers, and the round's point of that
// code. A code that neither the round nor the form's list knows is "", so that
// nothing that was typed stands in clear.
func (f facets) pointOf(cells []string, points []*collection.Point) (string, *collection.Point) {
	if f.point < 0 {
		return "", nil
	}
	code := strings.TrimSpace(cells[f.point])
	for _, p := range points {
		if p.Code == code && code != "" {
			return code, p
		}
	}
	return listed(f.points, code), nil
}

// routeOf is likewise the route; where the answers name none, the point's.
func (f facets) routeOf(cells []string, routes []collection.Route, point *collection.Point) string {
	code := ""
	if f.route >= 0 {
		code = strings.TrimSpace(cells[f.route])
	}
	for _, r := range routes {
		if r.Code == code && code != "" {
			return code
		}
	}
	if code = listed(f.routes, code); code == "" && point != nil {
		return point.Route
	}
	return code
}

// listed returns a code if the form's list has it.
func listed(c *record.Column, code string) string {
	if c == nil || code == "" || len(code) > maxCode || c.Choice(code) == nil {
		return ""
	}
	return code
}
