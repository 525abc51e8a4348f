package figure

import "math"

// Panel is one of the small pictures of SmallMultiples.
type Panel struct {
	Heading string
	// Rows of the panel. Every panel has the same rows in the same order; the
	// labels of the first panel are printed.
	Rows []Row
}

// SmallMultiplesSpec is several plots on one scale, side by side.
type SmallMultiplesSpec struct {
	Frame
	Series []Series // Required: one to four
	Panels []Panel
	Axis   Axis
	// Connect joins the dots of a series, for rows with an order of their own:
	// the dose-response by length of journey.
	Connect bool
	// Across is the number of panels side by side. Optional: as many as leave
	// each at least 130 pixels, at most three.
	Across int
	// BaseTitle heads the column of bases: "n". Optional.
	BaseTitle string
	Notes     []string // printed below. Optional
	Empty     string   // printed where there is no panel. Optional
}

// leastPanel is the narrowest panel in CSS pixels.
const leastPanel = 130.0

// SmallMultiples draws the panels on one axis. The labels of the rows stand
// before the first panel of each line of panels.
func SmallMultiples(spec SmallMultiplesSpec) *Drawing {
	s := newSketch(spec.Frame)
	groups := make([]RowGroup, 0, len(spec.Panels))
	for _, p := range spec.Panels {
		if len(p.Rows) > 0 {
			groups = append(groups, RowGroup(p))
		}
	}
	if len(groups) == 0 {
		s.height = s.note(4, spec.Empty) + 4
		return s.finish(spec.Frame)
	}
	whole := &plot{sketch: s, series: spec.Series, connect: spec.Connect}
	whole.columns(groups)
	across, panel := sharePanels(spec.Across, len(groups), s.width-whole.plotStart)
	values := min(s.width-whole.plotEnd, panel*0.4)
	axis := spec.Axis.fit(extent(groups), max(3, int((panel-values)/42)))

	y := whole.keyLine(0, 6)
	for start := 0; start < len(groups); start += across {
		line := groups[start:min(start+across, len(groups))]
		bottom := y
		for i, g := range line {
			p := &plot{sketch: s, series: spec.Series, connect: spec.Connect, quiet: i > 0,
				labelWidth: whole.labelWidth, baseEnd: whole.baseEnd, slotBases: whole.slotBases}
			p.plotStart = whole.plotStart + float64(i)*(panel+gutter)
			p.plotEnd = p.plotStart + panel - values
			p.limit = p.plotStart + panel
			at := *axis
			p.axis = &at
			p.axis.place(p.plotStart, p.plotEnd)
			bottom = max(bottom, p.panel(g, line, y))
		}
		y = bottom + 14
	}
	y -= 14
	if spec.Axis.Title != "" {
		y = s.note(y, spec.Axis.Title)
	}
	for _, n := range spec.Notes {
		y = s.note(y+4, n)
	}
	s.height = y + 6
	return s.finish(spec.Frame)
}

// sharePanels returns how many panels stand side by side and how wide each is.
func sharePanels(wanted, n int, room float64) (across int, width float64) {
	across = wanted
	if across <= 0 {
		across = min(3, int(math.Floor((room+gutter)/(leastPanel+gutter))))
	}
	across = max(1, min(across, n))
	return across, (room - float64(across-1)*gutter) / float64(across)
}

// panel draws one panel below y and returns the y below it.
func (p *plot) panel(g RowGroup, beside []RowGroup, y float64) float64 {
	headings := 0
	for _, b := range beside {
		if b.Heading != "" {
			headings = max(headings, len(wrap(b.Heading, sizeText, true, p.limit-p.plotStart, 3)))
		}
	}
	if headings > 0 {
		text := wrap(g.Heading, sizeText, true, p.limit-p.plotStart, 3)
		base := y + float64(headings-len(text))*leading
		for _, t := range text {
			base += leading
			p.strong(p.plotStart, base-4, sizeText, Ink, Start, t)
		}
		y += float64(headings)*leading + 4
	}
	// The row labels are those of the first panel, so its heights hold for all.
	lines := p.measure([]RowGroup{{Rows: beside[0].Rows}})
	for i := range lines {
		if i < len(g.Rows) {
			lines[i].row.Points = g.Rows[i].Points
		} else {
			lines[i].row.Points = nil
		}
	}
	bottom := y
	for _, l := range lines {
		bottom += l.height
	}
	p.grid(y, bottom)
	for i := range lines {
		p.draw(&lines[i], y)
		y += lines[i].height
	}
	p.join(lines)
	p.add(p.marks...)
	axis := *p.axis
	axis.Title = ""
	p.axis = &axis
	return p.axisBelow(bottom)
}
