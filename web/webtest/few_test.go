package webtest

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"testing"
)

// TestFewColours: frequent colours stay as they are, rare ones become near ones.
func TestFewColours(t *testing.T) {
	in := image.NewRGBA(image.Rect(0, 0, 64, 64))
	for y := range 64 {
		for x := range 64 {
			c := color.RGBA{255, 255, 255, 255}
			if y < 8 { // 512 shades, once each
				c = color.RGBA{uint8(4 * x), uint8(30 * y), 0, 255}
			}
			in.SetRGBA(x, y, c)
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, in); err != nil {
		t.Fatal(err)
	}
	small, err := fewColours(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	out, err := png.Decode(bytes.NewReader(small))
	if err != nil {
		t.Fatal(err)
	}
	p, ok := out.(*image.Paletted)
	if !ok || len(p.Palette) != mostColours || out.Bounds() != in.Bounds() {
		t.Fatalf("%T of %v", out, out.Bounds())
	}
	if got := color.RGBAModel.Convert(out.At(40, 40)); got != (color.RGBA{255, 255, 255, 255}) {
		t.Errorf("white became %v", got)
	}
	if _, err := fewColours([]byte("no picture")); err == nil {
		t.Error("what is no picture was taken")
	}
}
