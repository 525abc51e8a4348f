package brief

import (
	"cmp"
	"slices"
	"sort"

	"waymark/monitoring"
	"waymark/monitoring/instrument"
)

// breakdownTable is the shares to read: levels as columns where they are few,
// else as rows. The exact numbers with their intervals are behind the figure.
func (c *composer) breakdownTable(b *breakdown) *Table {
	t := &Table{ID: b.id(), Caption: c.text("breakdown.caption", c.by(b))}
	if len(b.levels) <= columnLevels {
		c.levelsAsColumns(b, t)
	} else {
		c.levelsAsRows(b, t)
	}
	t.Notes = append(t.Notes, c.tableNotes(c.alive(b))...)
	return t
}

// routed says whether a breakdown is made within routes.
func (c *composer) routed(b *breakdown) bool {
	return len(b.within) > 1 || len(b.within) == 1 && b.within[0] != ""
}

// in is the group of a level within a route; "" is everyone.
func (c *composer) inRoute(code string, level monitoring.Group) monitoring.Group {
	if code == "" {
		return level
	}
	return append(monitoring.Group{{Variable: c.route, Level: code}}, level...)
}

// routeCell names a route in a table's row.
func (c *composer) routeCell(code string) Cell {
	if code == "" {
		return Cell{Text: c.text(c.records("group.all"))}
	}
	return Cell{Text: c.level(c.route, code)}
}

// routeRow is a heading over the rows of one route.
func (c *composer) routeRow(code string) []Cell {
	cell := c.routeCell(code)
	cell.Header = true
	return []Cell{cell}
}

func (c *composer) levelsAsColumns(b *breakdown, t *Table) {
	t.Columns = []TableColumn{{Label: c.text("col.indicator"), HXL: "#indicator+name"}}
	for _, l := range b.levels {
		t.Columns = append(t.Columns, TableColumn{Label: c.group(l), HXL: "#indicator+value+num" + c.hxlGroup(l), Numeric: true})
	}
	d := shareDecimals(b.findings)
	for _, code := range b.within {
		if c.routed(b) {
			t.Rows = append(t.Rows, c.routeRow(code))
		}
		for _, name := range ids(b.findings) {
			row := []Cell{{Text: c.indicator(name), Header: true}}
			any := false
			for _, l := range b.levels {
				f := c.at(b, name, code, l)
				any = any || f != nil
				row = append(row, c.shareCell(f, d))
			}
			if any {
				t.Rows = append(t.Rows, row)
			}
		}
		row := []Cell{{Text: c.text("col.largest_base"), Header: true}}
		for _, l := range b.levels {
			row = append(row, c.baseCell(largestBase(inGroup(b.findings, c.inRoute(code, l)))))
		}
		t.Rows = append(t.Rows, row)
	}
	t.Notes = append(t.Notes, c.text(c.records("note.largest_base")))
}

func (c *composer) levelsAsRows(b *breakdown, t *Table) {
	for _, v := range b.variables {
		t.Columns = append(t.Columns, TableColumn{Label: c.variable(v), HXL: "#group+name+" + hxlWord(v)})
	}
	names := c.leading(b.findings)
	for _, name := range names {
		t.Columns = append(t.Columns, TableColumn{Label: c.indicator(name), HXL: "#indicator+value+num+" + hxlWord(name), Numeric: true})
	}
	t.Columns = append(t.Columns, TableColumn{Label: c.text("col.largest_base"), HXL: "#indicator+base+num", Numeric: true})
	d := shareDecimals(b.findings)
	for _, code := range b.within {
		var rows [][]Cell
		for _, l := range c.levelsOfRoute(b, code) {
			these := inGroup(b.findings, c.inRoute(code, l))
			if !anyShown(these) {
				continue
			}
			var row []Cell
			for _, v := range b.variables {
				row = append(row, Cell{Text: c.level(v, levelOf(l, v)), Header: true})
			}
			for _, name := range names {
				row = append(row, c.shareCell(c.at(b, name, code, l), d))
			}
			rows = append(rows, append(row, c.baseCell(largestBase(these))))
		}
		if c.routed(b) && len(rows) > 0 {
			t.Rows = append(t.Rows, c.routeRow(code))
		}
		t.Rows = append(t.Rows, rows...)
	}
	t.Notes = append(t.Notes, c.text(c.records("note.largest_base")))
	if more := len(ids(b.findings)) - len(names); more > 0 {
		t.Notes = append(t.Notes, c.text("note.more_indicators", c.say.Count("n", more)))
	}
}

// at is the finding of an indicator at a level within a route, or nil.
func (c *composer) at(b *breakdown, id, code string, level monitoring.Group) *monitoring.Finding {
	return find(b.findings, id, c.inRoute(code, level))
}

// leading chooses the indicators that stand as columns, in their order: those
// that count others, then the own experiences with the greatest shares, then
// the rest.
func (c *composer) leading(findings []*monitoring.Finding) []string {
	names := ids(findings)
	if len(names) <= columnIndicators {
		return names
	}
	rank := func(id string) float64 {
		i := c.in.Indicator(id)
		switch {
		case composite(i):
			return 3
		case i != nil && i.Experience == instrument.Own:
			best := 0.0
			for _, f := range findings {
				if f.ID == id && plain(f) {
					best = max(best, f.Estimate)
				}
			}
			return 1 + best
		}
		return 0
	}
	picked := slices.Clone(names)
	slices.SortStableFunc(picked, func(x, y string) int { return -cmp.Compare(rank(x), rank(y)) })
	picked = picked[:columnIndicators]
	return slices.DeleteFunc(names, func(id string) bool { return !slices.Contains(picked, id) })
}

// inGroup returns the findings of one group.
func inGroup(findings []*monitoring.Finding, g monitoring.Group) []*monitoring.Finding {
	var out []*monitoring.Finding
	for _, f := range findings {
		if sameGroup(f.Group, g) {
			out = append(out, f)
		}
	}
	return out
}

// alive is the findings without the groups of which nothing is shown: those
// are named in a sentence.
func (c *composer) alive(b *breakdown) []*monitoring.Finding {
	var out []*monitoring.Finding
	for _, f := range b.findings {
		if !slices.ContainsFunc(b.hidden, func(g monitoring.Group) bool { return sameGroup(g, f.Group) }) {
			out = append(out, f)
		}
	}
	return out
}

// levelsOfRoute sorts the levels as before does, by the bases of one route.
func (c *composer) levelsOfRoute(b *breakdown, code string) []monitoring.Group {
	base := map[string]int{}
	for _, f := range b.findings {
		if levelOf(f.Group, c.route) == code {
			k := groupID(without(f.Group, c.route))
			base[k] = max(base[k], f.Base)
		}
	}
	levels := slices.Clone(b.levels)
	sort.SliceStable(levels, func(i, j int) bool { return c.before(b, levels[i], levels[j], base) })
	return levels
}
