package brief

import (
	"waymark/internal/lang"
	"waymark/monitoring"
	"waymark/monitoring/brief/figure"
	"waymark/monitoring/instrument"
)

// indicators is every indicator by route: what each counts, a picture, a table.
func (c *composer) indicators() []Section {
	all := c.of(monitoring.SectionIndicator)
	groups := c.routeGroups(all)
	var findings []*monitoring.Finding
	for _, id := range ids(all) {
		for _, g := range groups {
			if f := find(all, id, g); f != nil {
				findings = append(findings, f)
			}
		}
	}
	if len(findings) == 0 {
		return nil
	}
	title, id := c.text("indicators.title"), "indicators"
	variables := []string(nil)
	if len(groups) > 1 || len(groups) == 1 && len(groups[0]) > 0 {
		title, id, variables = c.text("indicators.title.route"), "indicators-by-route", []string{c.route}
	}
	s := Section{ID: "indicators", Title: title}
	s.Blocks = append(s.Blocks, c.experiences(ids(findings))...)
	if anyPlain(findings) {
		s.Blocks = append(s.Blocks, c.indicatorFigure(id, title, findings, groups, variables))
	} else {
		s.Blocks = append(s.Blocks, c.longTable(id, title, findings, variables))
	}
	return []Section{s}
}

// experiences explains which indicators are of own experience, and that
// awareness and family are counted apart.
func (c *composer) experiences(names []string) []Block {
	by := map[instrument.Experience][]string{}
	for _, id := range names {
		if i := c.in.Indicator(id); i != nil && !composite(i) {
			by[i.Experience] = append(by[i.Experience], c.indicator(id))
		}
	}
	var p []Paragraph
	if own := by[instrument.Own]; len(own) > 0 {
		p = append(p, c.para("experience.own", c.say.Count("n", len(own))))
	}
	for _, e := range []instrument.Experience{instrument.Awareness, instrument.Family} {
		if labels := by[e]; len(labels) > 0 {
			p = append(p, c.para("experience."+string(e), lang.Text("list", c.say.List(labels))))
		}
	}
	if len(p) == 0 {
		return nil
	}
	return []Block{join(p...)}
}

// indicatorFigure is a dot with its interval for every indicator and route,
// and the table of its data.
func (c *composer) indicatorFigure(id, title string, findings []*monitoring.Finding, groups []monitoring.Group, variables []string) *Figure {
	description := c.highest(c.text("figure.dots", lang.Text("confidence", c.confidence())), findings)
	spec := figure.DotPlotSpec{
		Frame: c.frame(title, description), Series: c.series(groups),
		Axis: c.percentAxis(),
	}
	var rows []figure.Row
	for _, name := range ids(findings) {
		row := figure.Row{Label: c.indicator(name)}
		for _, g := range groups {
			row.Points = append(row.Points, c.point(find(findings, name, g), c.group(g)))
		}
		rows = append(rows, row)
	}
	spec.Groups = []figure.RowGroup{{Rows: rows}}
	return &Figure{ID: id, Title: title, Description: description, Drawing: figure.DotPlot(spec),
		Data: c.longTable(id+"-data", title, findings, variables)}
}
