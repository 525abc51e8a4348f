package signin

import (
	"fmt"
	"strings"

	"rsc.io/qr"
)

// Picture is a QR code as one SVG path on a square of Size units, with the quiet
// zone of four modules that readers need (ISO/IEC 18004, 9.1).
type Picture struct {
	Size int
	Path string
}

// picture draws a text. Runs of dark modules become rectangles.
func picture(text string) (*Picture, error) {
	const quiet = 4
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			from := x
			for x < code.Size && code.Black(x, y) {
				x++
			}
			if x > from {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", from+quiet, y+quiet, x-from, x-from)
			}
		}
	}
	return &Picture{Size: code.Size + 2*quiet, Path: b.String()}, nil
}
