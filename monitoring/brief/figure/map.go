package figure

import (
	"math"
	"sort"
	"strings"
)

// Place is a country with a count.
type Place struct {
	ISO3 string // ISO 3166-1 alpha-3: "LBY"
	Name string // in the reader's language
	// Value is at least 0; the circle's area is in proportion to it.
	Value float64
	Text  string // the value as printed: "92%"
	Tip   string // text alternative. Optional
	// NotShown, if set, is why the value is not printed: "fewer than 10". The
	// place has a small ring whose size says nothing, and is listed below.
	NotShown string
}

// MapSpec is a map of Africa, Europe, the Middle East and South-West Asia.
type MapSpec struct {
	Frame
	Places []Place
	Paint  Paint // of the circles. Optional, default Series1
	// Outside goes before the list of places that are not on the map: "Not on
	// this map:". Required if there may be any.
	Outside string
	// Also goes before the list of places on the map that have no room for a
	// label: "Also on this map:". Optional.
	Also string
	// Disclaimer on boundaries and names, printed below. Required.
	Disclaimer string
	Notes      []string // printed above the disclaimer. Optional
}

// Radii of circles in CSS pixels on a map 720 wide.
const (
	greatestRadius = 36.0
	leastRadius    = 2.5
	ringRadius     = 3.5
)

// mostRingNames is how many rings the map names; with more, the names are only
// in the list below.
const mostRingNames = 6

// Map draws the map with a circle and a label for each place. Places that are
// not on it, and those without room for a label, are listed below it.
func Map(spec MapSpec) *Drawing {
	s := newSketch(spec.Frame)
	base := baseMap()
	scale := s.width / base.width
	m := &mapSketch{width: s.width, height: base.height * scale, rtl: spec.RTL}
	m.outlines(base, scale)

	var outside, withheld []Place
	for _, p := range bySize(spec.Places) {
		at, known := base.places[strings.ToUpper(p.ISO3)]
		if !known || !at.on {
			outside = append(outside, p)
			continue
		}
		if p.NotShown != "" {
			withheld = append(withheld, p)
		}
		m.spots = append(m.spots, spot{Place: p, x: at.x * scale, y: at.y * scale})
	}
	m.circles(spec.Paint, scale)
	if len(withheld) > mostRingNames {
		m.unnamed = true
	}
	also := m.labels()

	y := m.height + 2
	y = s.note(y, listed(spec.Also, also))
	for _, reason := range byReason(withheld) {
		y = s.note(y, reason)
	}
	y = s.note(y, listed(spec.Outside, outside))
	for _, n := range spec.Notes {
		y = s.note(y+4, n)
	}
	if spec.Disclaimer != "" {
		y = s.note(y+4, spec.Disclaimer)
	}
	s.height = y + 6
	d := s.finish(spec.Frame)
	d.Shapes = append(m.shapes, d.Shapes...) // the land itself never turns
	return d
}

// bySize returns the places that have something to show, the greatest first.
func bySize(places []Place) []Place {
	var kept []Place
	for _, p := range places {
		finite := !math.IsNaN(p.Value) && !math.IsInf(p.Value, 0)
		if p.NotShown != "" || (finite && p.Value > 0) {
			if p.NotShown != "" {
				p.Value = 0
			}
			kept = append(kept, p)
		}
	}
	sort.SliceStable(kept, func(i, j int) bool {
		if kept[i].Value != kept[j].Value {
			return kept[i].Value > kept[j].Value
		}
		return kept[i].ISO3 < kept[j].ISO3
	})
	return kept
}

// label is what is printed beside a place's circle. A ring's reason is below.
func (p Place) label() string {
	if p.NotShown != "" {
		return clean(p.Name)
	}
	return clean(strings.TrimSpace(p.Name + " " + p.Text))
}

// byReason writes a line for each reason, with its places in order of name.
func byReason(withheld []Place) []string {
	sort.SliceStable(withheld, func(i, j int) bool { return withheld[i].Name < withheld[j].Name })
	var reasons []string
	names := map[string][]string{}
	for _, p := range withheld {
		if names[p.NotShown] == nil {
			reasons = append(reasons, p.NotShown)
		}
		names[p.NotShown] = append(names[p.NotShown], p.Name)
	}
	for i, r := range reasons {
		reasons[i] = r + ": " + strings.Join(names[r], " · ")
	}
	return reasons
}

// listed writes places after a heading, parted by middle dots.
func listed(heading string, places []Place) string {
	if len(places) == 0 {
		return ""
	}
	names := make([]string, len(places))
	for i, p := range places {
		names[i] = p.label()
		if p.NotShown != "" {
			names[i] += " (" + p.NotShown + ")"
		}
	}
	return strings.TrimSpace(heading + " " + strings.Join(names, " · "))
}

// spot is a place on the map.
type spot struct {
	Place
	x, y, r float64
}

// mapSketch is the map without the text below. Its x runs from left to right in
// every language.
type mapSketch struct {
	width, height float64
	rtl           bool
	unnamed       bool // rings have no name on the map, for there are too many
	spots         []spot
	shapes        []Shape
}

func (m *mapSketch) outlines(base *outlines, scale float64) {
	m.shapes = append(m.shapes,
		Path{D: pathData(base.land, scale, 0, true), Fill: Land},
		Path{D: pathData(base.border, scale, 0, false), Stroke: Border, Width: 0.6},
		Path{D: pathData(base.dashed, scale, 0, false), Stroke: Border, Width: 0.8, Dash: true})
}

// circles sets the radii and draws the circles, the greatest at the back.
func (m *mapSketch) circles(paint Paint, scale float64) {
	if paint == NoPaint {
		paint = Series1
	}
	for i := range m.spots {
		sp := &m.spots[i]
		tip := clean(sp.Tip)
		if sp.NotShown != "" {
			sp.r = ringRadius
			m.shapes = append(m.shapes, Point{X: sp.x, Y: sp.y, Size: 2 * sp.r, Mark: Ring, Fill: paint, Tip: tip})
			continue
		}
		sp.r = max(greatestRadius*scale*math.Sqrt(sp.Value/m.spots[0].Value), leastRadius)
		m.shapes = append(m.shapes, Point{X: sp.x, Y: sp.y, Size: 2 * sp.r, Fill: paint, Stroke: paint, Opacity: 0.45, Tip: tip})
	}
}
