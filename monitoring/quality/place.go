package quality

import (
	"fmt"
	"math"
	"slices"

	"waymark/monitoring/instrument"
)

// placeRules look for interviews at places where they cannot have been held.
// They print distances, never positions.
var placeRules = []Rule{
	{
		ID: "place.broken", Title: "Positions that are none", Scope: EachInterview,
		Why:      "A position of 0 north, 0 east lies in the sea off Africa: the phone had no fix. Others are not on the globe at all.",
		Citation: project("house rule: within 0.01 degrees of 0 north, 0 east is no fix"),
		Needs:    []instrument.Role{instrument.RoleLocation},
		check:    brokenPlaces,
	},
	{
		ID: "place.far", Title: "Far from the interview's own point",
		Why:      "The wrong point was chosen, the form was filled in elsewhere, or the phone's fix was old.",
		Method:   "Great-circle distance to the median latitude and longitude of the point's interviews; points with fewer than three positions are not checked.",
		Citation: project("house rule: interviews are held at the point"),
		Thresholds: []Threshold{{Name: "km", Default: 25, Unit: "km",
			Meaning: "an interview farther than this from its point is a finding"}},
		Needs: []instrument.Role{instrument.RoleLocation, instrument.RolePoint},
		check: farFromPoint,
	},
	{
		ID: "place.speed", Title: "Too far in too short a time",
		Why:      "One enumerator cannot be at two distant places within so short a time: a shared code, a wrong point, or a form filled in elsewhere.",
		Method:   "Successive interviews of one enumerator. Distance by the haversine formula between the interviews' positions, or their points' where there is none; time from the end of the first to the start of the second.",
		Citation: instrument.Citation{Authority: "AAPOR", Source: "Interviewer Falsification in Survey Research: Current Best Methods for Prevention, Detection, and Repair of Its Effects; the speed is the project's own", Date: "2003"},
		Thresholds: []Threshold{
			{Name: "kmh", Default: 150, Unit: "km/h", Meaning: "a faster journey is a finding"},
			{Name: "km", Default: 10, Unit: "km", Meaning: "shorter distances are not checked"},
		},
		Needs: []instrument.Role{instrument.RoleLocation, instrument.RoleEnumerator, instrument.RoleStart},
		check: tooFast,
	},
	{
		ID: "place.route", Title: "A point far from its route",
		Why:      "Points of one route lie in one region. A point far from all others has a wrong route or wrong positions.",
		Method:   "Great-circle distance from the point's median position to the nearest other point of the route.",
		Citation: project("house rule: points of a route are neighbours"),
		Thresholds: []Threshold{{Name: "km", Default: 1500, Unit: "km",
			Meaning: "a point farther than this from the nearest other point of its route is a finding"}},
		Needs: []instrument.Role{instrument.RoleLocation, instrument.RolePoint, instrument.RoleRoute},
		check: farFromRoute,
	},
}

func brokenPlaces(r *round, o *outcome) {
	var zero []int32
	for row, p := range r.locations.at {
		if r.locations.known[row] && p.zero() {
			zero = append(zero, int32(row))
		}
	}
	subject := r.locations.column
	if len(zero) > 0 {
		o.add(Finding{Severity: Warning, Subject: subject,
			Message: fmt.Sprintf("%s %s at 0 north, 0 east", count(len(zero), "interview", "interviews"), verb(len(zero), "lies", "lie")),
			Remedy:  "Set these positions to missing; wait for a fix before the form is closed."}, zero)
	}
	if broken := r.locations.broken; len(broken) > 0 {
		o.add(Finding{Severity: Warning, Subject: subject,
			Message: fmt.Sprintf("%s not a position on the globe", count(len(broken), "answer is", "answers are")),
			Remedy:  "A position is latitude, longitude, altitude and accuracy, separated by spaces, in degrees and metres."}, broken)
	}
}

func farFromPoint(r *round, o *outcome) {
	at, known := r.centres()
	limit := r.limit("place.far.km")
	var rows []int32
	checked, farthest := false, 0.0
	for row, p := range r.point.code {
		if p < 0 || !known[p] || !r.locations.known[row] || r.locations.at[row].zero() {
			continue
		}
		checked = true
		if d := kilometres(r.locations.at[row], at[p]); d > limit {
			rows = append(rows, int32(row))
			farthest = math.Max(farthest, d)
		}
	}
	if !checked {
		o.skip("no point has three positions")
		return
	}
	if len(rows) > 0 {
		o.add(Finding{Severity: Warning, Subject: r.locations.column,
			Message: fmt.Sprintf("%s more than %g km from %s point, the farthest %s km", count(len(rows), "interview is", "interviews are"),
				limit, verb(len(rows), "its", "their"), thousands(int(farthest+0.5))),
			Remedy: "Check the point's code in these rows, and where the interview was held."}, rows)
	}
}

func tooFast(r *round, o *outcome) {
	at, known := r.centres()
	where := func(row int32) (place, bool) {
		if r.locations.known[row] && !r.locations.at[row].zero() {
			return r.locations.at[row], true
		}
		if r.point != nil {
			if p := r.point.code[row]; p >= 0 && known[p] {
				return at[p], true
			}
		}
		return place{}, false
	}
	kmh, least := r.limit("place.speed.kmh"), r.limit("place.speed.km")
	var rows []int32
	var details []string
	pairs, compared := 0, 0
	last, lastPlace := int32(-1), place{}
	for _, row := range r.chronological() {
		p, ok := where(row)
		if !ok {
			continue
		}
		e := r.enumerator.code[row]
		if last >= 0 && r.enumerator.code[last] == e {
			compared++
			until := r.start.Seconds[last]
			if r.end != nil && present(r.end, int(last)) && r.end.Seconds[last] > until {
				until = min(r.end.Seconds[last], r.start.Seconds[row])
			}
			hours := float64(r.start.Seconds[row]-until) / 3600
			if d := kilometres(lastPlace, p); d >= least && d > kmh*hours {
				pairs++
				rows = append(rows, last, row)
				if len(details) < o.max {
					details = append(details, fmt.Sprintf("rows %d and %d: enumerator %s, %s km within %s", o.fileRow(last), o.fileRow(row),
						r.enumerator.names[e], thousands(int(d+0.5)), count(int(60*hours+0.5), "minute", "minutes")))
				}
			}
		}
		last, lastPlace = row, p
	}
	if compared == 0 {
		o.skip("no enumerator has two interviews with a position and a start")
		return
	}
	if pairs > 0 {
		o.add(Finding{Severity: Warning, Subject: r.enumerator.column, Details: details,
			Message: fmt.Sprintf("%s of one enumerator %s too far apart for the time between them (over %g km/h)",
				count(pairs, "pair of successive interviews", "pairs of successive interviews"), verb(pairs, "lies", "lie"), kmh),
			Remedy: "Ask whether two people share a code, and check the point in these rows."}, sorted(rows))
	}
}

func farFromRoute(r *round, o *outcome) {
	at, known := r.centres()
	home := make([]int32, len(at))
	votes := make([]map[int32]int, len(at))
	for i := range home {
		home[i], votes[i] = -1, map[int32]int{}
	}
	for row, p := range r.point.code {
		if route := r.route.code[row]; p >= 0 && route >= 0 {
			votes[p][route]++
			if best := home[p]; best < 0 || votes[p][route] > votes[p][best] {
				home[p] = route
			}
		}
	}
	limit := r.limit("place.route.km")
	checked := false
	for _, p := range r.point.byName() {
		nearest := math.Inf(1)
		for q := range at {
			if q != p && known[p] && known[q] && home[q] == home[p] && home[p] >= 0 {
				nearest = math.Min(nearest, kilometres(at[p], at[q]))
			}
		}
		if math.IsInf(nearest, 1) {
			continue
		}
		checked = true
		if nearest <= limit {
			continue
		}
		var rows []int32
		for row, code := range r.point.code {
			if int(code) == p {
				rows = append(rows, int32(row))
			}
		}
		o.add(Finding{Severity: Warning, Subject: r.point.names[p],
			Message: fmt.Sprintf("Point %s lies %s km from the nearest other point of route %s", r.point.names[p], thousands(int(nearest+0.5)), r.route.names[home[p]]),
			Remedy:  "Check the route of the point, and the positions of its interviews."}, slices.Clip(rows))
	}
	if !checked {
		o.skip("no route has two points with positions")
	}
}
