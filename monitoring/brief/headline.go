package brief

import (
	"strings"

	"waymark/internal/lang"
	"waymark/monitoring"
)

// Sizes of the terminal table, in columns of text.
const (
	terminalWidth = 100
	labelWidth    = 36 // the least room for labels before heads are shortened
	headlineRows  = 24 // measures shown for a survey without indicators
)

// Headline is the terminal's table of the main figures in a language: each
// indicator with its share and interval by route and for everyone, the ratio
// of the routes, the base, then the counts. No line is wider than 100
// columns. A language that there are no words for falls back to English.
func Headline(a *monitoring.Analysis, code string) string {
	c, err := newComposer(a, code)
	if err != nil {
		if c, err = newComposer(a, "en"); err != nil {
			return err.Error() + "\n"
		}
	}
	var b strings.Builder
	line := func(s string) {
		for _, l := range wrapText(lang.WithoutIsolates(s), terminalWidth) {
			b.WriteString(l)
			b.WriteByte('\n')
		}
	}
	c.front()
	line(c.doc.Title)
	if c.doc.Subtitle != "" {
		line(c.doc.Subtitle)
	}
	if c.doc.Synthetic != "" {
		line(c.doc.Synthetic)
	}
	line("")
	print := func(g *grid) {
		for _, l := range g.lines() {
			b.WriteString(lang.WithoutIsolates(l))
			b.WriteByte('\n')
		}
		if len(g.rows) > 0 {
			line("")
		}
	}
	grid, legend := c.headlineGrid()
	print(grid)
	if !c.people && len(c.of(monitoring.SectionIndicator)) > 0 {
		print(c.measureGrid())
	}
	if legend != "" {
		line(legend)
	}
	line(c.headlineCounts())
	return b.String()
}

// headlineGrid is the table, and a line that spells out shortened heads.
func (c *composer) headlineGrid() (*grid, string) {
	findings := c.of(monitoring.SectionIndicator)
	groups := c.routeGroups(findings)
	if len(groups) == 0 {
		return c.measureGrid(), ""
	}
	ratios := c.of(monitoring.SectionCompare)
	legend := ""
	g := c.indicatorGrid(findings, groups, ratios, c.group)
	if g.labelRoom() < labelWidth {
		short := func(group monitoring.Group) string {
			if code := levelOf(group, c.route); code != "" && len(group) == 1 {
				return code
			}
			return c.group(group)
		}
		g = c.indicatorGrid(findings, groups, ratios, short)
		var names []string
		for _, r := range c.routes {
			names = append(names, r+" "+c.level(c.route, r))
		}
		legend = strings.Join(names, " · ")
	}
	return g, legend
}

func (c *composer) indicatorGrid(findings []*monitoring.Finding, groups []monitoring.Group, ratios []*monitoring.Finding, name func(monitoring.Group) string) *grid {
	g := &grid{head: []string{c.text("col.indicator")}}
	for _, group := range groups {
		g.head = append(g.head, name(group))
	}
	if len(ratios) > 0 {
		g.head = append(g.head, name(ratios[0].Of)+" / "+name(ratios[0].Against))
	}
	g.head = append(g.head, c.text("col.n_short"))
	for _, id := range ids(findings) {
		row := []string{c.indicator(id)}
		var all []*monitoring.Finding
		for _, group := range groups {
			f := find(findings, id, group)
			all = append(all, f)
			row = append(row, c.brackets(f))
		}
		if len(ratios) > 0 {
			row = append(row, c.ratioBrackets(ratios, id))
		}
		g.rows = append(g.rows, append(row, c.baseCell(largestBase(all)).Text))
	}
	lead := c.lead(findings)
	for _, f := range findings { // groups such as a year or more abroad
		if f.ID == lead && len(f.Group) == 1 && f.Group[0].Variable != c.route && f.Group[0].Level == "yes" {
			row := make([]string, len(g.head))
			row[0] = c.text("cover.share", lang.Text("label", c.indicator(lead)), lang.Text("group", c.whole(f.Group)))
			row[len(groups)] = c.brackets(f)
			row[len(row)-1] = c.baseCell(f).Text
			g.rows = append(g.rows, row)
		}
	}
	return g
}

// brackets is "49% [47–51]".
func (c *composer) brackets(f *monitoring.Finding) string {
	if !plain(f) {
		return c.shareText(f, 0)
	}
	decimals := 0
	if f.Estimate > 0 && f.Estimate < 0.0095 {
		decimals = 1 // as short does
	}
	return c.short(f.Estimate, 0) + " [" + c.say.Decimal(100*f.Lo, decimals) + "–" + c.say.Decimal(100*f.Hi, decimals) + "]"
}

// ratioBrackets is "8.2 [7.1–9.6]" for an indicator.
func (c *composer) ratioBrackets(ratios []*monitoring.Finding, id string) string {
	for _, f := range ratios {
		if ratioOf(f) == id && sameGroup(f.Of, ratios[0].Of) && sameGroup(f.Against, ratios[0].Against) {
			if !shown(f) {
				return c.withheld(f)
			}
			return c.say.Decimal(f.Estimate, 1) + " [" + c.say.Decimal(f.Lo, 1) + "–" + c.say.Decimal(f.Hi, 1) + "]"
		}
	}
	return ""
}

// measureGrid is the first measures of everyone, for a survey that is not
// about experiences.
func (c *composer) measureGrid() *grid {
	g := &grid{head: []string{c.text("col.measure"), c.text("col.estimate"), c.text("col.lo"), c.text("col.hi"), c.text("col.n_short")}}
	for _, f := range c.of(monitoring.SectionMeasure) {
		if len(g.rows) == headlineRows {
			break
		}
		if len(f.Group) == 0 {
			cells := c.measureCells(f)
			g.rows = append(g.rows, []string{c.measureName(f), cells[0].Text, cells[1].Text, cells[2].Text, cells[4].Text})
		}
	}
	if len(g.rows) == 0 {
		g.head = nil
	}
	return g
}

// headlineCounts says how many interviews came in, were left out and analysed.
func (c *composer) headlineCounts() string {
	n := &c.a.Counts
	count := func(key string, n int) string {
		return c.say.Whole(n) + " " + c.text(c.records(key), c.say.Count("n", n))
	}
	parts := []string{count("flow.received", n.Received)}
	for _, e := range n.Excluded {
		label, _ := c.exclusion(e.Rule)
		parts = append(parts, label+" "+c.say.Whole(e.Count))
	}
	last := count("flow.analysed", n.Eligible)
	var routes []string
	for _, r := range n.EligibleByRoute {
		if r.Count > 0 {
			routes = append(routes, c.level(c.route, r.Code)+" "+c.say.Whole(r.Count))
		}
	}
	if len(routes) > 0 {
		last += " (" + c.say.List(routes) + ")"
	}
	return strings.Join(append(parts, last), " · ")
}
