package figure

import (
	"bytes"
	"fmt"
	"sync"

	"github.com/go-fonts/dejavu/dejavusans"
	"github.com/go-fonts/dejavu/dejavusansbold"
	"github.com/go-text/typesetting/font"
)

// typeface is DejaVu Sans in one weight. The PNG is set in it, and all text is
// measured by it: its letters are wider than those of the usual system fonts,
// so a layout that fits here fits in a browser.
type typeface struct {
	// face is only asked for advances, which any number of callers may do at
	// once; shaping makes its own.
	face *font.Face
	upem float64
	// low holds the advance in font units of each rune below its length, which
	// covers Latin and Arabic letters.
	low [0x0700]float32
}

var (
	regular = sync.OnceValue(func() *typeface { return parseTypeface(dejavusans.TTF) })
	bold    = sync.OnceValue(func() *typeface { return parseTypeface(dejavusansbold.TTF) })
)

func weight(isBold bool) *typeface {
	if isBold {
		return bold()
	}
	return regular()
}

// parseTypeface reads a font that is part of the program; that it parses is
// held by a test, so a failure is a fault of the program.
func parseTypeface(ttf []byte) *typeface {
	face, err := font.ParseTTF(bytes.NewReader(ttf))
	if err != nil {
		panic(fmt.Sprintf("figure: the built-in font does not parse: %v", err))
	}
	t := &typeface{face: face, upem: float64(face.Upem())}
	for r := range t.low {
		t.low[r] = float32(t.lookUp(rune(r)))
	}
	return t
}

// lookUp returns the advance of r in font units, for a mark as if it stood alone.
// Characters that are never seen have none; a letter that the font lacks counts
// as one em.
func (t *typeface) lookUp(r rune) float64 {
	if unseen(r) {
		return 0
	}
	g, ok := t.face.Font.NominalGlyph(r)
	if !ok {
		return t.upem
	}
	return float64(t.face.HorizontalAdvance(g))
}

// unseen says whether r is a control of line breaking, joining or direction.
func unseen(r rune) bool {
	return r == 0x00AD || r == 0x034F || r == 0x061C || (r >= 0x200B && r <= 0x200F) || (r >= 0x202A && r <= 0x202E) ||
		(r >= 0x2060 && r <= 0x206F) || (r >= 0xFE00 && r <= 0xFE0F) || r == 0xFEFF
}

// advance returns the width of r at size 1.
func (t *typeface) advance(r rune) float64 {
	if r >= 0 && int(r) < len(t.low) {
		return float64(t.low[r]) / t.upem
	}
	return t.lookUp(r) / t.upem
}
