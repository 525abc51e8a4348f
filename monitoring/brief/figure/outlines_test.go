package figure

import (
	"math"
	"strconv"
	"strings"
	"testing"
)

// landArea returns the area of a country on the map, in square pixels.
func landArea(t *testing.T, code string) float64 {
	t.Helper()
	for line := range strings.Lines(outlinesText) {
		f := strings.SplitN(strings.TrimSpace(line), " ", 6)
		if len(f) < 6 || f[0] != "land" || f[1] != code {
			continue
		}
		sum := 0.0
		for _, ring := range polylines(f[5]) {
			x, y, twice, px, py := 0, 0, 0.0, 0.0, 0.0
			var sx, sy float64
			for i := 0; i+1 < len(ring); i += 2 {
				x, y = x+ring[i], y+ring[i+1]
				fx, fy := float64(x)/10, float64(y)/10
				if i == 0 {
					sx, sy = fx, fy
				} else {
					twice += px*fy - fx*py
				}
				px, py = fx, fy
			}
			sum += math.Abs(twice+px*sy-sx*py) / 2
		}
		return sum
	}
	t.Fatalf("%s is not on the map", code)
	return 0
}

// TestAreasAreInProportion compares areas on the map with the areas on the
// sphere (km², radius 6,371.007 km) of the source's outlines before they were
// projected and thinned, as Node.js 20 gives them with the formula of Chamberlain
// and Duquette (2007), "Some algorithms for polygons on a sphere". The map is
// equal-area, so their ratios hold everywhere on it. Tolerance 0.5%.
func TestAreasAreInProportion(t *testing.T) {
	surface := map[string]float64{
		"NER": 1185099, "MLI": 1258179, "BFA": 273690, "ETH": 1131763, "AFG": 642069, "ITA": 300268, "BGR": 112422, "DZA": 2322800,
	}
	km2, pixels := 0.0, 0.0
	for code, s := range surface {
		km2, pixels = km2+s, pixels+landArea(t, code)
	}
	for code, s := range surface {
		if got := landArea(t, code) * km2 / pixels; math.Abs(got/s-1) > 0.005 {
			t.Errorf("%s has %.0f km² on the map, want %.0f", code, got, s)
		}
	}
}

func TestOutlinesReadWhole(t *testing.T) {
	m := baseMap()
	if m.width != 720 || m.height < 400 || len(m.land) < 150 || len(m.border) < 100 || len(m.dashed) < 10 {
		t.Fatalf("%g by %g, %d rings, %d borders, %d dashed", m.width, m.height, len(m.land), len(m.border), len(m.dashed))
	}
	for _, lines := range [][]polyline{m.land, m.border, m.dashed} {
		for _, l := range lines {
			if len(l) < 4 || len(l)%2 != 0 {
				t.Fatalf("a line has %d numbers", len(l))
			}
			x, y := 0, 0
			for i := 0; i < len(l); i += 2 {
				x, y = x+l[i], y+l[i+1]
				if x < 0 || y < 0 || float64(x) > 10*m.width || float64(y) > 10*m.height {
					t.Fatalf("a line leaves the map at %d, %d", x, y)
				}
			}
		}
	}
}

// TestPlacesStandWhereTheyShould checks the order of some countries on the map
// and that the small ones are there.
func TestPlacesStandWhereTheyShould(t *testing.T) {
	m := baseMap()
	for _, code := range strings.Fields("LBY DZA TUN MAR ESH EGY SDN SSD TCD NER NGA MLI SEN GMB GIN CIV BFA GHA ERI ETH SOM DJI TUR GRC CYP MLT ITA ESP FRA DEU SRB MKD BGR HUN XKX BIH SYR IRQ IRN AFG PAK LBN JOR PSE ISR SAU YEM KWT BHR QAT ARE OMN UKR") {
		if !m.places[code].on {
			t.Errorf("%s is not on the map", code)
		}
	}
	for _, code := range []string{"BGD", "USA", "CHN", "OTH"} {
		if m.places[code].on {
			t.Errorf("%s is on the map", code)
		}
	}
	at := m.places
	if !(at["MAR"].x < at["DZA"].x && at["DZA"].x < at["LBY"].x && at["LBY"].x < at["EGY"].x && at["EGY"].x < at["SAU"].x && at["IRN"].x < at["AFG"].x) {
		t.Error("west to east is wrong")
	}
	if !(at["DEU"].y < at["ITA"].y && at["ITA"].y < at["TUN"].y && at["TUN"].y < at["NER"].y && at["NER"].y < at["NGA"].y) {
		t.Error("north to south is wrong")
	}
}

// TestPathDataKeepsItsPlace walks the relative path back to absolute points.
func TestPathDataKeepsItsPlace(t *testing.T) {
	line := polyline{123, 456, -7, 20, 100, -100, 3, 0}
	for _, scale := range []float64{1, 0.5, 1.37} {
		d := pathData([]polyline{line, line}, scale, 5, true)
		x, y, n := 0, 0, 0
		walkPath(d, func(op byte, px, py float64) {
			if op == 'Z' {
				return
			}
			k := n % 4 * 2
			if k == 0 {
				x, y = 0, 0
			}
			x, y = x+line[k], y+line[k+1]
			n++
			if math.Abs(px-float64(x)/10*scale) > 0.051 || math.Abs(py-5-float64(y)/10*scale) > 0.051 {
				t.Errorf("scale %g: point %d at %g, %g", scale, n, px, py)
			}
		})
		if n != 8 {
			t.Errorf("scale %g: %d points in %s", scale, n, d)
		}
	}
}

func TestWalkPathStopsAtWhatItDoesNotKnow(t *testing.T) {
	for d, want := range map[string]int{
		"M0 0L1 1 2,2Z": 4, "m1-1-1-1l.5.5z": 4, "M0 0C1 1 2 2 3 3": 1, "L": 0, "M1": 0, "M1 x": 0, "10 10": 0, "M1e5 1": 0, "": 0, "M-.-": 0,
	} {
		n := 0
		walkPath(d, func(byte, float64, float64) { n++ })
		if n != want {
			t.Errorf("%q has %d points, want %d", d, n, want)
		}
	}
	if _, _, ok := scanNumber(strings.Repeat("9", 400), 0); ok {
		t.Error("a number beyond all bounds was read")
	}
	if v, _, _ := scanNumber(" ,-12.50", 0); strconv.FormatFloat(v, 'f', -1, 64) != "-12.5" {
		t.Errorf("read %g", v)
	}
}
