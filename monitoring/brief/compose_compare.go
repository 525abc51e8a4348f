package brief

import (
	"math"
	"strings"

	"waymark/internal/lang"
	"waymark/monitoring"
	"waymark/monitoring/brief/figure"
	"waymark/monitoring/instrument"
)

// ratioPrefix begins the id of a ratio; the indicator's id follows.
const ratioPrefix = "ratio."

// ratioOf is the indicator that a ratio is about.
func ratioOf(f *monitoring.Finding) string { return strings.TrimPrefix(f.ID, ratioPrefix) }

// comparison is the ratios of one pair of groups.
type comparison struct {
	of, against monitoring.Group
	findings    []*monitoring.Finding
}

// comparisons is a section on ratios, with a picture and a table a pair.
func (c *composer) comparisons() []Section {
	var pairs []*comparison
	for _, f := range c.of(monitoring.SectionCompare) {
		var p *comparison
		for _, q := range pairs {
			if sameGroup(q.of, f.Of) && sameGroup(q.against, f.Against) {
				p = q
			}
		}
		if p == nil {
			p = &comparison{of: f.Of, against: f.Against}
			pairs = append(pairs, p)
		}
		p.findings = append(p.findings, f)
	}
	if len(pairs) == 0 {
		return nil
	}
	s := Section{ID: "comparison", Title: c.text("compare.title")}
	for _, p := range pairs {
		s.Blocks = append(s.Blocks, c.comparison(p, len(pairs) > 1)...)
	}
	return []Section{s}
}

func (c *composer) comparison(p *comparison, several bool) []Block {
	of, against := lang.Text("of", c.group(p.of)), lang.Text("against", c.group(p.against))
	title := c.text("compare.pair", of, against)
	var blocks []Block
	if several {
		blocks = append(blocks, Heading(title))
	}
	blocks = append(blocks, c.para("compare.intro", of, against))
	var points List
	for _, f := range p.findings {
		if i := c.in.Indicator(ratioOf(f)); shown(f) && (i == nil || !c.people || i.Experience == instrument.Own) {
			points = append(points, strong(c.ratioSentence(f)))
		}
	}
	if len(points) > 0 {
		blocks = append(blocks, points)
	}
	if p := c.together(monitoring.KindComparison, monitoring.ComparisonTable(p.of, p.against)); p != nil {
		blocks = append(blocks, p)
	}
	id := "ratios-" + hxlWord(groupID(p.of)) + "-" + hxlWord(groupID(p.against))
	table := c.ratioTable(id, title, p)
	if !anyShown(p.findings) {
		return append(blocks, table)
	}
	description := c.span(c.text("figure.ratios", of, against), p.findings, func(f *monitoring.Finding) string { return c.say.Decimal(f.Estimate, 1) })
	spec := figure.DotPlotSpec{Frame: c.frame(title, description), Axis: c.ratioAxis(),
		Series: []figure.Series{{Paint: figure.Neutral, Mark: figure.Disc}}}
	var rows []figure.Row
	for _, f := range p.findings {
		rows = append(rows, figure.Row{Label: c.indicator(ratioOf(f)), Base: c.say.Whole(f.Base), Points: []figure.Estimate{c.ratioPoint(f)}})
	}
	spec.Groups = []figure.RowGroup{{Rows: rows}}
	return append(blocks, &Figure{ID: id + "-figure", Title: title, Description: description, Drawing: figure.DotPlot(spec), Data: table})
}

// ratioSentence says how many times as high a share was.
func (c *composer) ratioSentence(f *monitoring.Finding) Paragraph {
	return c.para(c.records("say.ratio"), lang.Text("label", c.indicator(ratioOf(f))),
		lang.Text("ratio", c.say.Decimal(f.Estimate, 1)).Marked(f.Key),
		lang.Text("lo", c.say.Decimal(f.Lo, 1)).Marked(f.Key), lang.Text("hi", c.say.Decimal(f.Hi, 1)).Marked(f.Key))
}

func (c *composer) ratioPoint(f *monitoring.Finding) figure.Estimate {
	if !shown(f) {
		return figure.Estimate{Value: math.NaN(), Lo: math.NaN(), Hi: math.NaN(), NotShown: c.withheld(f)}
	}
	value := c.say.Decimal(f.Estimate, 1)
	return figure.Estimate{Value: f.Estimate, Lo: f.Lo, Hi: f.Hi, Text: value,
		Tip: c.text("figure.tip", lang.Text("name", c.indicator(ratioOf(f))), lang.Text("value", value),
			lang.Text("lo", c.say.Decimal(f.Lo, 1)), lang.Text("hi", c.say.Decimal(f.Hi, 1)))}
}

// ratioTable has each ratio beside the two shares that it compares.
func (c *composer) ratioTable(id, caption string, p *comparison) *Table {
	t := &Table{ID: id, Caption: caption, Columns: []TableColumn{
		{Label: c.text("col.code"), HXL: "#indicator+code"},
		{Label: c.text("col.indicator"), HXL: "#indicator+name"},
		{Label: c.text("col.ratio"), HXL: "#indicator+ratio+num", Numeric: true},
		{Label: c.text("col.lo"), HXL: "#indicator+lo+num", Numeric: true},
		{Label: c.text("col.hi"), HXL: "#indicator+hi+num", Numeric: true},
	}}
	t.Columns = append(t.Columns, c.pColumns()...)
	t.Columns = append(t.Columns, []TableColumn{
		{Label: c.group(p.of), HXL: "#indicator+value+num" + c.hxlGroup(p.of), Numeric: true},
		{Label: c.group(p.against), HXL: "#indicator+value+num" + c.hxlGroup(p.against), Numeric: true},
		{Label: c.text("col.base"), HXL: "#indicator+base+num", Numeric: true},
	}...)
	shares := c.of(monitoring.SectionIndicator)
	var used []*monitoring.Finding
	for _, f := range p.findings {
		used = append(used, f, find(shares, ratioOf(f), p.of), find(shares, ratioOf(f), p.against))
	}
	d := shareDecimals(used)
	for _, f := range p.findings {
		row := []Cell{{Text: ratioOf(f), Value: ratioOf(f)}, {Text: c.indicator(ratioOf(f)), Header: true}}
		if shown(f) {
			row = append(row, c.number(f.Estimate, 2, f.Key), c.number(f.Lo, 2, f.Key), c.number(f.Hi, 2, f.Key))
		} else {
			row = append(row, Cell{Text: c.withheld(f), Key: f.Key}, Cell{Text: "–"}, Cell{Text: "–"})
		}
		if plain(f) {
			row = append(row, c.pCells(f.P, f.Adjusted, f.Key)...)
		} else {
			row = append(row, c.noPCells()...)
		}
		row = append(row, c.shareCell(find(shares, ratioOf(f), p.of), d), c.shareCell(find(shares, ratioOf(f), p.against), d), c.baseCell(f))
		t.Rows = append(t.Rows, row)
	}
	t.Notes = c.tableNotes(used)
	c.markNote(t)
	return t
}
