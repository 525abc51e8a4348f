package figure

// FlowBox is one box of a FlowDiagram.
type FlowBox struct {
	Value string // the count, printed large: "9,105"
	Label string // what it counts: "interviews received"
	Note  string // smaller, below: "of these, 12 without an answer". Optional
	Paint Paint  // the edge's paint. Optional, default Muted
}

// FlowSpec is the way from interviews received to interviews analysed.
type FlowSpec struct {
	Frame
	Received FlowBox
	Excluded []FlowBox // in the order of the rules
	Analysed FlowBox
	Routes   []FlowBox // parts of Analysed. Optional
	Notes    []string  // printed below. Optional
}

const (
	boxPad    = 10.0
	boxGap    = 16.0
	boxValue  = 17.0 // size of the count, CSS pixels
	boxRadius = 4.0
)

// FlowDiagram draws a column of boxes joined by arrows, with a branch to the
// side for every exclusion.
func FlowDiagram(spec FlowSpec) *Drawing {
	s := newSketch(spec.Frame)
	f := flow{sketch: s}
	f.main = s.width * 0.45
	if n := min(len(spec.Routes), 3); n > 1 {
		f.main = (s.width - float64(n-1)*boxGap) / float64(n) // in line with the first route
	}
	f.side = s.width - f.main - boxGap
	f.spine = f.main / 2

	y := 2.0
	f.box(spec.Received, 0, y, f.main, f.measure(spec.Received, f.main))
	y += f.measure(spec.Received, f.main)
	from := y
	for _, x := range spec.Excluded {
		y += boxGap
		h := f.measure(x, f.side)
		left := s.width - f.side
		f.arrow(f.spine, y+h/2, left, y+h/2)
		f.box(x, left, y, f.side, h)
		y += h
	}
	y += boxGap + 8
	f.arrow(f.spine, from, f.spine, y)
	h := f.measure(spec.Analysed, f.main)
	f.box(spec.Analysed, 0, y, f.main, h)
	y += h
	if len(spec.Routes) > 0 {
		y = f.split(spec.Routes, y)
	}
	for _, note := range spec.Notes {
		y = s.note(y+4, note)
	}
	s.height = y + 4
	return s.finish(spec.Frame)
}

type flow struct {
	*sketch
	main, side float64 // widths of the boxes
	spine      float64 // x of the line that goes down
}

// split draws the parts of the last box side by side, in rows of at most three,
// and returns the y below them.
func (f *flow) split(parts []FlowBox, y float64) float64 {
	perRow := min(len(parts), 3)
	width := (f.width - float64(perRow-1)*boxGap) / float64(perRow)
	for start := 0; start < len(parts); start += perRow {
		row := parts[start:min(start+perRow, len(parts))]
		height := 0.0
		for _, b := range row {
			height = max(height, f.measure(b, width))
		}
		bar := y + boxGap*0.75
		top := bar + boxGap
		last := f.spine
		for i, b := range row {
			x := float64(i) * (width + boxGap)
			middle := x + width/2
			last = max(last, middle)
			f.arrow(middle, bar, middle, top)
			f.box(b, x, top, width, height)
		}
		if start == 0 {
			f.add(Line{X1: f.spine, Y1: y, X2: f.spine, Y2: bar, Width: 1.5, Stroke: Muted})
		}
		f.add(Line{X1: min(f.spine, width/2), Y1: bar, X2: last, Y2: bar, Width: 1.5, Stroke: Muted})
		y = top + height
	}
	return y
}

// lines breaks a box's label and note to its width.
func (b FlowBox) lines(width float64) (label, note []string) {
	label = wrap(b.Label, sizeText, false, width-2*boxPad, 4)
	if b.Note != "" {
		note = wrap(b.Note, sizeSmall, false, width-2*boxPad, 4)
	}
	return label, note
}

// measure returns the height of a box.
func (f *flow) measure(b FlowBox, width float64) float64 {
	label, note := b.lines(width)
	return 2*boxPad + boxValue + 2 + leading*float64(len(label)+len(note))
}

// box draws a box with its text at (x, y).
func (f *flow) box(b FlowBox, x, y, width, height float64) {
	paint := b.Paint
	if paint == NoPaint {
		paint = Muted
	}
	f.add(Rect{X: x + 0.5, Y: y + 0.5, W: width - 1, H: height - 1, Radius: boxRadius, Fill: Paper, Stroke: paint})
	if b.Paint != NoPaint {
		f.add(Rect{X: x, Y: y, W: 5, H: height, Radius: 2, Fill: b.Paint})
	}
	label, note := b.lines(width)
	base := y + boxPad + boxValue*0.82
	f.strong(x+boxPad, base, boxValue, Ink, Start, shorten(b.Value, boxValue, true, width-2*boxPad))
	base += 2
	for _, t := range label {
		base += leading
		f.text(x+boxPad, base, sizeText, Ink, Start, t)
	}
	for _, t := range note {
		base += leading
		f.text(x+boxPad, base, sizeSmall, Muted, Start, t)
	}
}

// arrow draws a line with a head at its end; it is level or upright.
func (f *flow) arrow(x1, y1, x2, y2 float64) {
	f.add(Line{X1: x1, Y1: y1, X2: x2, Y2: y2, Width: 1.5, Stroke: Muted})
	const head = 5.0
	if y1 == y2 {
		f.add(Line{X1: x2 - head, Y1: y2 - head, X2: x2 - 1, Y2: y2, Width: 1.5, Stroke: Muted},
			Line{X1: x2 - head, Y1: y2 + head, X2: x2 - 1, Y2: y2, Width: 1.5, Stroke: Muted})
		return
	}
	f.add(Line{X1: x2 - head, Y1: y2 - head, X2: x2, Y2: y2 - 1, Width: 1.5, Stroke: Muted},
		Line{X1: x2 + head, Y1: y2 - head, X2: x2, Y2: y2 - 1, Width: 1.5, Stroke: Muted})
}
