package brief

import (
	"cmp"
	"slices"

	"waymark/internal/lang"
	"waymark/monitoring"
	"waymark/monitoring/instrument"
)

// coverFacts is how many large numbers a cover holds.
const coverFacts = 4

// overview is the result in words, then the key figures.
func (c *composer) overview() []Section {
	s := Section{ID: "overview", Title: c.text("overview.title")}
	if c.a.Synthetic {
		s.Blocks = append(s.Blocks, Note{{Text: c.text("synthetic.note")}})
	}
	if text := c.a.Pooling.In(c.code); text != "" {
		s.Blocks = append(s.Blocks, Note{{Text: text}}) // figures of different forms are never put together silently
	}
	s.Blocks = append(s.Blocks, c.basis())
	if words := c.a.Pooling.In(c.code); words != "" {
		s.Blocks = append(s.Blocks, Note{{Text: words}})
	}
	if points := c.headlines(); len(points) > 0 {
		s.Blocks = append(s.Blocks, List(points))
		s.Blocks = append(s.Blocks, c.firstInterval())
	}
	findings := c.of(monitoring.SectionIndicator)
	groups := c.routeGroups(findings)
	if names := ids(findings); len(names) > 0 && len(groups) > 0 {
		caption := c.text("overview.table", lang.Text("confidence", c.confidence()))
		s.Blocks = append(s.Blocks, c.crossTable("key-figures", caption, findings, names, groups))
	}
	if c.flowMonitoring() {
		s.Blocks = append(s.Blocks, Note{{Text: c.text("caution.sample")}})
	}
	return []Section{s}
}

// basis says how many interviews the brief rests on, when and on which routes.
func (c *composer) basis() Paragraph {
	n := c.say.Count("n", c.a.Counts.Eligible).Marked(keyEligible)
	var first Paragraph
	if p := c.period(); p != "" && c.a.First != c.a.Last {
		first = c.para(c.records("basis.period"), n, lang.Text("first", c.say.Date(c.a.First)), lang.Text("last", c.say.Date(c.a.Last)))
	} else {
		first = c.para(c.records("basis"), n)
	}
	if len(c.routes) < 2 {
		return first
	}
	sentences := []Paragraph{first}
	for _, r := range c.a.Counts.EligibleByRoute {
		if r.Count > 0 {
			sentences = append(sentences, c.para("basis.route", c.say.Count("n", r.Count).Marked(keyEligible+"."+keySafe(r.Code)),
				c.among(monitoring.Group{{Variable: c.route, Level: r.Code}})))
		}
	}
	return join(sentences...)
}

// headlines are the sentences that a reader should take away, in this order:
// the leading indicator by route, its strongest part, the comparison of
// routes, other groups of everyone, and shares that are not of experiences.
func (c *composer) headlines() []Paragraph {
	findings := c.of(monitoring.SectionIndicator)
	groups := c.routeGroups(findings)
	if len(groups) > 1 && len(groups[len(groups)-1]) == 0 {
		groups = groups[:len(groups)-1] // routes tell more than all together
	}
	var points []Paragraph
	said := map[*monitoring.Finding]bool{}
	add := func(f *monitoring.Finding) {
		if shown(f) && !said[f] {
			said[f] = true
			points = append(points, strong(c.shareSentence(f)))
		}
	}
	lead := c.lead(findings)
	groups = slices.Clone(groups)
	slices.SortStableFunc(groups, func(x, y monitoring.Group) int { // the highest first
		return -cmp.Compare(estimate(find(findings, lead, x)), estimate(find(findings, lead, y)))
	})
	for _, g := range groups {
		add(find(findings, lead, g))
	}
	for _, g := range groups {
		add(c.strongest(findings, g, lead))
	}
	if p := c.ratioRange(); p != nil {
		points = append(points, strong(p))
	}
	for _, f := range findings {
		if f.ID == lead && len(f.Group) == 1 && f.Group[0].Variable != c.route && f.Group[0].Level == "yes" {
			add(f)
		}
	}
	for _, i := range c.in.Indicators {
		if i.Experience == instrument.Measure {
			for _, g := range groups {
				add(find(findings, i.ID, g))
			}
		}
	}
	if len(points) == 0 || !c.people {
		points = append(points, c.measureSentences()...)
	}
	return points
}

// estimate is a finding's share to sort by; one that is not shown sorts last.
func estimate(f *monitoring.Finding) float64 {
	if !plain(f) {
		return -1
	}
	return f.Estimate
}

// lead is the indicator that the overview opens with: the first that counts
// own experiences together, else the first.
func (c *composer) lead(findings []*monitoring.Finding) string {
	names := ids(findings)
	for _, id := range names {
		if i := c.in.Indicator(id); composite(i) && i.Experience == instrument.Own {
			return id
		}
	}
	if len(names) > 0 {
		return names[0]
	}
	return ""
}

// strongest is the single own experience with the greatest share in a group.
func (c *composer) strongest(findings []*monitoring.Finding, g monitoring.Group, lead string) *monitoring.Finding {
	var best *monitoring.Finding
	for _, f := range findings {
		i := c.in.Indicator(f.ID)
		if i == nil || f.ID == lead || composite(i) || i.Experience != instrument.Own || !sameGroup(f.Group, g) || !plain(f) {
			continue
		}
		if best == nil || f.Estimate > best.Estimate {
			best = f
		}
	}
	return best
}

// shareSentence says a finding in one sentence.
func (c *composer) shareSentence(f *monitoring.Finding) Paragraph {
	i := c.in.Indicator(f.ID)
	who, pct := c.among(f.Group), c.pct("pct", f)
	routed := len(f.Group) == 0 || f.Group[0].Variable == c.route
	switch {
	case composite(i) && routed:
		return c.para("say.composite", who, pct, c.say.Count("n", i.AtLeast), c.say.Count("of", len(i.Of)))
	case composite(i):
		return c.para("say.composite.short", who, pct, c.say.Count("n", i.AtLeast))
	case i != nil && i.Sentence.In(c.code) != "":
		return c.para(c.records("say.share"), who, pct, lang.Text("sentence", i.Sentence.In(c.code)))
	default:
		return c.para("say.label", who, pct, lang.Text("label", c.indicator(f.ID)))
	}
}

// firstInterval says once, in words, what an interval means.
func (c *composer) firstInterval() Paragraph {
	findings := c.of(monitoring.SectionIndicator)
	lead := c.lead(findings)
	for _, g := range slices.Backward(append(c.routeGroups(findings), nil)) {
		if f := find(findings, lead, g); plain(f) && len(g) > 0 || plain(f) && c.route == "" {
			lo, hi := c.bounds(f)
			return c.para("interval.first", c.pct("pct", f), lo, hi)
		}
	}
	return c.para("interval.plain")
}

// ratioRange says between which ratios all compared own experiences lie.
func (c *composer) ratioRange() Paragraph {
	var low, high *monitoring.Finding
	n := 0
	for _, f := range c.of(monitoring.SectionCompare) {
		i := c.in.Indicator(ratioOf(f))
		if i == nil || composite(i) || i.Experience != instrument.Own || !shown(f) {
			continue
		}
		if low != nil && (!sameGroup(f.Of, low.Of) || !sameGroup(f.Against, low.Against)) {
			continue // one comparison only
		}
		n++
		if low == nil || f.Estimate < low.Estimate {
			low = f
		}
		if high == nil || f.Estimate > high.Estimate {
			high = f
		}
	}
	if n < 2 {
		return nil
	}
	return c.para("say.ratio_range", lang.Text("of", c.group(low.Of)), lang.Text("against", c.group(low.Against)),
		lang.Text("low", c.say.Decimal(low.Estimate, 1)).Marked(low.Key), lang.Text("high", c.say.Decimal(high.Estimate, 1)).Marked(high.Key))
}

// cover chooses the large numbers: the interviews, the leading indicator by
// route, and other groups' shares while there is room.
func (c *composer) cover() []CoverFact {
	facts := []CoverFact{{
		Value: c.say.Whole(c.a.Counts.Eligible), Key: keyEligible,
		Caption: c.text(c.records("cover.eligible"), c.say.Count("n", c.a.Counts.Eligible)),
	}}
	add := func(f *monitoring.Finding) {
		if plain(f) && len(facts) < coverFacts {
			facts = append(facts, CoverFact{Value: c.share(f.Estimate), Key: f.Key,
				Caption: c.text("cover.share", lang.Text("label", c.indicator(f.ID)), lang.Text("group", c.whole(f.Group)))})
		}
	}
	findings := c.of(monitoring.SectionIndicator)
	lead := c.lead(findings)
	groups := c.routeGroups(findings)
	for _, g := range groups {
		if len(g) > 0 || len(groups) == 1 {
			add(find(findings, lead, g))
		}
	}
	for _, f := range findings {
		if f.ID == lead && len(f.Group) == 1 && f.Group[0].Variable != c.route && f.Group[0].Level == "yes" {
			add(f)
		}
	}
	for _, f := range c.of(monitoring.SectionMeasure) {
		if shown(f) && len(f.Group) == 0 && len(facts) < coverFacts && len(findings) == 0 {
			facts = append(facts, CoverFact{Value: c.measureText(f), Caption: c.measureName(f), Key: f.Key})
		}
	}
	return facts
}
