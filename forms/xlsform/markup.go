package xlsform

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// markup appends indented XML to one buffer. Elements that hold elements take
// lines of their own, two spaces deeper than their parent; an element that
// holds text stays on one line, so that no space is added to what people read.
type markup struct {
	buf   []byte // what is written is buf[:n]; the rest is room
	n     int
	depth int
	most  int // bytes; beyond them open stops the writing
	// bad is called once for a text that XML 1.0 cannot carry.
	bad func(text string)
}

// The writing goes through put and its kin rather than append, which would
// store the slice's address, with a barrier for the collector, at every word.

func (m *markup) put(s string) {
	if len(m.buf)-m.n < len(s) {
		m.grow(len(s))
	}
	m.n += copy(m.buf[m.n:], s)
}

func (m *markup) putByte(b byte) {
	if m.n == len(m.buf) {
		m.grow(1)
	}
	m.buf[m.n] = b
	m.n++
}

func (m *markup) putInt(i int) {
	var digits [20]byte
	d := strconv.AppendInt(digits[:0], int64(i), 10)
	if len(m.buf)-m.n < len(d) {
		m.grow(len(d))
	}
	m.n += copy(m.buf[m.n:], d)
}

// grow makes room for so many bytes more.
func (m *markup) grow(more int) {
	m.buf = slices.Grow(m.buf[:m.n], more+1024)
	m.buf = m.buf[:cap(m.buf)]
}

// written is what has been written so far.
func (m *markup) written() []byte { return m.buf[:m.n] }

const spaces = "                                                                "

func (m *markup) indent() {
	n := 2 * m.depth
	for n > len(spaces) {
		m.put(spaces)
		n -= len(spaces)
	}
	m.put(spaces[:n])
}

// open begins a start tag; attributes may follow.
func (m *markup) open(tag string) {
	if m.n > m.most {
		panic(overflow{})
	}
	m.indent()
	m.putByte('<')
	m.put(tag)
}

// attr writes an attribute with a value that may need escapes.
func (m *markup) attr(key, value string) {
	m.key(key)
	m.escape(value, true)
	m.putByte('"')
}

// safe writes an attribute whose value is known to need no escapes.
func (m *markup) safe(key, value string) {
	m.key(key)
	m.put(value)
	m.putByte('"')
}

// key begins an attribute up to its opening quote.
func (m *markup) key(key string) {
	m.putByte(' ')
	m.put(key)
	m.put(`="`)
}

// inside ends a start tag whose element will hold elements, and returns a mark
// for close.
func (m *markup) inside() int {
	m.put(">\n")
	m.depth++
	return m.n
}

// close ends an element; if nothing was written since its mark, the element
// becomes an empty one.
func (m *markup) close(tag string, mark int) {
	m.depth--
	if m.n == mark {
		m.n = mark - 2
		m.empty()
		return
	}
	m.indent()
	m.end(tag)
}

// end writes an end tag and a line end.
func (m *markup) end(tag string) {
	m.put("</")
	m.put(tag)
	m.put(">\n")
}

// empty ends a start tag of an element that holds nothing.
func (m *markup) empty() { m.put("/>\n") }

// content ends a start tag, writes text, and ends the element.
func (m *markup) content(tag, text string) {
	m.putByte('>')
	m.escape(text, false)
	m.end(tag)
}

// element writes a whole element that holds text.
func (m *markup) element(tag, text string) {
	m.open(tag)
	m.content(tag, text)
}

// What a byte asks of escape: nothing, an escape everywhere, an escape in an
// attribute, or a closer look.
const (
	plain = iota
	escaped
	quoted
	suspect
)

var need = func() (t [256]uint8) {
	for b := range t {
		switch {
		case b == '&', b == '<', b == '>':
			t[b] = escaped
		case b == '"':
			t[b] = quoted
		case b < ' ' && b != '\t' && b != '\n' && b != '\r', b >= utf8.RuneSelf:
			t[b] = suspect
		}
	}
	return t
}()

// escape appends text with the characters escaped that XML would take for
// markup. Source: XML 1.0, section 2.4; which characters may occur at all:
// section 2.2.
func (m *markup) escape(text string, attribute bool) {
	from, looked := 0, false
	for i := 0; i < len(text); i++ {
		n := need[text[i]]
		if n == plain || n == quoted && !attribute {
			continue
		}
		if n == suspect {
			if !looked && !carriable(text) && m.bad != nil {
				m.bad(text)
			}
			looked = true
			continue
		}
		m.put(text[from:i])
		from = i + 1
		switch text[i] {
		case '&':
			m.put("&amp;")
		case '<':
			m.put("&lt;")
		case '>':
			m.put("&gt;")
		default:
			m.put("&quot;")
		}
	}
	m.put(text[from:])
}

// carriable tells whether XML 1.0 can carry a text.
func carriable(text string) bool {
	last := false // a byte that the two characters at the end of a plane begin with
	for i := 0; i < len(text); i++ {
		b := text[i]
		if b < ' ' && need[b] == suspect {
			return false
		}
		last = last || b == 0xEF
	}
	return utf8.ValidString(text) && !(last && (strings.Contains(text, "\uFFFE") || strings.Contains(text, "\uFFFF")))
}
