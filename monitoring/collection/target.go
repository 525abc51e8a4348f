package collection

import (
	"strconv"
	"time"

	"waymark/internal/fault"
	"waymark/internal/ids"
)

// Limits of targets.
const (
	MostPeriods = 60
	MostTarget  = 1000000 // submissions at a point in a period
)

// CheckTargets says everything that is wrong with a round's periods and targets.
// Faults of periods have a row from 1 and the fields "name", "from" and "to";
// those of targets the field "target.POINT.PERIOD".
func CheckTargets(r *Round, points []*Point, periods []*Period, targets []Target) error {
	b := newBreaches()
	if len(periods) > MostPeriods {
		b.field("periods", "many", "most", strconv.Itoa(MostPeriods))
		return b.err()
	}
	checkPeriods(b, r, periods)
	isPoint, isPeriod := map[ids.ID]bool{}, map[ids.ID]bool{}
	for _, p := range points {
		isPoint[p.ID] = true
	}
	for _, p := range periods {
		isPeriod[p.ID] = true
	}
	for _, t := range targets {
		field := TargetField(t.Point, t.Period)
		switch {
		case !isPoint[t.Point]:
			b.field(field, "target.point")
		case !isPeriod[t.Period]:
			b.field(field, "target.period")
		case t.Count < 0 || t.Count > MostTarget:
			b.field(field, "target", "most", strconv.Itoa(MostTarget))
		}
	}
	return b.err()
}

// TargetField names the field of one target in a form.
func TargetField(point, period ids.ID) string {
	return "target." + point.String() + "." + period.String()
}

func checkPeriods(b *breaches, r *Round, periods []*Period) {
	names := seen{}
	sound := make([]bool, len(periods))
	for i, p := range periods {
		at := func(field string) fault.Place { return fault.Place{Row: i + 1, Field: field} }
		b.text(at("name"), p.Name, true, MostName, false)
		b.twice(names, at("name"), p.Name, i+1)
		sound[i] = b.dates(fault.Place{Row: i + 1}, "", p.From, p.To, true)
		if !sound[i] {
			continue
		}
		if r.From != "" && p.From < r.From || r.To != "" && p.To > r.To {
			b.add(at("from"), "period.outside", "from", orDots(r.From), "to", orDots(r.To))
		}
		for j, q := range periods[:i] {
			if sound[j] && p.From <= q.To && q.From <= p.To {
				b.add(at("from"), "period.overlap", "row", strconv.Itoa(j+1))
				break
			}
		}
	}
}

func orDots(day string) string {
	if day == "" {
		return "…"
	}
	return day
}

// PeriodOf returns the period that a day lies in, or nil.
func PeriodOf(periods []*Period, day string) *Period {
	for _, p := range periods {
		if p.From <= day && day <= p.To {
			return p
		}
	}
	return nil
}

// Part says how a round is divided into periods.
type Part string

// The parts.
const (
	Weekly  Part = "week"  // seven days from the round's first
	Monthly Part = "month" // calendar months
)

// Parts divides the round's dates into periods, at most MostPeriods, named by name
// from 1; none if a date is missing. The last ends with the round.
func (r *Round) Parts(part Part, name func(n int) string) []*Period {
	from, okFrom := Day(r.From)
	to, okTo := Day(r.To)
	if !okFrom || !okTo {
		return nil
	}
	var periods []*Period
	for n := 1; !from.After(to) && n <= MostPeriods; n++ {
		next := from.AddDate(0, 0, 7)
		if part == Monthly {
			next = time.Date(from.Year(), from.Month()+1, 1, 0, 0, 0, 0, time.UTC)
		}
		last := next.AddDate(0, 0, -1)
		if last.After(to) {
			last = to
		}
		periods = append(periods, &Period{Round: r.ID, Name: name(n), From: from.Format(time.DateOnly), To: last.Format(time.DateOnly)})
		from = next
	}
	return periods
}
