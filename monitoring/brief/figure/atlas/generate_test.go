package main

import (
	"bytes"
	"math"
	"os"
	"testing"
)

// TestOutlinesAreReproducible makes outlines.txt anew and compares. It needs
// countries-50m.json of npm's world-atlas 2.0.2, which .ci/tools fetches into
// .cache; WAYMARK_WORLD_ATLAS names another place.
func TestOutlinesAreReproducible(t *testing.T) {
	path := os.Getenv("WAYMARK_WORLD_ATLAS")
	if path == "" {
		path = "../../../../.cache/countries-50m.json"
	}
	if _, err := os.Stat(path); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("the source of the map is not here: run sh .ci/tools (%v)", err)
		}
		t.Skip("the source of the map is not here: sh .ci/tools fetches it")
	}
	source, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	got, err := generate(source)
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("../outlines.txt")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("outlines.txt is not what the generator makes of this source")
	}
	if len(want) > 150<<10 {
		t.Errorf("outlines.txt has %d bytes, over 150 KiB", len(want))
	}
}

// TestLambertKeepsAreas holds the projection to its promise: a small cell has
// the area that it has on the sphere, cos φ dφ dλ.
func TestLambertKeepsAreas(t *testing.T) {
	const step, rad = 1e-4, math.Pi / 180
	for lon := -20.0; lon <= 80; lon += 20 {
		for lat := -5.0; lat <= 55; lat += 15 {
			o, e, n := lambert(point{lon, lat}), lambert(point{lon + step, lat}), lambert(point{lon, lat + step})
			cell := math.Abs((e.x-o.x)*(n.y-o.y) - (e.y-o.y)*(n.x-o.x))
			want := math.Cos(lat*rad) * step * step * rad * rad
			if math.Abs(cell/want-1) > 1e-4 {
				t.Errorf("at %g, %g an area comes out %.6f times as large", lon, lat, cell/want)
			}
		}
	}
	if o := lambert(point{middleLongitude, middleLatitude}); math.Hypot(o.x, o.y) > 1e-12 {
		t.Errorf("the middle is at %v", o)
	}
}

func TestThinKeepsEndsAndBends(t *testing.T) {
	line := []point{{0, 0}, {1, 0.01}, {2, 0}, {3, 5}, {4, 0}}
	got := thin(line, 0.5)
	if len(got) != 4 || got[0] != line[0] || got[2] != line[3] || got[3] != line[4] {
		t.Errorf("thinned to %v", got)
	}
}

func TestClip(t *testing.T) {
	ring := clipRing([]point{{-10, -10}, {10, -10}, {10, 10}, {-10, 10}})
	if a := math.Abs(size(ring)); a != 100 {
		t.Errorf("a square over a corner keeps %g of its 400, want 100", a)
	}
	if out := clipRing([]point{{-9, -9}, {-1, -9}, {-1, -1}}); len(out) != 0 {
		t.Errorf("a ring outside the map is kept: %v", out)
	}
	pieces := clipLine([]point{{-5, 5}, {5, 5}, {5, -5}, {15, -5}, {15, 5}})
	if len(pieces) != 2 || pieces[0][0] != (point{0, 5}) || pieces[1][1] != (point{15, 5}) {
		t.Errorf("pieces %v", pieces)
	}
}

func TestHeartIsInside(t *testing.T) {
	horseshoe := []point{{0, 0}, {100, 0}, {100, 100}, {70, 100}, {70, 30}, {30, 30}, {30, 100}, {0, 100}}
	if at := heart(horseshoe); depth(horseshoe, at) < 14 {
		t.Errorf("the heart is at %v, %g inside", at, depth(horseshoe, at))
	}
}

func TestGenerateRefusesOtherFiles(t *testing.T) {
	for _, source := range []string{"", "{}", "[1]", `{"type":"Topology"}`} {
		if _, err := generate([]byte(source)); err == nil {
			t.Errorf("%q was taken", source)
		}
	}
}
