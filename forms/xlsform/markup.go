package xlsform

import (
	"strings"
	"unicode/utf8"
)

// markup appends indented XML to one buffer. Elements that hold elements take
// lines of their own, two spaces deeper than their parent; an element that
// holds text stays on one line, so that no space is added to what people read.
type markup struct {
	buf   []byte
	depth int
	most  int // bytes; beyond them open stops the writing
	// bad is called once for a text that XML 1.0 cannot carry.
	bad func(text string)
}

const spaces = "                                                                "

func (m *markup) indent() {
	n := 2 * m.depth
	for n > len(spaces) {
		m.buf = append(m.buf, spaces...)
		n -= len(spaces)
	}
	m.buf = append(m.buf, spaces[:n]...)
}

// open begins a start tag; attributes may follow.
func (m *markup) open(tag string) {
	if len(m.buf) > m.most {
		panic(overflow{})
	}
	m.indent()
	m.buf = append(m.buf, '<')
	m.buf = append(m.buf, tag...)
}

// attr writes an attribute with a value that may need escapes.
func (m *markup) attr(key, value string) {
	m.key(key)
	m.escape(value, true)
	m.buf = append(m.buf, '"')
}

// safe writes an attribute whose value is known to need no escapes.
func (m *markup) safe(key, value string) {
	m.key(key)
	m.buf = append(m.buf, value...)
	m.buf = append(m.buf, '"')
}

// key begins an attribute up to its opening quote.
func (m *markup) key(key string) {
	m.buf = append(m.buf, ' ')
	m.buf = append(m.buf, key...)
	m.buf = append(m.buf, '=', '"')
}

// inside ends a start tag whose element will hold elements, and returns a mark
// for close.
func (m *markup) inside() int {
	m.buf = append(m.buf, '>', '\n')
	m.depth++
	return len(m.buf)
}

// close ends an element; if nothing was written since its mark, the element
// becomes an empty one.
func (m *markup) close(tag string, mark int) {
	m.depth--
	if len(m.buf) == mark {
		m.buf = append(m.buf[:mark-2], "/>\n"...)
		return
	}
	m.indent()
	m.end(tag)
}

// end writes an end tag and a line end.
func (m *markup) end(tag string) {
	m.buf = append(m.buf, '<', '/')
	m.buf = append(m.buf, tag...)
	m.buf = append(m.buf, '>', '\n')
}

// empty ends a start tag of an element that holds nothing.
func (m *markup) empty() { m.buf = append(m.buf, '/', '>', '\n') }

// content ends a start tag, writes text, and ends the element.
func (m *markup) content(tag, text string) {
	m.buf = append(m.buf, '>')
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
		m.buf = append(m.buf, text[from:i]...)
		from = i + 1
		switch text[i] {
		case '&':
			m.buf = append(m.buf, "&amp;"...)
		case '<':
			m.buf = append(m.buf, "&lt;"...)
		case '>':
			m.buf = append(m.buf, "&gt;"...)
		default:
			m.buf = append(m.buf, "&quot;"...)
		}
	}
	m.buf = append(m.buf, text[from:]...)
}

// carriable tells whether XML 1.0 can carry a text.
func carriable(text string) bool {
	if !utf8.ValidString(text) || strings.Contains(text, "\uFFFE") || strings.Contains(text, "\uFFFF") {
		return false
	}
	for i := 0; i < len(text); i++ {
		if text[i] < ' ' && need[text[i]] == suspect {
			return false
		}
	}
	return true
}
