package figure

import "math"

// line draws a line; level and upright ones fill whole pixels, so that they are
// crisp.
func (p *painter) line(v Line) {
	b := p.paint(v.Stroke, 1)
	if b == nil {
		return
	}
	k := p.scale
	straight := v.X1 == v.X2 || v.Y1 == v.Y2
	switch {
	case v.Dash:
		p.outline.dashes(v.X1*k, v.Y1*k, v.X2*k, v.Y2*k, v.Width*k, dashLength*k, 0)
		p.flush(b)
	case straight:
		thick := max(1, int(math.Round(v.Width*k)))
		x0, x1 := min(v.X1, v.X2)*k, max(v.X1, v.X2)*k
		y0, y1 := min(v.Y1, v.Y2)*k, max(v.Y1, v.Y2)*k
		if v.Y1 == v.Y2 {
			top := int(math.Round(y0 - float64(thick)/2))
			p.fill(b, int(math.Round(x0)), top, int(math.Round(x1)), top+thick)
			return
		}
		left := int(math.Round(x0 - float64(thick)/2))
		p.fill(b, left, int(math.Round(y0)), left+thick, int(math.Round(y1)))
	default:
		p.outline.stroke(v.X1*k, v.Y1*k, v.X2*k, v.Y2*k, v.Width*k)
		p.outline.circle(v.X1*k, v.Y1*k, v.Width*k/2, false)
		p.outline.circle(v.X2*k, v.Y2*k, v.Width*k/2, false)
		p.flush(b)
	}
}

// rect draws a rectangle with an edge one CSS pixel wide.
func (p *painter) rect(v Rect) {
	k := p.scale
	if b := p.paint(v.Fill, 1); b != nil {
		p.outline.roundRect(v.X*k, v.Y*k, v.W*k, v.H*k, v.Radius*k, false)
		p.flush(b)
	}
	if b := p.paint(v.Stroke, 1); b != nil {
		p.outline.roundRect((v.X-0.5)*k, (v.Y-0.5)*k, (v.W+1)*k, (v.H+1)*k, (v.Radius+0.5)*k, false)
		p.outline.roundRect((v.X+0.5)*k, (v.Y+0.5)*k, (v.W-1)*k, (v.H-1)*k, (v.Radius-0.5)*k, true)
		p.flush(b)
	}
}

// point draws a mark, with an edge of one CSS pixel if it has a stroke.
func (p *painter) point(v Point) {
	k := p.scale
	fill, edge := p.paint(v.Fill, v.Opacity), p.paint(v.Stroke, 1)
	x, y, r := v.X*k, v.Y*k, v.Size*k/2
	switch v.Mark {
	case Ring:
		p.outline.circle(x, y, r-ringWidth*k, false)
		p.flush(p.paint(Paper, 1))
		p.outline.circle(x, y, r, false)
		p.outline.circle(x, y, r-ringWidth*k, true)
		p.flush(fill)
	case Disc:
		p.outline.circle(x, y, r, false)
		p.flush(fill)
		if edge != nil {
			p.outline.circle(x, y, r+k/2, false)
			p.outline.circle(x, y, r-k/2, true)
			p.flush(edge)
		}
	default:
		c := corners(v)
		for i, at := range c {
			if i == 0 {
				p.outline.move(at[0]*k, at[1]*k)
			} else {
				p.outline.line(at[0]*k, at[1]*k)
			}
		}
		p.flush(fill)
		if edge != nil {
			for i, at := range c {
				next := c[(i+1)%len(c)]
				p.outline.stroke(at[0]*k, at[1]*k, next[0]*k, next[1]*k, k)
			}
			p.flush(edge)
		}
	}
}

// path fills and strokes path data.
func (p *painter) path(v Path) {
	k := p.scale
	if b := p.paint(v.Fill, v.Opacity); b != nil {
		walkPath(v.D, func(op byte, x, y float64) {
			if op != 'Z' {
				p.outline.put(op, (x+v.DX)*k, (y+v.DY)*k)
			}
		})
		p.flush(b)
	}
	b := p.paint(v.Stroke, v.Opacity)
	if b == nil {
		return
	}
	var px, py, sx, sy, phase float64
	walkPath(v.D, func(op byte, x, y float64) {
		x, y = (x+v.DX)*k, (y+v.DY)*k
		switch op {
		case 'M':
			sx, sy, phase = x, y, 0
		case 'Z':
			x, y = sx, sy
			fallthrough
		default:
			if v.Dash {
				phase = p.outline.dashes(px, py, x, y, v.Width*k, dashLength*k, phase)
			} else {
				p.outline.stroke(px, py, x, y, v.Width*k)
			}
		}
		px, py = x, y
	})
	p.flush(b)
}

// haloReach is how far the halo of a label reaches, in CSS pixels.
const haloReach = 1.5

// label draws a line of text.
func (p *painter) label(v Label) {
	b := p.paint(v.Fill, 1)
	if b == nil {
		return
	}
	line := p.scribe.shape(clean(v.Text), v.Bold, p.rtl)
	size := v.Size * p.scale
	x, y, w := v.X*p.scale, v.Y*p.scale, line.width*size
	switch {
	case v.Anchor == Middle:
		x -= w / 2
	case (v.Anchor == End) != p.rtl: // the text ends at X on its right
		x -= w
	}
	if v.Halo {
		paper, reach := p.paint(Paper, 1), haloReach*p.scale
		for i := range 8 {
			sin, cos := math.Sincos(float64(i) * math.Pi / 4)
			p.scribe.write(p.canvas, paper, line, v.Bold, size, x+cos*reach, y+sin*reach)
		}
	}
	p.scribe.write(p.canvas, b, line, v.Bold, size, x, y)
}
