package figure

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestCitiesLieInTheirCountries holds our projection against the outlines, which
// another program projected.
func TestCitiesLieInTheirCountries(t *testing.T) {
	for _, c := range []struct {
		code     string
		lat, lon float64
	}{
		{"LBY", 27.04, 14.43}, {"TUN", 35.68, 10.10}, {"NER", 16.97, 7.99}, {"EGY", 26.82, 30.80}, {"TUR", 39.93, 32.86},
		{"GRC", 39.64, 22.42}, {"SYR", 34.55, 38.28}, {"ITA", 42.35, 13.40}, {"SDN", 15.50, 32.56}, {"AFG", 34.53, 69.17},
	} {
		x, y := onBase.at(c.lat, c.lon)
		if !country(t, c.code, x, y) {
			t.Errorf("%g, %g at %.1f, %.1f is not in %s", c.lat, c.lon, x, y, c.code)
		}
	}
	if x, y := onBase.at(35, 18); country(t, "LBY", x, y) || country(t, "GRC", x, y) {
		t.Error("the middle of the sea is on land")
	}
}

// country tells whether a pixel lies in a country of the outlines, by the number
// of edges to its right.
func country(t *testing.T, code string, x, y float64) bool {
	t.Helper()
	for line := range strings.Lines(outlinesText) {
		rest, ok := strings.CutPrefix(strings.TrimSpace(line), "land "+code+" ")
		if !ok {
			continue
		}
		odd := false
		for _, ring := range polylines(strings.SplitN(rest, " ", 4)[3]) {
			xs, ys := ring.absolute()
			for i := range xs {
				j := (i + 1) % len(xs)
				if (ys[i] > y) != (ys[j] > y) && x < xs[i]+(y-ys[i])/(ys[j]-ys[i])*(xs[j]-xs[i]) {
					odd = !odd
				}
			}
		}
		return odd
	}
	t.Fatalf("no outlines of %s", code)
	return false
}

func TestPointMapWithoutPoints(t *testing.T) {
	d := PointMap(PointMapSpec{Frame: Frame{Title: "x"}, Points: []Position{{Lat: math.NaN()}, {Lat: 91}, {Series: 1}}, Series: []Series{{Paint: Series1}}})
	if len(d.Shapes) != 0 {
		t.Errorf("%d shapes of no point", len(d.Shapes))
	}
}

// TestPointMapAnywhere: points anywhere make a well-formed picture that holds each
// of them.
func TestPointMapAnywhere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spec := PointMapSpec{Frame: Frame{Title: "x", RTL: rapid.Bool().Draw(t, "rtl"), Width: 480}, Series: mapRoutes, Also: "Also:", Disclaimer: "d"}
		lat, lon := rapid.Float64Range(-90, 90).Draw(t, "lat"), rapid.Float64Range(-180, 180).Draw(t, "lon")
		spread := rapid.SampledFrom([]float64{0, 0.01, 1, 20, 200}).Draw(t, "spread")
		for i := range rapid.IntRange(1, 12).Draw(t, "points") {
			spec.Points = append(spec.Points, Position{
				Lat:  min(max(lat+spread*rapid.Float64Range(-1, 1).Draw(t, "dy"), -90), 90),
				Lon:  min(max(lon+spread*rapid.Float64Range(-1, 1).Draw(t, "dx"), -180), 180),
				Name: fmt.Sprintf("P%d", i), Series: i % 3})
		}
		d := PointMap(spec)
		if err := parseXML(d.SVG(SVGOptions{})); err != nil {
			t.Fatal(err)
		}
		marks := 0
		width, height := d.Size()
		for _, s := range d.Shapes {
			p, ok := s.(Point)
			if !ok {
				continue
			}
			marks++
			if p.X < 0 || p.X > width || p.Y < 0 || p.Y > height {
				t.Fatalf("a mark at %g, %g leaves the picture", p.X, p.Y)
			}
		}
		if marks != len(spec.Points)+len(mapRoutes) {
			t.Fatalf("%d marks of %d points", marks, len(spec.Points))
		}
	})
}
