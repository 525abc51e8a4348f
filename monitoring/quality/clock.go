package quality

import (
	"fmt"
	"slices"

	"waymark/monitoring/instrument"
)

// clockRules look for interviews at times at which they cannot have been held.
var clockRules = []Rule{
	{
		ID: "clock.night", Title: "Interviews at night", Scope: EachInterview,
		Why:      "Interviews are held by day. A start at night is a wrong clock, a form filled in at home, or a landing at night, which happens.",
		Method:   "By the clock of the phone, as recorded with its offset from UTC.",
		Citation: project("house rule: nobody is interviewed between 23:00 and 05:00"),
		Thresholds: []Threshold{
			{Name: "from", Default: 23, Unit: "hour of the day", Meaning: "the night begins at this hour (inclusive)"},
			{Name: "to", Default: 5, Unit: "hour of the day", Meaning: "the night ends at this hour (exclusive)"},
		},
		Needs: []instrument.Role{instrument.RoleStart},
		check: atNight,
	},
	{
		ID: "clock.overlap", Title: "Overlapping interviews of one enumerator",
		Why:      "Nobody can hold two interviews at a time. Either a form was left open, or a code is shared, or the times are made up.",
		Method:   "An interview that starts before an earlier one of the same enumerator has ended.",
		Citation: instrument.Citation{Authority: "AAPOR", Source: "Interviewer Falsification in Survey Research: Current Best Methods for Prevention, Detection, and Repair of Its Effects", Date: "2003"},
		Thresholds: []Threshold{{Name: "minutes", Default: 1, Unit: "minutes",
			Meaning: "an overlap up to this is no finding (inclusive)"}},
		Needs: []instrument.Role{instrument.RoleEnumerator, instrument.RoleStart, instrument.RoleEnd},
		check: overlapping,
	},
	{
		ID: "clock.busy", Title: "Too many interviews in a day",
		Why:      "More interviews than a working day holds point to forms filled in without an interview, or to a code that several people share.",
		Citation: instrument.Citation{Authority: "AAPOR", Source: "Interviewer Falsification in Survey Research: Current Best Methods for Prevention, Detection, and Repair of Its Effects; the number is the project's own: set it from your pilot", Date: "2003"},
		Thresholds: []Threshold{{Name: "interviews", Default: 20, Unit: "interviews a day",
			Meaning: "more eligible interviews than this by one enumerator on one day are a finding"}},
		Needs: []instrument.Role{instrument.RoleEnumerator},
		check: busyDays,
	},
}

func atNight(r *round, o *outcome) {
	from, to := int64(r.limit("clock.night.from"))*3600, int64(r.limit("clock.night.to"))*3600
	var rows []int32
	for row := range r.n {
		if !present(r.start, row) {
			continue
		}
		local := r.start.Seconds[row] + 60*int64(r.start.Offset[row])
		s := local - 86400*floorDiv(local, 86400)
		night := s >= from || s < to
		if from < to {
			night = s >= from && s < to
		}
		if night {
			rows = append(rows, int32(row))
		}
	}
	if len(rows) > 0 {
		o.add(Finding{Severity: Warning, Subject: r.start.Name(),
			Message: fmt.Sprintf("%s started between %02d:00 and %02d:00", count(len(rows), "interview", "interviews"), from/3600, to/3600),
			Remedy:  "Check the phones' clocks and time zones; ask whether there was a landing at night."}, rows)
	}
}

func overlapping(r *round, o *outcome) {
	slack := int64(60 * r.limit("clock.overlap.minutes"))
	var rows []int32
	var details []string
	last, lastEnd := int32(-1), int64(0) // the interview that ends latest so far
	pairs := 0
	for _, row := range r.chronological() {
		if !present(r.end, int(row)) || r.end.Seconds[row] < r.start.Seconds[row] {
			continue
		}
		e := r.enumerator.code[row]
		if last >= 0 && r.enumerator.code[last] == e {
			if over := lastEnd - r.start.Seconds[row]; over > slack {
				pairs++
				rows = append(rows, last, row)
				if len(details) < o.max {
					over = min(over, r.end.Seconds[row]-r.start.Seconds[row])
					details = append(details, fmt.Sprintf("rows %d and %d: enumerator %s, %s at the same time",
						o.fileRow(last), o.fileRow(row), r.enumerator.names[e], count(int((over+59)/60), "minute", "minutes")))
				}
			}
			if r.end.Seconds[row] <= lastEnd {
				continue
			}
		}
		last, lastEnd = row, r.end.Seconds[row]
	}
	if pairs > 0 {
		o.add(Finding{Severity: Warning, Subject: r.enumerator.column, Details: details,
			Message: fmt.Sprintf("%s an interview that the same enumerator had not ended", count(pairs, "interview starts during", "interviews start during")),
			Remedy:  "Ask whether a form was left open, or whether two people share a code."}, sorted(rows))
	}
}

func busyDays(r *round, o *outcome) {
	most := int(r.limit("clock.busy.interviews"))
	type workday struct{ enumerator, day int32 }
	tally := map[workday]int{}
	known := false
	for row, e := range r.enumerator.code {
		if e >= 0 && r.day[row] != noDay && r.eligible[row] {
			tally[workday{e, r.day[row]}]++
			known = true
		}
	}
	if !known {
		o.skip("no interview has an enumerator and a day")
		return
	}
	var busy []workday
	for d, n := range tally {
		if n > most {
			busy = append(busy, d)
		}
	}
	if len(busy) == 0 {
		return
	}
	slices.SortFunc(busy, func(a, b workday) int {
		return compareFirst(tally[b]-tally[a], int(a.enumerator-b.enumerator), int(a.day)-int(b.day))
	})
	var rows []int32
	for row, e := range r.enumerator.code {
		if e >= 0 && r.eligible[row] && tally[workday{e, r.day[row]}] > most && r.day[row] != noDay {
			rows = append(rows, int32(row))
		}
	}
	var details []string
	for _, d := range busy[:min(len(busy), o.max)] {
		details = append(details, fmt.Sprintf("enumerator %s, %s: %d interviews", r.enumerator.names[d.enumerator], dayText(d.day), tally[d]))
	}
	o.add(Finding{Severity: Warning, Subject: r.enumerator.column, Details: details,
		Message: fmt.Sprintf("%s more than %d interviews by one enumerator", count(len(busy), "day has", "days have"), most),
		Remedy:  "Ask how the interviews were held; call back some of the people where that is possible."}, rows)
}

// compareFirst returns the first difference that is not zero.
func compareFirst(differences ...int) int {
	for _, d := range differences {
		if d != 0 {
			return d
		}
	}
	return 0
}
