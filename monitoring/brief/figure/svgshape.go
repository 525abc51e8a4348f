package figure

import "math"

// shape writes one shape on its own line.
func (w *svgWriter) shape(s Shape) {
	switch v := s.(type) {
	case Line:
		w.line(v)
	case Rect:
		w.rect(v)
	case Point:
		w.point(v)
	case Path:
		w.path(v)
	case Label:
		w.label(v)
	}
}

func (w *svgWriter) line(v Line) {
	if !finite(v.X1, v.Y1, v.X2, v.Y2, v.Width) {
		return
	}
	w.str("<line")
	w.num(" x1", v.X1)
	w.num(" y1", v.Y1)
	w.num(" x2", v.X2)
	w.num(" y2", v.Y2)
	w.num(" stroke-width", v.Width)
	if v.X1 == v.X2 || v.Y1 == v.Y2 {
		w.str(` shape-rendering="crispEdges"`)
	} else {
		w.str(` stroke-linecap="round"`)
	}
	if v.Dash {
		w.str(` stroke-dasharray="3 3"`)
	}
	w.paint(NoPaint, v.Stroke)
	w.str("/>\n")
}

func (w *svgWriter) rect(v Rect) {
	if !finite(v.X, v.Y, v.W, v.H, v.Radius) || v.W < 0 || v.H < 0 {
		return
	}
	w.tip(v.Tip)
	w.str("<rect")
	w.num(" x", v.X)
	w.num(" y", v.Y)
	w.num(" width", v.W)
	w.num(" height", v.H)
	if v.Radius > 0 {
		w.num(" rx", v.Radius)
	}
	w.paint(v.Fill, v.Stroke)
	w.str("/>")
	w.endTip(v.Tip)
}

func (w *svgWriter) path(v Path) {
	if v.D == "" || !finite(v.Width, v.Opacity, v.DX, v.DY) {
		return
	}
	w.str(`<path d="`)
	w.escape(v.D)
	w.str(`"`)
	if v.DX != 0 || v.DY != 0 {
		w.str(` transform="translate(` + number(v.DX) + " " + number(v.DY) + `)"`)
	}
	if v.Stroke != NoPaint {
		w.num(" stroke-width", v.Width)
		w.str(` stroke-linejoin="round"`)
	}
	if v.Dash {
		w.str(` stroke-dasharray="3 3"`)
	}
	if v.Opacity > 0 && v.Opacity < 1 {
		w.num(" opacity", v.Opacity)
	}
	w.paint(v.Fill, v.Stroke)
	w.str("/>\n")
}

func (w *svgWriter) label(v Label) {
	if v.Text == "" || !finite(v.X, v.Y, v.Size) {
		return
	}
	w.str("<text")
	w.num(" x", v.X)
	w.num(" y", v.Y)
	w.num(" font-size", v.Size)
	switch v.Anchor {
	case Middle:
		w.str(` text-anchor="middle"`)
	case End:
		w.str(` text-anchor="end"`)
	}
	if v.Bold {
		w.str(` font-weight="600"`)
	}
	if v.Halo {
		w.str(` class="figure-halo figure-f-` + string(v.Fill) + ` figure-s-paper" stroke="` + Paper.Hex(Light) +
			`" stroke-width="3" paint-order="stroke" stroke-linejoin="round" fill="` + v.Fill.Hex(Light) + `"`)
	} else {
		w.paint(v.Fill, NoPaint)
	}
	w.str(">")
	w.escape(v.Text)
	w.str("</text>\n")
}

func (w *svgWriter) point(v Point) {
	if !finite(v.X, v.Y, v.Size, v.Opacity) || v.Size <= 0 {
		return
	}
	w.tip(v.Tip)
	fill, stroke := v.Fill, v.Stroke
	if v.Mark == Ring {
		fill, stroke = Paper, v.Fill
	}
	switch v.Mark {
	case Disc, Ring:
		w.str("<circle")
		w.num(" cx", v.X)
		w.num(" cy", v.Y)
		r := v.Size / 2
		if v.Mark == Ring {
			r -= ringWidth / 2
		}
		w.num(" r", r)
	default:
		w.str(`<path d="` + polygon(v) + `"`)
	}
	switch {
	case v.Mark == Ring:
		w.num(" stroke-width", ringWidth)
	case stroke != NoPaint:
		w.num(" stroke-width", 1)
	}
	if v.Opacity > 0 && v.Opacity < 1 {
		w.num(" fill-opacity", v.Opacity)
	}
	w.paint(fill, stroke)
	w.str("/>")
	w.endTip(v.Tip)
}

// tip opens a group with a title, which browsers show on hovering.
func (w *svgWriter) tip(text string) {
	if text != "" {
		w.str("<g><title>")
		w.escape(text)
		w.str("</title>")
	}
}

func (w *svgWriter) endTip(text string) {
	if text != "" {
		w.str("</g>")
	}
	w.str("\n")
}

// ringWidth is the width of a Ring's line.
const ringWidth = 2.0

// corners returns the corners of a mark that has any, made so that all marks of
// one size look equally heavy.
func corners(v Point) [][2]float64 {
	r := v.Size / 2
	switch v.Mark {
	case Diamond:
		r *= 1.25
		return [][2]float64{{v.X, v.Y - r}, {v.X + r, v.Y}, {v.X, v.Y + r}, {v.X - r, v.Y}}
	case Square:
		r *= 0.9
		return [][2]float64{{v.X - r, v.Y - r}, {v.X + r, v.Y - r}, {v.X + r, v.Y + r}, {v.X - r, v.Y + r}}
	case Triangle:
		r *= 1.3
		half := r * math.Sqrt(3) / 2
		return [][2]float64{{v.X, v.Y - r}, {v.X + half, v.Y + r/2}, {v.X - half, v.Y + r/2}}
	}
	return nil
}

// polygon writes a mark's corners as path data.
func polygon(v Point) string {
	d, op := "", "M"
	for _, c := range corners(v) {
		d += op + number(c[0]) + " " + number(c[1])
		op = "L"
	}
	return d + "Z"
}
