package figure

import (
	"math"
	"strconv"
	"strings"
)

// Position is a place by its coordinates.
type Position struct {
	Lat, Lon float64 // degrees, WGS 84
	Name     string  // printed beside the mark where there is room
	Text     string  // a value, printed behind the name. Optional
	Tip      string  // text alternative. Optional
	Series   int     // index in PointMapSpec.Series
	// Value makes the mark's area, in proportion to the greatest. Default: marks of
	// one size where no position has a value.
	Value float64
}

// PointMapSpec is a map of places a few kilometres to a continent apart.
type PointMapSpec struct {
	Frame
	// Series are the kinds of places. Required: at least one.
	Series []Series
	Points []Position
	// Also goes before the list of places that have no room for a label: "Also on
	// this map:". Optional.
	Also string
	// Kilometres is the unit of the scale: "km". Default "km".
	Kilometres string
	// Disclaimer on boundaries and names, printed below where the map has any.
	// Required.
	Disclaimer string
}

// The map's height for its width, the least width that it shows, and marks.
const (
	pointMapShape  = 0.62
	leastMapKM     = 120.0
	pointMark      = 11.0
	mostPointNames = 60 // labels; with more, there is no room for names
)

// PointMap draws places on outlines of land with lines of latitude and longitude
// and a scale; where a place lies beyond the outlines, on the lines alone. A place
// whose coordinates are not finite is left out. Without places it draws nothing.
func PointMap(spec PointMapSpec) *Drawing {
	s := newSketch(spec.Frame)
	var points []Position
	for _, p := range spec.Points {
		if finite(p.Lat, p.Lon) && math.Abs(p.Lat) <= 90 && math.Abs(p.Lon) <= 180 && p.Series >= 0 && p.Series < len(spec.Series) {
			points = append(points, p)
		}
	}
	if len(points) == 0 {
		return s.finish(spec.Frame)
	}
	height := math.Round(s.width * pointMapShape)
	m := &mapSketch{width: s.width, height: height, rtl: spec.RTL}
	project, land := choose(points)
	xs, ys := make([]float64, len(points)), make([]float64, len(points))
	for i, p := range points {
		xs[i], ys[i] = project.at(p.Lat, p.Lon)
	}
	w := frameAll(xs, ys, leastMapKM/project.km, s.width, height)
	if land {
		w.land(m)
	}
	w.graticule(m, project, points)
	w.marks(m, spec.Series, points, xs, ys)
	var also []Place
	if len(points) <= mostPointNames {
		also = m.labels()
	}
	w.scaleBar(m, project.km, spec.Kilometres)

	y := s.legend(height+6, spec.Series)
	y = s.note(y, listed(spec.Also, also))
	if land {
		y = s.note(y+4, spec.Disclaimer)
	}
	s.height = y + 6
	d := s.finish(spec.Frame)
	d.Shapes = append(m.shapes, d.Shapes...) // the map itself never turns
	return d
}

// choose returns the projection, and whether outlines can be drawn in it.
func choose(points []Position) (projection, bool) {
	base := baseMap()
	sum := 0.0
	inside := true
	for _, p := range points {
		x, y := onBase.at(p.Lat, p.Lon)
		inside = inside && x >= 0 && y >= 0 && x <= base.width && y <= base.height && math.Abs(p.Lon-baseLongitude) < 90
		sum += p.Lat
	}
	if inside {
		return onBase, true
	}
	return plain(min(max(sum/float64(len(points)), -75), 75)), false
}

// land draws the outlines inside the window.
func (w *window) land(m *mapSketch) {
	base := baseMap()
	var d strings.Builder
	for _, p := range base.land {
		xs, ys := w.ring(p.absolute())
		if len(xs) < 3 {
			continue
		}
		w.path(&d, xs, ys)
		d.WriteByte('Z')
	}
	m.shapes = append(m.shapes, Path{D: d.String(), Fill: Land, Stroke: Border, Width: 0.6})
	for _, lines := range []struct {
		of   []polyline
		dash bool
	}{{base.border, false}, {base.dashed, true}} {
		var d strings.Builder
		for _, p := range lines.of {
			w.open(&d, p)
		}
		m.shapes = append(m.shapes, Path{D: d.String(), Stroke: Border, Width: 0.8, Dash: lines.dash})
	}
}

// open writes the pieces of an open line that may touch the window.
func (w *window) open(d *strings.Builder, p polyline) {
	xs, ys := p.absolute()
	from := -1
	for i := 0; i+1 <= len(xs); i++ {
		touches := i+1 < len(xs) && w.segment(xs[i], ys[i], xs[i+1], ys[i+1])
		switch {
		case touches && from < 0:
			from = i
		case !touches && from >= 0:
			w.path(d, xs[from:i+1], ys[from:i+1])
			from = -1
		}
	}
}

// path writes a line in pixels with one decimal.
func (w *window) path(d *strings.Builder, xs, ys []float64) {
	tenth := func(v float64) string { return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64) }
	for i := range xs {
		x, y := w.pixel(xs[i], ys[i])
		op := "L"
		if i == 0 {
			op = "M"
		}
		d.WriteString(op + tenth(x) + " " + tenth(y))
	}
}

// marks draws the places, the greatest at the back.
func (w *window) marks(m *mapSketch, series []Series, points []Position, xs, ys []float64) {
	most := 0.0
	for _, p := range points {
		most = max(most, p.Value)
	}
	for i, p := range points {
		x, y := w.pixel(xs[i], ys[i])
		r := pointMark / 2
		if most > 0 {
			r = max(20*math.Sqrt(max(p.Value, 0)/most), leastRadius)
		}
		m.spots = append(m.spots, spot{Place: Place{Name: p.Name, Text: p.Text, Value: 1, Tip: p.Tip}, x: x, y: y, r: r})
		look := series[p.Series]
		mark := Point{X: x, Y: y, Size: 2 * r, Mark: look.Mark, Fill: look.Paint, Stroke: Paper, Tip: clean(p.Tip)}
		if most > 0 {
			mark.Opacity, mark.Stroke = 0.6, look.Paint
		}
		m.shapes = append(m.shapes, mark)
	}
}

// scaleBar draws a length in kilometres in the lower right corner.
func (w *window) scaleBar(m *mapSketch, km float64, unit string) {
	if unit == "" {
		unit = "km"
	}
	room := m.width / 5 / w.scale * km
	length := math.Pow(10, math.Floor(math.Log10(room)))
	for _, k := range []float64{5, 2} {
		if length*k <= room {
			length *= k
			break
		}
	}
	px := length / km * w.scale
	x, y := m.width-10, m.height-8
	m.shapes = append(m.shapes,
		Line{X1: x - px, Y1: y, X2: x, Y2: y, Width: 2, Stroke: Muted},
		Line{X1: x - px, Y1: y - 4, X2: x - px, Y2: y + 1, Width: 1, Stroke: Muted},
		Line{X1: x, Y1: y - 4, X2: x, Y2: y + 1, Width: 1, Stroke: Muted},
		Label{X: x - px/2, Y: y - 6, Size: 10, Text: thousands(trim(length)) + " " + unit, Fill: Muted, Anchor: Middle, Halo: true})
}

// legend names the series in a line from y down and returns the y below it.
func (s *sketch) legend(y float64, series []Series) float64 {
	named := false
	x := 0.0
	for _, one := range series {
		if one.Name == "" {
			continue
		}
		named = true
		width := pointMark + 6 + textWidth(one.Name, sizeText, false)
		if x > 0 && x+width > s.width {
			x, y = 0, y+leading+4
		}
		s.add(Point{X: x + pointMark/2, Y: y + leading/2, Size: pointMark, Mark: one.Mark, Fill: one.Paint, Stroke: Paper})
		s.text(x+pointMark+6, y+leading/2+sizeText*0.36, sizeText, Ink, Start, shorten(one.Name, sizeText, false, s.width-x-pointMark-6))
		x += width + 16
	}
	if !named {
		return y
	}
	return y + leading + 6
}
