package monitoring

import (
	"cmp"
	"math/bits"
	"slices"

	"golang.org/x/sync/errgroup"

	"waymark/stats/survey"
	"waymark/stats/table"
)

// rareLevels is the number of levels above which a profile leaves out those
// that nobody has: a list of countries, not of answers.
const rareLevels = 12

// job is one request to the survey engine and what its estimates become.
type job struct {
	section   Section
	id        string // finding id: "held", "place.any", "profile.sex", "mean.age"
	statistic string
	variable  string // for findings that name a variable
	level     string // of a proportion of another level than yes
	cross     []string
	request   survey.Request
}

// statisticNames are the statistics as findings name them.
var statisticNames = map[survey.Statistic]string{
	survey.Mean: "mean", survey.Total: "total", survey.Proportion: "proportion", survey.Share: "share", survey.Ratio: "ratio",
}

// add appends a request in every cross that the file can divide by.
func (f *frame) add(jobs []job, j job, crosses [][]string) []job {
	j.statistic = statisticNames[j.request.Statistic]
	j.request.Confidence = f.plan.Confidence
	if j.request.Interval == survey.IntervalDefault && (j.request.Statistic == survey.Proportion || j.request.Statistic == survey.Share) {
		j.request.Interval = intervalMethods[f.plan.Interval]
	}
	for _, cross := range crosses {
		by, ok := f.by(cross)
		if !ok {
			continue
		}
		j.cross, j.request.By = cross, by
		jobs = append(jobs, j)
	}
	return jobs
}

// jobs are all requests of the plan, in the order of the brief.
func (f *frame) jobs() []job {
	var jobs []job
	for _, id := range f.plan.Indicators {
		if c := f.indicators[id]; c != nil {
			jobs = f.add(jobs, job{section: SectionIndicator, id: id, request: survey.Request{Statistic: survey.Proportion, Variable: c, Level: "yes"}}, f.plan.Groups)
		}
	}
	jobs = append(jobs, f.placeJobs()...)
	for _, name := range f.plan.Profile.Questions {
		if set, ok := f.round.Table.Column(name).(*table.SetColumn); ok {
			top := topLevels(set, f.include, f.plan.Profile.Top)
			for i, c := range memberColumns(set, top, f.workers) {
				jobs = f.add(jobs, job{section: SectionProfile, id: "profile." + name, variable: name, level: set.Levels[top[i]].Code,
					request: survey.Request{Statistic: survey.Proportion, Variable: c, Level: "yes"}}, f.plan.Profile.By)
			}
			continue
		}
		if c := f.groups[name]; c != nil {
			jobs = f.add(jobs, job{section: SectionProfile, id: "profile." + name, variable: name,
				request: survey.Request{Statistic: survey.Share, Variable: c, Occurring: len(c.Levels) > rareLevels}}, f.plan.Profile.By)
		}
	}
	for _, m := range f.plan.Measures {
		jobs = append(jobs, f.measureJobs(m)...)
	}
	return jobs
}

func (f *frame) measureJobs(m MeasurePlan) []job {
	r := survey.Request{Statistic: statistics[m.Statistic], Level: m.Level, Interval: intervalMethods[m.Interval]}
	switch r.Statistic {
	case survey.Share, survey.Proportion:
		c := groupColumn(f.round.Table, f.round.Instrument, m.Variable)
		if c == nil {
			f.lacks(m.Variable, "a measure")
			return nil
		}
		r.Variable = c
	default:
		c := f.round.Table.Number(m.Variable)
		if c == nil {
			f.lacks(m.Variable, "a measure")
			return nil
		}
		r.Variable = c
	}
	id := m.Statistic + "." + m.Variable
	if r.Statistic == survey.Ratio {
		if r.Denominator = f.round.Table.Number(m.Denominator); r.Denominator == nil {
			f.lacks(m.Denominator, "a measure")
			return nil
		}
		id += "." + m.Denominator
	}
	by := m.By
	if len(by) == 0 {
		by = [][]string{{}}
	}
	return f.add(nil, job{section: SectionMeasure, id: id, variable: m.Variable, level: m.Level, request: r}, by)
}

// placeJobs asks where each indicator happened: among people who said yes and
// named a place, the share that named each of the most frequent countries; and
// the same over all these indicators together, as "place.any".
func (f *frame) placeJobs() []job {
	if len(f.plan.Places.By) == 0 {
		return nil
	}
	ids := f.plan.Places.Indicators
	if len(ids) == 0 {
		ids = f.plan.Indicators
	}
	var jobs []job
	var all []*table.CategoryColumn
	for _, id := range ids {
		ind := f.round.Instrument.Indicator(id)
		if ind == nil || ind.Place == "" || f.indicators[id] == nil {
			continue
		}
		place := f.round.Table.Category(ind.Place)
		if place == nil {
			f.lacks(ind.Place, "a place")
			continue
		}
		named := onlyYes(place, f.indicators[id])
		if ind.Experience == "own" {
			all = append(all, named)
		}
		jobs = f.add(jobs, job{section: SectionPlace, id: "place." + id, variable: ind.Place,
			request: survey.Request{Statistic: survey.Share, Variable: named, Occurring: true}}, f.plan.Places.By)
	}
	if len(all) < 2 {
		return jobs
	}
	pooled := poolPlaces(all)
	var whole []job
	top := topLevels(pooled, f.include, f.plan.Places.Top)
	for i, c := range memberColumns(pooled, top, f.workers) {
		whole = f.add(whole, job{section: SectionPlace, id: "place.any", variable: "place.any", level: pooled.Levels[top[i]].Code,
			request: survey.Request{Statistic: survey.Proportion, Variable: c, Level: "yes"}}, f.plan.Places.By)
	}
	return append(whole, jobs...)
}

// onlyYes keeps a place only where the indicator is yes; a place beside any
// other answer is a contradiction, which `waymark check` reports.
func onlyYes(place, indicator *table.CategoryColumn) *table.CategoryColumn {
	if place.Codes8 != nil {
		codes := make([]uint8, len(place.Codes8))
		for row, v := range place.Codes8 {
			if indicator.Codes8[row] != codeYes {
				v = uint8(table.NotApplicable)
			}
			codes[row] = v
		}
		return table.NewCategory8(place.Name(), place.Levels, codes)
	}
	codes := make([]uint32, place.Len())
	place.DecodeInto(codes, 0)
	for row, v := range indicator.Codes8 {
		if v != codeYes {
			codes[row] = uint32(table.NotApplicable)
		}
	}
	return table.NewCategory(place.Name(), place.Levels, codes)
}

// pooledRows is the number of rows that are decoded at once.
const pooledRows = 1 << 11

// poolPlaces joins places into the set of countries that a person named. A
// person who named none is not part of the base.
func poolPlaces(places []*table.CategoryColumn) *table.SetColumn {
	levels := places[0].Levels
	words := table.SetWords(len(levels))
	rows := places[0].Len()
	sets := make([]uint64, rows*words)
	missing := make([]table.Missing, rows)
	for i := range missing {
		missing[i] = table.NotApplicable
	}
	for _, p := range places {
		at := make([]int, len(p.Levels))
		for i, l := range p.Levels {
			at[i] = slices.IndexFunc(levels, func(x table.Level) bool { return x.Code == l.Code })
		}
		codes := make([]uint32, pooledRows)
		for from := 0; from < rows; from += pooledRows {
			block := codes[:min(pooledRows, rows-from)]
			p.DecodeInto(block, from)
			for i, v := range block {
				if v < table.FirstLevel || at[v-table.FirstLevel] < 0 {
					continue
				}
				l, row := at[v-table.FirstLevel], from+i
				sets[row*words+l/64] |= 1 << (l % 64)
				missing[row] = table.Present
			}
		}
	}
	return table.NewSet("place.any", levels, sets, missing)
}

// topLevels returns the indices of the most frequent levels of a set among the
// included rows, most frequent first, without those that do not occur.
func topLevels(set *table.SetColumn, include []bool, most int) []int {
	counts := make([]int, 64*set.Words)
	reasons := set.Reasons()
	for at, word := range set.Bits {
		if word == 0 {
			continue
		}
		row := at / set.Words
		if !include[row] || reasons != nil && reasons[row] != table.Present {
			continue
		}
		for base := 64 * (at % set.Words); word != 0; word &= word - 1 {
			counts[base+bits.TrailingZeros64(word)]++
		}
	}
	var order []int
	for l, n := range counts[:len(set.Levels)] {
		if n > 0 {
			order = append(order, l)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(counts[b], counts[a]) })
	return order[:min(most, len(order))]
}

// memberColumns says of each row, for each of the levels, whether its set holds
// the level. It goes over the rows once, block by block, for all levels.
func memberColumns(set *table.SetColumn, levels []int, workers int) []*table.CategoryColumn {
	rows := set.Len()
	codes := make([][]uint8, len(levels))
	for i := range codes {
		codes[i] = make([]uint8, rows)
	}
	var g errgroup.Group
	g.SetLimit(workers)
	for from := 0; from < rows; from += memberRows {
		to := min(from+memberRows, rows)
		g.Go(func() error {
			for at := from; at < to; at += memberBlock {
				members(set, levels, codes, at, min(at+memberBlock, to))
			}
			return nil
		})
	}
	_ = g.Wait() // nothing in it fails
	columns := make([]*table.CategoryColumn, len(levels))
	for i, l := range levels {
		columns[i] = table.NewCategory8(set.Name()+"/"+set.Levels[l].Code, noYes, codes[i])
	}
	return columns
}

// memberRows is the number of rows that one goroutine takes at a time, and
// memberBlock of those whose bits stay in the first cache for all levels.
const (
	memberRows  = 1 << 16
	memberBlock = 1 << 9
)

func members(set *table.SetColumn, levels []int, codes [][]uint8, from, to int) {
	reasons := set.Reasons()
	for i, l := range levels {
		word, shift := l/64, uint(l%64)
		out := codes[i][from:to]
		at := from*set.Words + word
		for row := range out {
			out[row] = codeNo + uint8(set.Bits[at]>>shift&1)
			at += set.Words
		}
		if reasons == nil {
			continue
		}
		for row, m := range reasons[from:to] {
			if m != table.Present {
				out[row] = uint8(m)
			}
		}
	}
}
