package figure

import "math"

// Panel is one of the small pictures of SmallMultiples.
type Panel struct {
	Heading string
	// Rows of the panel. Every panel has the same rows in the same order; the
	// labels are printed once, with the range of the panels' bases.
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
	// Across is the most panels side by side. Optional, default 3. Fewer are
	// where each would have less than 130 pixels.
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
	labels := sharedRows(groups)
	whole := &plot{sketch: s, series: spec.Series, connect: spec.Connect}
	whole.columns(append([]RowGroup{{Rows: labels}}, groups...))
	across, panel := sharePanels(spec.Across, len(groups), s.width-whole.plotStart)
	values := min(s.width-whole.plotEnd, panel*0.4)
	axis := spec.Axis.fit(extent(groups), max(3, int((panel-values)/30)))

	if whole.baseEnd <= whole.labelWidth {
		spec.BaseTitle = "" // no base to head
	}
	y := whole.keyLine(0, 6)
	for start := 0; start < len(groups); start += across {
		line := groups[start:min(start+across, len(groups))]
		top := y + whole.headingRoom(line, panel, spec.BaseTitle)
		bottom := y
		for i, g := range line {
			p := *whole
			p.marks, p.quiet, p.direct = nil, i > 0, false
			p.plotStart += float64(i) * (panel + gutter)
			p.plotEnd, p.limit = p.plotStart+panel-values, p.plotStart+panel
			if i > 0 {
				p.from = p.plotStart - gutter + 2
			}
			at := *axis
			at.Title = ""
			at.place(p.plotStart, p.plotEnd)
			p.axis = &at
			if i == 0 && spec.BaseTitle != "" {
				p.text(p.baseEnd, top-6, sizeSmall, Muted, End, shorten(spec.BaseTitle, sizeSmall, false, p.baseEnd))
			}
			bottom = max(bottom, p.panel(g, labels, top))
		}
		y = bottom + 14
	}
	y -= 14
	if spec.Axis.Title != "" {
		y = s.note(y+2, spec.Axis.Title)
	}
	for _, n := range spec.Notes {
		y = s.note(y+4, n)
	}
	s.height = y + 6
	return s.finish(spec.Frame)
}

// sharePanels returns how many panels stand side by side and how wide each is.
func sharePanels(wanted, n int, room float64) (across int, width float64) {
	across = int(math.Floor((room + gutter) / (leastPanel + gutter)))
	if wanted > 0 {
		across = min(wanted, across)
	} else {
		across = min(3, across)
	}
	across = max(1, min(across, n))
	return across, (room - float64(across-1)*gutter) / float64(across)
}
