package figure

import "math"

// box is a rectangle by its edges.
type box struct{ x0, y0, x1, y1 float64 }

func (a box) meets(b box) bool {
	return a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1
}

// meetsCircle says whether the box and a circle share a point.
func (a box) meetsCircle(x, y, r float64) bool {
	dx := x - min(max(x, a.x0), a.x1)
	dy := y - min(max(y, a.y0), a.y1)
	return dx*dx+dy*dy < r*r
}

// compass lists the directions in which a label is tried, best first, as x and
// y of a unit step.
var compass = [][2]float64{
	{1, 0}, {-1, 0}, {0.7, -0.7}, {0.7, 0.7}, {-0.7, -0.7}, {-0.7, 0.7}, {0, -1}, {0, 1},
}

// reaches lists how far from the circle's edge a label is tried, in CSS pixels.
// A label beyond the first has a line to its circle.
var reaches = []float64{4, 14, 26, 40}

// labels puts a label beside every circle, the greatest first, where it touches
// no other label and no circle, and returns the places that found no room.
func (m *mapSketch) labels() []Place {
	var also []Place
	var taken []box
	for i := range m.spots {
		withheld := m.spots[i].NotShown != ""
		if withheld && m.unnamed {
			continue
		}
		at, direction, reach, ok := m.room(i, taken)
		if !ok {
			if !withheld {
				also = append(also, m.spots[i].Place)
			}
			continue
		}
		taken = append(taken, at)
		m.label(&m.spots[i], at, direction, reach)
	}
	return also
}

// room finds the place of a label.
func (m *mapSketch) room(i int, taken []box) (at box, direction [2]float64, reach float64, ok bool) {
	sp := &m.spots[i]
	w := textWidth(sp.label(), sizeSmall, false)
	for _, reach := range reaches {
		for _, d := range compass {
			x, y := sp.x+d[0]*(sp.r+reach), sp.y+d[1]*(sp.r+reach)
			b := box{x0: x, y0: y - leading/2, x1: x + w, y1: y + leading/2}
			switch {
			case d[0] < 0:
				b.x0, b.x1 = x-w, x
			case d[0] == 0:
				b.x0, b.x1 = x-w/2, x+w/2
				b.y0, b.y1 = y-leading/2+d[1]*leading/2, y+leading/2+d[1]*leading/2
			}
			if m.free(b, taken) {
				return b, d, reach, true
			}
		}
	}
	return box{}, [2]float64{}, 0, false
}

// free says whether a box is on the map and touches nothing.
func (m *mapSketch) free(b box, taken []box) bool {
	if b.x0 < 0 || b.y0 < 0 || b.x1 > m.width || b.y1 > m.height {
		return false
	}
	for _, t := range taken {
		if b.meets(t) {
			return false
		}
	}
	for _, sp := range m.spots {
		if b.meetsCircle(sp.x, sp.y, sp.r+1) {
			return false
		}
	}
	return true
}

// label draws a label in its box, with a line to the circle if it is far away.
func (m *mapSketch) label(sp *spot, b box, d [2]float64, reach float64) {
	if reach > reaches[0] {
		edge := sp.r + 1
		m.shapes = append(m.shapes, Line{
			X1: sp.x + d[0]*edge, Y1: sp.y + d[1]*edge,
			X2: sp.x + d[0]*(sp.r+reach-2), Y2: sp.y + d[1]*(sp.r+reach-2), Width: 1, Stroke: Muted,
		})
	}
	l := Label{X: (b.x0 + b.x1) / 2, Y: math.Round(b.y1 - 4), Size: sizeSmall, Text: sp.label(), Fill: Ink, Anchor: Middle, Halo: true}
	// The text keeps to the side of its circle: Start is the left-hand end only
	// where text runs from the left.
	switch {
	case d[0] > 0:
		l.X, l.Anchor = b.x0, side(!m.rtl)
	case d[0] < 0:
		l.X, l.Anchor = b.x1, side(m.rtl)
	}
	m.shapes = append(m.shapes, l)
}

func side(start bool) Anchor {
	if start {
		return Start
	}
	return End
}
