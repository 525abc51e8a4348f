package arrival

import (
	"fmt"
	"strconv"
	"strings"

	"waymark/monitoring/collection"
	"waymark/monitoring/quality"
)

// farKilometres is how far from its point an interview may be: the default of
// quality's rule place.far, which measures from the median of the round.
const farKilometres = 25

// setting compares the answers with what the round says: its dates, points,
// routes and enumerators. The rules' names begin with "arrival.".
func (x *examination) setting(cells []string, point *collection.Point) {
	f := x.plan.places
	warn := func(rule, question, message, remedy string) {
		x.say(collection.Finding{Rule: "arrival." + rule, Severity: collection.SeverityWarning, Question: question, Message: message, Remedy: remedy})
	}
	name := func(at int) string { return x.plan.sheet.names[at] }
	if day := f.day(cells); day != "" && f.date >= 0 {
		if x.s.Round.From != "" && day < x.s.Round.From || x.s.Round.To != "" && day > x.s.Round.To {
			warn("outside", name(f.date), "The day of the interview lies outside the round", "Correct the date, or the round's dates; reject interviews of another round and tests.")
		}
	}
	if f.point >= 0 && len(x.s.Points) > 0 && point == nil && strings.TrimSpace(cells[f.point]) != "" {
		warn("point", name(f.point), "The point is none of the round's points", "Correct the point's code, or add the point to the round.")
	}
	if point != nil && point.Route != "" && f.route >= 0 {
		if code := strings.TrimSpace(cells[f.route]); code != "" && code != point.Route {
			warn("route", name(f.route), "The route is not the one that the point lies on", "Correct the route or the point.")
		}
	}
	if e := x.s.Enumerator; e != nil {
		if f.enumerator >= 0 {
			if code := strings.TrimSpace(cells[f.enumerator]); code != "" && !strings.EqualFold(code, e.Code) {
				warn("enumerator", name(f.enumerator), "The enumerator's code is not that of the phone's owner", "Ask who held the interview; each phone has its own code.")
			}
		}
		if point != nil && len(e.Points) > 0 && !worksAt(e, point) {
			warn("elsewhere", name(f.point), "The enumerator does not work at this point", "Correct the point, or where the enumerator works.")
		}
	}
	if point != nil && point.Lat != nil && point.Lon != nil && f.location >= 0 {
		limit, set := x.opt.Thresholds["place.far.km"]
		if !set {
			limit = farKilometres
		}
		if lat, lon, ok := position(cells[f.location]); ok {
			if d := quality.Kilometres(lat, lon, *point.Lat, *point.Lon); d > limit {
				warn("far", name(f.location), fmt.Sprintf("The interview was held %.0f km from its point", d), "Check the point's code and its position, and where the interview was held.")
			}
		}
	}
}

func worksAt(e *collection.FieldEnumerator, point *collection.Point) bool {
	for _, id := range e.Points {
		if id == point.ID {
			return true
		}
	}
	return false
}

// position reads "latitude longitude ...". One at 0, 0 is a phone without a fix,
// of which quality says so.
func position(text string) (lat, lon float64, ok bool) {
	parts := strings.Fields(text)
	if len(parts) < 2 {
		return 0, 0, false
	}
	lat, err1 := strconv.ParseFloat(parts[0], 64)
	lon, err2 := strconv.ParseFloat(parts[1], 64)
	ok = err1 == nil && err2 == nil && lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180 && (lat*lat > 1e-4 || lon*lon > 1e-4)
	return lat, lon, ok
}
