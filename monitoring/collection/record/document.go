package record

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"waymark/forms/xform"
	"waymark/internal/fault"
)

// element is one element of a document as it was sent. Everything is kept as
// written, so that a document that nothing changed is written byte for byte.
type element struct {
	name   string // as written, with its prefix
	open   string // the start tag as written
	close  string // the end tag as written; "" if open closes itself
	pieces []piece
	parent *element
	attrs  []xml.Attr

	// def is the form's node, nil for what the form does not have.
	def *xform.Definition
	// path has positions in repeats; of a stray, the names as sent.
	path string
}

// piece is text as written, or an element.
type piece struct {
	raw  string // markup and references as written
	text string // what raw says; "" for comments
	elem *element
}

// document is a submission as it was sent.
type document struct {
	before, after string // the root element
	root          *element
	// at finds the elements that the form has, by path with positions.
	at map[string]*element
	// strays are the topmost elements that the form does not have, or not there.
	strays []*element
}

// parseDocument reads a submission. It refuses what forms/xform refuses: document
// types, other encodings, too much nesting.
func parseDocument(data []byte) (*document, error) {
	if len(data) > xform.MaxBytes {
		return nil, fault.New(fault.Invalid, fault.Place{}, "the document is too large", "")
	}
	src, err := xform.Decode(data)
	if err != nil {
		return nil, err
	}
	dec := xml.NewDecoder(strings.NewReader(src))
	dec.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // decoded already
	doc := &document{}
	var at *element
	from, depth := 0, 0
	for {
		tok, err := dec.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, notXML(err)
		}
		to := int(dec.InputOffset())
		raw := src[from:to]
		from = to
		switch tok := tok.(type) {
		case xml.StartElement:
			if at == nil && doc.root != nil {
				return nil, notXML(errors.New("a second root element"))
			}
			if depth++; depth > xform.MaxDepth {
				return nil, fault.New(fault.Invalid, fault.Place{}, "the document is nested too deeply", "")
			}
			e := &element{name: written(tok.Name), open: raw, parent: at, attrs: tok.Copy().Attr}
			if at == nil {
				doc.root = e
			} else {
				at.pieces = append(at.pieces, piece{elem: e})
			}
			at = e
		case xml.EndElement:
			if at == nil || written(tok.Name) != at.name {
				return nil, notXML(errors.New("tags do not match"))
			}
			at.close = raw
			at, depth = at.parent, depth-1
		case xml.Directive:
			return nil, fault.New(fault.Invalid, fault.Place{}, "document types and entity declarations are refused", "")
		default:
			p := piece{raw: raw}
			if t, ok := tok.(xml.CharData); ok {
				p.text = string(t)
			}
			switch {
			case at != nil:
				at.pieces = append(at.pieces, p)
			case doc.root == nil:
				doc.before += raw
			default:
				doc.after += raw
			}
		}
	}
	if doc.root == nil || at != nil {
		return nil, notXML(errors.New("the document is not complete"))
	}
	return doc, nil
}

func notXML(cause error) error {
	// The cause may quote what was sent, and is left out.
	_ = cause
	return fault.New(fault.Invalid, fault.Place{}, "the document is not well-formed XML", "")
}

func written(n xml.Name) string {
	if n.Space != "" {
		return n.Space + ":" + n.Local
	}
	return n.Local
}

// children are the elements in e.
func (e *element) children() []*element {
	var list []*element
	for _, p := range e.pieces {
		if p.elem != nil {
			list = append(list, p.elem)
		}
	}
	return list
}

// value is the text in an element without child elements.
func (e *element) value() string {
	var b strings.Builder
	for _, p := range e.pieces {
		b.WriteString(p.text)
	}
	return b.String()
}

// setValue replaces what is in the element.
func (e *element) setValue(text string) {
	e.unfold()
	e.pieces = []piece{{raw: escape(text), text: text}}
}

// unfold gives a self-closing element its end tag.
func (e *element) unfold() {
	if e.close == "" {
		e.open = strings.TrimRight(strings.TrimSuffix(e.open, "/>"), " \t\r\n") + ">"
		e.close = "</" + e.name + ">"
	}
}

// insert puts a child after another one, or first.
func (e *element) insert(child, after *element) {
	e.unfold()
	child.parent = e
	at := 0
	for i, p := range e.pieces {
		if after != nil && p.elem == after {
			at = i + 1
		}
	}
	e.pieces = append(e.pieces[:at], append([]piece{{elem: child}}, e.pieces[at:]...)...)
}

// remove takes the element out of its parent.
func (e *element) remove() {
	if e.parent == nil {
		return
	}
	kept := e.parent.pieces[:0]
	for _, p := range e.parent.pieces {
		if p.elem != e {
			kept = append(kept, p)
		}
	}
	e.parent.pieces = kept
}

func (e *element) write(b *strings.Builder) {
	b.WriteString(e.open)
	for _, p := range e.pieces {
		if p.elem != nil {
			p.elem.write(b)
		} else {
			b.WriteString(p.raw)
		}
	}
	b.WriteString(e.close)
}

// bytes writes the document.
func (d *document) bytes() []byte {
	var b strings.Builder
	b.WriteString(d.before)
	d.root.write(&b)
	b.WriteString(d.after)
	return []byte(b.String())
}

// escape writes text. Characters that XML cannot hold are left out.
func escape(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '\r':
			b.WriteString("&#13;")
		case r < 0x20 && r != '\n' && r != '\t', r == 0xFFFE, r == 0xFFFF:
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
