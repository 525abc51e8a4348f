package handover

import (
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/go-fonts/dejavu/dejavusans"
	"github.com/go-fonts/dejavu/dejavusansbold"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/unicode/norm"
)

// settable are the scripts whose letters stand one after another, left to right, so
// that a letter is its picture. Others need shaping, which the PDF does not do: wrong
// letters in a name would be worse than none.
var settable = []*unicode.RangeTable{unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Armenian, unicode.Georgian, unicode.Common}

// pictures says whether the typeface has a letter, in both weights.
var pictures = sync.OnceValue(func() func(rune) bool {
	var fonts []*sfnt.Font
	for _, ttf := range [][]byte{dejavusans.TTF, dejavusansbold.TTF} {
		f, err := sfnt.Parse(ttf)
		if err != nil {
			panic("handover: the typeface cannot be read: " + err.Error())
		}
		fonts = append(fonts, f)
	}
	var known sync.Map
	return func(r rune) bool {
		if have, ok := known.Load(r); ok {
			return have.(bool)
		}
		have := !slices.ContainsFunc(fonts, func(f *sfnt.Font) bool {
			var b sfnt.Buffer
			i, err := f.GlyphIndex(&b, r)
			return err != nil || i == 0
		})
		known.Store(r, have)
		return have
	}
})

// set makes a text ready for the PDF: composed letters, no marks of direction. What
// cannot be set is replaced by a word in brackets that says so, and all is false.
func set(text string) (ready string, all bool) {
	all = true
	var b strings.Builder
	var away, space string // what cannot be set, and what stands behind it
	flush := func() {
		if away != "" {
			b.WriteString("[" + scriptOf(away) + ": see the HTML version]")
		}
		b.WriteString(space)
		away, space = "", ""
	}
	for _, r := range norm.NFC.String(text) {
		switch {
		case r == '\n':
			flush()
			b.WriteByte('\n')
		case r == '\t' || r == '\u00a0':
			flush()
			b.WriteByte(' ')
		case unicode.Is(unicode.Cf, r) || unicode.IsControl(r): // marks of direction, joiners
		case can(r) && away != "" && (unicode.IsSpace(r) || unicode.IsPunct(r)):
			space += string(r) // may stand within what cannot be set
		case can(r):
			flush()
			b.WriteRune(r)
		default:
			all = false
			away, space = away+space+string(r), ""
		}
	}
	flush()
	return b.String(), all
}

func can(r rune) bool {
	return r <= 0xFFFF && unicode.In(r, settable...) && !unicode.Is(unicode.M, r) && pictures()(r)
}

// scriptOf names the script of a text's first letter.
func scriptOf(text string) string {
	for _, r := range text {
		for _, name := range []string{"Arabic", "Hebrew", "Devanagari", "Bengali", "Gurmukhi", "Gujarati", "Tamil", "Telugu", "Kannada", "Malayalam", "Sinhala", "Thai", "Lao", "Khmer", "Myanmar", "Tibetan", "Ethiopic", "Han", "Hiragana", "Katakana", "Hangul", "Thaana", "Syriac", "Mongolian"} {
			if unicode.Is(unicode.Scripts[name], r) {
				return name + " script"
			}
		}
	}
	return "Other signs"
}
