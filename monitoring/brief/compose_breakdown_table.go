package brief

import (
	"slices"
	"sort"

	"waymark/internal/lang"
	"waymark/monitoring"
	"waymark/monitoring/brief/figure"
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
	names := c.leading(ids(b.findings))
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

// leading chooses the indicators that stand as columns: those that count
// others, then own experiences, then the rest, in their order.
func (c *composer) leading(names []string) []string {
	if len(names) <= columnIndicators {
		return names
	}
	var picked []string
	for rank := range 3 {
		for _, id := range names {
			i := c.in.Indicator(id)
			r := 2
			switch {
			case composite(i):
				r = 0
			case i != nil && i.Experience == instrument.Own:
				r = 1
			}
			if r == rank && len(picked) < columnIndicators {
				picked = append(picked, id)
			}
		}
	}
	return picked
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

// breakdownFigure is a small picture an indicator, all on one scale, with the
// levels as rows and the routes side by side. Its table has every number.
func (c *composer) breakdownFigure(b *breakdown) *Figure {
	if !anyPlain(b.findings) {
		return nil
	}
	description := c.text("figure.small", c.by(b), lang.Text("confidence", c.confidence()))
	title := c.text("breakdown.title", c.by(b))
	groups := make([]monitoring.Group, len(b.within))
	for i, code := range b.within {
		groups[i] = c.inRoute(code, nil)
	}
	_, ordered := c.levelOrder(b.variables[0])
	spec := figure.SmallMultiplesSpec{
		Frame: c.frame(title, description), Series: c.series(groups), Axis: c.percentAxis(),
		Connect: ordered && len(b.variables) == 1,
	}
	for _, name := range ids(b.findings) {
		panel := figure.Panel{Heading: c.indicator(name)}
		for _, l := range b.levels {
			row := figure.Row{Label: c.group(l)}
			for i, code := range b.within {
				row.Points = append(row.Points, c.point(c.at(b, name, code, l), c.group(c.inRoute(code, l))+", "+spec.Series[i].Name))
			}
			panel.Rows = append(panel.Rows, row)
		}
		spec.Panels = append(spec.Panels, panel)
	}
	variables := b.variables
	if c.routed(b) {
		variables = append([]string{c.route}, variables...)
	}
	return &Figure{ID: b.id() + "-figure", Title: title, Description: description, Drawing: figure.SmallMultiples(spec),
		Data: c.longTable(b.id()+"-data", title, c.alive(b), variables)}
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
