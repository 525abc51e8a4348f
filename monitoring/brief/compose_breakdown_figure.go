package brief

import (
	"cmp"
	"slices"

	"waymark/internal/lang"
	"waymark/monitoring"
	"waymark/monitoring/brief/figure"
)

// breakdownFigures are the pictures of a breakdown. Their tables have every
// number.
func (c *composer) breakdownFigures(b *breakdown) []Block {
	switch {
	case !anyPlain(b.findings):
		return []Block{c.breakdownData(b, c.text("breakdown.title", c.by(b)))}
	case len(b.levels) > columnLevels:
		return c.leadFigures(b)
	}
	return []Block{c.smallFigure(b)}
}

// breakdownData is the table of all numbers of a breakdown.
func (c *composer) breakdownData(b *breakdown, title string) *Table {
	variables := b.variables
	if c.routed(b) {
		variables = append([]string{c.route}, variables...)
	}
	return c.longTable(b.id()+"-data", title, c.alive(b), variables)
}

// smallFigure is a small picture an indicator, all on one scale, with the
// levels as rows and the routes side by side.
func (c *composer) smallFigure(b *breakdown) *Figure {
	description := c.highest(c.text("figure.small", c.by(b), lang.Text("confidence", c.confidence())), b.findings)
	title := c.text("breakdown.title", c.by(b))
	groups := make([]monitoring.Group, len(b.within))
	for i, code := range b.within {
		groups[i] = c.inRoute(code, nil)
	}
	_, ordered := c.levelOrder(b.variables[0])
	spec := figure.SmallMultiplesSpec{
		Frame: c.frame(title, description), Series: c.series(groups), Axis: c.percentAxis(), BaseTitle: c.text("col.n_short"),
		Connect: ordered && len(b.variables) == 1,
	}
	for _, name := range ids(b.findings) {
		panel := figure.Panel{Heading: c.indicator(name)}
		for _, l := range b.levels {
			row := figure.Row{Label: c.group(l)}
			for _, code := range b.within {
				row.Points = append(row.Points, c.point(c.at(b, name, code, l), c.group(c.inRoute(code, l))))
			}
			panel.Rows = append(panel.Rows, row)
		}
		spec.Panels = append(spec.Panels, panel)
	}
	return &Figure{ID: b.id() + "-figure", Title: title, Description: description, Drawing: figure.SmallMultiples(spec), Data: c.breakdownData(b, title)}
}

// leadFigures are, for a breakdown of many levels, the leading indicator alone:
// a picture for each route, all on one scale, with the highest level first.
func (c *composer) leadFigures(b *breakdown) []Block {
	lead := c.lead(b.findings)
	groups := make([]monitoring.Group, len(b.within))
	for i, code := range b.within {
		groups[i] = c.inRoute(code, nil)
	}
	series := c.series(groups)
	axis := c.percentAxis()
	for _, f := range b.findings {
		if f.ID == lead && plain(f) {
			axis.Max = max(axis.Max, f.Hi)
		}
	}
	var blocks []Block
	for k, code := range b.within {
		if rows := c.leadRows(b, lead, code); len(rows) > 0 {
			blocks = append(blocks, c.leadFigure(b, code, lead, series[k], axis, rows))
		}
	}
	return blocks
}

// leadRows has a row a level within a route.
func (c *composer) leadRows(b *breakdown, lead, code string) []figure.Row {
	var findings []*monitoring.Finding
	for _, l := range c.levelsOfRoute(b, code) {
		if f := c.at(b, lead, code, l); shown(f) {
			findings = append(findings, f)
		}
	}
	if _, ordered := c.levelOrder(b.variables[0]); !ordered {
		slices.SortStableFunc(findings, byEstimate)
	}
	rows := make([]figure.Row, len(findings))
	for i, f := range findings {
		point := c.point(f, c.group(f.Group))
		point.Base = ""
		rows[i] = figure.Row{Label: c.group(without(f.Group, c.route)), Base: c.baseCell(f).Text, Points: []figure.Estimate{point}}
	}
	return rows
}

// leadFigure is the picture of one route.
func (c *composer) leadFigure(b *breakdown, code, lead string, s figure.Series, axis figure.Axis, rows []figure.Row) *Figure {
	id, title := b.id(), c.text("breakdown.lead", lang.Text("label", c.indicator(lead)), c.by(b))
	if c.routed(b) {
		title = c.text("breakdown.lead.route", lang.Text("label", c.indicator(lead)), c.by(b), lang.Text("route", c.routeCell(code).Text))
		id += "-" + hxlFile(cmp.Or(code, "all"))
	}
	var mine, drawn []*monitoring.Finding
	for _, f := range c.alive(b) {
		if levelOf(f.Group, c.route) == code {
			mine = append(mine, f)
			if f.ID == lead {
				drawn = append(drawn, f)
			}
		}
	}
	description := c.highest(c.text("figure.lead", lang.Text("label", c.indicator(lead)), c.by(b), lang.Text("confidence", c.confidence())), drawn)
	s.Name = "" // the title names the route
	spec := figure.DotPlotSpec{Frame: c.frame(title, description), Axis: axis, Series: []figure.Series{s}, Groups: []figure.RowGroup{{Rows: rows}}}
	variables := b.variables
	if c.routed(b) {
		variables = append([]string{c.route}, variables...)
	}
	return &Figure{ID: id + "-figure", Title: title, Description: description, Drawing: figure.DotPlot(spec), Data: c.longTable(id+"-data", title, mine, variables)}
}

// byEstimate sorts findings from the highest share to the lowest, those whose
// exact share is not printed after them, and "other" at the end.
func byEstimate(x, y *monitoring.Finding) int {
	if i, j := otherLevel(x.Group), otherLevel(y.Group); i != j {
		if i {
			return 1
		}
		return -1
	}
	switch a, b := estimate(x), estimate(y); {
	case a > b:
		return -1
	case a < b:
		return 1
	}
	return 0
}
