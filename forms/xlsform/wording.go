package xlsform

import (
	"strings"

	"waymark/forms/xlsform/definition"
)

// piece is a part of a text that people read: words, or an expression whose
// value is put in when the form is filled.
type piece struct {
	kind       pieceKind
	start, end int
	ref        reference
}

type pieceKind uint8

const (
	words pieceKind = iota
	answer
	lookup // a path into another instance
)

// wording ends a start tag, writes a text in which ${references} and paths into
// other instances become <output/>, and ends the element. at is the node whose
// text it is, or none.
func (c *compiler) wording(tag, prefix, text string, at int32) {
	if text == "-" || !strings.Contains(text, "${") && !strings.Contains(text, "instance(") {
		c.putByte('>')
		c.escape(prefix, false)
		c.escape(text, false)
		c.end(tag)
		return
	}
	text = prefix + text
	pieces, mixed := cut(text)
	if mixed {
		c.putByte('>')
		if len(pieces) > 1 && pieces[0].kind == words {
			c.putByte(' ')
		}
		for _, p := range pieces {
			c.piece(text, p, at)
		}
		if len(pieces) > 1 {
			c.putByte(' ')
		}
		c.end(tag)
		return
	}
	mark := c.inside()
	for _, p := range pieces {
		c.indent()
		c.piece(text, p, at)
		c.putByte('\n')
	}
	c.close(tag, mark)
}

func (c *compiler) piece(text string, p piece, at int32) {
	if p.kind == words {
		c.escape(text[p.start:p.end], false)
		return
	}
	c.put(`<output value="`)
	if p.kind == answer {
		c.path(text, p.ref, scope{at: at})
	} else {
		c.expression(text[p.start:p.end], scope{at: at})
	}
	c.put(`"/>`)
}

// cut divides a text into pieces, and tells whether any is words.
func cut(text string) (pieces []piece, mixed bool) {
	from := 0
	say := func(to int) {
		if to > from {
			pieces, mixed = append(pieces, piece{kind: words, start: from, end: to}), true
		}
	}
	for from < len(text) {
		ref, isRef := nextReference(text, from)
		start, end, isLookup := nextLookup(text, from)
		switch {
		case isLookup && (!isRef || start < ref.start):
			say(start)
			pieces, from = append(pieces, piece{kind: lookup, start: start, end: end}), end
		case isRef:
			say(ref.start)
			pieces, from = append(pieces, piece{kind: answer, start: ref.start, end: ref.end, ref: ref}), ref.end
		default:
			say(len(text))
			from = len(text)
		}
	}
	return pieces, mixed
}

// blank is the label of what only labels the columns of a table.
var blank = definition.Text{Plain: " "}

// label is the label of an element. One that only labels the columns of a
// table is blank where it has no text of its own, but must be there.
func label(e *definition.Element) *definition.Text {
	if e.Label.Empty() && e.Control.Get("appearance") == "label" {
		return &blank
	}
	return &e.Label
}

// inItext tells whether an element's label is a reference into the itext.
func inItext(e *definition.Element) bool { return len(e.Label.ByLanguage) > 0 || len(e.Media) > 0 }

// label writes the label of an element, an empty one if it has none.
func (c *compiler) label(i int32) {
	e := c.nodes[i].el
	c.open("label")
	switch text := label(e); {
	case inItext(e):
		c.itextRef("ref", i, "label")
		c.empty()
	case text.Plain != "":
		c.wording("label", "", text.Plain, i)
	default:
		c.empty()
	}
}

// hint writes the hint of an element.
func (c *compiler) hint(i int32) {
	e := c.nodes[i].el
	c.open("hint")
	if len(e.Hint.ByLanguage) > 0 || !e.Guidance.Empty() {
		c.itextRef("ref", i, "hint")
		c.empty()
		return
	}
	c.wording("hint", "", e.Hint.Plain, i)
}

// itextRef writes an attribute that refers to a text of the itext.
func (c *compiler) itextRef(key string, i int32, part string) {
	c.key(key)
	c.put("jr:itext('")
	c.textID(i, part)
	c.put("')\"")
}

// textID appends the id of a text of node i. A group that a flat form leaves
// out of the paths has its name in the id, since its path is its parent's.
func (c *compiler) textID(i int32, part string) {
	n := &c.nodes[i]
	c.put(n.path)
	if n.el.Flat {
		c.putByte('/')
		c.put(n.el.Name)
	}
	c.putByte(':')
	c.put(part)
}
