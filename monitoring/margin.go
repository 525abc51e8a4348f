package monitoring

import (
	"fmt"
	"math"
	"slices"
	"sort"

	"waymark/monitoring/instrument"
	"waymark/stats/table"
)

// marginCells is one margin ready to rake: the cell of every row, with the
// total that each cell must reach.
type marginCells struct {
	group string
	// cell of a row: index into cells, or -1 where the row takes no part.
	cell  []int32
	cells []cell
	notes []string
}

// cell is one level of a margin within one level of the group Within.
type cell struct {
	within, code string
	total        float64
	rows         int
}

// margins makes the cells of every margin of the plan. Levels with fewer
// interviews than the plan's minimum cell, and levels that only one side has,
// are taken together as the plan's "other" level; where that level cannot be
// matched either, its totals or its interviews are left out and said so.
func (f *frame) margins(w *WeightingPlan, totals *Totals) ([]marginCells, error) {
	var within *table.CategoryColumn
	levels := []string{""}
	if w.Within != "" {
		if within = f.groups[w.Within]; within == nil {
			return nil, nil
		}
		levels = nil
		for _, l := range countLevels(within, f.include) {
			levels = append(levels, l.Code)
		}
	}
	var out []marginCells
	for _, group := range w.Margins {
		column := f.groups[group]
		if column == nil {
			continue
		}
		m := marginCells{group: group, cell: make([]int32, len(f.include))}
		for i := range m.cell {
			m.cell[i] = -1
		}
		for _, level := range levels {
			months := f.months(w, within, level)
			sums, err := totals.sumBy(group, w.Within, level, months)
			if err != nil {
				return nil, err
			}
			f.fill(&m, w, column, within, level, sums)
		}
		if len(m.cells) > 0 {
			out = append(out, m)
		} else {
			f.silent = append(f.silent, fmt.Sprintf("the totals say nothing of %s, so it is not a margin", group))
		}
	}
	scaleTo(out)
	return out, nil
}

// fill adds the cells of one level of Within.
func (f *frame) fill(m *marginCells, w *WeightingPlan, column, within *table.CategoryColumn, level string, sums map[string]float64) {
	at := -1
	if within != nil {
		at = within.Index(level)
	}
	member := func(row int) bool {
		return f.include[row] && (within == nil || within.Level(row) == at)
	}
	rows := map[string]int{}
	for row := range m.cell {
		if l := column.Level(row); l >= 0 && member(row) {
			rows[column.Levels[l].Code]++
		}
	}
	total := 0.0
	for _, code := range sortedKeys(sums) {
		total += sums[code]
	}
	if total == 0 || len(rows) == 0 {
		return
	}
	stands := func(code string) bool { return code != w.Other && rows[code] >= w.MinimumCell && sums[code] > 0 }
	first := len(m.cells)
	index := map[string]int32{}
	other := cell{within: level, code: w.Other}
	for _, code := range sortedKeys(sums) {
		if stands(code) {
			index[code] = int32(len(m.cells))
			m.cells = append(m.cells, cell{within: level, code: code, total: sums[code], rows: rows[code]})
		} else {
			other.total += sums[code]
		}
	}
	for code, n := range rows {
		if !stands(code) {
			other.rows += n
		}
	}
	pooled := int32(-1)
	switch place := where(level); {
	case other.rows >= w.MinimumCell && other.total > 0:
		pooled = int32(len(m.cells))
		m.cells = append(m.cells, other)
	case other.total > 0:
		m.notes = append(m.notes, fmt.Sprintf("%.0f%% of the totals%s are of levels of %s with too few interviews to stand for them; they are left out", 100*other.total/total, place, m.group))
	case other.rows > 0:
		m.notes = append(m.notes, fmt.Sprintf("%s%s have a level of %s that the totals do not name; they take no part in the weighted figures", interviews(other.rows), place, m.group))
	}
	for row := range m.cell {
		if l := column.Level(row); l >= 0 && member(row) {
			if c, ok := index[column.Levels[l].Code]; ok {
				m.cell[row] = c
			} else {
				m.cell[row] = pooled
			}
		}
	}
	// What was left out is shared out, so that the level keeps its weight.
	kept := 0.0
	for _, c := range m.cells[first:] {
		kept += c.total
	}
	for i := range m.cells[first:] {
		m.cells[first+i].total *= total / kept
	}
}

func where(level string) string {
	if level == "" {
		return ""
	}
	return " of " + level
}

// scaleTo makes the totals of every margin add up to those of the first,
// within each level of Within: sources differ, and raking needs one total.
func scaleTo(margins []marginCells) {
	if len(margins) < 2 {
		return
	}
	sum := func(m marginCells) map[string]float64 {
		s := map[string]float64{}
		for _, c := range m.cells {
			s[c.within] += c.total
		}
		return s
	}
	want := sum(margins[0])
	for i := range margins[1:] {
		m := margins[i+1]
		have := sum(m)
		for j := range m.cells {
			if t, ok := want[m.cells[j].within]; ok && have[m.cells[j].within] > 0 {
				m.cells[j].total *= t / have[m.cells[j].within]
			}
		}
	}
}

// months are the months in which a level of Within was interviewed, or nil
// where the plan names no month column or the round has no dates.
func (f *frame) months(w *WeightingPlan, within *table.CategoryColumn, level string) map[string]bool {
	days, ok := f.round.Table.Column(f.round.Instrument.Roles[instrument.RoleDate]).(*table.DateColumn)
	if w.Month == "" || !ok {
		return nil
	}
	at := -1
	if within != nil {
		at = within.Index(level)
	}
	seen := map[string]bool{}
	last := int32(math.MinInt32)
	for row, in := range f.include {
		if !in || days.Missing(row) != table.Present || days.Days[row] == last || within != nil && within.Level(row) != at {
			continue
		}
		last = days.Days[row]
		seen[days.At(row).Format("2006-01")] = true
	}
	return seen
}

// column turns the cells of a margin into a category column and the totals
// of its levels.
func (m *marginCells) column() (*table.CategoryColumn, []float64) {
	levels := make([]table.Level, len(m.cells))
	totals := make([]float64, len(m.cells))
	for i, c := range m.cells {
		levels[i].Code = c.code
		if c.within != "" {
			levels[i].Code = c.within + "+" + c.code
		}
		totals[i] = c.total
	}
	codes := make([]uint32, len(m.cell))
	for row, c := range m.cell {
		codes[row] = uint32(table.NotApplicable)
		if c >= 0 {
			codes[row] = uint32(table.FirstLevel + int(c))
		}
	}
	return table.NewCategory(m.group, levels, codes), totals
}

// report describes the margin for the brief: shares within each level of
// Within, largest target first.
func (m *marginCells) report(include []bool, old, weight func(row int) float64) []Margin {
	weighted, before := make([]float64, len(m.cells)), make([]float64, len(m.cells))
	rows := make([]float64, len(m.cells))
	for row, c := range m.cell {
		if include[row] && c >= 0 {
			weighted[c] += weight(row)
			before[c] += old(row)
			rows[c]++
		}
	}
	var out []Margin
	for i := 0; i < len(m.cells); { // cells of one level of Within are neighbours
		j := i
		var total, sample, sum, first float64
		for ; j < len(m.cells) && m.cells[j].within == m.cells[i].within; j++ {
			total, sample, sum = total+m.cells[j].total, sample+rows[j], sum+weighted[j]
			first += before[j]
		}
		margin := Margin{Variable: m.group, Route: m.cells[i].within}
		for c := i; c < j; c++ {
			if rows[c] == 0 {
				continue
			}
			margin.Levels = append(margin.Levels, MarginLevel{Code: m.cells[c].code, Total: m.cells[c].total,
				Target: m.cells[c].total / total, Sample: rows[c] / sample, Before: before[c] / first, Weighted: weighted[c] / sum, Rows: int(rows[c])})
		}
		sort.SliceStable(margin.Levels, func(a, b int) bool { return margin.Levels[a].Target > margin.Levels[b].Target })
		out = append(out, margin)
		i = j
	}
	return slices.Clip(out)
}
