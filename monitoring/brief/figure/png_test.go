package figure

import (
	"bytes"
	"image"
	"image/png"
	"math"
	"sync"
	"testing"
)

func TestPNGHasTheRightSizeAndIsNotBlank(t *testing.T) {
	for _, s := range samples {
		d := s.make()
		data, err := d.PNG(2)
		if err != nil {
			t.Fatalf("%s: %v", s.name, err)
		}
		img, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatalf("%s: %v", s.name, err)
		}
		w, h := d.Size()
		if b := img.Bounds(); b.Dx() != int(math.Ceil(w*2)) || b.Dy() != int(math.Ceil(h*2)) {
			t.Errorf("%s: %v, want twice %g by %g", s.name, b, w, h)
		}
		dark := 0
		for y := range img.Bounds().Dy() {
			for x := range img.Bounds().Dx() {
				if r, g, b, _ := img.At(x, y).RGBA(); r+g+b < 3*0x8000 {
					dark++
				}
			}
		}
		if p, ok := img.(*image.Paletted); !ok || len(p.Palette) == 256 {
			t.Errorf("%s: the palette is full, so that colours are no longer exact", s.name)
		}
		if dark < 1000 {
			t.Errorf("%s: only %d dark pixels", s.name, dark)
		}
		again, _ := s.make().PNG(2)
		if !bytes.Equal(data, again) {
			t.Errorf("%s: two runs differ", s.name)
		}
	}
}

func TestPNGRefusesSizesItCannotDraw(t *testing.T) {
	d := sampleBars()
	for _, scale := range []float64{0, -1, 16.5, math.NaN(), math.Inf(1)} {
		if _, err := d.PNG(scale); err == nil {
			t.Errorf("scale %g was drawn", scale)
		}
	}
}

func TestPNGOfAVeryTallPictureIsDrawnSmaller(t *testing.T) {
	d := &Drawing{Width: 720, Height: 60000, Shapes: []Shape{Rect{X: 10, Y: 10, W: 100, H: 100, Fill: Ink}}}
	data, err := d.PNG(2)
	if err != nil {
		t.Fatal(err)
	}
	size, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil || size.Width*size.Height > mostPixels*101/100 || size.Width < 600 {
		t.Errorf("%d by %d (%v)", size.Width, size.Height, err)
	}
	for _, bad := range []*Drawing{{Width: math.NaN(), Height: 1}, {Width: 1e300, Height: 1e300}, {Width: 1e9, Height: 1e-9}} {
		if _, err := bad.PNG(2); err == nil {
			t.Errorf("a picture of %g by %g was drawn", bad.Width, bad.Height)
		}
	}
}

// TestPNGAtTheSameTime draws all samples side by side; the race detector watches.
func TestPNGAtTheSameTime(t *testing.T) {
	var wg sync.WaitGroup
	for _, s := range samples {
		d := s.make()
		want, err := d.PNG(1)
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			wg.Go(func() {
				if got, err := d.PNG(1); err != nil || !bytes.Equal(got, want) {
					t.Errorf("%s: drawn beside others it differs (%v)", s.name, err)
				}
			})
		}
	}
	wg.Wait()
}

// BenchmarkPNG draws ten figures at scale 2, of which one is a map. They must
// take under 150 ms.
func BenchmarkPNG(b *testing.B) {
	drawings := make([]*Drawing, 10)
	for i := range drawings {
		drawings[i] = samples[i%len(samples)].make()
	}
	for b.Loop() {
		for _, d := range drawings {
			if _, err := d.PNG(2); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// BenchmarkSVG lays out and writes the same ten figures.
func BenchmarkSVG(b *testing.B) {
	for b.Loop() {
		for i := range 10 {
			samples[i%len(samples)].make().SVG(SVGOptions{Inline: true})
		}
	}
}
