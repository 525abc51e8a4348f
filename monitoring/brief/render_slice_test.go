package brief

import (
	"slices"
	"testing"

	"waymark/monitoring/brief/figure"
)

func TestSliceTall(t *testing.T) {
	text := func(y float64) figure.Shape { return figure.Label{Y: y, Size: 10, Text: "x"} }
	upright := figure.Line{Y1: 0, Y2: 100}
	for name, c := range map[string]struct {
		height float64
		shapes []figure.Shape
		want   []band
	}{
		"fits":                        {90, nil, []band{{0, 90}}},
		"a little too tall":           {119, nil, []band{{0, 119}}},
		"cut in the gap":              {150, []figure.Shape{text(20), text(140), figure.Rect{Y: 60, H: 20}, text(100)}, []band{{0, 85}, {85, 150}}},
		"cut through an upright line": {150, []figure.Shape{figure.Line{Y1: 0, Y2: 150}, text(20), text(70), text(100)}, []band{{0, 81.75}, {81.75, 150}}},
		"before an upright line ends": {150, []figure.Shape{upright, text(20), text(130)}, []band{{0, 75}, {75, 150}}},
		"nowhere to cut":              {150, []figure.Shape{figure.Rect{Y: 0, H: 150}}, []band{{0, 100}, {100, 150}}},
	} {
		got := sliceTall(&figure.Drawing{Width: 100, Height: c.height, Shapes: c.shapes}, 100)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestTallPictureGoesOnSeveralPages(t *testing.T) {
	doc := sample("en")
	f := doc.Sections[1].Blocks[2].(*Figure)
	f.Drawing.Height = 2500
	data, err := DOCX(doc, sampleNow)
	if err != nil {
		t.Fatal(err)
	}
	body := parseXML(t, "document.xml", unzip(t, data)["word/document.xml"])
	crops, last := 0, 0
	ids := map[string]bool{}
	for _, n := range body.find("docPr") {
		if ids[n.attrs["id"]] {
			t.Errorf("id %s stands twice", n.attrs["id"])
		}
		ids[n.attrs["id"]] = true
	}
	for _, n := range body.find("srcRect") {
		crops++
		last = len(n.attrs["b"])
	}
	if crops != 3 || last != 1 {
		t.Errorf("%d parts; the last leaves %d digits below", crops, last)
	}
}
