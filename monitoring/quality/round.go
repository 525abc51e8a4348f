package quality

import (
	"fmt"
	"math"
	"sync"

	"waymark/monitoring/instrument"
	"waymark/stats/table"
)

// noDay stands for a day that is not known.
const noDay = math.MinInt32

// round is the interviews with what the rules ask of them again and again.
// It is complete, and read only, before the first rule runs; the few costly
// parts are made on first use.
type round struct {
	in      *Input
	inst    *instrument.Instrument
	n       int
	maxRows int
	lang    string
	limits  map[string]float64

	start, end, submitted *table.TimeColumn
	date, departure       *table.DateColumn
	age                   *table.NumberColumn
	enumerator, point     *keys
	route                 *keys
	locations             *locations
	answers               []answer  // questions about the person, in order
	eligible              []bool    // no exclusion holds
	day                   []int32   // interview day, else the local day of the start; noDay
	minutes               []float64 // length; NaN if not known
	headline              *headline // the first "at least one" of own experience

	chronological func() []int32 // rows by enumerator, then start; see byEnumerator
	measures      func() []measure
	remarks       func() remarks
	enumerators   func() []Profile
	points        func() []Profile
}

func newRound(in *Input, limits map[string]float64) *round {
	r := &round{in: in, inst: in.Instrument, n: in.Table.Rows(), limits: limits,
		maxRows: in.Options.MaxRows, lang: in.Options.Lang}
	if r.maxRows <= 0 {
		r.maxRows = 20
	}
	if r.lang == "" {
		r.lang = "en"
	}
	r.start, _ = r.role(instrument.RoleStart).(*table.TimeColumn)
	r.end, _ = r.role(instrument.RoleEnd).(*table.TimeColumn)
	r.submitted = r.submission()
	r.date = asDate(r.role(instrument.RoleDate))
	r.departure = asDate(r.role(instrument.RoleDeparture))
	r.age, _ = r.role(instrument.RoleAge).(*table.NumberColumn)
	r.enumerator = r.keysOf(instrument.RoleEnumerator)
	r.point = r.keysOf(instrument.RolePoint)
	r.route = r.keysOf(instrument.RoleRoute)
	r.locations = r.newLocations()
	r.answers = r.newAnswers()
	r.eligible = r.newEligible()
	r.day, r.minutes = r.days(), r.lengths()
	r.headline = r.newHeadline()
	r.chronological = sync.OnceValue(r.byEnumerator)
	r.remarks = sync.OnceValue(r.newRemarks)
	r.measures = sync.OnceValue(r.newMeasures)
	r.enumerators = sync.OnceValue(func() []Profile { return r.profiles(r.enumerator) })
	r.points = sync.OnceValue(func() []Profile { return r.profiles(r.point) })
	return r
}

// role is the column of the question that plays a role, or nil.
func (r *round) role(role instrument.Role) table.Column {
	if name := r.inst.Roles[role]; name != "" {
		return r.in.Table.Column(name)
	}
	return nil
}

// submission is the instant at which the server received the interview.
func (r *round) submission() *table.TimeColumn {
	c, _ := r.in.Table.Column(instrument.ColumnSubmitted).(*table.TimeColumn)
	return c
}

// asDate is a column of days, also from one of instants, by their own clock;
// nil for any other.
func asDate(c table.Column) *table.DateColumn {
	switch c := c.(type) {
	case *table.DateColumn:
		return c
	case *table.TimeColumn:
		days := make([]int32, c.Len())
		for row := range days {
			days[row] = localDay(c, row)
		}
		return table.NewDate(c.Name(), days, c.Reasons())
	}
	return nil
}

// fileRow is the file's number of a table row, from 1; in a format without row
// numbers it is the number of the record.
func (r *round) fileRow(row int32) int {
	if n := r.in.Source.FileRow(int(row)); n > 0 {
		return n
	}
	return int(row) + 1
}

// roleKinds are the kinds of column that a role can be used with; roles not
// listed take any kind.
var roleKinds = map[instrument.Role]table.Kind{
	instrument.RoleStart: table.Time, instrument.RoleEnd: table.Time,
	instrument.RoleAge: table.Number,
}

// lacks says why a rule with these needs cannot run, or "".
func (r *round) lacks(needs []instrument.Role) string {
	for _, role := range needs {
		name := r.inst.Roles[role]
		if name == "" {
			return fmt.Sprintf("no role %s in the instrument", role)
		}
		c := r.in.Table.Column(name)
		switch {
		case role == instrument.RoleLocation && r.locations != nil:
			continue
		case role == instrument.RoleDate && r.date != nil, role == instrument.RoleDeparture && r.departure != nil:
			continue
		case (role == instrument.RoleDate || role == instrument.RoleDeparture) && c != nil:
			return fmt.Sprintf("column %s (role %s) was read as %s, not as date", name, role, c.Kind())
		case c == nil:
			return fmt.Sprintf("no column %s (role %s) in the file", name, role)
		}
		if want, ok := roleKinds[role]; ok && c.Kind() != want {
			return fmt.Sprintf("column %s (role %s) was read as %s, not as %s", name, role, c.Kind(), want)
		}
	}
	return ""
}

// limit is a threshold by its full name, "rule.name".
func (r *round) limit(name string) float64 {
	v, ok := r.limits[name]
	if !ok {
		panic("quality: no threshold " + name)
	}
	return v
}

// days is the day of each interview.
func (r *round) days() []int32 {
	days := make([]int32, r.n)
	for row := range days {
		days[row] = noDay
		switch {
		case r.date != nil && r.date.Missing(row) == table.Present:
			days[row] = r.date.Days[row]
		case r.start != nil && r.start.Missing(row) == table.Present:
			days[row] = localDay(r.start, row)
		}
	}
	return days
}

// localDay is the day of an instant on the clock that recorded it.
func localDay(c *table.TimeColumn, row int) int32 {
	return int32(floorDiv(c.Seconds[row]+60*int64(c.Offset[row]), 86400))
}

// floorDiv is a/b rounded towards minus infinity, b > 0.
func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// lengths is the minutes from start to end; NaN where one is missing or the
// end is before the start.
func (r *round) lengths() []float64 {
	minutes := make([]float64, r.n)
	for row := range minutes {
		minutes[row] = math.NaN()
		if r.start == nil || r.end == nil || r.start.Missing(row) != table.Present || r.end.Missing(row) != table.Present {
			continue
		}
		if s := r.end.Seconds[row] - r.start.Seconds[row]; s >= 0 {
			minutes[row] = float64(s) / 60
		}
	}
	return minutes
}

// present says whether a column exists and has a value in this row.
func present(c table.Column, row int) bool { return c.Missing(row) == table.Present }
