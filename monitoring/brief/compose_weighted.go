package brief

import (
	"strings"

	"waymark/internal/lang"
	"waymark/monitoring"
)

// weighted shows the figures weighted to outside totals beside the unweighted,
// the margins that were met, and what the weighting costs in precision.
func (c *composer) weighted() []Section {
	w := c.a.Weighting
	if w == nil {
		return nil
	}
	s := Section{ID: "weighted", Title: c.text("weighted.title")}
	s.Blocks = append(s.Blocks, c.para("weighted.intro", lang.Text("source", w.Source)))
	if !w.Converged {
		s.Blocks = append(s.Blocks, Note{{Text: c.text("weighted.not_converged", c.say.Count("n", w.Iterations))}})
	}
	s.Blocks = append(s.Blocks, join(
		c.para("weighted.cost", lang.Text("deff", c.say.Decimal(w.Deff, 2))),
		c.para(c.records("weighted.neff"), c.say.Count("n", int(w.NEff+0.5))),
		c.para("weighted.range", lang.Text("low", c.say.Decimal(w.MinRatio, 2)), lang.Text("high", c.say.Decimal(w.MaxRatio, 2))),
		c.dropped(w)))
	if p := c.weightsMade(w); len(p) > 0 {
		s.Blocks = append(s.Blocks, p)
	}
	if t := c.weightedTable(); len(t.Rows) > 0 {
		s.Blocks = append(s.Blocks, t)
	}
	if t := c.marginTable(w); len(t.Rows) > 0 {
		s.Blocks = append(s.Blocks, t)
	}
	if t := c.spreadTable(w); len(t.Rows) > 0 {
		s.Blocks = append(s.Blocks, t)
	}
	if len(w.Notes) > 0 {
		s.Blocks = append(s.Blocks, c.foreignNotes(w.Notes))
	}
	return []Section{s}
}

func (c *composer) dropped(w *monitoring.Weighting) Paragraph {
	if w.Dropped == 0 {
		return nil
	}
	return c.para(c.records("weighted.dropped"), c.say.Count("n", w.Dropped))
}

// foreignNotes lists notes that come in English from the analysis.
func (c *composer) foreignNotes(notes []string) List {
	var l List
	for _, n := range notes {
		if c.say.RTL {
			n = lang.Isolate(n)
		}
		l = append(l, Paragraph{{Text: n}})
	}
	return l
}

// weightedTable has each weighted share beside the unweighted.
func (c *composer) weightedTable() *Table {
	weighted, shares := c.of(monitoring.SectionWeighted), c.of(monitoring.SectionIndicator)
	t := &Table{ID: "weighted", Caption: c.text("weighted.table", lang.Text("confidence", c.confidence())), Columns: []TableColumn{
		{Label: c.text("col.code"), HXL: "#indicator+code"},
		{Label: c.text("col.indicator"), HXL: "#indicator+name"},
		{Label: c.text("col.within"), HXL: "#group+name"},
		{Label: c.text("col.unweighted"), HXL: "#indicator+value+num+unweighted", Numeric: true},
		{Label: c.text("col.weighted"), HXL: "#indicator+value+num+weighted", Numeric: true},
		{Label: c.text("col.lo"), HXL: "#indicator+lo+num+weighted", Numeric: true},
		{Label: c.text("col.hi"), HXL: "#indicator+hi+num+weighted", Numeric: true},
		{Label: c.text("col.base"), HXL: "#indicator+base+num", Numeric: true},
		{Label: c.text("col.deff"), HXL: "#indicator+deff+num", Numeric: true},
	}}
	var used []*monitoring.Finding
	for _, f := range weighted {
		used = append(used, f, find(shares, weightedOf(f), f.Group))
	}
	d := shareDecimals(used)
	for i, f := range weighted {
		deff := Cell{Text: "–"}
		if plain(f) {
			deff = c.number(f.Deff, 2, f.Key)
		}
		t.Rows = append(t.Rows, []Cell{
			{Text: weightedOf(f), Value: weightedOf(f)}, {Text: c.indicator(weightedOf(f)), Header: true}, {Text: c.group(f.Group)},
			c.shareCell(used[2*i+1], d), c.shareCell(f, d), c.endCell(f, f.Lo, d), c.endCell(f, f.Hi, d), c.baseCell(f), deff,
		})
	}
	t.Notes = c.tableNotes(used)
	return t
}

// marginTable shows, for each margin, what the totals ask and what the sample
// and the weighted sample have.
func (c *composer) marginTable(w *monitoring.Weighting) *Table {
	t := &Table{ID: "weighting-margins", Caption: c.text("weighted.margins"), Columns: []TableColumn{
		{Label: c.text("col.within"), HXL: "#group+name+within"},
		{Label: c.text("col.variable"), HXL: "#group+name+variable"},
		{Label: c.text("col.level"), HXL: "#group+name+level"},
		{Label: c.text("col.target"), HXL: "#population+value+num+target", Numeric: true},
		{Label: c.text("col.sample"), HXL: "#population+value+num+sample", Numeric: true},
	}}
	weighed := c.a.Design.Weights != "" // the sample has weights of its own
	if weighed {
		t.Columns = append(t.Columns, TableColumn{Label: c.text("col.before"), HXL: "#population+value+num+before", Numeric: true})
	}
	t.Columns = append(t.Columns, TableColumn{Label: c.text("col.after"), HXL: "#population+value+num+weighted", Numeric: true},
		TableColumn{Label: c.text("col.n"), HXL: "#population+num", Numeric: true})
	share := func(x float64) Cell { return Cell{Text: c.say.Percent(x, 1), Value: x, Percent: true} }
	for _, m := range w.Margins {
		for _, l := range m.Levels {
			cells := []Cell{c.routeCell(m.Route), {Text: c.variable(m.Variable)}, {Text: c.level(m.Variable, l.Code), Header: true},
				share(l.Target), share(l.Sample)}
			if weighed {
				cells = append(cells, share(l.Before))
			}
			if l.Rows > 0 && l.Rows < c.mask { // its share would tell the count
				for i := range cells[4:] {
					cells[4+i] = Cell{Text: "–"}
				}
			}
			t.Rows = append(t.Rows, append(cells, share(l.Weighted), c.maskedCount(l.Rows, "")))
		}
	}
	return t
}

// weightedOf is the indicator that a weighted finding is about.
func weightedOf(f *monitoring.Finding) string { return strings.TrimPrefix(f.ID, weightedPrefix) }

// weightedPrefix may begin the id of a weighted finding.
const weightedPrefix = "weighted."
