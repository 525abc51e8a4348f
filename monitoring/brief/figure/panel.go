package figure

// sharedRows returns the labels that all panels share, with the bases of all
// panels: a range where they differ.
func sharedRows(groups []RowGroup) []Row {
	rows := append([]Row(nil), groups[0].Rows...)
	for i := range rows {
		points := make([]Estimate, len(rows[i].Points))
		for k := range points {
			points[k].Base = baseRange(groups, func(g RowGroup) string {
				if i < len(g.Rows) && k < len(g.Rows[i].Points) {
					return g.Rows[i].Points[k].Base
				}
				return ""
			})
		}
		rows[i].Points = points
		rows[i].Base = baseRange(groups, func(g RowGroup) string {
			if i < len(g.Rows) {
				return g.Rows[i].Base
			}
			return ""
		})
	}
	return rows
}

// baseRange writes "1,098–1,120" for bases that differ. Whole numbers that are
// written alike are in order when the shorter text comes first.
func baseRange(groups []RowGroup, of func(RowGroup) string) string {
	least, most := "", ""
	for _, g := range groups {
		b := of(g)
		if b == "" {
			continue
		}
		if least == "" || len(b) < len(least) || (len(b) == len(least) && b < least) {
			least = b
		}
		if len(b) > len(most) || (len(b) == len(most) && b > most) {
			most = b
		}
	}
	if least == most {
		return least
	}
	return least + "–" + most
}

// headingRoom returns the height of the tallest heading of a line of panels,
// or of the title of the bases.
func (p *plot) headingRoom(line []RowGroup, width float64, baseTitle string) float64 {
	lines := 0
	if baseTitle != "" {
		lines = 1
	}
	for _, g := range line {
		if g.Heading != "" {
			lines = max(lines, len(wrap(g.Heading, sizeText, true, width, 3)))
		}
	}
	if lines == 0 {
		return 0
	}
	return float64(lines)*leading + 6
}

// panel draws one panel whose rows begin at y and returns the y below it.
func (p *plot) panel(g RowGroup, labels []Row, y float64) float64 {
	if g.Heading != "" {
		heading := wrap(g.Heading, sizeText, true, p.limit-p.plotStart, 3)
		for i, t := range heading {
			p.strong(p.plotStart, y-6-float64(len(heading)-1-i)*leading, sizeText, Ink, Start, t)
		}
	}
	lines := p.measure([]RowGroup{{Rows: labels}})
	bottom := y
	for _, l := range lines {
		bottom += l.height
	}
	p.grid(y, bottom)
	for i := range lines {
		bases := lines[i].row.Points
		lines[i].row.Points = nil
		if i < len(g.Rows) {
			points := append([]Estimate(nil), g.Rows[i].Points...)
			for k := range points {
				points[k].Base = ""
				if k < len(bases) {
					points[k].Base = bases[k].Base
				}
			}
			lines[i].row.Points = points
		}
		p.draw(&lines[i], y)
		y += lines[i].height
	}
	p.join(lines)
	p.add(p.marks...)
	return p.axisBelow(bottom)
}
