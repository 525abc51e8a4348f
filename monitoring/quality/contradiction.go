package quality

import (
	"fmt"
	"math"
	"strings"

	"waymark/monitoring/instrument"
	"waymark/stats/table"
)

// contradictionRules compare answers with each other.
var contradictionRules = []Rule{
	{
		ID: "contradiction.transit", Title: "Time in transit against the dates", Scope: EachInterview,
		Why:      "The band of time in transit and the time from departure to interview tell the same thing twice. Where they differ, one of them is wrong, and findings by journey length with it.",
		Method:   "A month is a twelfth of 365.25 days. Bands are read from their codes.",
		Citation: project("house rule; one month of tolerance because people remember months, not days"),
		Thresholds: []Threshold{{Name: "months", Default: 1, Unit: "months",
			Meaning: "how far the dates may lie outside the band (inclusive)"}},
		Needs: []instrument.Role{instrument.RoleTransit, instrument.RoleDeparture, instrument.RoleDate},
		check: transitAgainstDates,
	},
	{
		ID: "contradiction.departure", Title: "Departure after the interview", Scope: EachInterview,
		Why:      "Nobody leaves after arriving: one of the two dates is wrong.",
		Citation: project("house rule: time runs one way"),
		Needs:    []instrument.Role{instrument.RoleDeparture, instrument.RoleDate},
		check:    departureAfter,
	},
	{
		ID: "contradiction.place_without_yes", Title: "A place without a yes", Scope: EachInterview,
		Why:      "The place is asked only after a yes. Either the answer was changed later, or the form's skip does not work.",
		Citation: instrument.Citation{Authority: "XLSForm", Source: "XLSForm specification, survey sheet, column relevant", Date: "2024"},
		check:    placeWithoutYes,
	},
	{
		ID: "contradiction.yes_without_place", Title: "A yes without a place", Scope: EachInterview,
		Why:      "Each yes is followed by the question where it happened. Without it the event is not on the map.",
		Method:   "A refused or don't-know answer about the place is an answer and no finding.",
		Citation: instrument.Citation{Authority: "XLSForm", Source: "XLSForm specification, survey sheet, column relevant", Date: "2024"},
		check:    yesWithoutPlace,
	},
	{
		ID: "contradiction.family", Title: "The family question after an own yes", Scope: EachInterview,
		Why:      "The question on family members is for those with no experience of their own. Asked of others, the addition to the headline would count people twice.",
		Citation: instrument.Citation{Authority: "IOM", Source: "flow monitoring survey, trafficking module: family members are asked about if all own answers are no", Date: "2016-10"},
		check:    familyAfterYes,
	},
	{
		ID: "contradiction.route", Title: "Points on two routes",
		Why:      "A point lies on one route. A few interviews of a point on another route are slips that move people between the columns of the brief.",
		Citation: project("house rule: a point serves one route when 90% of its interviews say so"),
		Thresholds: []Threshold{{Name: "share", Default: 0.9, Unit: "share",
			Meaning: "a route with at least this share of a point's interviews is the point's own"}},
		Needs: []instrument.Role{instrument.RolePoint, instrument.RoleRoute},
		check: pointRoutes,
	},
}

// bands reads the bands of the transit question, by level.
func (r *round) bands(c *table.CategoryColumn) (lo, hi []float64, unread []string) {
	q := r.inst.Question(c.Name())
	lo, hi = make([]float64, len(c.Levels)), make([]float64, len(c.Levels))
	for i, level := range c.Levels {
		l, h, ok := parseBand(level.Code)
		if !ok && q != nil {
			for _, choice := range r.inst.Lists[q.List] {
				if choice.Name == level.Code {
					l, h, ok = parseBand(choice.Label.In("en"))
				}
			}
		}
		if !ok {
			unread = append(unread, level.Code)
			l, h = 0, math.Inf(1)
		}
		lo[i], hi[i] = l, h
	}
	return lo, hi, unread
}

func transitAgainstDates(r *round, o *outcome) {
	name := r.inst.Roles[instrument.RoleTransit]
	c := r.in.Table.Category(name)
	if c == nil {
		o.skip(fmt.Sprintf("column %s (role transit) is not a list of bands", name))
		return
	}
	lo, hi, unread := r.bands(c)
	if len(unread) == len(c.Levels) {
		o.skip(fmt.Sprintf("the codes of %s cannot be read as bands of time", name))
		return
	}
	if len(unread) > 0 {
		o.note("these codes were not read as bands of time: " + strings.Join(unread, ", "))
	}
	tolerance := r.limit("contradiction.transit.months")
	var rows []int32
	for row := range r.n {
		level := c.Level(row)
		if level < 0 || !present(r.departure, row) || !present(r.date, row) {
			continue
		}
		days := r.date.Days[row] - r.departure.Days[row]
		months := float64(days) * 12 / 365.25
		if days >= 0 && (months < lo[level]-tolerance || months > hi[level]+tolerance) {
			rows = append(rows, int32(row))
		}
	}
	if len(rows) > 0 {
		o.add(Finding{Severity: Warning, Subject: name,
			Message: fmt.Sprintf("In %s the time in transit does not agree with the dates of departure and interview", count(len(rows), "interview", "interviews")),
			Remedy:  "Compare both answers with the enumerator's notes; if neither can be confirmed, set both to missing."}, rows)
	}
}

func departureAfter(r *round, o *outcome) {
	var rows []int32
	for row := range r.n {
		if present(r.departure, row) && present(r.date, row) && r.departure.Days[row] > r.date.Days[row] {
			rows = append(rows, int32(row))
		}
	}
	if len(rows) > 0 {
		o.add(Finding{Severity: Error, Subject: r.departure.Name(),
			Message: fmt.Sprintf("%s %s a departure after the interview", count(len(rows), "interview", "interviews"), verb(len(rows), "has", "have")),
			Remedy:  "Correct the year or month if it is plain which was meant, else set the departure to missing."}, rows)
	}
}

// placed calls f for every indicator whose question and place are in the file.
func (r *round) placed(f func(ind instrument.Indicator, yes func(int) int8, place table.Column)) int {
	n := 0
	for _, ind := range r.inst.Indicators {
		if ind.Question == "" || ind.Place == "" {
			continue
		}
		q, place := r.in.Table.Column(ind.Question), r.in.Table.Column(ind.Place)
		if q != nil && place != nil {
			f(ind, states(q, ind.Yes), place)
			n++
		}
	}
	return n
}

const noPlace = "no indicator with a place question is in the file"

func placeWithoutYes(r *round, o *outcome) {
	n := r.placed(func(ind instrument.Indicator, yes func(int) int8, place table.Column) {
		var rows []int32
		for row := range r.n {
			if present(place, row) && yes(row) != 1 {
				rows = append(rows, int32(row))
			}
		}
		if len(rows) > 0 {
			o.add(Finding{Severity: Error, Subject: ind.Place,
				Message: fmt.Sprintf("%s %s %s without a yes to %s", count(len(rows), "interview", "interviews"),
					verb(len(rows), "answers", "answer"), ind.Place, ind.Question),
				Remedy: "Ask the enumerator which answer holds. Check the skip in the form."}, rows)
		}
	})
	if n == 0 {
		o.skip(noPlace)
	}
}

func yesWithoutPlace(r *round, o *outcome) {
	n := r.placed(func(ind instrument.Indicator, yes func(int) int8, place table.Column) {
		var rows []int32
		for row := range r.n {
			if m := place.Missing(row); (m == table.Blank || m == table.NotAsked || m == table.NotApplicable) && yes(row) == 1 {
				rows = append(rows, int32(row))
			}
		}
		if len(rows) > 0 {
			o.add(Finding{Severity: Warning, Subject: ind.Place,
				Message: fmt.Sprintf("%s %s yes to %s without an answer to %s", count(len(rows), "interview", "interviews"),
					verb(len(rows), "says", "say"), ind.Question, ind.Place),
				Remedy: "Make the place required in the form, with refused and don't know as answers."}, rows)
		}
	})
	if n == 0 {
		o.skip(noPlace)
	}
}

func familyAfterYes(r *round, o *outcome) {
	checked := false
	for _, ind := range r.inst.Indicators {
		c := r.in.Table.Column(ind.Question)
		if ind.Experience != instrument.Family || len(ind.UnlessAny) == 0 || c == nil {
			continue
		}
		var own []func(int) int8
		for _, id := range ind.UnlessAny {
			if of := r.inst.Indicator(id); of != nil && of.Question != "" {
				if q := r.in.Table.Column(of.Question); q != nil {
					own = append(own, states(q, of.Yes))
				}
			}
		}
		if len(own) == 0 {
			continue
		}
		checked = true
		var rows []int32
		for row := range r.n {
			if !present(c, row) {
				continue
			}
			for _, yes := range own {
				if yes(row) == 1 {
					rows = append(rows, int32(row))
					break
				}
			}
		}
		if len(rows) > 0 {
			o.add(Finding{Severity: Warning, Subject: ind.Question,
				Message: fmt.Sprintf("%s %s %s although an own answer is yes", count(len(rows), "interview", "interviews"),
					verb(len(rows), "answers", "answer"), ind.Question),
				Remedy: "The analysis counts them under the own experience. Check the skip in the form."}, rows)
		}
	}
	if !checked {
		o.skip("no indicator on family members is in the file")
	}
}

func pointRoutes(r *round, o *outcome) {
	counts := make([][]int, len(r.point.names))
	for i := range counts {
		counts[i] = make([]int, len(r.route.names))
	}
	for row, p := range r.point.code {
		if route := r.route.code[row]; p >= 0 && route >= 0 {
			counts[p][route]++
		}
	}
	home := make([]int32, len(counts))
	for p := range counts {
		home[p] = -1
		total := 0
		for _, n := range counts[p] {
			total += n
		}
		for route, n := range counts[p] {
			if n < total && float64(n) >= r.limit("contradiction.route.share")*float64(total) {
				home[p] = int32(route)
			}
		}
	}
	var rows []int32
	for row, p := range r.point.code {
		if route := r.route.code[row]; p >= 0 && route >= 0 && home[p] >= 0 && route != home[p] {
			rows = append(rows, int32(row))
		}
	}
	if len(rows) > 0 {
		o.add(Finding{Severity: Warning, Subject: r.route.column,
			Message: fmt.Sprintf("%s %s a route that is not the point's own", count(len(rows), "interview", "interviews"), verb(len(rows), "gives", "give")),
			Remedy:  "Correct the route or the point. Let the form derive the route from the point."}, rows)
	}
}
