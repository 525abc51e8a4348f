package xform

import (
	"bytes"
	"strings"

	"waymark/forms/xpath"
)

// XML writes the document as a client sends it: nodes that are not relevant are
// left out with all below them, answers keep their order, attributes and
// namespaces stay. Source: JavaRosa XFormSerializingVisitor.
func (s *Session) XML() []byte {
	root := s.doc.Children[0]
	var b bytes.Buffer
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>`)
	b.WriteByte('\n')
	spaces := map[string]string{}
	if root.Space != "" && root.Space != nsXForms && !strings.Contains(root.Name, ":") {
		spaces[""] = root.Space
	}
	gather(root, spaces)
	write(&b, root, spaces)
	return b.Bytes()
}

// gather finds the prefixes that are written.
func gather(n *xpath.Node, spaces map[string]string) {
	if pre, _, ok := strings.Cut(n.Name, ":"); ok && n.Space != pre {
		spaces[pre] = n.Space
	}
	for _, a := range n.Attrs {
		gather(a, spaces)
	}
	for _, c := range n.Children {
		if !c.Irrelevant {
			gather(c, spaces)
		}
	}
}

func write(b *bytes.Buffer, n *xpath.Node, spaces map[string]string) {
	b.WriteByte('<')
	b.WriteString(n.Name)
	for _, pre := range sortedKeys(spaces) {
		b.WriteString(" xmlns")
		if pre != "" {
			b.WriteByte(':')
			b.WriteString(pre)
		}
		b.WriteString(`="`)
		escape(b, spaces[pre], true)
		b.WriteByte('"')
	}
	for _, a := range n.Attrs {
		b.WriteByte(' ')
		b.WriteString(a.Name)
		b.WriteString(`="`)
		escape(b, a.Value, true)
		b.WriteByte('"')
	}
	if n.Value == "" && len(n.Children) == 0 {
		b.WriteString("/>")
		return
	}
	b.WriteByte('>')
	if len(n.Children) == 0 {
		escape(b, n.Value, false)
	}
	for _, c := range n.Children {
		if !c.Irrelevant {
			write(b, c, nil)
		}
	}
	b.WriteString("</")
	b.WriteString(n.Name)
	b.WriteByte('>')
}

// escape writes text. Characters that XML cannot hold are left out.
func escape(b *bytes.Buffer, s string, attr bool) {
	for _, r := range s {
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '"' && attr:
			b.WriteString("&quot;")
		case r == '\r':
			b.WriteString("&#13;")
		case attr && (r == '\n' || r == '\t'):
			b.WriteString(map[rune]string{'\n': "&#10;", '\t': "&#9;"}[r])
		case r < 0x20 && r != '\n' && r != '\t', r == 0xFFFE, r == 0xFFFF:
		default:
			b.WriteRune(r)
		}
	}
}
