package figure

import (
	"image"
	"math"
	"sync"

	"github.com/go-text/typesetting/bidi"
	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// scribe shapes lines of text and keeps the letters it has drawn. It serves one
// drawing at a time; scribes are pooled.
type scribe struct {
	faces   [2]*font.Face // regular and bold
	shaper  shaping.HarfbuzzShaper
	splits  shaping.Segmenter
	order   bidi.Paragraph
	lines   map[lineKey]*shapedLine
	glyphs  map[glyphKey]*glyph
	raster  vector.Rasterizer
	outline outline
}

type lineKey struct {
	text      string
	bold, rtl bool
}

// shapedLine is glyphs from left to right; all lengths are in ems.
type shapedLine struct {
	glyphs []placed
	width  float64
}

type placed struct {
	id   font.GID
	x, y float64 // y up
}

// glyphKey is a letter at a size in 1/64 pixel, moved right by quarter pixels.
type glyphKey struct {
	id      font.GID
	bold    bool
	size    int32
	quarter uint8
}

// glyph is a mask of levels; x and y are where its corner stands from the pen.
type glyph struct {
	mask        []uint8
	width, x, y int
}

// The most lines and letters that a scribe keeps; beyond that it starts anew.
const (
	mostLines  = 4096
	mostGlyphs = 8192
)

var scribes = sync.Pool{New: func() any {
	return &scribe{
		faces: [2]*font.Face{font.NewFace(regular().face.Font), font.NewFace(bold().face.Font)},
		lines: map[lineKey]*shapedLine{}, glyphs: map[glyphKey]*glyph{},
	}
}}

func (s *scribe) face(isBold bool) *font.Face {
	if isBold {
		return s.faces[1]
	}
	return s.faces[0]
}

// shape orders and joins the letters of a line, whose own direction is rtl.
func (s *scribe) shape(text string, isBold, rtl bool) *shapedLine {
	key := lineKey{text, isBold, rtl}
	if l := s.lines[key]; l != nil {
		return l
	}
	runes := []rune(text)
	face := s.face(isBold)
	in := shaping.Input{
		Text: runes, RunEnd: len(runes), Face: face, Size: fixed.I(int(face.Upem())),
		Direction: di.DirectionLTR, Language: language.NewLanguage("en"),
	}
	def := bidi.LeftToRight
	if rtl {
		in.Direction, in.Language, def = di.DirectionRTL, language.NewLanguage("ar"), bidi.RightToLeft
	}
	line := &shapedLine{}
	upem := float64(face.Upem())
	parts := append([]shaping.Input(nil), s.splits.Split(in, oneFace{face})...)
	runs := s.order.Segment(runes, def)
	for _, part := range visual(parts, &runs) {
		out := s.shaper.ShapeNoExtents(part)
		for _, g := range out.Glyphs {
			line.glyphs = append(line.glyphs, placed{g.GlyphID, line.width + float(g.XOffset)/upem, float(g.YOffset) / upem})
			line.width += float(g.Advance) / upem
		}
	}
	if len(s.lines) >= mostLines {
		clear(s.lines)
	}
	s.lines[key] = line
	return line
}

func float(v fixed.Int26_6) float64 { return float64(v) / 64 }

// oneFace sets all text in one face.
type oneFace struct{ face *font.Face }

func (f oneFace) ResolveFace(rune) *font.Face { return f.face }

// visual puts parts into the order in which they stand from left to right: from
// the highest level down to the lowest odd one, every run at that level or
// above is reversed. Source: Unicode Standard Annex 9, rule L2.
func visual(parts []shaping.Input, runs *bidi.Runs) []shaping.Input {
	level := make([]bidi.Level, len(parts))
	highest := bidi.Level(0)
	for i, p := range parts {
		for k := range runs.NumRuns() {
			if r := runs.Run(k); p.RunStart >= r.Start && p.RunStart < r.End {
				level[i] = r.Level
			}
		}
		highest = max(highest, level[i])
	}
	for l := highest; l >= 1; l-- {
		for from := 0; from < len(parts); from++ {
			to := from
			for to < len(parts) && level[to] >= l {
				to++
			}
			for a, b := from, to-1; a < b; a, b = a+1, b-1 {
				parts[a], parts[b] = parts[b], parts[a]
				level[a], level[b] = level[b], level[a]
			}
			from = max(from, to-1)
		}
	}
	return parts
}

// glyph returns the mask of a letter at a size in pixels.
func (s *scribe) glyph(id font.GID, isBold bool, size float64, quarter uint8) *glyph {
	key := glyphKey{id, isBold, int32(math.Round(size * 64)), quarter}
	if g := s.glyphs[key]; g != nil {
		return g
	}
	g := &glyph{}
	face := s.face(isBold)
	if data, ok := face.GlyphDataOutline(id); ok {
		s.outline.reset()
		scale, shift := size/float64(face.Upem()), float64(quarter)/4
		at := func(p opentype.SegmentPoint) (float64, float64) {
			return float64(p.X)*scale + shift, -float64(p.Y) * scale
		}
		for _, seg := range data.Segments {
			x, y := at(seg.Args[0])
			x1, y1 := at(seg.Args[1])
			x2, y2 := at(seg.Args[2])
			switch seg.Op {
			case opentype.SegmentOpMoveTo:
				s.outline.put('M', x, y)
			case opentype.SegmentOpLineTo:
				s.outline.put('L', x, y)
			case opentype.SegmentOpQuadTo:
				s.outline.put('Q', x, y, x1, y1)
			case opentype.SegmentOpCubeTo:
				s.outline.put('C', x, y, x1, y1, x2, y2)
			}
		}
		g.mask, g.width, g.x, g.y = cover(&s.raster, nil, &s.outline, image.Rect(-far, -far, far, far))
	}
	if len(s.glyphs) >= mostGlyphs {
		clear(s.glyphs)
	}
	s.glyphs[key] = g
	return g
}

// write stamps a line of text with its pen's start at (x, y), in pixels.
func (s *scribe) write(c *canvas, b *blend, line *shapedLine, isBold bool, size, x, y float64) {
	row := int(math.Round(y))
	for _, p := range line.glyphs {
		quarters := math.Round((x + p.x*size) * 4)
		column := int(math.Floor(quarters / 4))
		g := s.glyph(p.id, isBold, size, uint8(int(quarters)-4*column))
		c.stamp(b, g.mask, g.width, column+g.x, row-int(math.Round(p.y*size))+g.y)
	}
}
