package brief

import (
	"slices"
	"sort"
	"strings"

	"waymark/internal/lang"
	"waymark/monitoring"
)

// Bounds of what one table of a breakdown holds before it turns or is cut.
const (
	// columnLevels is the most levels that stand as columns; more stand as rows.
	columnLevels = 6
	// columnIndicators is the most indicators that stand as columns.
	columnIndicators = 6
	// namedLevels is the most levels that a sentence names as not shown.
	namedLevels = 40
)

// breakdown is the indicators by one variable, or several crossed, within
// each route and for everyone, as far as the analysis has them.
type breakdown struct {
	variables []string
	findings  []*monitoring.Finding
	// within are the codes of the routes, and "" for everyone.
	within []string
	levels []monitoring.Group // of the variables, in the order to show
	hidden []monitoring.Group // levels (with their route) of which nothing is shown
}

// breakdowns is a section for each variable that indicators are divided by,
// but for those that a trend runs over.
func (c *composer) breakdowns() []Section {
	var out []Section
	for _, b := range c.divide() {
		if len(b.variables) == 1 && c.hasTrend(b.variables[0]) {
			continue
		}
		out = append(out, c.breakdownSection(b))
	}
	return out
}

func (c *composer) hasTrend(variable string) bool {
	return slices.ContainsFunc(c.a.Trends, func(t monitoring.Trend) bool { return t.Variable == variable })
}

// divide sorts the indicator findings into breakdowns, in order of appearance.
func (c *composer) divide() []*breakdown {
	if c.divided != nil {
		return c.divided
	}
	var all []*breakdown
	by := map[string]*breakdown{}
	for _, f := range c.of(monitoring.SectionIndicator) {
		rest := without(f.Group, c.route)
		if len(rest) == 0 || c.sameQuestion(f.ID, rest) {
			continue
		}
		names := make([]string, len(rest))
		for i, p := range rest {
			names[i] = p.Variable
		}
		key := strings.Join(names, "+")
		b := by[key]
		if b == nil {
			b = &breakdown{variables: names}
			by[key] = b
			all = append(all, b)
		}
		b.findings = append(b.findings, f)
	}
	for _, b := range all {
		c.order(b)
	}
	c.divided = all
	return all
}

// sameQuestion says whether an indicator is made of the question that a group
// divides by: its shares would be 0% and 100% and tell nothing.
func (c *composer) sameQuestion(id string, g monitoring.Group) bool {
	i := c.in.Indicator(id)
	if i == nil || i.Question == "" {
		return false
	}
	return slices.ContainsFunc(g, func(p monitoring.Part) bool {
		if group := c.in.Group(p.Variable); group != nil {
			return group.From == i.Question
		}
		return p.Variable == i.Question
	})
}

// order finds the levels of a breakdown, sorts them by their own order or by
// base, and sets apart those of which nothing is shown.
func (c *composer) order(b *breakdown) {
	base := map[string]int{}
	visible := map[string]bool{} // by level
	seen := map[string]bool{}    // by route and level
	alive := map[string]bool{}
	var levels, pairs []monitoring.Group
	for _, f := range b.findings {
		code, level := levelOf(f.Group, c.route), without(f.Group, c.route)
		if !slices.Contains(b.within, code) {
			b.within = append(b.within, code)
		}
		k := groupID(level)
		if _, known := base[k]; !known {
			levels = append(levels, level)
		}
		base[k] = max(base[k], f.Base)
		pair := code + "|" + k
		if !seen[pair] {
			seen[pair] = true
			pairs = append(pairs, f.Group)
		}
		if shown(f) {
			visible[k], alive[pair] = true, true
		}
	}
	c.arrange(c.route, b.within)
	slices.SortStableFunc(b.within, func(x, y string) int { // everyone comes last
		switch {
		case x == "" && y != "":
			return 1
		case y == "" && x != "":
			return -1
		}
		return 0
	})
	sort.SliceStable(levels, func(i, j int) bool { return c.before(b, levels[i], levels[j], base) })
	for _, l := range levels {
		if visible[groupID(l)] {
			b.levels = append(b.levels, l)
		}
	}
	sort.SliceStable(pairs, func(i, j int) bool {
		return c.before(b, without(pairs[i], c.route), without(pairs[j], c.route), base)
	})
	for _, g := range pairs {
		if !alive[levelOf(g, c.route)+"|"+groupID(without(g, c.route))] {
			b.hidden = append(b.hidden, g)
		}
	}
}

// before says whether level x comes before y: by the instrument's order of each
// variable that has one, else the larger base first.
func (c *composer) before(b *breakdown, x, y monitoring.Group, base map[string]int) bool {
	for _, v := range b.variables {
		codes, ordered := c.levelOrder(v)
		if !ordered && len(codes) > columnLevels {
			continue
		}
		i, j := slices.Index(codes, levelOf(x, v)), slices.Index(codes, levelOf(y, v))
		if i != j && i >= 0 && j >= 0 {
			return i < j
		}
	}
	if i, j := otherLevel(x), otherLevel(y); i != j {
		return j
	}
	return base[groupID(x)] > base[groupID(y)]
}

// otherLevel says whether a part of the group stands for all other answers.
func otherLevel(g monitoring.Group) bool {
	return slices.ContainsFunc(g, func(p monitoring.Part) bool { return isOther(p.Level) })
}

// groupID is a text that is equal for equal groups.
func groupID(g monitoring.Group) string {
	parts := make([]string, len(g))
	for i, p := range g {
		parts[i] = p.Variable + "=" + p.Level
	}
	sort.Strings(parts)
	return strings.Join(parts, "&")
}

// id is safe as a file name and an HTML id.
func (b *breakdown) id() string {
	words := make([]string, len(b.variables))
	for i, v := range b.variables {
		words[i] = hxlWord(v)
	}
	return "by-" + strings.Join(words, "-")
}

// breakdownSection is the picture and the table of one breakdown.
func (c *composer) breakdownSection(b *breakdown) Section {
	s := Section{ID: b.id(), Title: c.text("breakdown.title", c.by(b))}
	s.Blocks = c.breakdownBlocks(b)
	return s
}

// by fills {by} with the names of the variables.
func (c *composer) by(b *breakdown) lang.Arg {
	names := make([]string, len(b.variables))
	for i, v := range b.variables {
		names[i] = lowerFirst(c.variable(v), c.code)
	}
	return lang.Text("by", c.say.List(names))
}

func (c *composer) breakdownBlocks(b *breakdown) []Block {
	var blocks []Block
	if len(b.levels) > 0 {
		blocks = append(blocks, c.breakdownTable(b))
		blocks = append(blocks, c.breakdownFigures(b)...)
	}
	if len(b.hidden) > 0 {
		blocks = append(blocks, c.hiddenLevels(b))
	}
	if len(b.variables) == 1 {
		blocks = append(blocks, c.tests(b.variables[0])...)
	}
	return blocks
}

// hiddenLevels names the groups of which nothing is shown, by route.
func (c *composer) hiddenLevels(b *breakdown) Paragraph {
	var sentences []Paragraph
	for _, code := range b.within {
		var names []string
		for _, g := range b.hidden {
			if levelOf(g, c.route) == code {
				names = append(names, c.group(without(g, c.route)))
			}
		}
		if len(names) == 0 {
			continue
		}
		more := len(names) - namedLevels
		if more > 0 {
			names = append(names[:namedLevels:namedLevels], c.text("hidden.more", c.say.Count("n", more)))
		}
		list := lang.Text("list", c.say.List(names))
		if code == "" {
			sentences = append(sentences, c.para(c.records("hidden.all"), list, c.say.Count("n", c.min)))
			continue
		}
		sentences = append(sentences, c.para("hidden.route", list, c.say.Count("n", c.min), c.among(monitoring.Group{{Variable: c.route, Level: code}})))
	}
	return join(sentences...)
}
