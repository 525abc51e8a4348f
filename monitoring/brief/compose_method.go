package brief

import (
	"cmp"
	"slices"

	"waymark/internal/lang"
	"waymark/monitoring"
	"waymark/monitoring/brief/figure"
	"waymark/monitoring/instrument"
)

// method says who was asked and how, who was left out and why, and what the
// intervals mean.
func (c *composer) method() []Section {
	s := Section{ID: "method", Title: c.text("method.title")}
	s.Blocks = append(s.Blocks, Heading(c.text("method.asked")), c.asked())
	if len(c.a.Counts.Excluded) > 0 {
		s.Blocks = append(s.Blocks, Heading(c.text(c.records("method.left_out"))), c.para(c.records("method.order")), c.flow())
		if l := c.missingRules(); len(l) > 0 {
			s.Blocks = append(s.Blocks, c.para("method.missing"), l)
		}
	}
	s.Blocks = append(s.Blocks, Heading(c.text("method.intervals")))
	s.Blocks = append(s.Blocks, c.intervals()...)
	s.Blocks = append(s.Blocks, c.multiple()...)
	s.Blocks = append(s.Blocks, Heading(c.text("method.shown")), join(
		c.para(c.records("method.min"), c.say.Count("n", c.min)), c.para(c.records("method.mask"), c.say.Count("n", c.mask-1), lang.Text("mask", c.say.Whole(c.mask)))))
	if n := c.a.Warnings; n != nil && n.Len() > 0 {
		s.Blocks = append(s.Blocks, Heading(c.text("method.notes")), c.warnings())
	}
	return []Section{s}
}

// asked says who was asked, where, how and with which questionnaire.
func (c *composer) asked() Paragraph {
	var p []Paragraph
	if c.flowMonitoring() {
		p = append(p, c.para("method.points"), c.para("method.voluntary"), c.para("method.sample"))
	}
	p = append(p, c.para("method.instrument", lang.Text("title", c.in.Title.In(c.code)), lang.Text("version", c.in.Version)))
	if len(c.a.Parts) > 1 {
		names := make([]string, len(c.a.Parts))
		for i, part := range c.a.Parts {
			names[i] = c.text("method.part", lang.Text("name", part.Source.Name), lang.Text("id", part.Instrument.ID), lang.Text("version", part.Instrument.Version))
		}
		p = append(p, c.para("method.pooled", c.say.Count("n", len(names)), lang.Text("list", c.say.List(names))))
	}
	if text := c.a.Pooling.In(c.code); text != "" {
		p = append(p, Paragraph{{Text: text}})
	}
	if c.a.Source.Name != "" && len(c.a.Parts) < 2 {
		p = append(p, c.para("method.file", lang.Text("name", c.a.Source.Name), c.say.Count("n", c.a.Counts.Received).Marked(keyReceived)))
	}
	if c.a.Synthetic {
		p = append(p, c.para("method.synthetic"))
	}
	return join(p...)
}

// exclusionLabel names a rule.
func (c *composer) exclusion(id string) (label string, rule *instrument.Exclusion) {
	for i := range c.in.Exclusions {
		if e := &c.in.Exclusions[i]; e.ID == id {
			return cmp.Or(e.Label.In(c.code), id), e
		}
	}
	return id, nil
}

// flow is the way from interviews received to interviews analysed.
func (c *composer) flow() *Figure {
	n := &c.a.Counts
	title := c.text(c.records("flow.title"))
	description := c.text(c.records("flow.description"), c.say.Count("received", n.Received), c.say.Count("n", n.Eligible))
	t := &Table{ID: "exclusions", Caption: title, Columns: []TableColumn{
		{Label: c.text("col.step"), HXL: "#meta+step+name"},
		{Label: c.text("col.n"), HXL: "#population+num", Numeric: true},
		{Label: c.text("col.missing"), HXL: "#population+num+missing", Numeric: true},
		{Label: c.text("col.kept"), HXL: "#population+num+kept", Numeric: true},
		{Label: c.text("col.source"), HXL: "#meta+rule"},
	}}
	row := func(label, key string, count int, cells ...Cell) {
		for len(cells) < 3 {
			cells = append(cells, Cell{})
		}
		t.Rows = append(t.Rows, append([]Cell{{Text: label, Header: true}, c.count(count, key)}, cells...))
	}
	spec := figure.FlowSpec{Frame: c.frame(title, description),
		Received: figure.FlowBox{Value: c.say.Whole(n.Received), Label: c.text(c.records("flow.received"), c.say.Count("n", n.Received))},
		Analysed: figure.FlowBox{Value: c.say.Whole(n.Eligible), Label: c.text(c.records("flow.analysed"), c.say.Count("n", n.Eligible)), Paint: figure.Ink},
	}
	row(upperFirst(c.text(c.records("flow.received"), c.say.Count("n", n.Received))), keyReceived, n.Received)
	for _, e := range n.Excluded {
		label, rule := c.exclusion(e.Rule)
		box := figure.FlowBox{Value: c.say.Whole(e.Count), Label: label}
		if e.Missing > 0 {
			box.Note = c.text("flow.missing", c.say.Count("n", e.Missing))
		}
		spec.Excluded = append(spec.Excluded, box)
		source := Cell{}
		if rule != nil {
			source.Text = rule.Citation.Authority
		}
		row(label, keyExcluded+keySafe(e.Rule), e.Count, c.count(e.Missing, ""), c.count(e.Kept, ""), source)
	}
	row(upperFirst(c.text(c.records("flow.analysed"), c.say.Count("n", n.Eligible))), keyEligible, n.Eligible)
	for _, r := range n.EligibleByRoute {
		if r.Count == 0 {
			continue
		}
		name := c.level(c.route, r.Code)
		row(name, keyEligible+"."+keySafe(r.Code), r.Count)
		paint := figure.Neutral
		if k := slices.Index(c.routes, r.Code); k >= 0 && k < len(seriesLooks) {
			paint = seriesLooks[k].paint
		}
		spec.Routes = append(spec.Routes, figure.FlowBox{Value: c.say.Whole(r.Count), Label: name, Paint: paint})
	}
	return &Figure{ID: "exclusions-figure", Title: title, Description: description, Drawing: figure.FlowDiagram(spec), Data: t}
}

// missingRules states, for each rule, what a missing answer does.
func (c *composer) missingRules() List {
	var l List
	for _, e := range c.a.Counts.Excluded {
		label, rule := c.exclusion(e.Rule)
		if rule == nil || rule.Why.In(c.code) == "" {
			continue
		}
		l = append(l, c.para("method.rule", lang.Text("label", label), lang.Text("why", rule.Why.In(c.code))))
	}
	return l
}

// intervals says what an interval is, how it was made and what it leaves out.
func (c *composer) intervals() []Block {
	confidence := lang.Text("confidence", c.confidence())
	p := []Paragraph{c.para(c.records("method.interval"), confidence)}
	if c.flowMonitoring() {
		p = append(p, c.para("method.interval.sample"))
	}
	blocks := []Block{join(p...)}
	d := c.a.Design
	var design []Paragraph
	if d.Weights == "" && d.Strata == "" && d.Clusters == "" && d.Replicates == "" {
		design = append(design, c.para(c.records("design.simple")))
	}
	if d.Strata != "" {
		design = append(design, c.para("design.strata", lang.Text("column", d.Strata), c.say.Count("n", d.NStrata)))
	}
	if d.Clusters != "" {
		design = append(design, c.para("design.clusters", lang.Text("column", d.Clusters), c.say.Count("n", d.NPSU)))
	}
	if d.Weights != "" {
		design = append(design, c.para("design.weights", lang.Text("column", d.Weights)))
	}
	if d.Replicates != "" {
		design = append(design, c.para("design.replicates", c.say.Count("n", d.NReplicates), lang.Text("kind", d.Replicates)))
	}
	if d.FPC {
		design = append(design, c.para("design.fpc"))
	}
	if d.DF > 0 {
		design = append(design, c.para("design.df", lang.Text("df", c.say.Decimal(d.DF, 0))))
	}
	if slices.ContainsFunc(c.a.Findings, func(f monitoring.Finding) bool { return plain(&f) && f.Deff == f.Deff }) {
		design = append(design, c.para("design.deff"))
	}
	if m := c.methods(); m != "" {
		design = append(design, c.para("design.methods", lang.Text("list", m)))
	}
	blocks = append(blocks, join(design...))
	if len(d.Notes) > 0 {
		blocks = append(blocks, c.foreignNotes(d.Notes))
	}
	return blocks
}

// methods lists the interval methods of the findings shown, by their names.
func (c *composer) methods() string {
	var names []string
	for i := range c.a.Findings {
		f := &c.a.Findings[i]
		if plain(f) && f.Method != "" {
			name := f.Method
			if key := "interval.method." + hxlWord(f.Method); c.say.Has(key) {
				name = c.text(key)
			}
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return c.say.List(names)
}

// shownWarnings bounds the warnings that a brief prints in full.
const shownWarnings = 10

// warnings lists what was found while reading the data.
func (c *composer) warnings() List {
	var notes []string
	w := c.a.Warnings
	for i, f := range w.Faults {
		if i == shownWarnings {
			break
		}
		notes = append(notes, f.Error())
	}
	l := c.foreignNotes(notes)
	if more := w.Len() - len(notes); more > 0 {
		l = append(l, c.para("method.more_warnings", c.say.Count("n", more)))
	}
	return l
}
