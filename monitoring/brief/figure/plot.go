package figure

import "math"

const (
	slot      = 19.0 // height of one series in a row, CSS pixels
	gutter    = 14.0 // between the columns
	markSize  = 8.0  // width of a mark
	barbWidth = 2.0  // width of an interval's line
	capReach  = 3.0  // how far the cap of an interval reaches up and down
)

// plot is the part of a figure that has rows, a column of bases and an axis.
type plot struct {
	*sketch
	series  []Series
	axis    *scaled
	connect bool
	// columns, in reading order
	labelWidth, baseEnd, plotStart, plotEnd float64
	from, limit                             float64 // where texts of the axis may begin and must end
	keyFrom                                 float64 // where the line of names begins
	direct                                  bool    // series are named beside their first marks
	slotBases                               bool    // bases stand beside each series, not each row
	quiet                                   bool    // row labels and bases stand elsewhere
	marks                                   []Shape // drawn above everything else
}

// plotLine is a row or a heading with its room.
type plotLine struct {
	heading bool
	group   int
	label   []string
	row     Row
	y       float64 // top
	height  float64
}

// columns shares the width between labels, bases and the axis.
func (p *plot) columns(groups []RowGroup) {
	bases, values := 0.0, 0.0
	var labels []string
	for _, g := range groups {
		for _, r := range g.Rows {
			labels = append(labels, r.Label)
			bases = max(bases, textWidth(r.Base, sizeSmall, false))
			for _, e := range r.Points {
				bases = max(bases, textWidth(e.Base, sizeSmall, false))
				p.slotBases = p.slotBases || e.Base != ""
				values = max(values, textWidth(e.Text, sizeSmall, true))
			}
		}
	}
	p.labelWidth = column(sizeText, p.width*0.36, labels)
	x := p.labelWidth
	if bases > 0 {
		x += gutter + min(bases, p.width*0.14)
	}
	p.baseEnd = x
	p.plotStart = x + gutter + 2
	p.plotEnd = p.width - min(values+markSize+4, p.width*0.2) - 4
	p.plotEnd = max(p.plotEnd, p.plotStart+60)
	p.limit = p.width
}

// measure lists headings and rows with the height that each needs.
func (p *plot) measure(groups []RowGroup) []plotLine {
	var lines []plotLine
	for gi, g := range groups {
		if g.Heading != "" && len(g.Rows) > 0 {
			label := wrap(g.Heading, sizeText, true, p.width, 3)
			h := float64(len(label))*leading + 8
			if len(lines) > 0 {
				h += 8
			}
			lines = append(lines, plotLine{heading: true, group: gi, label: label, height: h})
		}
		for _, r := range g.Rows {
			l := plotLine{group: gi, row: r, label: wrap(r.Label, sizeText, false, p.labelWidth, 3)}
			l.height = max(float64(len(l.label))*leading, float64(max(len(p.series), 1))*slot) + 9
			lines = append(lines, l)
		}
	}
	return lines
}

// slotY returns the middle of the slot of series i in a row.
func (p *plot) slotY(l *plotLine, y float64, i int) float64 {
	n := float64(max(len(p.series), 1))
	return y + l.height/2 + (float64(i)-(n-1)/2)*slot
}

// draw adds one line whose top is at y.
func (p *plot) draw(l *plotLine, y float64) {
	l.y = y
	if l.heading {
		base := y + l.height - 7 - float64(len(l.label)-1)*leading
		for i, t := range l.label {
			p.strong(0, base+float64(i)*leading, sizeText, Ink, Start, t)
		}
		return
	}
	if !p.quiet {
		p.drawLabel(l, y)
	}
	for i := range p.series {
		if i >= len(l.row.Points) {
			break
		}
		p.estimate(l.row.Points[i], p.series[i], p.slotY(l, y, i))
	}
}

// drawLabel adds the row's label and base, centred in its height.
func (p *plot) drawLabel(l *plotLine, y float64) {
	middle := y + l.height/2
	base := middle - float64(len(l.label)-1)*leading/2 + sizeText*0.36
	for i, t := range l.label {
		p.text(0, base+float64(i)*leading, sizeText, Ink, Start, t)
	}
	if l.row.Base != "" && !p.slotBases {
		p.text(p.baseEnd, middle+sizeSmall*0.36, sizeSmall, Muted, End, shorten(l.row.Base, sizeSmall, false, p.width*0.14))
	}
}

// estimate adds a mark with its interval, its base and its value.
func (p *plot) estimate(e Estimate, s Series, y float64) {
	baseline := y + sizeSmall*0.36
	if e.Base != "" && !p.quiet && p.slotBases {
		p.text(p.baseEnd, baseline, sizeSmall, Muted, End, shorten(e.Base, sizeSmall, false, p.width*0.14))
	}
	if !e.shown() {
		if e.NotShown != "" {
			p.halo(p.plotStart+6, baseline, Muted, Start, shorten(e.NotShown, sizeSmall, false, p.limit-p.plotStart-6), false)
		}
		return
	}
	x := p.axis.at(e.Value)
	end := x + markSize/2
	if lo, hi, ok := e.interval(); ok {
		p.barb(x, lo, hi, y, s.Paint)
		end = max(end, p.axis.at(hi))
	}
	p.marks = append(p.marks, Point{X: x, Y: y, Size: markSize, Mark: s.Mark, Fill: s.Paint, Tip: clean(e.Tip)})
	if e.Text != "" {
		p.halo(end+6, baseline, s.Paint, Start, shorten(e.Text, sizeSmall, true, p.limit-end-6), true)
	}
}

// barb adds an interval about a mark at x, with a cap at each end that the mark
// does not hide. Where it goes on beyond the axis it ends in an arrow.
func (p *plot) barb(x, lo, hi, y float64, paint Paint) {
	x0, x1 := p.axis.at(lo), p.axis.at(hi)
	p.add(Line{X1: x0, Y1: y, X2: x1, Y2: y, Width: barbWidth, Stroke: paint})
	limit := func(end float64) {
		if math.Abs(end-x) > markSize/2+1 {
			p.add(Line{X1: end, Y1: y - capReach, X2: end, Y2: y + capReach, Width: 1, Stroke: paint})
		}
	}
	arrow := func(x, back float64) {
		p.add(Line{X1: x, Y1: y, X2: x + back, Y2: y - 4, Width: barbWidth, Stroke: paint},
			Line{X1: x, Y1: y, X2: x + back, Y2: y + 4, Width: barbWidth, Stroke: paint})
	}
	if lo < p.axis.lo*(1-1e-9) || math.IsInf(lo, -1) {
		arrow(x0, 5)
	} else {
		limit(x0)
	}
	if hi > p.axis.hi*(1+1e-9) {
		arrow(x1, -5)
	} else {
		limit(x1)
	}
}

// halo adds small text that keeps clear of the lines behind it.
func (p *plot) halo(x, y float64, fill Paint, a Anchor, text string, isBold bool) {
	p.marks = append(p.marks, Label{X: x, Y: y, Size: sizeSmall, Text: clean(text), Fill: fill, Anchor: a, Bold: isBold, Halo: true})
}
