package quality

import (
	"fmt"
	"html/template"
	"math"
)

// Size of a dot with its interval, in CSS pixels.
const (
	pictureWidth  = 180.0
	pictureHeight = 18.0
	pictureMargin = 6.0
)

// pictureScale is the share at the right end of the pictures' axis: all
// intervals of measures of ten and more fit, in steps of a tenth.
func pictureScale(list []Profile, measure int) float64 {
	top := 0.1
	for _, p := range list {
		if measure >= 0 && p.Measures[measure].N >= 10 {
			top = math.Max(top, p.Measures[measure].Hi)
		}
	}
	return math.Min(1, math.Ceil(top*10-1e-9)/10)
}

// dotInterval draws a share as a dot with its 95% interval, and what the
// others lead one to expect as an upright line. Numbers only: nothing of the
// file reaches the markup.
func dotInterval(m Measure, scale float64) template.HTML {
	if m.N == 0 {
		return ""
	}
	x := func(share float64) float64 {
		return pictureMargin + (pictureWidth-2*pictureMargin)*math.Min(1, share/scale)
	}
	label := fmt.Sprintf("%s of %s, interval %s to %s", percent(m.Share), thousands(m.N), percent(m.Lo), percent(m.Hi))
	if m.Compared {
		label += "; others " + percent(m.Expected)
	}
	y := pictureHeight / 2
	svg := fmt.Sprintf(`<svg class="dot" role="img" width="%g" height="%g" viewBox="0 0 %g %g" aria-label="%s">`,
		pictureWidth, pictureHeight, pictureWidth, pictureHeight, template.HTMLEscapeString(label))
	svg += fmt.Sprintf(`<line class="axis" x1="%g" x2="%g" y1="%g" y2="%g"/>`, x(0), x(scale), y, y)
	svg += fmt.Sprintf(`<line class="interval" x1="%.1f" x2="%.1f" y1="%g" y2="%g"/>`, x(m.Lo), x(m.Hi), y, y)
	if m.Compared {
		svg += fmt.Sprintf(`<line class="expected" x1="%.1f" x2="%.1f" y1="2" y2="%g"/>`, x(m.Expected), x(m.Expected), pictureHeight-2)
	}
	class := "share"
	if m.Flagged {
		class = "share flagged"
	}
	svg += fmt.Sprintf(`<circle class="%s" cx="%.1f" cy="%g" r="4"/></svg>`, class, x(m.Share), y)
	return template.HTML(svg)
}
