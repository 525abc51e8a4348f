package quality

import (
	"fmt"
	"slices"

	"waymark/monitoring/instrument"
	"waymark/stats/table"
)

// dateRules compare the dates and clocks of an interview.
var dateRules = []Rule{
	{
		ID: "date.clock", Title: "Interview day against the phone's clock", Scope: EachInterview,
		Why:      "The interview was entered on another day than it was held, or the phone's clock is wrong.",
		Citation: instrument.Citation{Authority: "ODK", Source: "ODK form reference, metadata: start and end are taken from the device's clock", Date: "2024"},
		Thresholds: []Threshold{{Name: "days", Default: 1, Unit: "days",
			Meaning: "how far the interview's day may be from the day of its start (inclusive)"}},
		Needs: []instrument.Role{instrument.RoleDate, instrument.RoleStart},
		check: dateAgainstClock,
	},
	{
		ID: "date.end_before_start", Title: "End before start", Scope: EachInterview,
		Why:      "The phone's clock was changed during the interview, or the file was edited.",
		Citation: instrument.Citation{Authority: "ODK", Source: "ODK form reference, metadata: start and end are taken from the device's clock", Date: "2024"},
		Needs:    []instrument.Role{instrument.RoleStart, instrument.RoleEnd},
		check:    endBeforeStart,
	},
	{
		ID: "date.future", Title: "Interviews after their own submission", Scope: EachInterview,
		Why:      "An interview cannot be received before it is held: the date was mistyped or the phone's clock runs ahead.",
		Method:   "Days are compared, with a day of tolerance for time zones; instants with an hour.",
		Citation: instrument.Citation{Authority: "ODK", Source: "ODK Central, submission metadata: the server records when it received a form", Date: "2024"},
		check:    afterSubmission,
	},
	{
		ID: "date.outside", Title: "Days outside the round",
		Why:      "A lone interview weeks away from all others is often a mistyped year or month, or a test.",
		Method:   "Interview days are cut where no interview falls for longer than the threshold. A stretch other than the largest is outside if it holds less than the share.",
		Citation: project("house rule on gaps between interview days"),
		Thresholds: []Threshold{
			{Name: "gap", Default: 31, Unit: "days", Meaning: "a longer time without interviews cuts the round"},
			{Name: "share", Default: 0.01, Unit: "share", Meaning: "a stretch under this share of the interviews is outside"},
		},
		check: outsideRound,
	},
}

func dateAgainstClock(r *round, o *outcome) {
	tolerance := int32(r.limit("date.clock.days"))
	var rows []int32
	for row := range r.n {
		if !present(r.date, row) || !present(r.start, row) {
			continue
		}
		if d := localDay(r.start, row) - r.date.Days[row]; d > tolerance || d < -tolerance {
			rows = append(rows, int32(row))
		}
	}
	if len(rows) > 0 {
		o.add(Finding{Severity: Warning, Subject: r.date.Name(),
			Message: fmt.Sprintf("%s %s a day that the phone's clock does not confirm", count(len(rows), "interview", "interviews"), verb(len(rows), "has", "have")),
			Remedy:  "Check the phones' date and time zone; find out whether interviews were held on paper and entered later."}, rows)
	}
}

func endBeforeStart(r *round, o *outcome) {
	var rows []int32
	for row := range r.n {
		if present(r.start, row) && present(r.end, row) && r.end.Seconds[row] < r.start.Seconds[row] {
			rows = append(rows, int32(row))
		}
	}
	if len(rows) > 0 {
		o.add(Finding{Severity: Error, Subject: r.end.Name(),
			Message: fmt.Sprintf("%s %s before %s", count(len(rows), "interview", "interviews"), verb(len(rows), "ends", "end"), verb(len(rows), "it starts", "they start")),
			Remedy:  "Set the phones' clocks to automatic. The lengths of these interviews are not used."}, rows)
	}
}

func afterSubmission(r *round, o *outcome) {
	if r.submitted == nil {
		o.skip("no column with the time of submission in the file")
		return
	}
	if r.date == nil && r.end == nil {
		o.skip("no interview date or end in the file")
		return
	}
	var rows []int32
	for row := range r.n {
		if !present(r.submitted, row) {
			continue
		}
		late := r.end != nil && present(r.end, row) && r.end.Seconds[row] > r.submitted.Seconds[row]+3600
		if r.date != nil && present(r.date, row) && r.date.Days[row] > localDay(r.submitted, row)+1 {
			late = true
		}
		if late {
			rows = append(rows, int32(row))
		}
	}
	if len(rows) > 0 {
		o.add(Finding{Severity: Error, Subject: r.submitted.Name(),
			Message: fmt.Sprintf("%s %s dated after the server received %s", count(len(rows), "interview", "interviews"),
				verb(len(rows), "is", "are"), verb(len(rows), "it", "them")),
			Remedy: "Correct mistyped dates, and set the phones' clocks to automatic."}, rows)
	}
}

func outsideRound(r *round, o *outcome) {
	perDay := map[int32]int{}
	known := 0
	for _, d := range r.day {
		if d != noDay {
			perDay[d]++
			known++
		}
	}
	if known == 0 {
		o.skip("no interview date or start in the file")
		return
	}
	days := make([]int32, 0, len(perDay))
	for d := range perDay {
		days = append(days, d)
	}
	slices.Sort(days)
	gap := int64(r.limit("date.outside.gap"))
	type stretch struct {
		first, last int32
		n           int
	}
	var stretches []stretch
	largest := 0
	for i, d := range days {
		if i == 0 || int64(d)-int64(days[i-1]) > gap {
			stretches = append(stretches, stretch{first: d})
		}
		s := &stretches[len(stretches)-1]
		s.last = d
		s.n += perDay[d]
		if s.n > stretches[largest].n {
			largest = len(stretches) - 1
		}
	}
	outside := map[int32]bool{}
	at := 0
	for _, d := range days {
		for d > stretches[at].last {
			at++
		}
		outside[d] = at != largest && float64(stretches[at].n) < r.limit("date.outside.share")*float64(known)
	}
	var rows []int32
	for row, d := range r.day {
		if d != noDay && outside[d] {
			rows = append(rows, int32(row))
		}
	}
	if len(rows) == 0 {
		return
	}
	bulk := table.NewDate("", []int32{stretches[largest].first, stretches[largest].last}, nil)
	o.add(Finding{Severity: Warning, Subject: r.inst.Roles[instrument.RoleDate],
		Message: fmt.Sprintf("%s %s outside the round, which runs from %s to %s", count(len(rows), "interview", "interviews"),
			verb(len(rows), "lies", "lie"), bulk.At(0).Format("2 January 2006"), bulk.At(1).Format("2 January 2006")),
		Remedy: "Correct mistyped dates; leave out interviews of other rounds and tests."}, rows)
}
