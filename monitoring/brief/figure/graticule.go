package figure

import (
	"math"
	"strconv"
	"strings"
)

// graticuleSteps are the distances of lines in degrees.
var graticuleSteps = []float64{0.25, 0.5, 1, 2, 5, 10, 15, 30}

// graticule draws lines of latitude and longitude about the points, and says
// their degrees at the left and lower edge.
func (w *window) graticule(m *mapSketch, project projection, points []Position) {
	km := (w.x1 - w.x0) * project.km
	step := graticuleSteps[len(graticuleSteps)-1]
	for _, s := range graticuleSteps {
		if km/(s*111) <= 6 {
			step = s
			break
		}
	}
	lat, lon := points[0].Lat, points[0].Lon
	var lines strings.Builder
	var labels []Shape
	for k := -12; k <= 12; k++ {
		la := math.Round(lat/step)*step + float64(k)*step
		lo := math.Round(lon/step)*step + float64(k)*step
		if math.Abs(la) <= 90 {
			w.meridian(&lines, func(t float64) (float64, float64) { return project.at(la, lon+t*13*step) },
				func(x, y float64) { labels = append(labels, w.degree(m, 3, y-3, la)) }, true)
		}
		w.meridian(&lines, func(t float64) (float64, float64) { return project.at(min(max(lat+t*13*step, -90), 90), lo) },
			func(x, y float64) { labels = append(labels, w.degree(m, x+3, m.height-4, lo)) }, false)
	}
	m.shapes = append(m.shapes, Path{D: lines.String(), Stroke: Grid, Width: 1})
	m.shapes = append(m.shapes, Rect{W: m.width, H: m.height, Stroke: Border})
	for _, l := range labels {
		if l != nil {
			m.shapes = append(m.shapes, l)
		}
	}
}

// meridian samples one line from t = -1 to 1, draws its pieces in the window, and
// calls at where it crosses the left edge (of a parallel) or the lower one.
func (w *window) meridian(d *strings.Builder, point func(t float64) (float64, float64), at func(x, y float64), parallel bool) {
	const pieces = 96
	var xs, ys []float64
	flush := func() {
		if len(xs) > 1 {
			w.path(d, xs, ys)
		}
		xs, ys = nil, nil
	}
	px, py := point(-1)
	for i := 1; i <= pieces; i++ {
		x, y := point(-1 + 2*float64(i)/pieces)
		if ax, ay, bx, by, ok := w.cut(px, py, x, y); ok {
			if len(xs) == 0 {
				xs, ys = append(xs, ax), append(ys, ay)
			}
			xs, ys = append(xs, bx), append(ys, by)
			edge := 1e-6 * (w.x1 - w.x0)
			switch {
			case parallel && math.Abs(min(ax, bx)-w.x0) < edge:
				at(w.pixel(w.x0, ay))
			case !parallel && math.Abs(max(ay, by)-w.y1) < edge:
				at(w.pixel(ax, w.y1))
			}
		} else {
			flush()
		}
		px, py = x, y
	}
	flush()
}

// cut returns the part of a segment inside the window, by the method of Liang and
// Barsky (1984).
func (w *window) cut(ax, ay, bx, by float64) (x0, y0, x1, y1 float64, ok bool) {
	t0, t1 := 0.0, 1.0
	dx, dy := bx-ax, by-ay
	for _, e := range [][2]float64{{-dx, ax - w.x0}, {dx, w.x1 - ax}, {-dy, ay - w.y0}, {dy, w.y1 - ay}} {
		p, q := e[0], e[1]
		switch {
		case p == 0 && q < 0:
			return 0, 0, 0, 0, false
		case p < 0:
			t0 = max(t0, q/p)
		case p > 0:
			t1 = min(t1, q/p)
		}
	}
	if t0 >= t1 {
		return 0, 0, 0, 0, false
	}
	return ax + t0*dx, ay + t0*dy, ax + t1*dx, ay + t1*dy, true
}

// degree is the label of a line, or nothing where it would leave the map or meet
// the scale.
func (w *window) degree(m *mapSketch, x, y, degrees float64) Shape {
	text := strconv.FormatFloat(math.Round(degrees*100)/100, 'f', -1, 64) + "°"
	if y < 10 || y > m.height-2 || x < 0 || x+textWidth(text, 10, false) > m.width*0.7 {
		return nil
	}
	return Label{X: x, Y: y, Size: 10, Text: text, Fill: Muted, Anchor: side(!m.rtl)}
}
