package figure

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// textBox returns the room that a label takes when set in DejaVu Sans: from the
// height of a capital to the depth of a g.
func textBox(d *Drawing, l Label) box {
	s := scribes.Get().(*scribe)
	defer scribes.Put(s)
	w := s.shape(l.Text, l.Bold, d.RTL).width * l.Size
	b := box{x0: l.X, y0: l.Y - 0.73*l.Size, x1: l.X + w, y1: l.Y + 0.21*l.Size}
	switch {
	case l.Anchor == Middle:
		b.x0, b.x1 = l.X-w/2, l.X+w/2
	case (l.Anchor == End) != d.RTL:
		b.x0, b.x1 = l.X-w, l.X
	}
	return b
}

// collisions lists the texts that touch one another, a mark, or the edge.
func collisions(d *Drawing) []string {
	var faults []string
	var boxes []box
	var labels []Label
	width, height := d.Size()
	for _, s := range d.all() {
		l, ok := s.(Label)
		if !ok || l.Text == "" {
			continue
		}
		b := textBox(d, l)
		if b.x0 < -0.5 || b.x1 > width+0.5 || b.y0 < -0.5 || b.y1 > height+0.5 {
			faults = append(faults, fmt.Sprintf("%q leaves the picture: %.1f of %gx%g", l.Text, b, width, height))
		}
		for i, other := range boxes {
			if b.meets(other) {
				faults = append(faults, fmt.Sprintf("%q touches %q", l.Text, labels[i].Text))
			}
		}
		boxes, labels = append(boxes, b), append(labels, l)
	}
	for _, s := range d.Shapes {
		if p, ok := s.(Point); ok {
			for i, b := range boxes {
				if b.meetsCircle(p.X, p.Y, p.Size/2) {
					faults = append(faults, fmt.Sprintf("%q touches a mark at %.0f, %.0f", labels[i].Text, p.X, p.Y))
				}
			}
		}
	}
	return faults
}

func TestTextTouchesNothingInTheSamples(t *testing.T) {
	for _, s := range samples {
		for _, f := range collisions(s.make()) {
			t.Errorf("%s: %s", s.name, f)
		}
		for _, f := range collisions(s.make().WithHeading()) {
			t.Errorf("%s with its heading: %s", s.name, f)
		}
	}
}

// words draws labels that are short, long, empty, unbroken, Arabic or hostile.
func words(t *rapid.T, name string) string {
	return rapid.OneOf(
		rapid.SampledFrom([]string{"", "Italy", "Worked without getting the payment expected for it during the journey",
			"Donaudampfschifffahrtsgesellschaftskapitänswitwenrente", "أجبر على العمل أو القيام بأنشطة رغما عنه", "a\nb\tc", "<b>&\"'"}),
		rapid.StringN(0, 60, -1),
	).Draw(t, name)
}

func estimates(t *rapid.T, n int, scale Scale) []Estimate {
	out := make([]Estimate, n)
	for i := range out {
		v := rapid.SampledFrom([]float64{0, 1, 0.5, 0.004, 0.999, 37, math.NaN(), math.Inf(1), -3, 1e9}).Draw(t, "value")
		if scale == Percent && !math.IsNaN(v) {
			v = min(max(v, 0), 1)
		}
		half := rapid.SampledFrom([]float64{0, 0.01, 0.3, math.NaN(), math.Inf(1)}).Draw(t, "half")
		out[i] = Estimate{Value: v, Lo: v - half, Hi: v + half,
			Text: rapid.SampledFrom([]string{"", "49%", "1,234,567", "12.5 times"}).Draw(t, "text"),
			Base: rapid.SampledFrom([]string{"", "2,780", "12"}).Draw(t, "base")}
		if rapid.IntRange(0, 5).Draw(t, "withheld") == 0 {
			out[i].NotShown = words(t, "reason")
		}
	}
	return out
}

func rows(t *rapid.T, series int, scale Scale) []Row {
	out := make([]Row, rapid.IntRange(0, 6).Draw(t, "rows"))
	for i := range out {
		out[i] = Row{Label: words(t, "label"), Base: rapid.SampledFrom([]string{"", "n 2,780"}).Draw(t, "row base"),
			Points: estimates(t, rapid.IntRange(0, series).Draw(t, "points"), scale)}
	}
	return out
}

func frame(t *rapid.T) Frame {
	return Frame{Title: words(t, "title"), Description: "d", Badge: words(t, "badge"),
		RTL: rapid.Bool().Draw(t, "rtl"), Width: rapid.SampledFrom([]float64{0, 320, 640, 1000}).Draw(t, "width")}
}

func seriesOf(t *rapid.T) []Series {
	s := []Series{{Paint: Series1}, {Paint: Series2, Mark: Diamond}, {Paint: Series3, Mark: Square}, {Paint: Neutral, Mark: Ring}}
	s = s[:rapid.IntRange(0, 4).Draw(t, "series")]
	for i := range s {
		s[i].Name = words(t, "series name")
	}
	return s
}

// check holds a drawing to what every drawing must be.
func check(t *rapid.T, d *Drawing) {
	for _, f := range collisions(d) {
		t.Error(f)
	}
	if err := parseXML(d.SVG(SVGOptions{})); err != nil {
		t.Error(err)
	}
}

func TestTextTouchesNothingInAnyPlot(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		series := seriesOf(t)
		axis := Axis{Scale: rapid.SampledFrom([]Scale{Percent, Ratio, Number}).Draw(t, "scale"), Title: words(t, "axis")}
		spec := DotPlotSpec{Frame: frame(t), Series: series, Axis: axis, Connect: rapid.Bool().Draw(t, "connect"),
			BaseTitle: rapid.SampledFrom([]string{"", "n"}).Draw(t, "base title"), Empty: words(t, "empty")}
		for range rapid.IntRange(0, 3).Draw(t, "groups") {
			spec.Groups = append(spec.Groups, RowGroup{Heading: words(t, "heading"), Rows: rows(t, len(series), axis.Scale)})
		}
		check(t, DotPlot(spec))
	})
}

func TestTextTouchesNothingInAnyPanels(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		series := seriesOf(t)
		axis := Axis{Scale: rapid.SampledFrom([]Scale{Percent, Ratio, Number}).Draw(t, "scale"), Title: words(t, "axis")}
		spec := SmallMultiplesSpec{Frame: frame(t), Series: series, Axis: axis, Across: rapid.IntRange(0, 9).Draw(t, "across"),
			BaseTitle: rapid.SampledFrom([]string{"", "n"}).Draw(t, "base title")}
		for range rapid.IntRange(0, 5).Draw(t, "panels") {
			spec.Panels = append(spec.Panels, Panel{Heading: words(t, "heading"), Rows: rows(t, len(series), axis.Scale)})
		}
		check(t, SmallMultiples(spec))
	})
}

func TestTextTouchesNothingInAnyBars(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spec := BarChartSpec{Frame: frame(t), Empty: words(t, "empty")}
		for range rapid.IntRange(0, 3).Draw(t, "groups") {
			g := BarGroup{Heading: words(t, "heading")}
			for range rapid.IntRange(0, 6).Draw(t, "bars") {
				g.Bars = append(g.Bars, Bar{Label: words(t, "label"), Text: words(t, "text"), NotShown: rapid.SampledFrom([]string{"", "", "fewer than 10"}).Draw(t, "reason"),
					Base:  rapid.SampledFrom([]string{"", "n 12"}).Draw(t, "base"),
					Value: rapid.SampledFrom([]float64{0, 1, 1000, math.NaN(), -1, math.Inf(1)}).Draw(t, "value")})
			}
			spec.Groups = append(spec.Groups, g)
		}
		check(t, BarChart(spec))
	})
}

func TestTextTouchesNothingInAnyFlow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		one := func(name string) FlowBox {
			return FlowBox{Value: words(t, name), Label: words(t, name), Note: words(t, name)}
		}
		spec := FlowSpec{Frame: frame(t), Received: one("received"), Analysed: one("analysed")}
		for range rapid.IntRange(0, 4).Draw(t, "excluded") {
			spec.Excluded = append(spec.Excluded, one("excluded"))
		}
		for range rapid.IntRange(0, 5).Draw(t, "routes") {
			spec.Routes = append(spec.Routes, one("route"))
		}
		check(t, FlowDiagram(spec))
	})
}

func TestTextTouchesNothingOnAnyMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		codes := rapid.SliceOfDistinct(rapid.SampledFrom([]string{"LBY", "TUR", "GRC", "MKD", "SRB", "BGR", "HUN", "ITA", "DZA", "TUN", "EGY",
			"SDN", "TCD", "NER", "NGA", "MLI", "SEN", "GMB", "GIN", "LBN", "SYR", "JOR", "ISR", "PSE", "KWT", "BHR", "QAT", "BGD", "OTH", "", "lby"}), func(c string) string { return c }).Draw(t, "codes")
		spec := MapSpec{Frame: frame(t), Disclaimer: words(t, "disclaimer"), Outside: "Not on this map:", Also: "Also on this map:"}
		for _, c := range codes {
			spec.Places = append(spec.Places, Place{ISO3: c, Name: words(t, "name"), Text: "12",
				Value: rapid.SampledFrom([]float64{0, 1, 10, 1000, math.NaN(), -1, math.Inf(1)}).Draw(t, "value")})
		}
		check(t, Map(spec))
	})
}
