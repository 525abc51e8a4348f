package figure

// Space about a picture that is a file of its own, in CSS pixels.
const (
	headingSize    = 15.0
	headingLeading = 20.0
	margin         = 16.0
)

// WithHeading returns a copy of the picture with its title printed above it and
// a margin around it, for a file that is passed on by itself. The copy and the
// picture share no shape.
func (d *Drawing) WithHeading() *Drawing {
	lines := wrap(d.Title, headingSize, true, d.Width, 3)
	top := margin + float64(len(lines))*headingLeading + 8
	if d.Title == "" {
		lines, top = nil, margin
	}
	width, height := d.Size()
	out := &Drawing{
		Width: width + 2*margin, Height: top + height + margin, RTL: d.RTL,
		Title: d.Title, Description: d.Description,
	}
	start := margin
	if d.RTL {
		start += width
	}
	for i, t := range lines {
		out.Shapes = append(out.Shapes, Label{X: start, Y: margin + float64(i+1)*headingLeading - 5, Size: headingSize, Text: t, Fill: Ink, Bold: true})
	}
	for _, s := range d.all() {
		out.Shapes = append(out.Shapes, moved(s, margin, top))
	}
	return out
}

// moved returns a shape at another place.
func moved(shape Shape, dx, dy float64) Shape {
	switch v := shape.(type) {
	case Line:
		v.X1, v.X2, v.Y1, v.Y2 = v.X1+dx, v.X2+dx, v.Y1+dy, v.Y2+dy
		return v
	case Rect:
		v.X, v.Y = v.X+dx, v.Y+dy
		return v
	case Point:
		v.X, v.Y = v.X+dx, v.Y+dy
		return v
	case Label:
		v.X, v.Y = v.X+dx, v.Y+dy
		return v
	case Path:
		v.DX, v.DY = v.DX+dx, v.DY+dy
		return v
	default:
		return shape
	}
}
