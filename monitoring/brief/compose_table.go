package brief

import (
	"slices"

	"waymark/internal/lang"
	"waymark/monitoring"
)

// longTable lists findings one a row: the indicator, the group's parts, the
// share with its interval, the counts and the design effect. It is the form
// that other programs read.
func (c *composer) longTable(id, caption string, findings []*monitoring.Finding, variables []string) *Table {
	t := &Table{ID: id, Caption: caption, Columns: []TableColumn{
		{Label: c.text("col.code"), HXL: "#indicator+code"},
		{Label: c.text("col.indicator"), HXL: "#indicator+name"},
	}}
	for _, v := range variables {
		t.Columns = append(t.Columns, TableColumn{Label: c.variable(v), HXL: "#group+name+" + hxlWord(v)})
	}
	t.Columns = append(t.Columns, c.numberColumns()...)
	d := shareDecimals(findings)
	for _, f := range findings {
		row := []Cell{{Text: f.ID, Value: f.ID}, {Text: c.indicator(f.ID), Header: true}}
		for _, v := range variables {
			name := c.text(c.records("group.all"))
			if code := levelOf(f.Group, v); code != "" {
				name = c.level(v, code)
			}
			row = append(row, Cell{Text: name})
		}
		t.Rows = append(t.Rows, append(row, c.numberCells(f, d)...))
	}
	t.Notes = c.tableNotes(findings)
	return t
}

// numberColumns head the numbers of a share.
func (c *composer) numberColumns() []TableColumn {
	return []TableColumn{
		{Label: c.text("col.share"), HXL: "#indicator+value+num", Numeric: true},
		{Label: c.text("col.lo"), HXL: "#indicator+lo+num", Numeric: true},
		{Label: c.text("col.hi"), HXL: "#indicator+hi+num", Numeric: true},
		{Label: c.text("col.yes"), HXL: "#indicator+yes+num", Numeric: true},
		{Label: c.text("col.base"), HXL: "#indicator+base+num", Numeric: true},
		{Label: c.text("col.deff"), HXL: "#indicator+deff+num", Numeric: true},
	}
}

// numberCells are the cells under numberColumns.
func (c *composer) numberCells(f *monitoring.Finding, decimals int) []Cell {
	deff := Cell{Text: "–"}
	if plain(f) {
		deff = c.number(f.Deff, 2, f.Key)
	}
	return []Cell{
		c.shareCell(f, decimals), c.endCell(f, f.Lo, decimals), c.endCell(f, f.Hi, decimals),
		c.yesCell(f), c.baseCell(f), deff,
	}
}

// tableNotes explain the cells of a table that are withheld or masked.
func (c *composer) tableNotes(findings []*monitoring.Finding) []string {
	var notes []string
	if slices.ContainsFunc(findings, func(f *monitoring.Finding) bool { return f != nil && f.NotShown == monitoring.NotShownBase }) {
		notes = append(notes, c.text(c.records("note.base"), c.say.Count("n", c.min)))
	}
	if slices.ContainsFunc(findings, func(f *monitoring.Finding) bool {
		return f != nil && f.NotShown != "" && f.NotShown != monitoring.NotShownBase && f.NotShown != monitoring.NotShownMask
	}) {
		notes = append(notes, c.text("note.estimate"))
	}
	if slices.ContainsFunc(findings, func(f *monitoring.Finding) bool {
		return f != nil && (f.MaskN || f.NotShown == monitoring.NotShownMask)
	}) {
		notes = append(notes, c.text(c.records("note.mask"), c.say.Count("n", c.mask-1)))
	}
	return notes
}

// crossTable has one row an indicator and one column a group: the share with
// its interval in one cell.
func (c *composer) crossTable(id, caption string, findings []*monitoring.Finding, names []string, groups []monitoring.Group) *Table {
	t := &Table{ID: id, Caption: caption, Columns: []TableColumn{{Label: c.text("col.indicator"), HXL: "#indicator+name"}}}
	var used []*monitoring.Finding
	for _, g := range groups {
		t.Columns = append(t.Columns, TableColumn{Label: c.group(g), HXL: "#indicator+value+num" + c.hxlGroup(g), Numeric: true})
		for _, id := range names {
			if f := find(findings, id, g); f != nil {
				used = append(used, f)
			}
		}
	}
	d := shareDecimals(used)
	for _, name := range names {
		row := []Cell{{Text: c.indicator(name), Header: true}}
		for _, g := range groups {
			row = append(row, c.intervalCell(find(findings, name, g), d))
		}
		t.Rows = append(t.Rows, row)
	}
	t.Notes = c.tableNotes(used)
	return t
}

// intervalCell is a share with its interval in brackets.
func (c *composer) intervalCell(f *monitoring.Finding, decimals int) Cell {
	cell := c.shareCell(f, decimals)
	if plain(f) {
		cell.Text = c.text("share.interval", lang.Text("pct", cell.Text),
			lang.Text("lo", c.say.Percent(f.Lo, decimals)), lang.Text("hi", c.say.Percent(f.Hi, decimals)))
	}
	return cell
}

// hxlGroup is the attributes of a group's levels: "+cmr+female".
func (c *composer) hxlGroup(g monitoring.Group) string {
	s := ""
	for _, p := range g {
		s += "+" + hxlWord(p.Level)
	}
	return s
}
