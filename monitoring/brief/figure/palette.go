package figure

import (
	"fmt"
	"strings"
)

// Theme is a reading condition that the palette has its own colours for.
type Theme uint8

// The themes. Print keeps enough difference of lightness for a grey printer.
const (
	Light Theme = iota
	Dark
	Print
)

// swatch is a paint's colour as 0xRRGGBB in each theme.
type swatch struct {
	paint Paint
	hex   [3]uint32
}

// palette lists the paints in the order in which the style sheet names them. The
// hues of the first two routes are the blue and vermilion of Okabe and Ito
// (2008), "Color Universal Design"; the third is a violet that stays apart from
// both with any of the common colour vision deficiencies. Lightness is chosen
// so that text in them has a contrast of at least 4.5 to 1 on paper (WCAG 2.2,
// 1.4.3). The tests hold both.
var palette = []swatch{
	{Ink, [3]uint32{0x1B1F24, 0xF0F2F4, 0x000000}},
	{Muted, [3]uint32{0x57606A, 0xAAB4BE, 0x404040}},
	{Grid, [3]uint32{0xDDE1E6, 0x39414A, 0xCCCCCC}},
	{Paper, [3]uint32{0xFFFFFF, 0x14181C, 0xFFFFFF}},
	{Series1, [3]uint32{0x005B96, 0x56B4E9, 0x004A7C}},
	{Series2, [3]uint32{0xB94A00, 0xF0A030, 0xC25400}},
	{Series3, [3]uint32{0x9A2BD0, 0xA97BFF, 0x7A1FB0}},
	{Neutral, [3]uint32{0x4A5159, 0xC3CAD1, 0x333333}},
	{Land, [3]uint32{0xE9ECEF, 0x2A3138, 0xEEEEEE}},
	{Border, [3]uint32{0xA5ADB5, 0x5B6570, 0x999999}},
	{Emphasis, [3]uint32{0x8A1538, 0xFF8FA3, 0x6E0F2C}},
}

// Hex returns the colour of a paint in a theme as "#rrggbb", or "none".
func (p Paint) Hex(t Theme) string {
	if c, ok := p.rgb(t); ok {
		return fmt.Sprintf("#%06x", c)
	}
	return "none"
}

func (p Paint) rgb(t Theme) (uint32, bool) {
	for _, s := range palette {
		if s.paint == p {
			return s.hex[min(t, Print)], true
		}
	}
	return 0, false
}

// fontStack is the reader's own system font.
const fontStack = `system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Noto Sans Arabic","Helvetica Neue",Arial,sans-serif`

// Style returns the style sheet for inline pictures. A page includes it once. It
// may then set the custom properties, --figure-ink and so on, to its own colours.
// A stand-alone SVG carries the same rules.
func Style() string {
	var b strings.Builder
	theme := func(t Theme) {
		for _, s := range palette {
			fmt.Fprintf(&b, "--figure-%s:#%06x;", s.paint, s.hex[t])
		}
	}
	b.WriteString(".figure-svg{")
	theme(Light)
	b.WriteString("font-family:" + fontStack + ";font-variant-numeric:tabular-nums;max-width:100%;height:auto}\n")
	b.WriteString("@media screen and (prefers-color-scheme:dark){.figure-svg{")
	theme(Dark)
	b.WriteString("}}\n@media print{.figure-svg{")
	theme(Print)
	b.WriteString("}}\n")
	for _, s := range palette {
		fmt.Fprintf(&b, ".figure-f-%[1]s{fill:var(--figure-%[1]s)}.figure-s-%[1]s{stroke:var(--figure-%[1]s)}\n", s.paint)
	}
	b.WriteString(".figure-svg text{white-space:pre}.figure-halo{paint-order:stroke;stroke-width:3px;stroke-linejoin:round}\n")
	return b.String()
}
