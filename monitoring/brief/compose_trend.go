package brief

import (
	"slices"

	"waymark/internal/lang"
	"waymark/monitoring"
	"waymark/monitoring/instrument"
)

// trends is a section for each ordered variable that a trend runs over: the
// shares at its levels, what the test says in words, and the test's numbers.
func (c *composer) trends() []Section {
	var variables []string
	by := map[string][]*monitoring.Trend{}
	for i := range c.a.Trends {
		t := &c.a.Trends[i]
		if by[t.Variable] == nil {
			variables = append(variables, t.Variable)
		}
		by[t.Variable] = append(by[t.Variable], t)
	}
	var out []Section
	for _, v := range variables {
		b := c.breakdownOf(v)
		s := Section{ID: "trend-" + hxlWord(v), Title: c.text("trend.title", lang.Text("variable", lowerFirst(c.variable(v), c.code)))}
		if v == c.in.Roles[instrument.RoleTransit] {
			s.Title = c.text("trend.title.transit")
		}
		s.Blocks = append(s.Blocks, c.para("trend.intro", lang.Text("variable", c.variable(v))))
		if points := c.trendSentences(by[v], b); len(points) > 0 {
			s.Blocks = append(s.Blocks, List(points))
		}
		if p := c.together(monitoring.KindTrend, v); p != nil {
			s.Blocks = append(s.Blocks, p)
		}
		s.Blocks = append(s.Blocks, Note{{Text: c.text("trend.caution")}})
		if b != nil {
			s.Blocks = append(s.Blocks, c.breakdownBlocks(b)...)
		}
		s.Blocks = append(s.Blocks, c.trendTable(v, by[v]))
		out = append(out, s)
	}
	return out
}

// breakdownOf returns the breakdown by one variable, or nil.
func (c *composer) breakdownOf(variable string) *breakdown {
	for _, b := range c.divide() {
		if len(b.variables) == 1 && b.variables[0] == variable {
			return b
		}
	}
	return nil
}

// trendSentences says, for the leading indicator in each group, where the
// share starts and ends, and what the test makes of it.
func (c *composer) trendSentences(trends []*monitoring.Trend, b *breakdown) []Paragraph {
	lead := c.lead(c.of(monitoring.SectionIndicator))
	var points []Paragraph
	for _, t := range trends {
		if t.ID != lead || t.NotShown != "" || b == nil {
			continue
		}
		first, last := c.ends(b, t)
		if first == nil || last == nil || first == last {
			continue
		}
		key := "trend.flat"
		clear, p := c.clear(t)
		switch {
		case clear && t.OddsRatio > 1:
			key = "trend.up"
		case clear && t.OddsRatio < 1:
			key = "trend.down"
		}
		points = append(points, join(
			strong(c.para("trend.ends", c.among(t.Within), lang.Text("label", c.indicator(t.ID)),
				c.pct("from", first), lang.Text("first", c.level(t.Variable, levelOf(first.Group, t.Variable))),
				c.pct("to", last), lang.Text("last", c.level(t.Variable, levelOf(last.Group, t.Variable))))),
			c.para(key, lang.Text("p", p).Marked(t.Key))))
	}
	return points
}

// ends returns the findings at the first and the last level that are shown.
func (c *composer) ends(b *breakdown, t *monitoring.Trend) (first, last *monitoring.Finding) {
	for _, l := range b.levels {
		f := find(b.findings, t.ID, append(append(monitoring.Group{}, t.Within...), l...))
		if !plain(f) {
			continue
		}
		if first == nil {
			first = f
		}
		last = f
	}
	return first, last
}

// pValue prints "p < 0.001" or "p = 0.02".
func (c *composer) pValue(p float64) string {
	s := c.probability(p)
	if len(s) > 0 && s[0] == '<' {
		return "p " + s
	}
	return "p = " + s
}

func (c *composer) trendTable(variable string, trends []*monitoring.Trend) *Table {
	t := &Table{ID: "trend-" + hxlWord(variable) + "-test", Caption: c.text("trend.table", lang.Text("variable", lowerFirst(c.variable(variable), c.code))),
		Columns: []TableColumn{
			{Label: c.text("col.code"), HXL: "#indicator+code"},
			{Label: c.text("col.indicator"), HXL: "#indicator+name"},
			{Label: c.text("col.odds"), HXL: "#indicator+odds_ratio+num", Numeric: true},
			{Label: c.text("col.lo"), HXL: "#indicator+lo+num", Numeric: true},
			{Label: c.text("col.hi"), HXL: "#indicator+hi+num", Numeric: true},
		},
		Notes: []string{c.text("trend.note")}}
	t.Columns = append(t.Columns, c.pColumns()...)
	for i, within := range trendGroups(trends) {
		if i > 0 || len(within) > 0 {
			t.Rows = append(t.Rows, []Cell{{Text: c.whole(within), Header: true}})
		}
		for _, r := range trends {
			if !sameGroup(r.Within, within) {
				continue
			}
			row := []Cell{{Text: r.ID, Value: r.ID}, {Text: c.indicator(r.ID), Header: true}}
			if r.NotShown != "" {
				row = append(row, Cell{Text: c.text("not_shown.estimate"), Key: r.Key}, Cell{Text: "–"}, Cell{Text: "–"})
				row = append(row, c.noPCells()...)
			} else {
				row = append(row, c.number(r.OddsRatio, 2, r.Key), c.number(r.Lo, 2, r.Key), c.number(r.Hi, 2, r.Key))
				row = append(row, c.pCells(r.P, r.Adjusted, r.Key)...)
			}
			t.Rows = append(t.Rows, row)
		}
	}
	c.markNote(t)
	return t
}

// trendGroups lists the groups that trends are tested in, everyone last.
func trendGroups(trends []*monitoring.Trend) []monitoring.Group {
	var groups []monitoring.Group
	all := false
	for _, t := range trends {
		if len(t.Within) == 0 {
			all = true
		} else if !slices.ContainsFunc(groups, func(g monitoring.Group) bool { return sameGroup(g, t.Within) }) {
			groups = append(groups, t.Within)
		}
	}
	if all {
		groups = append(groups, monitoring.Group{})
	}
	return groups
}

// pCell is a p-value as a cell.
func (c *composer) pCell(p float64, key string) Cell {
	cell := c.number(p, 3, key)
	cell.Text = c.probability(p)
	return cell
}

// tests is the table of tests of independence for a variable, if there are any.
func (c *composer) tests(variable string) []Block {
	t := &Table{ID: "test-" + hxlWord(variable), Caption: c.text("test.table", lang.Text("variable", lowerFirst(c.variable(variable), c.code))),
		Columns: []TableColumn{
			{Label: c.text("col.code"), HXL: "#indicator+code"},
			{Label: c.text("col.indicator"), HXL: "#indicator+name"},
			{Label: c.text("col.within"), HXL: "#group+name"},
			{Label: c.text("col.statistic"), HXL: "#indicator+f+num", Numeric: true},
			{Label: c.text("col.df"), HXL: "#indicator+df"},
		},
		Notes: []string{c.text("test.note")}}
	t.Columns = append(t.Columns, c.pColumns()...)
	for i := range c.a.Tests {
		r := &c.a.Tests[i]
		if r.Variable != variable {
			continue
		}
		row := []Cell{{Text: r.ID, Value: r.ID}, {Text: c.indicator(r.ID), Header: true}, {Text: c.group(r.Within)}}
		if r.NotShown != "" {
			row = append(row, Cell{Text: c.text("not_shown.estimate"), Key: r.Key}, Cell{Text: "–"})
			row = append(row, c.noPCells()...)
		} else {
			df := c.say.Decimal(r.DF1, 1) + "; " + c.say.Decimal(r.DF2, 0)
			row = append(row, c.number(r.Statistic, 2, r.Key), Cell{Text: df})
			row = append(row, c.pCells(r.P, r.Adjusted, r.Key)...)
		}
		t.Rows = append(t.Rows, row)
	}
	if len(t.Rows) == 0 {
		return nil
	}
	if p := c.together(monitoring.KindTest, variable); p != nil {
		t.Notes = append(t.Notes, PlainText(p))
	}
	c.markNote(t)
	return []Block{t}
}
