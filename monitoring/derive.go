package monitoring

import (
	"slices"

	"waymark/monitoring/instrument"
	"waymark/stats/table"
)

// The codes of a derived indicator: its two levels, in this order.
const (
	codeNo  = table.FirstLevel
	codeYes = table.FirstLevel + 1
)

var noYes = []table.Level{{Code: "no"}, {Code: "yes"}}

// indicatorColumn derives one indicator as a column with the levels no and
// yes. A missing answer keeps its reason. It returns nil if the table lacks a
// question that the indicator needs. done holds the indicators derived so far.
func indicatorColumn(t *table.Table, ind *instrument.Indicator, done map[string]*table.CategoryColumn) *table.CategoryColumn {
	var codes []uint8
	if ind.Question != "" {
		codes = questionCodes(t, ind)
	} else {
		codes = countCodes(t.Rows(), ind, done)
	}
	if codes == nil {
		return nil
	}
	for _, id := range ind.UnlessAny {
		other := done[id]
		if other == nil {
			return nil
		}
		for i, o := range other.Codes8 {
			switch {
			case o == codeYes:
				codes[i] = codeNo
			case o < table.FirstLevel && codes[i] == codeYes:
				// Own experience is not known, so neither is whether
				// the family's comes on top of it.
				codes[i] = o
			}
		}
	}
	return table.NewCategory8(ind.ID, noYes, codes)
}

func questionCodes(t *table.Table, ind *instrument.Indicator) []uint8 {
	column := t.Column(ind.Question)
	if column == nil {
		return nil
	}
	codes := make([]uint8, t.Rows())
	if c, ok := column.(*table.CategoryColumn); ok && c.Codes8 != nil {
		var lut [256]uint8
		for m := range lut[:table.FirstLevel] {
			lut[m] = uint8(m)
		}
		for i, l := range c.Levels {
			lut[table.FirstLevel+i] = codeNo
			if slices.Contains(ind.Yes, l.Code) {
				lut[table.FirstLevel+i] = codeYes
			}
		}
		for i, v := range c.Codes8 {
			codes[i] = lut[v]
		}
		return codes
	}
	for row := range codes {
		switch m := column.Missing(row); {
		case m != table.Present:
			codes[row] = uint8(m)
		case slices.Contains(ind.Yes, column.Text(row)):
			codes[row] = codeYes
		default:
			codes[row] = codeNo
		}
	}
	return codes
}

// countCodes makes an "at least k of" indicator: yes as soon as k are yes, no
// once k can no longer be reached, else missing for the first reason met.
func countCodes(rows int, ind *instrument.Indicator, done map[string]*table.CategoryColumn) []uint8 {
	parts := make([][]uint8, len(ind.Of))
	for i, id := range ind.Of {
		if done[id] == nil {
			return nil
		}
		parts[i] = done[id].Codes8
	}
	// What a code adds to the counts: yes in the lower half, missing in the
	// upper. A look-up does not depend on the answers, a branch would.
	var adds [256]uint
	for code := range adds {
		switch {
		case code == codeYes:
			adds[code] = 1
		case code < table.FirstLevel:
			adds[code] = 1 << 8
		}
	}
	codes := make([]uint8, rows)
	k := uint(ind.AtLeast)
	for row := range codes {
		var sum uint
		for _, part := range parts {
			sum += adds[part[row]]
		}
		switch yes := sum & 0xff; {
		case yes >= k:
			codes[row] = codeYes
		case yes+sum>>8 < k:
			codes[row] = codeNo
		default:
			codes[row] = firstReason(parts, row)
		}
	}
	return codes
}

func firstReason(parts [][]uint8, row int) uint8 {
	for _, part := range parts {
		if part[row] < table.FirstLevel {
			return part[row]
		}
	}
	return uint8(table.Blank)
}

// groupColumn derives a group or takes a question as it is, as categories. It
// returns nil if the table lacks the question or holds several answers a row.
func groupColumn(t *table.Table, in *instrument.Instrument, name string) *table.CategoryColumn {
	g := in.Group(name)
	if g == nil {
		return asCategory(t.Column(name))
	}
	column := t.Column(g.From)
	if column == nil {
		return nil
	}
	if len(g.Bands) > 0 {
		if n, ok := column.(*table.NumberColumn); ok {
			return bandColumn(n, g)
		}
		return nil
	}
	c := asCategory(column)
	if c == nil || len(g.Merge) == 0 {
		if c != nil && c.Name() != name {
			return c.Rename(name).(*table.CategoryColumn)
		}
		return c
	}
	return mergeColumn(c, g)
}

func bandColumn(n *table.NumberColumn, g *instrument.Group) *table.CategoryColumn {
	levels := make([]table.Level, len(g.Bands))
	for i, b := range g.Bands {
		levels[i] = table.Level{Code: b.Code, Label: b.Label.In("en")}
	}
	band := func(v float64) uint8 {
		for i, b := range g.Bands {
			if (b.From == nil || v >= *b.From) && (b.To == nil || v < *b.To+1) {
				return uint8(table.FirstLevel + i)
			}
		}
		return uint8(table.Unreadable)
	}
	var whole [256]uint8 // bands of small whole numbers, such as ages
	for v := range whole {
		whole[v] = band(float64(v))
	}
	codes := make([]uint8, len(n.Values))
	for row, v := range n.Values {
		if k := int(v); k >= 0 && k < len(whole) && v == float64(k) {
			codes[row] = whole[k]
		} else if m := n.Missing(row); m != table.Present {
			codes[row] = uint8(m)
		} else {
			codes[row] = band(v)
		}
	}
	c := table.NewCategory8(g.ID, levels, codes)
	c.Ordered = true
	return c
}

func mergeColumn(from *table.CategoryColumn, g *instrument.Group) *table.CategoryColumn {
	levels := make([]table.Level, len(g.Merge))
	lut := make([]uint32, table.FirstLevel+len(from.Levels))
	for m := range table.FirstLevel {
		lut[m] = uint32(m)
	}
	for i := range from.Levels {
		lut[table.FirstLevel+i] = uint32(table.NotApplicable)
	}
	for i, m := range g.Merge {
		levels[i] = table.Level{Code: m.Code, Label: m.Label.In("en")}
		for _, code := range m.Of {
			if at := from.Index(code); at >= 0 {
				lut[table.FirstLevel+at] = uint32(table.FirstLevel + i)
			}
		}
	}
	codes := make([]uint32, from.Len())
	from.DecodeInto(codes, 0)
	for i, v := range codes {
		codes[i] = lut[v]
	}
	c := table.NewCategory(g.ID, levels, codes)
	c.Ordered = g.Ordered
	return c
}
