package figure

import "math"

// key names the series: beside their marks in the first row where there is
// room for all of them, else in a line above the plot. It returns where the
// rows begin.
func (p *plot) key(lines []plotLine, y float64) float64 {
	if !p.named() {
		return y
	}
	for i := range lines {
		if lines[i].heading {
			continue
		}
		if p.nameBeside(&lines[i]) {
			return y
		}
		break
	}
	return p.keyLine(p.plotStart, y)
}

// named says whether any series has a name to print.
func (p *plot) named() bool {
	for _, s := range p.series {
		if s.Name != "" {
			return true
		}
	}
	return false
}

// keyLine names the series in a line from x on, and returns the y below it.
func (p *plot) keyLine(x, y float64) float64 {
	if !p.named() {
		return y
	}
	total := 0.0
	for _, s := range p.series {
		total += markSize + 6 + textWidth(s.Name, sizeText, true) + gutter
	}
	if total-gutter > p.width-x {
		x = 0
	}
	p.keyFrom = x
	for _, s := range p.series {
		w := markSize + 6 + textWidth(s.Name, sizeText, true)
		if s.Name == "" {
			continue
		}
		if x > 0 && x+w > p.width {
			x, y = 0, y+leading+4
		}
		name := shorten(s.Name, sizeText, true, p.width-x-markSize-6)
		p.add(Point{X: x + markSize/2, Y: y + leading/2, Size: markSize, Mark: s.Mark, Fill: s.Paint, Stroke: Paper})
		p.strong(x+markSize+6, y+leading/2+sizeText*0.36, sizeText, s.Paint, Start, name)
		x += w + gutter
	}
	return y + leading + 8
}

// nameBeside puts the name of each series into the first row's value texts if
// every one of them fits to the right of its mark or to the left of it.
func (p *plot) nameBeside(l *plotLine) bool {
	if len(l.row.Points) < len(p.series) {
		return false
	}
	for i, s := range p.series {
		e := l.row.Points[i]
		if !e.shown() {
			return false
		}
		start, end := p.span(e)
		w := textWidth(s.Name, sizeSmall, true)
		after := end + 6 + textWidth(e.Text, sizeSmall, true) + 8
		if after+w > p.width && start-8-w < p.plotStart+4 {
			return false
		}
	}
	p.direct = true
	return true
}

// baseTitle heads the column of bases and returns where the rows begin. Where a
// heading or the names of the series stand above the rows, it is on their line.
func (p *plot) baseTitle(text string, first *plotLine, y float64) float64 {
	if text == "" || p.baseEnd <= p.labelWidth {
		return y
	}
	text = shorten(text, sizeSmall, false, p.baseEnd)
	start := p.baseEnd - textWidth(text, sizeSmall, false) - gutter
	baseline := y - 6
	switch {
	case first.heading && len(first.label) == 1 && textWidth(first.label[0], sizeText, true) < start:
		baseline = y + first.height - 7
	case y < leading || p.keyFrom < p.baseEnd:
		y += leading
		baseline = y - 6
	}
	p.text(p.baseEnd, baseline, sizeSmall, Muted, End, text)
	return y
}

// span returns where an estimate's mark and interval begin and end.
func (p *plot) span(e Estimate) (start, end float64) {
	x := p.axis.at(e.Value)
	start, end = x-markSize/2, x+markSize/2
	if lo, hi, ok := e.interval(); ok {
		start, end = min(start, p.axis.at(lo)), max(end, p.axis.at(hi))
	}
	return start, end
}

// nameSeries adds the names beside the marks of a row.
func (p *plot) nameSeries(l *plotLine, y float64) {
	for i, s := range p.series {
		e := l.row.Points[i]
		start, end := p.span(e)
		w := textWidth(s.Name, sizeSmall, true)
		after := end + 6
		if e.Text != "" {
			after += textWidth(e.Text, sizeSmall, true) + 8
		}
		baseline := p.slotY(l, y, i) + sizeSmall*0.36
		if after+w <= p.width {
			p.halo(after, baseline, s.Paint, Start, s.Name, true)
		} else {
			p.halo(start-8, baseline, s.Paint, End, s.Name, true)
		}
	}
}

// grid adds the lines behind the rows, and the line at 0 or at 1.
func (p *plot) grid(top, bottom float64) {
	for _, t := range p.axis.ticks {
		x := p.axis.at(t)
		p.add(Line{X1: x, Y1: top, X2: x, Y2: bottom, Width: 1, Stroke: Grid})
	}
	reference := 0.0
	if p.axis.Scale == Ratio {
		reference = 1
	}
	if reference >= p.axis.lo && reference <= p.axis.hi {
		x := p.axis.at(reference)
		p.add(Line{X1: x, Y1: top, X2: x, Y2: bottom, Width: 1, Stroke: Muted})
	}
}

// axisBelow adds the labels of the ticks and the axis's title under y and
// returns the y below them. Where the labels would touch, every second tick has
// one, or every third, and so on.
func (p *plot) axisBelow(y float64) float64 {
	y += leading
	stride := 1
	for stride < len(p.axis.ticks) && !p.tickLabels(y, stride, false) {
		stride++
	}
	p.tickLabels(y, stride, true)
	y += 4
	if p.axis.Title != "" {
		for _, line := range wrap(p.axis.Title, sizeSmall, false, p.width-p.plotStart, 2) {
			y += leading
			p.text(p.plotStart, y-3, sizeSmall, Muted, Start, line)
		}
	}
	return y
}

// tickLabels labels every stride-th tick, if draw is set, and says whether all
// of these labels have room.
func (p *plot) tickLabels(y float64, stride int, draw bool) bool {
	free, fits := math.Inf(-1), true
	for i := 0; i < len(p.axis.ticks); i += stride {
		x, text := p.axis.at(p.axis.ticks[i]), clean(p.axis.label(p.axis.ticks[i]))
		half := textWidth(text, sizeSmall, false) / 2
		at := max(p.from+half, min(x, p.limit-half))
		if at-half < free || at+half > p.limit+0.01 {
			fits = false
			continue
		}
		free = at + half + 4
		if draw {
			p.text(at, y, sizeSmall, Muted, Middle, text)
		}
	}
	return fits
}

// join connects the dots of each series down the rows of a group.
func (p *plot) join(lines []plotLine) {
	if !p.connect {
		return
	}
	for i := range p.series {
		var from *plotLine
		for k := range lines {
			l := &lines[k]
			if l.heading || i >= len(l.row.Points) || !l.row.Points[i].shown() {
				from = nil
				continue
			}
			if from != nil && from.group == l.group {
				p.add(Line{
					X1: p.axis.at(from.row.Points[i].Value), Y1: p.slotY(from, from.y, i),
					X2: p.axis.at(l.row.Points[i].Value), Y2: p.slotY(l, l.y, i),
					Width: 1, Stroke: p.series[i].Paint, Dash: true,
				})
			}
			from = l
		}
	}
}
