package figure

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

func texts(d *Drawing) []string {
	var out []string
	for _, s := range d.all() {
		if l, ok := s.(Label); ok {
			out = append(out, l.Text)
		}
	}
	return out
}

func points(d *Drawing) []Point {
	var out []Point
	for _, s := range d.Shapes {
		if p, ok := s.(Point); ok {
			out = append(out, p)
		}
	}
	return out
}

func TestNothingToShow(t *testing.T) {
	f := Frame{Title: "t", Description: "d", Badge: "Synthetic example data"}
	for name, d := range map[string]*Drawing{
		"dots":   DotPlot(DotPlotSpec{Frame: f, Series: twoRoutes, Empty: "Nothing to show"}),
		"panels": SmallMultiples(SmallMultiplesSpec{Frame: f, Series: twoRoutes, Panels: []Panel{{Heading: "x"}}, Empty: "Nothing to show"}),
		"bars":   BarChart(BarChartSpec{Frame: f, Empty: "Nothing to show"}),
	} {
		if got := strings.Join(texts(d), "|"); got != "Nothing to show|Synthetic example data" {
			t.Errorf("%s: %q", name, got)
		}
		if _, err := d.PNG(1); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	d := Map(MapSpec{Frame: f, Disclaimer: "No endorsement."})
	if got := strings.Join(texts(d), "|"); got != "No endorsement.|Synthetic example data" {
		t.Errorf("map: %q", got)
	}
}

func TestWithheldEstimatesHaveNoMark(t *testing.T) {
	d := DotPlot(DotPlotSpec{Series: twoRoutes[:1], Groups: []RowGroup{{Rows: []Row{
		{Label: "a", Points: []Estimate{{Value: 0.7, Lo: 0.6, Hi: 0.8, Text: "70%", NotShown: "fewer than 30 answers"}}},
		{Label: "b", Points: []Estimate{{Value: math.NaN(), Text: "0%", NotShown: "not estimable"}}},
		{Label: "c", Points: []Estimate{{Value: math.NaN(), Text: "12%"}}},
		{Label: "d"},
	}}}})
	marks := 0
	for _, p := range points(d) {
		if p.Y > 30 { // below the line of names
			marks++
		}
	}
	all := strings.Join(texts(d), "|")
	if marks != 0 || strings.Contains(all, "70%") || strings.Contains(all, "12%") ||
		!strings.Contains(all, "fewer than 30 answers") || !strings.Contains(all, "not estimable") {
		t.Errorf("%d marks; %s", marks, all)
	}
	for _, s := range d.Shapes {
		if l, ok := s.(Line); ok && l.Stroke == Series1 {
			t.Error("a withheld estimate has an interval")
		}
	}
}

func TestSharesOfNoughtAndOneStandAtTheEnds(t *testing.T) {
	d := DotPlot(DotPlotSpec{Series: []Series{{Paint: Neutral}}, Groups: []RowGroup{{Rows: []Row{
		{Label: "none", Points: []Estimate{{Value: 0, Lo: 0, Hi: 0.01}}},
		{Label: "all", Points: []Estimate{{Value: 1, Lo: 0.99, Hi: 1}}},
	}}}})
	var grid []float64
	for _, s := range d.Shapes {
		if l, ok := s.(Line); ok && l.Stroke == Grid {
			grid = append(grid, l.X1)
		}
	}
	p := points(d)
	if len(p) != 2 || p[0].X != grid[0] || p[1].X != grid[len(grid)-1] {
		t.Errorf("marks %v, grid %v", p, grid)
	}
}

func TestSixtyRows(t *testing.T) {
	var many []Row
	for i := range 60 {
		v := float64(i) / 59
		many = append(many, Row{Label: fmt.Sprintf("Nationality %d", i+1), Points: []Estimate{share(v, 0.03, fmt.Sprintf("%.0f%%", 100*v), "1,234"), share(v/2, 0.03, fmt.Sprintf("%.0f%%", 50*v), "56")}})
	}
	d := DotPlot(DotPlotSpec{Series: twoRoutes, Groups: []RowGroup{{Rows: many}}})
	for _, f := range collisions(d) {
		t.Error(f)
	}
	if n := len(points(d)); n < 120 || d.Height < 60*2*slot {
		t.Errorf("%d marks in a height of %g", n, d.Height)
	}
}

func TestPanelsDoNotTouchTheCallersRows(t *testing.T) {
	panels := []Panel{{Rows: []Row{{Label: "a", Points: []Estimate{{Value: 0.1, Base: "1,000"}}}}}, {Rows: []Row{{Label: "a", Points: []Estimate{{Value: 0.2, Base: "999"}}}}}}
	d := SmallMultiples(SmallMultiplesSpec{Series: twoRoutes[:1], Panels: panels})
	if all := strings.Join(texts(d), "|"); !strings.Contains(all, "999–1,000") {
		t.Errorf("no range of bases in %s", all)
	}
	if panels[0].Rows[0].Points[0].Base != "1,000" {
		t.Error("the caller's rows were changed")
	}
}

func TestCirclesHaveAreasInProportion(t *testing.T) {
	d := Map(MapSpec{Places: []Place{{ISO3: "LBY", Value: 900}, {ISO3: "DZA", Value: 225}, {ISO3: "sdn", Value: 100}, {ISO3: "NER", NotShown: "fewer than 10"}}})
	p := points(d)
	if len(p) != 4 || p[0].Size != 2*greatestRadius || p[1].Size != greatestRadius || math.Abs(p[2].Size-p[0].Size/3) > 1e-9 {
		t.Fatalf("circles %v", p)
	}
	if p[3].Mark != Ring {
		t.Error("a withheld count has a circle")
	}
}
