package brief

import (
	"slices"
	"sort"
	"strings"

	"waymark/internal/lang"
	"waymark/monitoring"
	"waymark/monitoring/brief/figure"
	"waymark/monitoring/instrument"
)

// chartBars is how many bars a chart of counts has at most.
const chartBars = 15

// profile describes who was asked: a table a question.
func (c *composer) profile() []Section {
	findings := c.of(monitoring.SectionProfile)
	if len(findings) == 0 {
		return nil
	}
	s := Section{ID: "profile", Title: c.text(c.records("profile.title"))}
	s.Blocks = append(s.Blocks, c.para(c.records("profile.intro")))
	for _, id := range ids(findings) {
		these := byID(findings, id)
		table := c.profileTable(these)
		if len(table.Rows) == 0 {
			continue
		}
		name := these[0].Variable
		if name == c.in.Roles[instrument.RoleNationality] {
			s.Blocks = append(s.Blocks, c.countFigure(these, table))
		} else {
			s.Blocks = append(s.Blocks, table)
		}
	}
	return []Section{s}
}

// profileTable has a row a level and for each group the count and the share.
// Levels that too few people have in every group are named below it instead.
func (c *composer) profileTable(findings []*monitoring.Finding) *Table {
	name := findings[0].Variable
	t := &Table{ID: "profile-" + hxlFile(name), Caption: c.variable(name), Columns: []TableColumn{
		{Label: c.text("col.level"), HXL: "#" + "group+name+" + hxlWord(name)},
	}}
	groups := c.routeGroups(findings)
	for _, g := range groups {
		t.Columns = append(t.Columns,
			TableColumn{Label: c.text("col.group_n", lang.Text("group", c.group(g))), HXL: "#population+num" + c.hxlGroup(g), Numeric: true},
			TableColumn{Label: c.text("col.group_share", lang.Text("group", c.group(g))), HXL: "#indicator+value+num" + c.hxlGroup(g), Numeric: true})
	}
	var few []string
	d := shareDecimals(findings)
	for _, code := range c.profileLevels(findings) {
		these := make([]*monitoring.Finding, len(groups))
		for i, g := range groups {
			these[i] = atLevel(inGroup(findings, g), code)
		}
		if !someone(these) {
			continue // nobody gave this answer
		}
		if !anyCounted(these) {
			few = append(few, c.level(name, code))
			continue
		}
		row := []Cell{{Text: c.level(name, code), Header: true}}
		for _, f := range these {
			row = append(row, c.yesCell(f), c.shareCell(f, d))
		}
		t.Rows = append(t.Rows, row)
	}
	if len(t.Rows) == 0 {
		return t
	}
	base := []Cell{{Text: c.text("col.base"), Header: true}}
	for _, g := range groups {
		base = append(base, c.baseCell(largestBase(inGroup(findings, g))), Cell{})
	}
	t.Rows = append(t.Rows, base)
	t.Notes = c.tableNotes(findings)
	if len(few) > 0 {
		more := len(few) - namedLevels
		if more > 0 {
			few = append(few[:namedLevels:namedLevels], c.text("hidden.more", c.say.Count("n", more)))
		}
		t.Notes = append(t.Notes, c.text(c.records("profile.few"), lang.Text("list", c.say.List(few)), c.say.Count("n", c.mask)))
	}
	return t
}

// someone says whether any of the findings counts anybody.
func someone(findings []*monitoring.Finding) bool {
	return slices.ContainsFunc(findings, func(f *monitoring.Finding) bool { return f != nil && f.N > 0 })
}

// anyCounted says whether any of the findings has a count to print that is not 0.
func anyCounted(findings []*monitoring.Finding) bool {
	return slices.ContainsFunc(findings, func(f *monitoring.Finding) bool { return plain(f) && f.N > 0 })
}

// profileLevels sorts the levels: by their own order, else the most frequent
// first and "other" last.
func (c *composer) profileLevels(findings []*monitoring.Finding) []string {
	codes, total, _ := c.levelTotals(findings)
	if _, ordered := c.levelOrder(findings[0].Variable); ordered {
		c.arrange(findings[0].Variable, codes)
		return codes
	}
	sort.SliceStable(codes, func(i, j int) bool { return oftener(total, codes[i], codes[j]) })
	return codes
}

// oftener says whether code x comes before y by count; "other" comes last.
func oftener(total map[string]int, x, y string) bool {
	if isOther(x) != isOther(y) {
		return isOther(y)
	}
	return total[x] > total[y]
}

// isOther says whether a code stands for all other answers.
func isOther(code string) bool { return code == "OTH" || code == "other" }

// countFigure is bars of counts, one group of bars a route.
func (c *composer) countFigure(findings []*monitoring.Finding, table *Table) *Figure {
	name := findings[0].Variable
	title := c.text(c.records("figure.counts.title"), lang.Text("variable", lowerFirst(c.variable(name), c.code)))
	description := c.text(c.records("figure.counts"))
	spec := figure.BarChartSpec{Frame: c.frame(title, description)}
	groups := c.routeGroups(findings)
	if len(groups) > 1 && len(groups[len(groups)-1]) == 0 {
		groups = groups[:len(groups)-1]
	}
	for i, look := range c.series(groups) {
		bars := figure.BarGroup{Heading: look.Name}
		these := slices.Clone(inGroup(findings, groups[i]))
		sort.SliceStable(these, func(a, b int) bool {
			if isOther(these[a].Level) != isOther(these[b].Level) {
				return isOther(these[b].Level)
			}
			return these[a].N > these[b].N
		})
		for _, f := range these {
			if plain(f) && f.N > 0 && len(bars.Bars) < chartBars {
				text := c.say.Whole(f.N)
				bars.Bars = append(bars.Bars, figure.Bar{Label: c.level(name, f.Level), Value: float64(f.N), Text: text,
					Tip: strings.Join([]string{c.level(name, f.Level), text}, ": "), Paint: look.Paint})
			}
		}
		if len(bars.Bars) > 0 {
			spec.Groups = append(spec.Groups, bars)
		}
	}
	return &Figure{ID: table.ID + "-figure", Title: title, Description: description, Drawing: figure.BarChart(spec), Data: table}
}
