package brief

import (
	"slices"
	"sort"
	"strings"

	"waymark/internal/lang"
	"waymark/monitoring"
)

// placePrefix begins the id of a place finding; the indicator's id, or "any"
// for all together, follows.
const (
	placePrefix = "place."
	placeAny    = "place.any"
)

// places says in which countries it happened: a map, then a table for all
// indicators together or for each.
func (c *composer) places() []Section {
	findings := c.of(monitoring.SectionPlace)
	if len(findings) == 0 {
		return nil
	}
	s := Section{ID: "places", Title: c.text("place.title")}
	s.Blocks = append(s.Blocks, c.para("place.intro"))
	main := findings[0].ID
	if slices.ContainsFunc(findings, func(f *monitoring.Finding) bool { return f.ID == placeAny }) {
		main = placeAny
	}
	all := byID(findings, main)
	if p := c.topPlaces(all); len(p) > 0 {
		s.Blocks = append(s.Blocks, List(p))
	}
	table := c.placeTable(main, all)
	if f := c.placeMap(main, all, table); f != nil {
		s.Blocks = append(s.Blocks, f)
	} else {
		s.Blocks = append(s.Blocks, table)
	}
	var rest []*monitoring.Finding
	for _, f := range findings {
		if f.ID != main {
			rest = append(rest, f)
		}
	}
	if len(rest) > 0 {
		s.Blocks = append(s.Blocks, c.placesByIndicator(rest))
	}
	return []Section{s}
}

func byID(findings []*monitoring.Finding, id string) []*monitoring.Finding {
	var out []*monitoring.Finding
	for _, f := range findings {
		if f.ID == id {
			out = append(out, f)
		}
	}
	return out
}

// country names a country's code. A pooled finding has no question of its own,
// so the first place question of the instrument names it.
func (c *composer) country(f *monitoring.Finding) string {
	if f.Variable != "" && c.in.Question(f.Variable) != nil {
		return c.level(f.Variable, f.Level)
	}
	for _, i := range c.in.Indicators {
		if i.Place != "" {
			return c.level(i.Place, f.Level)
		}
	}
	return f.Level
}

// placeName names what a place finding is about.
func (c *composer) placeName(id string) string {
	if id == placeAny {
		return c.text("place.any")
	}
	return c.indicator(strings.TrimPrefix(id, placePrefix))
}

// topPlaces says, for each group, which country was named most often.
func (c *composer) topPlaces(findings []*monitoring.Finding) []Paragraph {
	var points []Paragraph
	for _, g := range c.routeGroups(findings) {
		if len(g) == 0 && c.route != "" {
			continue
		}
		var top *monitoring.Finding
		for _, f := range inGroup(findings, g) {
			if plain(f) && (top == nil || f.Estimate > top.Estimate) {
				top = f
			}
		}
		if top != nil {
			points = append(points, strong(c.para("place.top", c.among(g), c.pct("pct", top), lang.Text("country", c.country(top)))))
		}
	}
	return points
}

// placeTable has a row a country, most often named first, and for each group
// the count and the share.
func (c *composer) placeTable(id string, findings []*monitoring.Finding) *Table {
	groups := c.routeGroups(findings)
	t := &Table{ID: hxlFile(id), Caption: c.text("place.table", lang.Text("name", c.placeName(id))), Columns: []TableColumn{
		{Label: c.text("col.country_code"), HXL: "#country+code"},
		{Label: c.text("col.country"), HXL: "#country+name"},
	}}
	for _, g := range groups {
		t.Columns = append(t.Columns,
			TableColumn{Label: c.text("col.group_yes", lang.Text("group", c.group(g))), HXL: "#affected+num" + c.hxlGroup(g), Numeric: true},
			TableColumn{Label: c.text("col.group_share", lang.Text("group", c.group(g))), HXL: "#indicator+value+num" + c.hxlGroup(g), Numeric: true})
	}
	codes, total, sample := c.levelTotals(findings)
	sort.SliceStable(codes, func(i, j int) bool { return oftener(total, codes[i], codes[j]) })
	d := shareDecimals(findings)
	for _, code := range codes {
		if !someone(byLevel(findings, code)) {
			continue
		}
		row := []Cell{{Text: code, Value: code}, {Text: c.country(sample[code]), Header: true}}
		for _, g := range groups {
			f := atLevel(inGroup(findings, g), code)
			row = append(row, c.yesCell(f), c.shareCell(f, d))
		}
		t.Rows = append(t.Rows, row)
	}
	t.Notes = append([]string{c.text("place.note")}, c.tableNotes(findings)...)
	return t
}

// placesByIndicator has the countries of each route as rows and the indicators
// as columns, most often named first. Countries that too few people named for
// every indicator are left out and named below.
func (c *composer) placesByIndicator(findings []*monitoring.Finding) *Table {
	t := &Table{ID: "places-by-indicator", Caption: c.text("place.by_indicator"), Columns: []TableColumn{
		{Label: c.text("col.country_code"), HXL: "#country+code"}, {Label: c.text("col.country"), HXL: "#country+name"}}}
	names := ids(findings)
	for _, id := range names {
		t.Columns = append(t.Columns, TableColumn{Label: c.placeName(id), HXL: "#indicator+value+num+" + hxlWord(strings.TrimPrefix(id, placePrefix)), Numeric: true})
	}
	groups := c.routeGroups(findings)
	if len(groups) > 1 && len(groups[len(groups)-1]) == 0 {
		groups = groups[:len(groups)-1]
	}
	d := shareDecimals(findings)
	var few []string
	for _, g := range groups {
		these := inGroup(findings, g)
		codes, total, sample := c.levelTotals(these)
		sort.SliceStable(codes, func(i, j int) bool { return oftener(total, codes[i], codes[j]) })
		var rows [][]Cell
		for _, code := range codes {
			at := byLevel(these, code)
			if !anyCounted(at) {
				if name := c.country(sample[code]); someone(at) && !slices.Contains(few, name) {
					few = append(few, name)
				}
				continue
			}
			row := []Cell{{Text: code, Value: code}, {Text: c.country(sample[code]), Header: true}}
			for _, id := range names {
				row = append(row, c.shareCell(atLevel(byID(these, id), code), d))
			}
			rows = append(rows, row)
		}
		if len(g) > 0 && len(rows) > 0 {
			t.Rows = append(t.Rows, c.routeRow(g[0].Level))
		}
		t.Rows = append(t.Rows, rows...)
	}
	t.Notes = c.tableNotes(findings)
	if len(few) > 0 {
		t.Notes = append(t.Notes, c.text("place.few", lang.Text("list", c.say.List(few)), c.say.Count("n", c.mask)))
	}
	return t
}

// levelTotals lists the levels of findings with the counts that may be shown:
// everyone's, else those of the groups together.
func (c *composer) levelTotals(findings []*monitoring.Finding) (codes []string, total map[string]int, sample map[string]*monitoring.Finding) {
	total, sample = map[string]int{}, map[string]*monitoring.Finding{}
	whole := map[string]bool{}
	for _, f := range findings {
		if sample[f.Level] == nil {
			sample[f.Level] = f
			codes = append(codes, f.Level)
		}
		switch {
		case !plain(f) || whole[f.Level]:
		case len(f.Group) == 0:
			whole[f.Level], total[f.Level] = true, f.N
		default:
			total[f.Level] += f.N
		}
	}
	return codes, total, sample
}

// partial says whether a level's total leaves out a group whose count is
// masked, so that it is only a lower bound.
func partial(findings []*monitoring.Finding) bool {
	masked := false
	for _, f := range findings {
		if len(f.Group) == 0 && plain(f) {
			return false
		}
		masked = masked || f.MaskN
	}
	return masked
}

// atLevel returns the finding of a level, or nil.
func atLevel(findings []*monitoring.Finding, code string) *monitoring.Finding {
	for _, f := range findings {
		if f.Level == code {
			return f
		}
	}
	return nil
}

// byLevel returns the findings of a level.
func byLevel(findings []*monitoring.Finding, code string) []*monitoring.Finding {
	var out []*monitoring.Finding
	for _, f := range findings {
		if f.Level == code {
			out = append(out, f)
		}
	}
	return out
}

// hxlFile makes a file name of an id.
func hxlFile(id string) string { return strings.ReplaceAll(hxlWord(id), "_", "-") }
