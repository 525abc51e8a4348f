package brief

import (
	"math"
	"strconv"

	"waymark/internal/lang"
	"waymark/monitoring"
)

// adjusts says whether p-values are adjusted for many comparisons.
func (c *composer) adjusts() bool { return c.a.Multiple.Adjusts() }

// together says how many results were tested at once, what was done about it
// and how many stay clear, for the table of these results.
func (c *composer) together(kind monitoring.TestKind, table string) Paragraph {
	f := c.a.Multiple.Of(kind, table)
	if f == nil || f.Size() < 2 { // one by itself needs no adjustment
		return nil
	}
	var parts []string
	for _, k := range []struct {
		kind monitoring.TestKind
		key  string
	}{{monitoring.KindComparison, "multiple.ratios"}, {monitoring.KindTrend, "multiple.trends"}, {monitoring.KindTest, "multiple.tests"}} {
		if n := f.Compared[k.kind]; n > 0 {
			parts = append(parts, c.text(k.key, c.say.Count("n", n)))
		}
	}
	list := lang.Text("list", c.say.List(parts))
	if !c.adjusts() {
		return c.para("multiple.not_adjusted", list)
	}
	return join(c.para("multiple.together", list),
		c.para("multiple.stay", lang.Text("k", c.say.Whole(f.Stay)), lang.Text("n", c.say.Whole(f.Size())), c.clearLevel()))
}

// clearLevel fills {level} with the level up to which a result is marked.
func (c *composer) clearLevel() lang.Arg {
	level := c.a.Multiple.Level
	digits := strconv.FormatFloat(level, 'f', -1, 64)
	return lang.Text("level", c.say.Decimal(level, min(6, max(0, len(digits)-2))))
}

// clearLevelPercent is the same as a percentage.
func (c *composer) clearLevelPercent() lang.Arg {
	level := 100 * c.a.Multiple.Level
	decimals := 0
	if math.Abs(level-math.Round(level)) > 1e-9 {
		decimals = 1
	}
	return lang.Text("level", c.say.Percent(c.a.Multiple.Level, decimals))
}

// pColumns head the p-values of a table.
func (c *composer) pColumns() []TableColumn {
	columns := []TableColumn{{Label: c.text("col.p"), HXL: "#indicator+p+num", Numeric: true}}
	if c.adjusts() {
		columns = append(columns, TableColumn{Label: c.text("col.p_adjusted"), HXL: "#indicator+p_adjusted+num", Numeric: true})
	}
	return columns
}

// pCells are the cells under pColumns; a mark says what stays clear.
func (c *composer) pCells(p, adjusted float64, key string) []Cell {
	cells := []Cell{c.pCell(p, key)}
	if c.adjusts() {
		cell := c.pCell(adjusted, key)
		if adjusted <= c.a.Multiple.Level {
			cell.Text += " *"
		}
		cells = append(cells, cell)
	}
	return cells
}

// noPCells are the cells under pColumns of a result that is not shown.
func (c *composer) noPCells() []Cell {
	cells := make([]Cell, len(c.pColumns()))
	for i := range cells {
		cells[i] = Cell{Text: "–"}
	}
	return cells
}

// markNote explains the mark below a table that has one.
func (c *composer) markNote(t *Table) {
	for _, row := range t.Rows {
		for _, cell := range row {
			if n := len(cell.Text); c.adjusts() && n > 2 && cell.Text[n-2:] == " *" {
				t.Notes = append(t.Notes, c.text("multiple.note", c.clearLevel()))
				return
			}
		}
	}
}

// clear says whether a trend stays clear, and the p-value to say so with.
func (c *composer) clear(t *monitoring.Trend) (bool, string) {
	if !c.adjusts() {
		return t.P < 0.05, c.pValue(t.P)
	}
	return t.Adjusted <= c.a.Multiple.Level, c.text("multiple.p", lang.Text("p", c.pValue(t.Adjusted)))
}

// multiple says in the method how p-values allow for their number.
func (c *composer) multiple() []Block {
	m := c.a.Multiple
	if m == nil || len(m.Families) == 0 {
		return nil
	}
	left := 0
	for i := range m.Families {
		left += m.Families[i].LeftOut
	}
	p := []Paragraph{c.para("multiple.how."+m.Method, c.clearLevelPercent())}
	if m.Adjusts() {
		p = append(p, c.para("multiple.family."+m.Family), c.para("multiple.intervals"))
	}
	if left > 0 {
		p = append(p, c.para("multiple.left_out", c.say.Count("n", left)))
	}
	return []Block{Heading(c.text("multiple.title")), join(p...)}
}
