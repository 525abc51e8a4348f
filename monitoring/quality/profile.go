package quality

import (
	"math"
	"slices"

	"waymark/monitoring/instrument"
	"waymark/stats/table"
)

// Profile sums up the interviews of one enumerator or point.
type Profile struct {
	Name       string  `json:"name"`
	Interviews int     `json:"interviews"`
	Eligible   int     `json:"eligible"`
	Days       int     `json:"days"`    // days with an interview
	PerDay     float64 `json:"per_day"` // eligible interviews a day
	// MedianMinutes of eligible interviews; nil if no length is known.
	MedianMinutes *float64  `json:"median_minutes"`
	Measures      []Measure `json:"measures"` // in the order of Report.Measures
}

// Measure is a share of one enumerator's or point's interviews beside what
// the others on the same routes lead one to expect.
type Measure struct {
	K        int     `json:"k"`
	N        int     `json:"n"` // 0: nothing to measure
	Share    float64 `json:"share"`
	Lo       float64 `json:"lo"` // Clopper-Pearson, 95%
	Hi       float64 `json:"hi"`
	Expected float64 `json:"expected"` // share among the others; 0 if Compared is false
	P        float64 `json:"p"`        // two-sided, adjusted; 1 if Compared is false
	Compared bool    `json:"compared"`
	Flagged  bool    `json:"flagged"`
}

// MeasureTitle names a measure.
type MeasureTitle struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

// measure is how one share is made: state gives 1, 0 or -1 (not counted).
type measure struct {
	MeasureTitle
	remedy string
	state  func(row int) int8
}

// profileBound is the most enumerators or points that are summed up; a column
// with more does not hold codes of either.
const profileBound = 20_000

// codes says whether a column holds codes of enumerators or points, and not a
// text of its own for nearly every interview.
func (k *keys) codes() bool {
	known := 0
	for _, n := range k.counts {
		known += n
	}
	return len(k.names) > 0 && len(k.names) <= profileBound && (len(k.names) < 50 || 2*len(k.names) <= known)
}

// newMeasures lists the shares that the file allows.
func (r *round) newMeasures() []measure {
	var list []measure
	if asked := r.consentState(); asked != nil {
		list = append(list, measure{MeasureTitle{"refusal", "People who did not consent"},
			"Listen in on an introduction; the words of it decide who takes part.", asked})
	}
	if r.headline != nil {
		list = append(list, measure{MeasureTitle{r.headline.indicator.ID, r.headline.indicator.Label.In(r.lang)},
			"Look at who is interviewed there; then listen in on the module, and read the questions out as they are written.",
			func(row int) int8 {
				if !r.eligible[row] {
					return -1
				}
				return r.headline.state(row)
			}})
	}
	if len(r.answers) > 0 {
		list = append(list, measure{MeasureTitle{"missing", "Interviews with an answer missing"},
			"Look at which questions are left out, and go through them with the enumerator.", r.missingState()})
	}
	if r.start != nil && r.end != nil {
		list = append(list, measure{MeasureTitle{"short", "Interviews shorter than the median"},
			"Sit in on an interview; look for questions that are not read out.", r.shortState()})
	}
	if r.age != nil {
		list = append(list, measure{MeasureTitle{"heaping", "Ages ending in 0 or 5"},
			"Ask for the year of birth, or for an event that dates it; do not guess ages.", func(row int) int8 {
				age := r.age.Values[row]
				switch {
				case !present(r.age, row) || !r.eligible[row] || age < 23 || age > 62 || age != math.Trunc(age):
					return -1
				case math.Mod(age, 5) == 0:
					return 1
				}
				return 0
			}})
	}
	return list
}

func (r *round) measureTitles() []MeasureTitle {
	var titles []MeasureTitle
	for _, m := range r.measures() {
		titles = append(titles, m.MeasureTitle)
	}
	return titles
}

// consentState is 1 where consent was not given, 0 where it was, -1 where it
// was not asked; nil without a consent question.
func (r *round) consentState() func(row int) int8 {
	c := r.role(instrument.RoleConsent)
	for _, e := range r.inst.Exclusions {
		if c == nil || e.Question != c.Name() || e.Below != nil {
			continue
		}
		no := states(c, e.Levels)
		return func(row int) int8 {
			if c.Missing(row) == table.Refused {
				return 1
			}
			return no(row)
		}
	}
	return nil
}

// missingState is 1 where an eligible interview lacks an answer: refused,
// don't know or unreadable to any question, or blank to one that everyone is
// asked.
func (r *round) missingState() func(row int) int8 {
	lacking := make([]int8, r.n)
	for _, a := range r.answers {
		everyone := a.question.Relevant == "" && !a.module
		for row := range lacking {
			switch a.column.Missing(row) {
			case table.Refused, table.DontKnow, table.Unreadable:
				lacking[row] = 1
			case table.Blank:
				if everyone {
					lacking[row] = 1
				}
			}
		}
	}
	return func(row int) int8 {
		if !r.eligible[row] {
			return -1
		}
		return lacking[row]
	}
}

// shortState is 1 where an eligible interview took less than the median of its
// route.
func (r *round) shortState() func(row int) int8 {
	strata, n := r.strata()
	lengths := make([][]float64, n)
	for row, minutes := range r.minutes {
		if s := strata(row); s >= 0 && r.eligible[row] && !math.IsNaN(minutes) {
			lengths[s] = append(lengths[s], minutes)
		}
	}
	medians := make([]float64, n)
	for s := range medians {
		medians[s] = median(lengths[s])
	}
	return func(row int) int8 {
		s := strata(row)
		switch {
		case s < 0 || !r.eligible[row] || math.IsNaN(r.minutes[row]):
			return -1
		case r.minutes[row] < medians[s]:
			return 1
		}
		return 0
	}
}

// strata says within what enumerators and points are compared: routes, or
// everything where there are none; -1 for an unknown route.
func (r *round) strata() (of func(row int) int32, n int) {
	if r.route == nil || len(r.route.names) == 0 {
		return func(int) int32 { return 0 }, 1
	}
	return func(row int) int32 { return r.route.code[row] }, len(r.route.names)
}

// profiles sums up each enumerator or point; nil for nil or too many.
func (r *round) profiles(k *keys) []Profile {
	if k == nil || !k.codes() {
		return nil
	}
	out := make([]Profile, len(k.names))
	days := make([]map[int32]bool, len(out))
	lengths := make([][]float64, len(out))
	for i := range out {
		out[i].Name, days[i] = k.names[i], map[int32]bool{}
	}
	for row, code := range k.code {
		if code < 0 {
			continue
		}
		p := &out[code]
		p.Interviews++
		if r.day[row] != noDay {
			days[code][r.day[row]] = true
		}
		if r.eligible[row] {
			p.Eligible++
			if !math.IsNaN(r.minutes[row]) {
				lengths[code] = append(lengths[code], r.minutes[row])
			}
		}
	}
	for i := range out {
		p := &out[i]
		if p.Days = len(days[i]); p.Days > 0 {
			p.PerDay = float64(p.Eligible) / float64(p.Days)
		}
		if m := median(lengths[i]); !math.IsNaN(m) {
			p.MedianMinutes = &m
		}
	}
	for _, m := range r.measures() {
		for i, v := range r.measureAll(k, m) {
			out[i].Measures = append(out[i].Measures, v)
		}
	}
	ordered := make([]Profile, 0, len(out))
	for _, i := range k.byName() {
		ordered = append(ordered, out[i])
	}
	return slices.Clip(ordered)
}
