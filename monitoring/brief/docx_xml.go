package brief

import (
	"bytes"
	"strings"
	"unicode"
)

// xmlWriter writes markup as it stands and text escaped.
type xmlWriter struct{ bytes.Buffer }

func (w *xmlWriter) raw(parts ...string) {
	for _, p := range parts {
		w.WriteString(p)
	}
}

// escaped writes text for content or a quoted attribute. Characters that XML
// 1.0 does not have become a space.
func (w *xmlWriter) escaped(s string) {
	for _, r := range s {
		switch {
		case r == '&':
			w.WriteString("&amp;")
		case r == '<':
			w.WriteString("&lt;")
		case r == '>':
			w.WriteString("&gt;")
		case r == '"':
			w.WriteString("&quot;")
		case r < 0x20 || r == 0xfffe || r == 0xffff || r == unicode.ReplacementChar:
			w.WriteByte(' ')
		default:
			w.WriteRune(r)
		}
	}
}

// attribute writes name="value" with a space before it.
func (w *xmlWriter) attribute(name, value string) {
	w.raw(" ", name, `="`)
	w.escaped(value)
	w.raw(`"`)
}

// wordText is the writer of paragraphs and runs, in the direction of one
// document. Every part that holds text uses it.
type wordText struct {
	xmlWriter
	rtl bool
}

// paragraphStart opens a paragraph in a style. props are further properties
// that come after the style and before bidi in the schema's order, and after
// are those that come after it.
func (w *wordText) paragraphStart(style, props, after string) {
	w.raw("<w:p><w:pPr>")
	if style != "" {
		w.raw(`<w:pStyle w:val="`, style, `"/>`)
	}
	w.raw(props)
	if w.rtl {
		w.raw("<w:bidi/>")
	}
	w.raw(after, "</w:pPr>")
}

func (w *wordText) paragraphEnd() { w.raw("</w:p>") }

// paragraph writes a paragraph of plain text.
func (w *wordText) paragraph(style, text string) {
	w.paragraphStart(style, "", "")
	w.run(text, false)
	w.paragraphEnd()
}

// run writes text. Marks of direction are turned into what Word has instead:
// in a right-to-left document, what stood between isolates, and has no
// right-to-left letters, is a left-to-right run.
func (w *wordText) run(text string, bold bool) {
	if !w.rtl {
		w.span(plainSpaces(text), bold, false)
		return
	}
	for len(text) > 0 {
		cut := strings.IndexFunc(text, isolate)
		if cut < 0 {
			cut = len(text)
		}
		if piece := text[:cut]; piece != "" {
			w.span(plainSpaces(piece), bold, !latinOnly(piece))
		}
		text = strings.TrimLeftFunc(text[cut:], isolate)
	}
}

func isolate(r rune) bool { return r >= 0x2066 && r <= 0x2069 }

// latinOnly says that a text has digits or letters and none of them belongs to
// a right-to-left script.
func latinOnly(s string) bool {
	some := false
	for _, r := range s {
		if unicode.In(r, unicode.Arabic, unicode.Hebrew) && unicode.IsLetter(r) {
			return false
		}
		some = some || unicode.IsLetter(r) || unicode.IsDigit(r)
	}
	return some
}

func (w *wordText) span(text string, bold, rtl bool) {
	w.raw("<w:r>")
	if bold || rtl {
		w.raw("<w:rPr>")
		if bold {
			w.raw("<w:b/><w:bCs/>")
		}
		if rtl {
			w.raw("<w:rtl/>")
		}
		w.raw("</w:rPr>")
	}
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			w.raw("<w:br/>")
		}
		w.raw(`<w:t xml:space="preserve">`)
		w.escaped(line)
		w.raw("</w:t>")
	}
	w.raw("</w:r>")
}

// field writes a simple field with the text that stands until Word renews it.
func (w *wordText) field(code, text string) {
	w.raw(`<w:fldSimple w:instr=" `, code, ` ">`)
	w.span(text, false, false)
	w.raw("</w:fldSimple>")
}
