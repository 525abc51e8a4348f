package figure

// DotPlotSpec is a plot of dots with intervals, one line for each row and series.
type DotPlotSpec struct {
	Frame
	Series []Series   // Required: one to four
	Groups []RowGroup // rows in the order in which they are drawn
	Axis   Axis
	// Connect joins the dots of a series down the rows of a group. It is for
	// rows that have an order of their own, such as bands of time.
	Connect bool
	// BaseTitle heads the column of bases: "n". Optional.
	BaseTitle string
	// Notes are printed below. Optional.
	Notes []string
	// Empty is printed where there is no row at all: "Nothing to show". Optional.
	Empty string
}

// DotPlot draws the plot. Numbers that are not finite are left out; an interval
// that leaves the axis ends in an arrow.
func DotPlot(spec DotPlotSpec) *Drawing {
	s := newSketch(spec.Frame)
	p := &plot{sketch: s, series: spec.Series, connect: spec.Connect}
	p.columns(spec.Groups)
	room := max(2, int((p.plotEnd-p.plotStart)/70))
	p.axis = spec.Axis.fit(extent(spec.Groups), room)
	p.axis.place(p.plotStart, p.plotEnd)

	lines := p.measure(spec.Groups)
	if len(lines) == 0 {
		s.height = s.note(4, spec.Empty) + 4
		return s.finish(spec.Frame)
	}
	y := p.baseTitle(spec.BaseTitle, &lines[0], p.key(lines, 6))
	top := y
	bottom := top
	for _, l := range lines {
		bottom += l.height
	}
	p.grid(top, bottom)
	for i := range lines {
		p.draw(&lines[i], y)
		if p.direct && !lines[i].heading {
			p.nameSeries(&lines[i], y)
			p.direct = false
		}
		y += lines[i].height
	}
	p.join(lines)
	s.add(p.marks...)
	y = p.axisBelow(bottom)
	for _, n := range spec.Notes {
		y = s.note(y+4, n)
	}
	s.height = y + 6
	return s.finish(spec.Frame)
}
