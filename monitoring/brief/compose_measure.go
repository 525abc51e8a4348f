package brief

import (
	"math"
	"slices"
	"strings"

	"waymark/internal/lang"
	"waymark/monitoring"
	"waymark/monitoring/brief/figure"
)

// overviewMeasures is how many measures an overview says in sentences.
const overviewMeasures = 5

// isShare says whether a measure is a share, and so printed in percent.
func isShare(f *monitoring.Finding) bool {
	s := statistic(f)
	return s == "share" || s == "proportion"
}

// statistic is the first part of a measure's id: mean, total, ratio, share or
// proportion.
func statistic(f *monitoring.Finding) string {
	s, _, _ := strings.Cut(f.ID, ".")
	return s
}

// measureName names a measure: "Mean of age", "Share of school type: High".
func (c *composer) measureName(f *monitoring.Finding) string {
	name := c.variable(f.Variable)
	if name == "" {
		_, name, _ = strings.Cut(f.ID, ".")
	}
	key := "measure." + statistic(f)
	if !c.say.Has(key) {
		return name
	}
	if over, ok := strings.CutPrefix(f.ID, "ratio."+f.Variable+"."); ok && statistic(f) == "ratio" {
		name += " / " + c.variable(over)
	}
	if f.Level != "" {
		name = c.text("group.part", lang.Text("variable", name), lang.Text("level", c.level(f.Variable, f.Level)))
	}
	return c.text(key, lang.Text("name", name))
}

// measureText prints a measure's estimate: a percentage, or a number with the
// decimals that its standard error carries.
func (c *composer) measureText(f *monitoring.Finding) string { return c.measureNumber(f, f.Estimate) }

func (c *composer) measureNumber(f *monitoring.Finding, x float64) string {
	switch {
	case !shown(f):
		return c.withheld(f)
	case isShare(f) && f.MaskN:
		return c.shareText(f, 0)
	case isShare(f):
		return c.say.Percent(x, 1)
	}
	return c.say.Decimal(x, c.measureDecimals(f.ID))
}

// measureDecimals is how many decimals the numbers of one measure are printed
// with, in all groups alike: as many as the smallest standard error carries.
func (c *composer) measureDecimals(id string) int {
	most := 0
	for i := range c.a.Findings {
		if f := &c.a.Findings[i]; f.Section == monitoring.SectionMeasure && f.ID == id && plain(f) {
			most = max(most, significant(f.Estimate, f.SE))
		}
	}
	return most
}

// measures is the results of any survey: means, totals, ratios and shares, in
// a picture for each statistic of one unit and one table of all.
func (c *composer) measures() []Section {
	findings := c.of(monitoring.SectionMeasure)
	if len(findings) == 0 {
		return nil
	}
	s := Section{ID: "results", Title: c.text("measure.title")}
	if c.people && len(c.of(monitoring.SectionIndicator)) > 0 {
		s.Title = c.text("measure.title.other")
	}
	s.Blocks = append(s.Blocks, c.para("measure.intro", lang.Text("confidence", c.confidence())))
	s.Blocks = append(s.Blocks, c.measureTable(findings))
	for _, set := range c.measureSets(findings) {
		if f := c.measureFigure(set); f != nil {
			s.Blocks = append(s.Blocks, f)
		}
	}
	return []Section{s}
}

// measureTable has a row a finding.
func (c *composer) measureTable(findings []*monitoring.Finding) *Table {
	t := &Table{ID: "results", Caption: c.text("measure.title"), Columns: []TableColumn{
		{Label: c.text("col.code"), HXL: "#indicator+code"},
		{Label: c.text("col.measure"), HXL: "#indicator+name"},
	}}
	grouped := slices.ContainsFunc(findings, func(f *monitoring.Finding) bool { return len(f.Group) > 0 })
	if grouped {
		t.Columns = append(t.Columns, TableColumn{Label: c.text("col.within"), HXL: "#group+name"})
	}
	t.Columns = append(t.Columns,
		TableColumn{Label: c.text("col.estimate"), HXL: "#indicator+value+num", Numeric: true},
		TableColumn{Label: c.text("col.lo"), HXL: "#indicator+lo+num", Numeric: true},
		TableColumn{Label: c.text("col.hi"), HXL: "#indicator+hi+num", Numeric: true},
		TableColumn{Label: c.text("col.se"), HXL: "#indicator+se+num", Numeric: true},
		TableColumn{Label: c.text("col.base"), HXL: "#indicator+base+num", Numeric: true},
		TableColumn{Label: c.text("col.deff"), HXL: "#indicator+deff+num", Numeric: true})
	for _, f := range findings {
		row := []Cell{{Text: f.ID, Value: f.ID}, {Text: c.measureName(f), Header: true}}
		if grouped {
			row = append(row, Cell{Text: c.whole(f.Group)})
		}
		t.Rows = append(t.Rows, append(row, c.measureCells(f)...))
	}
	t.Notes = c.tableNotes(findings)
	return t
}

// measureCells are the numbers of one measure.
func (c *composer) measureCells(f *monitoring.Finding) []Cell {
	if !plain(f) {
		text := c.withheld(f)
		if shown(f) {
			text = c.measureText(f)
		}
		return []Cell{{Text: text, Key: f.Key}, {Text: "–"}, {Text: "–"}, {Text: "–"}, c.baseCell(f), {Text: "–"}}
	}
	cell := func(x float64) Cell {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return Cell{Text: "–"}
		}
		return Cell{Text: c.measureNumber(f, x), Value: x, Percent: isShare(f), Key: f.Key}
	}
	se := c.number(f.SE, significant(f.SE, 0), f.Key)
	if isShare(f) {
		se = Cell{Text: c.say.Percent(f.SE, 2), Value: f.SE, Percent: true, Key: f.Key}
	}
	return []Cell{cell(f.Estimate), cell(f.Lo), cell(f.Hi), se, c.baseCell(f), c.number(f.Deff, 2, f.Key)}
}

// measureSets puts together what can stand on one scale: findings of one id
// (one statistic of one variable, with its levels and groups).
func (c *composer) measureSets(findings []*monitoring.Finding) [][]*monitoring.Finding {
	var sets [][]*monitoring.Finding
	for _, id := range ids(findings) {
		set := byID(findings, id)
		n := 0
		for _, f := range set {
			if plain(f) {
				n++
			}
		}
		if n >= 2 && !(n == 2 && isShare(set[0]) && len(set[1].Group) == 0) { // one number, or yes and no, needs no picture
			sets = append(sets, set)
		}
	}
	return sets
}

// measureFigure is a dot with its interval a row.
func (c *composer) measureFigure(set []*monitoring.Finding) *Figure {
	title := c.text("measure.picture", lang.Text("name", c.variable(set[0].Variable)))
	if !isShare(set[0]) {
		title = c.measureName(set[0])
	}
	description := c.span(c.text("figure.measure", lang.Text("confidence", c.confidence())), set, c.measureText)
	spec := figure.DotPlotSpec{Frame: c.frame(title, description), Axis: c.numberAxis(""),
		Series: []figure.Series{{Paint: figure.Neutral, Mark: figure.Disc}}}
	if isShare(set[0]) {
		spec.Axis = c.percentAxis()
	}
	table := &Table{ID: "results-" + hxlFile(set[0].ID), Caption: title, Columns: []TableColumn{
		{Label: c.text("col.within"), HXL: "#group+name"},
		{Label: c.text("col.estimate"), HXL: "#indicator+value+num", Numeric: true},
		{Label: c.text("col.lo"), HXL: "#indicator+lo+num", Numeric: true},
		{Label: c.text("col.hi"), HXL: "#indicator+hi+num", Numeric: true},
		{Label: c.text("col.base"), HXL: "#indicator+base+num", Numeric: true},
	}, Notes: c.tableNotes(set)}
	var rows []figure.Row
	for _, f := range set {
		label := c.group(f.Group)
		switch {
		case f.Level != "" && len(f.Group) == 0:
			label = c.level(f.Variable, f.Level)
		case f.Level != "":
			label = c.say.Join(c.level(f.Variable, f.Level), label)
		}
		e := figure.Estimate{Value: math.NaN(), Lo: math.NaN(), Hi: math.NaN(), NotShown: c.withheld(f)}
		if plain(f) {
			e = figure.Estimate{Value: f.Estimate, Lo: f.Lo, Hi: f.Hi, Text: c.measureText(f),
				Tip: c.text("figure.tip", lang.Text("name", label), lang.Text("value", c.measureText(f)),
					lang.Text("lo", c.measureNumber(f, f.Lo)), lang.Text("hi", c.measureNumber(f, f.Hi)))}
		} else if shown(f) {
			e.NotShown = c.measureText(f)
		}
		rows = append(rows, figure.Row{Label: label, Base: c.baseCell(f).Text, Points: []figure.Estimate{e}})
		cells := c.measureCells(f)
		table.Rows = append(table.Rows, []Cell{{Text: label, Header: true}, cells[0], cells[1], cells[2], cells[4]})
	}
	spec.Groups = []figure.RowGroup{{Rows: rows}}
	return &Figure{ID: "results-" + hxlFile(set[0].ID) + "-figure", Title: title, Description: description,
		Drawing: figure.DotPlot(spec), Data: table}
}

// measureSentences says the first measures of everyone, numbers before shares.
func (c *composer) measureSentences() []Paragraph {
	var numbers, shares []Paragraph
	for _, f := range c.of(monitoring.SectionMeasure) {
		if len(f.Group) > 0 || !plain(f) {
			continue
		}
		p := strong(c.para("say.measure", lang.Text("name", c.measureName(f)),
			lang.Text("value", c.measureText(f)).Marked(f.Key),
			lang.Text("lo", c.measureNumber(f, f.Lo)).Marked(f.Key), lang.Text("hi", c.measureNumber(f, f.Hi)).Marked(f.Key)))
		if isShare(f) {
			shares = append(shares, p)
		} else {
			numbers = append(numbers, p)
		}
	}
	all := append(numbers, shares...)
	return all[:min(overviewMeasures, len(all))]
}
