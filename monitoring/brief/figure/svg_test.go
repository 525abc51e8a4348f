package figure

import (
	"bytes"
	"math"
	"strings"
	"testing"
)

func TestSVGNamesItself(t *testing.T) {
	d := sampleBars()
	alone := string(d.SVG(SVGOptions{ID: "by nationality"}))
	for _, want := range []string{
		`xmlns="http://www.w3.org/2000/svg"`, `role="img"`, `aria-labelledby="by-nationality-title by-nationality-desc"`,
		`<title id="by-nationality-title">Interviews by nationality</title>`, `<desc id="by-nationality-desc">Counts.</desc>`,
		"prefers-color-scheme:dark", "@media print", "tabular-nums", "<title>Nigeria: 803</title>", ">Synthetic example data</text>",
	} {
		if !strings.Contains(alone, want) {
			t.Errorf("the file lacks %s", want)
		}
	}
	inline := string(d.SVG(SVGOptions{ID: "x", Inline: true}))
	if strings.Contains(inline, "<style") || strings.Contains(inline, "xmlns") {
		t.Error("the inline picture carries its own style or namespace")
	}
}

// TestSVGAsksForNothing looks for anything that a reader would fetch or run.
func TestSVGAsksForNothing(t *testing.T) {
	for _, s := range samples {
		svg := strings.Replace(string(s.make().SVG(SVGOptions{})), `xmlns="http://www.w3.org/2000/svg"`, "", 1)
		for _, bad := range []string{"http:", "https:", "href", "url(", "@import", "<script", "<image", "<use", "onload", "javascript"} {
			if strings.Contains(svg, bad) {
				t.Errorf("%s: the picture holds %q", s.name, bad)
			}
		}
	}
}

func TestSVGRightToLeft(t *testing.T) {
	if svg := string(sampleBarsArabic().SVG(SVGOptions{})); !strings.Contains(svg, `direction="rtl"`) {
		t.Error("the picture has no direction")
	}
	left, right := sampleDots(), sampleDotsArabic()
	firstLabel := func(d *Drawing) Label {
		for _, s := range d.Shapes {
			if l, ok := s.(Label); ok && !l.Bold && l.Anchor == Start && l.Fill == Ink {
				return l
			}
		}
		t.Fatal("no label")
		return Label{}
	}
	if l, r := firstLabel(left), firstLabel(right); l.X != 0 || r.X != right.Width {
		t.Errorf("labels begin at %g and %g, want 0 and %g", l.X, r.X, right.Width)
	}
}

func TestShapesThatAreNotFiniteAreLeftOut(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	d := &Drawing{Width: 100, Height: 40, Title: "t", Description: "d", Shapes: []Shape{
		Line{X1: nan, Stroke: Ink, Width: 1}, Rect{X: 1, W: -4, H: 2, Fill: Ink}, Rect{X: inf, W: 4, H: 2, Fill: Ink},
		Point{X: nan, Size: 4, Fill: Ink}, Point{Size: -1, Fill: Ink}, Label{X: inf, Text: "x", Size: 12, Fill: Ink},
		Path{D: "M0 0L1 1", Opacity: nan, Fill: Ink}, Path{D: `M0 0"><script>`, Fill: Ink},
	}}
	svg := d.SVG(SVGOptions{})
	wellFormed(t, svg)
	for _, bad := range []string{"NaN", "Inf", "<line", "<circle", "<script"} {
		if bytes.Contains(svg, []byte(bad)) {
			t.Errorf("the picture holds %s", bad)
		}
	}
	if _, err := d.PNG(1); err != nil {
		t.Error(err)
	}
}

func TestNumbersAreShort(t *testing.T) {
	for v, want := range map[float64]string{0: "0", -0.001: "0", 1.005: "1", 12.345: "12.35", -3.5: "-3.5", 720: "720"} {
		if got := number(v); got != want {
			t.Errorf("number(%g) = %s, want %s", v, got, want)
		}
	}
}

// FuzzText puts any text into every place for text: the SVG stays well-formed
// and the PNG can be drawn.
func FuzzText(f *testing.F) {
	for _, s := range []string{"", "a < b & c > \"d\" 'e'", "]]>", "\x00\x1b\ufffe", "\xff\xfe", "مرحبا 49% (n)", "a\u202eb\u2067c", "👩‍👩‍👧", strings.Repeat("w", 400)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		fr := Frame{Title: text, Description: text, Badge: text, RTL: len(text)%2 == 1, Width: 320}
		drawings := []*Drawing{
			DotPlot(DotPlotSpec{Frame: fr, Series: []Series{{Name: text, Paint: Series1}}, Axis: Axis{Title: text, Tick: func(float64) string { return text }}, Notes: []string{text},
				Groups: []RowGroup{{Heading: text, Rows: []Row{{Label: text, Base: text, Points: []Estimate{{Value: 0.5, Lo: 0.4, Hi: 0.6, Text: text, Tip: text}}}, {Label: text, Points: []Estimate{{NotShown: text}}}}}}}),
			BarChart(BarChartSpec{Frame: fr, Groups: []BarGroup{{Heading: text, Bars: []Bar{{Label: text, Base: text, Value: 3, Text: text, Tip: text}}}}}),
			FlowDiagram(FlowSpec{Frame: fr, Received: FlowBox{text, text, text, Ink}, Excluded: []FlowBox{{Value: text, Label: text}}, Analysed: FlowBox{Label: text}}),
			Map(MapSpec{Frame: fr, Places: []Place{{ISO3: "LBY", Name: text, Value: 1, Text: text}, {ISO3: text, Name: text, NotShown: text}}, Outside: text, Disclaimer: text}),
		}
		for _, d := range drawings {
			wellFormed(t, d.SVG(SVGOptions{ID: text}))
		}
		if _, err := drawings[0].PNG(0.5); err != nil {
			t.Error(err)
		}
	})
}
