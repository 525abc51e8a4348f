package figure

import (
	"encoding/binary"
	"image"
	"image/color"
	"image/draw"
	"math"

	"golang.org/x/image/vector"
)

// levels is how many steps of coverage the edge of a shape has. Few steps keep
// the picture within a palette of 256 colours, which makes a PNG small and fast.
// It is one less than a power of two, so that it is a mask as well.
const levels = 15

// canvas is a picture of palette indices. Blending a colour over a pixel is a
// look-up by (colour, coverage, pixel), filled in as it is needed.
type canvas struct {
	width, height int
	pixels        []uint8
	palette       []uint32 // 0xRRGGBB
	index         map[uint32]uint8
	inks          map[ink]*blend
	raster        vector.Rasterizer
	mask          []uint8
}

// ink is a colour with its opacity, from 0 to 1.
type ink struct {
	rgb     uint32
	opacity float64
}

// blend holds, for each step of coverage and each palette index below, the
// index of the blended colour plus one; 0 is not known yet.
type blend struct {
	ink
	table [levels + 1][256]uint16
}

func newCanvas(width, height int, paper uint32) *canvas {
	c := &canvas{
		width: width, height: height, pixels: make([]uint8, width*height),
		index: map[uint32]uint8{}, inks: map[ink]*blend{},
	}
	c.colour(paper) // index 0, which the pixels have already
	return c
}

// colour returns the index of an exact colour.
func (c *canvas) colour(rgb uint32) uint8 { return c.near(rgb, 0) }

// alike is how far apart two blended colours may be and still share an index: 7
// in each of red, green and blue, as a squared distance.
const alike = 3 * 7 * 7

// near returns the index of a colour within a squared distance of rgb, making
// one where there is none. A full palette gives its nearest colour.
func (c *canvas) near(rgb uint32, within int) uint8 {
	if i, ok := c.index[rgb]; ok {
		return i
	}
	best, least := 0, math.MaxInt
	for i, p := range c.palette {
		distance := 0
		for shift := 0; shift <= 16; shift += 8 {
			d := int(p>>shift&0xFF) - int(rgb>>shift&0xFF)
			distance += d * d
		}
		if distance < least {
			best, least = i, distance
		}
	}
	if least > within && len(c.palette) < 256 {
		c.palette = append(c.palette, rgb)
		best = len(c.palette) - 1
	}
	c.index[rgb] = uint8(best)
	return uint8(best)
}

// ink returns the blend table of a colour.
func (c *canvas) ink(rgb uint32, opacity float64) *blend {
	key := ink{rgb, opacity}
	b := c.inks[key]
	if b == nil {
		b = &blend{ink: key}
		c.inks[key] = b
	}
	return b
}

// over returns the index of b at a level of coverage over the pixel below.
func (c *canvas) over(b *blend, level, below uint8) uint8 {
	if known := b.table[level][below]; known > 0 {
		return uint8(known - 1)
	}
	part := float64(level) / levels * b.opacity
	mixed := uint32(0)
	for shift := 0; shift <= 16; shift += 8 {
		from, to := float64(c.palette[below]>>shift&0xFF), float64(b.rgb>>shift&0xFF)
		mixed |= uint32(math.Round(from+(to-from)*part)) << shift
	}
	i := c.near(mixed, alike)
	b.table[level][below] = uint16(i) + 1
	return i
}

// stamp blends a mask of levels, of the given width, with its corner at (x, y).
func (c *canvas) stamp(b *blend, mask []uint8, width, x, y int) {
	if width <= 0 {
		return
	}
	for row := 0; row < len(mask)/width; row++ {
		py := y + row
		if py < 0 || py >= c.height {
			continue
		}
		from, to := max(0, -x), min(width, c.width-x)
		if from >= to {
			return
		}
		line := mask[row*width+from : row*width+to]
		pixels := c.pixels[py*c.width+x+from:]
		for i := 0; i < len(line); i++ {
			if line[i] == 0 {
				i += empty(line[i:]) - 1
				continue
			}
			if known := b.table[line[i]&levels][pixels[i]]; known > 0 {
				pixels[i] = uint8(known - 1)
			} else {
				pixels[i] = c.over(b, line[i], pixels[i])
			}
		}
	}
}

// empty counts the zeros at the start of a mask, eight at a time where there are
// many: most of a mask is empty.
func empty(mask []uint8) int {
	n := 0
	for n+8 <= len(mask) && binary.LittleEndian.Uint64(mask[n:]) == 0 {
		n += 8
	}
	for n < len(mask) && mask[n] == 0 {
		n++
	}
	return n
}

// fill blends an area of whole pixels.
func (c *canvas) fill(b *blend, x0, y0, x1, y1 int) {
	x0, y0, x1, y1 = max(x0, 0), max(y0, 0), min(x1, c.width), min(y1, c.height)
	for y := y0; y < y1; y++ {
		for x := x0; x < x1; x++ {
			at := y*c.width + x
			c.pixels[at] = c.over(b, levels, c.pixels[at])
		}
	}
}

// image returns the picture for an encoder.
func (c *canvas) image() *image.Paletted {
	colours := make(color.Palette, len(c.palette))
	for i, p := range c.palette {
		colours[i] = color.RGBA{uint8(p >> 16), uint8(p >> 8), uint8(p), 0xFF}
	}
	return &image.Paletted{Pix: c.pixels, Stride: c.width, Rect: image.Rect(0, 0, c.width, c.height), Palette: colours}
}

// cover turns an outline in pixels into a mask of levels. It returns the mask,
// its width, and where its corner stands; only the part within limit is made.
func cover(z *vector.Rasterizer, buffer []uint8, o *outline, limit image.Rectangle) (mask []uint8, width, x, y int) {
	box := o.box().Intersect(limit)
	if box.Empty() {
		return buffer[:0], 0, 0, 0
	}
	w, h := box.Dx(), box.Dy()
	z.Reset(w, h)
	z.DrawOp = draw.Src
	o.replay(z, float32(box.Min.X), float32(box.Min.Y))
	if cap(buffer) < w*h {
		buffer = make([]uint8, w*h)
	}
	mask = buffer[:w*h]
	alpha := image.Alpha{Pix: mask, Stride: w, Rect: image.Rect(0, 0, w, h)}
	z.Draw(&alpha, alpha.Rect, image.Opaque, image.Point{})
	for i := 0; i < len(mask); i++ {
		if mask[i] == 0 {
			i += empty(mask[i:]) - 1
			continue
		}
		mask[i] = level[mask[i]]
	}
	return mask, w, box.Min.X, box.Min.Y
}

// level is the step of coverage nearest to each alpha.
var level = func() (steps [256]uint8) {
	for a := range steps {
		steps[a] = uint8((a*levels + 127) / 255)
	}
	return steps
}()

// area blends an outline in pixels.
func (c *canvas) area(b *blend, o *outline) {
	mask, width, x, y := cover(&c.raster, c.mask, o, image.Rect(0, 0, c.width, c.height))
	c.mask = mask
	c.stamp(b, mask, width, x, y)
}
