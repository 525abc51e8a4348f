package figure

// Frame is what every figure has.
type Frame struct {
	// Title and Description say what the picture shows. Required: they are the
	// picture's text alternative.
	Title, Description string
	// Badge marks the picture: "Synthetic example data". Optional.
	Badge string
	// RTL mirrors the layout for a language written from right to left. Optional.
	RTL bool
	// Width of the picture in CSS pixels. Optional, default 720, at least 320.
	Width float64
}

// Sizes of text in CSS pixels.
const (
	sizeText  = 13 // labels of rows, headings, names of series
	sizeSmall = 12 // values, ticks, bases, notes
)

// The height of a line of text in CSS pixels.
const leading = 16

const (
	defaultWidth = 720
	minWidth     = 320
)

// sketch is a drawing in the making. Its x runs in reading order: 0 is where a
// line of text begins. finish mirrors it for languages written from the right.
type sketch struct {
	width, height float64
	shapes        []Shape
}

func newSketch(f Frame) *sketch {
	s := &sketch{width: defaultWidth}
	if f.Width > 0 {
		s.width = max(f.Width, minWidth)
	}
	return s
}

func (s *sketch) add(shapes ...Shape) { s.shapes = append(s.shapes, shapes...) }

// text adds one line; x is where the anchor stands.
func (s *sketch) text(x, y, size float64, fill Paint, a Anchor, text string) {
	s.add(Label{X: x, Y: y, Size: size, Text: clean(text), Fill: fill, Anchor: a})
}

// strong adds one bold line.
func (s *sketch) strong(x, y, size float64, fill Paint, a Anchor, text string) {
	s.add(Label{X: x, Y: y, Size: size, Text: clean(text), Fill: fill, Anchor: a, Bold: true})
}

// note adds wrapped small text from y (top) down and returns the y below it.
func (s *sketch) note(y float64, text string) float64 {
	if text == "" {
		return y
	}
	for _, line := range wrap(text, sizeSmall, false, s.width, 6) {
		y += leading
		s.text(0, y-4, sizeSmall, Muted, Start, line)
	}
	return y
}

// finish makes the drawing.
func (s *sketch) finish(f Frame) *Drawing {
	d := &Drawing{
		Width: s.width, Height: s.height, RTL: f.RTL,
		Title: f.Title, Description: f.Description, Badge: f.Badge, Shapes: s.shapes,
	}
	if f.RTL {
		for i, shape := range d.Shapes {
			d.Shapes[i] = mirror(shape, s.width)
		}
	}
	return d
}

// mirror turns a shape about the middle of the picture. Anchors are in reading
// order already; a path is drawn as it is, so a path that must turn is made of
// lines.
func mirror(shape Shape, width float64) Shape {
	switch v := shape.(type) {
	case Line:
		v.X1, v.X2 = width-v.X1, width-v.X2
		return v
	case Rect:
		v.X = width - v.X - v.W
		return v
	case Point:
		v.X = width - v.X
		return v
	case Label:
		v.X = width - v.X
		return v
	default:
		return shape
	}
}
