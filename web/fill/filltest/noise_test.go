package filltest

import (
	"bytes"
	"image"
	"image/png"
	"math/rand/v2"
)

// noise is a synthetic picture of about so many bytes.
func noise(size int) []byte {
	side := 1
	for side*side*4 < size {
		side++
	}
	picture := image.NewNRGBA(image.Rect(0, 0, side, side))
	dice := rand.New(rand.NewPCG(1, 2016))
	for i := range picture.Pix {
		picture.Pix[i] = byte(dice.Uint32())
	}
	var b bytes.Buffer
	_ = png.Encode(&b, picture) // a buffer takes everything
	return b.Bytes()
}
