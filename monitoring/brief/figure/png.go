package figure

import (
	"bytes"
	"fmt"
	"image/png"
	"math"
	"sync"
)

// The bounds of a PNG.
const (
	mostPixels = 32 << 20 // pixels in all; a larger picture gets a smaller scale
	mostScale  = 16       // pixels to a CSS pixel
)

// PNG draws the picture in the light theme on white, set in DejaVu Sans. scale
// is the number of pixels to a CSS pixel, above 0 and at most 16: 2 is for print
// and sharp screens. A picture that would have more than 33,554,432 pixels is
// drawn at the scale that keeps it within them. The same drawing and scale give
// the same bytes. It fails if the scale, or the picture's size, is out of bounds.
func (d *Drawing) PNG(scale float64) ([]byte, error) {
	width, height := d.Size()
	if !(scale > 0 && scale <= mostScale) || !finite(width*height) {
		return nil, fmt.Errorf("a picture of %g by %g cannot be drawn at scale %g: the scale must be above 0 and at most %d", width, height, scale, mostScale)
	}
	if whole := width * height * scale * scale; whole > mostPixels {
		scale *= math.Sqrt(mostPixels / whole)
	}
	w, h := max(math.Ceil(width*scale), 1), max(math.Ceil(height*scale), 1)
	if w*h > 2*mostPixels {
		return nil, fmt.Errorf("a picture of %g by %g is too long and narrow to be drawn", width, height)
	}
	paper, _ := Paper.rgb(Light)
	p := &painter{canvas: newCanvas(int(w), int(h), paper), scale: scale, rtl: d.RTL}
	for _, s := range palette { // every paint has its exact colour
		p.colour(s.hex[Light])
	}
	p.scribe = scribes.Get().(*scribe)
	defer scribes.Put(p.scribe)
	for _, s := range d.all() {
		p.shape(s)
	}
	var out bytes.Buffer
	if err := encoder.Encode(&out, p.canvas.image()); err != nil {
		return nil, fmt.Errorf("the picture could not be written as PNG: %w", err)
	}
	return out.Bytes(), nil
}

var encoder = png.Encoder{CompressionLevel: png.BestSpeed, BufferPool: &buffers{}}

// buffers keeps the encoder's memory between pictures.
type buffers struct{ pool sync.Pool }

func (b *buffers) Get() *png.EncoderBuffer {
	e, _ := b.pool.Get().(*png.EncoderBuffer)
	return e
}

func (b *buffers) Put(e *png.EncoderBuffer) { b.pool.Put(e) }

// painter draws shapes on a canvas.
type painter struct {
	*canvas
	scribe  *scribe
	scale   float64
	rtl     bool
	outline outline
}

// paint returns the blend of a paint, or nil for none.
func (p *painter) paint(paint Paint, opacity float64) *blend {
	rgb, ok := paint.rgb(Light)
	if !ok {
		return nil
	}
	if opacity <= 0 || opacity > 1 {
		opacity = 1
	}
	return p.ink(rgb, opacity)
}

// flush blends the outline made so far and clears it.
func (p *painter) flush(b *blend) {
	if b != nil {
		p.area(b, &p.outline)
	}
	p.outline.reset()
}

func (p *painter) shape(s Shape) {
	switch v := s.(type) {
	case Line:
		if finite(v.X1, v.Y1, v.X2, v.Y2, v.Width) {
			p.line(v)
		}
	case Rect:
		if finite(v.X, v.Y, v.W, v.H, v.Radius) && v.W >= 0 && v.H >= 0 {
			p.rect(v)
		}
	case Point:
		if finite(v.X, v.Y, v.Size) && v.Size > 0 {
			p.point(v)
		}
	case Path:
		if finite(v.Width, v.Opacity, v.DX, v.DY) {
			p.path(v)
		}
	case Label:
		if finite(v.X, v.Y, v.Size) && v.Size > 0 && v.Text != "" {
			p.label(v)
		}
	}
}
