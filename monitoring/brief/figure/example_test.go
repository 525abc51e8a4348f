package figure_test

import (
	"fmt"
	"os"
	"path/filepath"

	"waymark/monitoring/brief/figure"
)

// A dot plot of two routes, written for a page and as a file.
func ExampleDotPlot() {
	d := figure.DotPlot(figure.DotPlotSpec{
		Frame: figure.Frame{Title: "Held against their will", Description: "The share on each of two routes."},
		Series: []figure.Series{
			{Name: "Central route", Paint: figure.Series1, Mark: figure.Disc},
			{Name: "Eastern route", Paint: figure.Series2, Mark: figure.Diamond},
		},
		BaseTitle: "n",
		Groups: []figure.RowGroup{{Rows: []figure.Row{{Label: "Held", Points: []figure.Estimate{
			{Value: 0.49, Lo: 0.47, Hi: 0.51, Text: "49%", Base: "2,780", Tip: "Central route: 49%, interval 47% to 51%"},
			{Value: 0.06, Lo: 0.05, Hi: 0.07, Text: "6%", Base: "5,695", Tip: "Eastern route: 6%, interval 5% to 7%"},
		}}}}},
		Axis: figure.Axis{Title: "% of people interviewed who said yes"},
	})
	inline := d.SVG(figure.SVGOptions{ID: "held", Inline: true}) // the page carries figure.Style()
	file, err := d.WithHeading().PNG(2)
	if err != nil {
		fmt.Println(err)
		return
	}
	dir, err := os.MkdirTemp("", "figure")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	if err := os.WriteFile(filepath.Join(dir, "held.png"), file, 0o644); err != nil {
		fmt.Println(err)
		return
	}
	width, _ := d.Size()
	fmt.Println(width, len(inline) > 0, len(file) > 0)
	// Output: 720 true true
}
