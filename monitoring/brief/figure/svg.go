package figure

import (
	"bytes"
	"math"
	"strconv"
	"strings"
)

// SVGOptions says where the SVG goes.
type SVGOptions struct {
	// ID is the prefix of the picture's ids, unique on its page. Optional,
	// default "figure". Characters that are not letters, digits, - or _ become -.
	ID string
	// Inline leaves out the style sheet and the XML namespace's declaration, for
	// a page that carries Style. Default: a file that stands alone.
	Inline bool
}

// badgeHeight is the strip below a picture that carries its badge.
const badgeHeight = 22

// Size returns the width and height of the picture as written, badge included.
func (d *Drawing) Size() (width, height float64) {
	height = d.Height
	if d.Badge != "" {
		height += badgeHeight
	}
	return max(d.Width, 1), max(height, 1)
}

// all returns the shapes with the badge's.
func (d *Drawing) all() []Shape {
	if d.Badge == "" {
		return d.Shapes
	}
	x := d.Width
	if d.RTL {
		x = 0
	}
	text := shorten(d.Badge, sizeSmall, true, d.Width)
	return append(d.Shapes[:len(d.Shapes):len(d.Shapes)],
		Label{X: x, Y: d.Height + badgeHeight - 7, Size: sizeSmall, Text: text, Fill: Muted, Anchor: End, Bold: true})
}

// SVG writes the picture. The same drawing and options give the same bytes. A
// shape with a coordinate that is not finite is left out.
func (d *Drawing) SVG(opt SVGOptions) []byte {
	w := &svgWriter{}
	id := safeID(opt.ID)
	width, height := d.Size()
	w.str("<svg")
	if !opt.Inline {
		w.str(` xmlns="http://www.w3.org/2000/svg"`)
	}
	w.str(` class="figure-svg" role="img" aria-labelledby="` + id + `-title ` + id + `-desc"`)
	w.num(" width", width)
	w.num(" height", height)
	w.str(` viewBox="0 0 ` + number(width) + " " + number(height) + `"`)
	w.str(` font-family="` + strings.ReplaceAll(fontStack, `"`, "'") + `"`)
	if d.RTL {
		w.str(` direction="rtl"`)
	}
	w.str(">\n<title id=\"" + id + `-title">`)
	w.escape(d.Title)
	w.str("</title>\n<desc id=\"" + id + `-desc">`)
	w.escape(d.Description)
	w.str("</desc>\n")
	if !opt.Inline {
		w.str("<style>" + Style() + "</style>\n")
		w.str("<rect")
		w.num(" width", width)
		w.num(" height", height)
		w.paint(Paper, NoPaint)
		w.str("/>\n")
	}
	for _, s := range d.all() {
		w.shape(s)
	}
	w.str("</svg>\n")
	return w.Bytes()
}

type svgWriter struct{ bytes.Buffer }

func (w *svgWriter) str(s string) { w.WriteString(s) }

func (w *svgWriter) num(name string, v float64) {
	w.str(name + `="` + number(v) + `"`)
}

// number writes v with at most two decimals.
func number(v float64) string {
	v = math.Round(v*100) / 100
	if v == 0 {
		return "0" // never -0
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// paint writes fill and stroke, as a class for style sheets that know custom
// properties and as an attribute for readers that do not.
func (w *svgWriter) paint(fill, stroke Paint) {
	var classes []string
	if fill != NoPaint {
		classes = append(classes, "figure-f-"+string(fill))
	}
	if stroke != NoPaint {
		classes = append(classes, "figure-s-"+string(stroke))
	}
	if len(classes) > 0 {
		w.str(` class="` + strings.Join(classes, " ") + `"`)
	}
	w.str(` fill="` + fill.Hex(Light) + `"`)
	if stroke != NoPaint {
		w.str(` stroke="` + stroke.Hex(Light) + `"`)
	}
}

// escape writes text for element content or a quoted attribute.
func (w *svgWriter) escape(text string) {
	for _, r := range clean(text) {
		switch r {
		case '&':
			w.str("&amp;")
		case '<':
			w.str("&lt;")
		case '>':
			w.str("&gt;")
		case '"':
			w.str("&quot;")
		default:
			w.WriteRune(r)
		}
	}
}

// safeID makes an id that needs no escaping anywhere.
func safeID(id string) string {
	if id == "" {
		return "figure"
	}
	return strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || (r >= '0' && r <= '9') || (r >= 'a' && r <= 'z') || (r >= 'A' && r <= 'Z') {
			return r
		}
		return '-'
	}, id)
}

func finite(numbers ...float64) bool {
	for _, n := range numbers {
		if math.IsNaN(n) || math.IsInf(n, 0) {
			return false
		}
	}
	return true
}
