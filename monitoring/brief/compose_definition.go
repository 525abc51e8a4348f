package brief

import (
	"waymark/internal/lang"
	"waymark/monitoring"
	"waymark/monitoring/instrument"
)

// definitions says what each indicator counts and where its definition comes
// from.
func (c *composer) definitions() []Section {
	t := &Table{ID: "definitions", Caption: c.text("definition.title"), Columns: []TableColumn{
		{Label: c.text("col.code"), HXL: "#indicator+code"},
		{Label: c.text("col.indicator"), HXL: "#indicator+name"},
		{Label: c.text("col.definition"), HXL: "#indicator+definition"},
		{Label: c.text("col.citation"), HXL: "#meta+source+definition"},
	}}
	for _, id := range ids(c.of(monitoring.SectionIndicator)) {
		i := c.in.Indicator(id)
		if i == nil {
			continue
		}
		t.Rows = append(t.Rows, []Cell{{Text: id, Value: id}, {Text: c.indicator(id), Header: true}, {Text: c.definition(i)}, {Text: c.citation(i.Citation)}})
	}
	if len(t.Rows) == 0 {
		return nil
	}
	blocks := []Block{c.para(c.records("definition.intro")), t}
	if cite := c.citation(c.in.Citation); cite != "" {
		blocks = append(blocks, c.para("definition.instrument", lang.Text("title", c.in.Title.In(c.code)), lang.Text("citation", cite)))
	}
	return []Section{{ID: "definitions", Title: c.text("definition.title"), Blocks: blocks}}
}

// definition says what counts as yes.
func (c *composer) definition(i *instrument.Indicator) string {
	names := func(of []string) lang.Arg {
		labels := make([]string, len(of))
		for k, id := range of {
			labels[k] = c.indicator(id)
		}
		return lang.Text("list", c.say.List(labels))
	}
	if composite(i) {
		return c.text("definition.of", c.say.Count("n", max(1, i.AtLeast)), c.say.Count("of", len(i.Of)), names(i.Of))
	}
	levels := make([]string, len(i.Yes))
	for k, code := range i.Yes {
		levels[k] = c.questionLevel(i.Question, code)
	}
	text := c.text("definition.question", lang.Text("question", i.Question), lang.Text("levels", c.say.List(levels)))
	if len(i.UnlessAny) > 0 {
		text += " " + c.text("definition.unless", names(i.UnlessAny))
	}
	return text
}

// questionLevel names a choice of a question.
func (c *composer) questionLevel(name, code string) string {
	if q := c.in.Question(name); q != nil {
		for _, choice := range c.in.Lists[q.List] {
			if choice.Name == code {
				return choice.Label.In(c.code)
			}
		}
	}
	return code
}

// citation is authority, source and date.
func (c *composer) citation(cite instrument.Citation) string {
	if cite.Authority == "" {
		return ""
	}
	return c.text("definition.citation", lang.Text("authority", cite.Authority), lang.Text("source", cite.Source), lang.Text("date", c.say.Month(cite.Date)))
}

// disclaimers are the cautions that publications of such surveys carry.
func (c *composer) disclaimers() []Section {
	s := Section{ID: "disclaimers", Title: c.text("disclaimer.title")}
	var l List
	if c.a.Synthetic {
		l = append(l, c.para("synthetic.note"))
	}
	if c.flowMonitoring() {
		l = append(l, c.para("caution.sample"), c.para("disclaimer.anonymous"), c.para("disclaimer.services"))
	}
	if len(c.of(monitoring.SectionPlace)) > 0 {
		l = append(l, c.para("disclaimer.boundaries"))
	}
	l = append(l, c.para("disclaimer.sampling"), c.para("disclaimer.pattern"))
	s.Blocks = append(s.Blocks, l)
	return []Section{s}
}
