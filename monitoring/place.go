package monitoring

import (
	"slices"

	"waymark/stats/survey"
	"waymark/stats/table"
)

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
