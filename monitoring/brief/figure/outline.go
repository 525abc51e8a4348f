package figure

import (
	"image"
	"math"

	"golang.org/x/image/vector"
)

// outline is closed curves in pixels, ready for the rasteriser.
type outline struct {
	steps                  []step
	minX, minY, maxX, maxY float32
}

// step is one command: M and L take one point, Q two, C three.
type step struct {
	op byte
	at [6]float32
}

// far bounds coordinates, in pixels, so that no number upsets the rasteriser.
const far = 1 << 15

func (o *outline) put(op byte, at ...float64) {
	s := step{op: op}
	for i, v := range at {
		f := float32(min(max(v, -far), far))
		s.at[i] = f
		if i%2 == 0 {
			o.minX, o.maxX = min(o.minX, f), max(o.maxX, f)
		} else {
			o.minY, o.maxY = min(o.minY, f), max(o.maxY, f)
		}
	}
	if len(o.steps) == 0 {
		o.minX, o.maxX, o.minY, o.maxY = s.at[0], s.at[0], s.at[1], s.at[1]
	}
	o.steps = append(o.steps, s)
}

func (o *outline) reset() { o.steps = o.steps[:0] }

func (o *outline) move(x, y float64) { o.put('M', x, y) }
func (o *outline) line(x, y float64) { o.put('L', x, y) }

// box returns the pixels that the outline may touch.
func (o *outline) box() image.Rectangle {
	if len(o.steps) == 0 {
		return image.Rectangle{}
	}
	return image.Rect(int(math.Floor(float64(o.minX))), int(math.Floor(float64(o.minY))),
		int(math.Ceil(float64(o.maxX)))+1, int(math.Ceil(float64(o.maxY)))+1)
}

// replay draws the outline with (dx, dy) as the origin.
func (o *outline) replay(z *vector.Rasterizer, dx, dy float32) {
	open := false
	for _, s := range o.steps {
		a := s.at
		switch s.op {
		case 'M':
			if open {
				z.ClosePath()
			}
			z.MoveTo(a[0]-dx, a[1]-dy)
			open = true
		case 'L':
			z.LineTo(a[0]-dx, a[1]-dy)
		case 'Q':
			z.QuadTo(a[0]-dx, a[1]-dy, a[2]-dx, a[3]-dy)
		case 'C':
			z.CubeTo(a[0]-dx, a[1]-dy, a[2]-dx, a[3]-dy, a[4]-dx, a[5]-dy)
		}
	}
	if open {
		z.ClosePath()
	}
}

// arc is how far the handles of a Bézier curve reach for a quarter circle of
// radius 1: 4/3·(√2 − 1).
const arc = 0.5522847498

// circle adds a circle, turned the other way if hole is set.
func (o *outline) circle(x, y, r float64, hole bool) { o.roundRect(x-r, y-r, 2*r, 2*r, r, hole) }

// roundRect adds a rectangle with rounded corners.
func (o *outline) roundRect(x, y, w, h, r float64, hole bool) {
	r = min(max(r, 0), w/2, h/2)
	k := r * (1 - arc)
	x1, y1 := x+w, y+h
	if hole {
		o.move(x+r, y)
		o.put('C', x+k, y, x, y+k, x, y+r)
		o.line(x, y1-r)
		o.put('C', x, y1-k, x+k, y1, x+r, y1)
		o.line(x1-r, y1)
		o.put('C', x1-k, y1, x1, y1-k, x1, y1-r)
		o.line(x1, y+r)
		o.put('C', x1, y+k, x1-k, y, x1-r, y)
		return
	}
	o.move(x+r, y)
	o.line(x1-r, y)
	o.put('C', x1-k, y, x1, y+k, x1, y+r)
	o.line(x1, y1-r)
	o.put('C', x1, y1-k, x1-k, y1, x1-r, y1)
	o.line(x+r, y1)
	o.put('C', x+k, y1, x, y1-k, x, y1-r)
	o.line(x, y+r)
	o.put('C', x, y+k, x+k, y, x+r, y)
}

// stroke adds a straight line of a width as a narrow rectangle, always turned
// the same way so that crossing lines do not cancel out.
func (o *outline) stroke(x1, y1, x2, y2, width float64) {
	length := math.Hypot(x2-x1, y2-y1)
	if length == 0 {
		return
	}
	nx, ny := (y2-y1)/length*width/2, -(x2-x1)/length*width/2
	o.move(x1+nx, y1+ny)
	o.line(x2+nx, y2+ny)
	o.line(x2-nx, y2-ny)
	o.line(x1-nx, y1-ny)
}

// dashLength is the length of a dash and of the gap after it, in CSS pixels.
const dashLength = 3.0

// dashes adds a straight line in dashes. It starts at phase pixels into the
// pattern and returns the phase at its end.
func (o *outline) dashes(x1, y1, x2, y2, width, dash, phase float64) float64 {
	length := math.Hypot(x2-x1, y2-y1)
	if length == 0 || length > far {
		return phase
	}
	for at := 0.0; at < length; {
		k := math.Floor(phase / dash)
		next := min(at+(k+1)*dash-phase, length)
		if next <= at {
			next = min(at+dash, length)
		}
		if int(k)%2 == 0 {
			o.stroke(x1+(x2-x1)*at/length, y1+(y2-y1)*at/length, x1+(x2-x1)*next/length, y1+(y2-y1)*next/length, width)
		}
		phase += next - at
		at = next
	}
	return math.Mod(phase, 2*dash)
}
