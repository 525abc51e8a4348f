package figure

import "math"

// Bar is one bar of a BarChart.
type Bar struct {
	Label string
	Base  string // printed after the label. Optional
	// Value is a count or an amount, at least 0; NaN draws nothing but NotShown.
	Value float64
	Text  string // the value as printed: "2,780"
	Tip   string // text alternative. Optional
	// Paint of the bar. Optional, default Neutral.
	Paint Paint
	// NotShown, if set, is printed in place of the bar.
	NotShown string
}

// BarGroup is bars under a heading, which may be empty.
type BarGroup struct {
	Heading string
	Bars    []Bar
}

// BarChartSpec is a chart of horizontal bars from zero. It is for counts; a
// share with an interval is a DotPlot.
type BarChartSpec struct {
	Frame
	Groups []BarGroup // bars in the order in which they are drawn
	// Max fixes the value at full width. Optional: the greatest value.
	Max   float64
	Notes []string // printed below. Optional
	Empty string   // printed where there is no bar. Optional
}

const (
	barHeight = 18.0
	barGap    = 8.0
)

// BarChart draws the chart. Every bar is labelled with its value, so there is no
// axis. Negative values and values that are not finite have no bar.
func BarChart(spec BarChartSpec) *Drawing {
	s := newSketch(spec.Frame)
	var labels []string
	bases, texts, most := 0.0, 0.0, spec.Max
	for _, g := range spec.Groups {
		for _, b := range g.Bars {
			labels = append(labels, b.Label)
			bases, texts = max(bases, textWidth(b.Base, sizeSmall, false)), max(texts, textWidth(b.Text, sizeSmall, true))
			if b.drawn() {
				most = max(most, b.Value)
			}
		}
	}
	if len(labels) == 0 {
		s.height = s.note(4, spec.Empty) + 4
		return s.finish(spec.Frame)
	}
	c := bars{sketch: s, labelWidth: column(sizeText, s.width*0.36, labels), most: most}
	c.baseEnd = c.labelWidth
	if bases > 0 {
		c.baseEnd += gutter + min(bases, s.width*0.14)
	}
	c.start = c.baseEnd + gutter
	c.end = max(s.width-min(texts+10, s.width*0.25), c.start+60)

	y := 2.0
	for i, g := range spec.Groups {
		if g.Heading != "" && len(g.Bars) > 0 {
			if i > 0 {
				y += 8
			}
			for _, line := range wrap(g.Heading, sizeText, true, s.width, 3) {
				y += leading
				s.strong(0, y-3, sizeText, Ink, Start, line)
			}
			y += 6
		}
		top := y
		for _, b := range g.Bars {
			y = c.bar(b, y)
		}
		if len(g.Bars) > 0 {
			s.add(Line{X1: c.start, Y1: top, X2: c.start, Y2: y - barGap, Width: 1, Stroke: Muted})
		}
	}
	for _, note := range spec.Notes {
		y = s.note(y+4, note)
	}
	s.height = y + 4
	return s.finish(spec.Frame)
}

type bars struct {
	*sketch
	labelWidth, baseEnd, start, end, most float64
}

func (b Bar) drawn() bool {
	return b.NotShown == "" && !math.IsNaN(b.Value) && !math.IsInf(b.Value, 0) && b.Value >= 0
}

// bar adds one bar whose top is at y and returns the top of the next.
func (c *bars) bar(b Bar, y float64) float64 {
	lines := wrap(b.Label, sizeText, false, c.labelWidth, 3)
	height := max(barHeight, float64(len(lines))*leading)
	middle := y + height/2
	first := middle - float64(len(lines)-1)*leading/2 + sizeText*0.36
	for i, t := range lines {
		c.text(0, first+float64(i)*leading, sizeText, Ink, Start, t)
	}
	if b.Base != "" {
		c.text(c.baseEnd, middle+sizeSmall*0.36, sizeSmall, Muted, End, shorten(b.Base, sizeSmall, false, c.width*0.14))
	}
	if !b.drawn() {
		c.text(c.start+6, middle+sizeSmall*0.36, sizeSmall, Muted, Start, shorten(b.NotShown, sizeSmall, false, c.width-c.start-6))
		return y + height + barGap
	}
	length := 0.0
	if c.most > 0 {
		length = (c.end - c.start) * min(b.Value/c.most, 1)
	}
	paint := b.Paint
	if paint == NoPaint {
		paint = Neutral
	}
	if length > 0 {
		length = max(length, 1) // a small count is still seen
		c.add(Rect{X: c.start, Y: middle - barHeight/2, W: length, H: barHeight, Fill: paint, Tip: clean(b.Tip)})
	}
	c.strong(c.start+length+6, middle+sizeSmall*0.36, sizeSmall, Ink, Start, shorten(b.Text, sizeSmall, true, c.width-c.start-length-6))
	return y + height + barGap
}
