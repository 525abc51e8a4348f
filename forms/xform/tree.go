package xform

import (
	"strings"

	"waymark/forms/xpath"
)

// The namespaces of ODK XForms. Source: ODK XForms specification, "Structure"
// and "Namespaces".
const (
	nsXForms   = "http://www.w3.org/2002/xforms"
	nsJavaRosa = "http://openrosa.org/javarosa"
	nsOpenRosa = "http://openrosa.org/xforms"
	nsODK      = "http://www.opendatakit.org/xforms"
	nsEntities = "http://www.opendatakit.org/xforms/entities"
)

// element is one element of the form's XML with what it holds, in order.
type element struct {
	local, space string
	attrs        []qualified
	content      []content
	line         int
	instance     *xpath.Node // of <instance>: the document node
}

// qualified is an attribute with its namespace.
type qualified struct{ local, space, value string }

// content is a child element or, where that is nil, text.
type content struct {
	element *element
	text    string
}

// attr returns the value of an attribute of no namespace.
func (e *element) attr(local string) string { return e.attrIn("", local) }

// attrIn returns the value of an attribute of a namespace; an attribute that
// was written without one counts, since hand-made forms leave prefixes out.
func (e *element) attrIn(space, local string) string {
	plain := ""
	for _, a := range e.attrs {
		if a.local != local {
			continue
		}
		if a.space == space {
			return a.value
		}
		if a.space == "" {
			plain = a.value
		}
	}
	return plain
}

// children calls f for each child element.
func (e *element) children(f func(*element)) {
	for _, c := range e.content {
		if c.element != nil {
			f(c.element)
		}
	}
}

// child returns the first child element of a local name, or nil.
func (e *element) child(local string) *element {
	for _, c := range e.content {
		if c.element != nil && c.element.local == local {
			return c.element
		}
	}
	return nil
}

// builder reads a document into elements, and instances into nodes.
type builder struct {
	*scanner
	spaces []prefix
	marks  []int // length of spaces at each open element
	nodes  []xpath.Node
	at     int // where line was last asked for
	row    int
}

type prefix struct{ name, uri string }

// lineHere is line, counted on from the last call.
func (b *builder) lineHere() int {
	if b.row == 0 {
		b.row = 1
	}
	b.row += strings.Count(b.src[b.at:b.pos], "\n")
	b.at = b.pos
	return b.row
}

// enter takes the namespaces that the open tag declares.
func (b *builder) enter() {
	b.marks = append(b.marks, len(b.spaces))
	for _, a := range b.attrs {
		if name, ok := strings.CutPrefix(a.name, "xmlns"); ok && (name == "" || name[0] == ':') {
			b.spaces = append(b.spaces, prefix{strings.TrimPrefix(name, ":"), a.value})
		}
	}
}

func (b *builder) leave() {
	b.spaces = b.spaces[:b.marks[len(b.marks)-1]]
	b.marks = b.marks[:len(b.marks)-1]
}

// split resolves a name as written. An attribute without a prefix has no
// namespace.
func (b *builder) split(name string, attr bool) (local, space string) {
	pre, local, ok := strings.Cut(name, ":")
	if !ok {
		pre, local = "", name
		if attr {
			return local, ""
		}
	}
	for i := len(b.spaces) - 1; i >= 0; i-- {
		if b.spaces[i].name == pre {
			return local, b.spaces[i].uri
		}
	}
	return local, pre // an undeclared prefix stands for itself
}

// document reads the whole file.
func (b *builder) document() (*element, error) {
	for {
		tok, err := b.next()
		if err != nil || tok == tokenEnd {
			return nil, err
		}
		if tok == tokenOpen {
			root, err := b.element("")
			if err != nil {
				return nil, err
			}
			_, err = b.next()
			return root, err
		}
	}
}

// element reads the element whose open tag was just read, to its end.
func (b *builder) element(parent string) (*element, error) {
	b.enter()
	defer b.leave()
	e := &element{line: b.lineHere()}
	e.local, e.space = b.split(b.name, false)
	for _, a := range b.attrs {
		if !strings.HasPrefix(a.name, "xmlns") {
			local, space := b.split(a.name, true)
			e.attrs = append(e.attrs, qualified{local, space, a.value})
		}
	}
	if e.local == "instance" && parent == "model" {
		doc, err := b.tree()
		e.instance = doc
		return e, err
	}
	for {
		tok, err := b.next()
		if err != nil {
			return nil, err
		}
		switch tok {
		case tokenClose, tokenEnd:
			return e, nil
		case tokenText:
			e.content = append(e.content, content{text: b.text})
		case tokenOpen:
			child, err := b.element(e.local)
			if err != nil {
				return nil, err
			}
			e.content = append(e.content, content{element: child})
		}
	}
}

// node returns a fresh node from a block of them.
func (b *builder) node() *xpath.Node {
	if len(b.nodes) == 0 {
		b.nodes = make([]xpath.Node, 256)
	}
	n := &b.nodes[0]
	b.nodes = b.nodes[1:]
	n.Slot = -1
	return n
}

// tree reads what is left of the open element as nodes under a new document
// node. Text beside elements is dropped; text of a leaf is trimmed, as JavaRosa
// does (XFormParser.getXMLText with trim).
func (b *builder) tree() (*xpath.Node, error) {
	doc := b.node()
	doc.Kind = xpath.Document
	at := doc
	var text string
	for {
		tok, err := b.next()
		if err != nil {
			return nil, err
		}
		switch tok {
		case tokenEnd:
			return doc, nil
		case tokenText:
			if text == "" {
				text = b.text
			} else {
				text += b.text
			}
		case tokenOpen:
			at = b.openNode(at)
			text = ""
		case tokenClose:
			if at == doc {
				return doc, nil
			}
			if len(at.Children) == 0 {
				at.Value = strings.TrimSpace(text)
			}
			text = ""
			at = at.Parent
			b.leave()
		}
	}
}

// openNode adds the open tag as a node under at.
func (b *builder) openNode(at *xpath.Node) *xpath.Node {
	b.enter()
	n := b.node()
	n.Name, n.Parent = b.name, at
	_, n.Space = b.split(b.name, false)
	for _, a := range b.attrs {
		if strings.HasPrefix(a.name, "xmlns") {
			continue
		}
		attr := b.node()
		attr.Kind, attr.Name, attr.Value, attr.Parent = xpath.Attribute, a.name, a.value, n
		_, attr.Space = b.split(a.name, true)
		n.Attrs = append(n.Attrs, attr)
	}
	at.Children = append(at.Children, n)
	return n
}
