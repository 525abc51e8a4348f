package xform

import (
	"fmt"
	"strings"
)

func (s *scanner) endTag() (token, error) {
	end := strings.IndexByte(s.src[s.pos:], '>')
	if end < 0 {
		return tokenEnd, s.fail("the end tag has no end", "")
	}
	name := strings.TrimRight(s.src[s.pos+2:s.pos+end], " \t\n")
	if len(s.open) == 0 || s.open[len(s.open)-1] != name {
		want := "nothing is open"
		if len(s.open) > 0 {
			want = fmt.Sprintf("<%s> is open", s.open[len(s.open)-1])
		}
		return tokenEnd, s.fail(fmt.Sprintf("</%s> where %s", clip(name), want), "")
	}
	s.pos += end + 1
	return s.closeTag(name)
}

func (s *scanner) closeTag(name string) (token, error) {
	s.open = s.open[:len(s.open)-1]
	s.name = name
	return tokenClose, nil
}

func (s *scanner) startTag() (token, error) {
	if len(s.open) == 0 && s.root {
		return tokenEnd, s.fail("there is a second root element", "")
	}
	s.root = true
	if s.count++; s.count > MaxElements {
		return tokenEnd, s.fail(fmt.Sprintf("the file has more than %d elements", MaxElements), "")
	}
	if len(s.open) >= MaxDepth {
		return tokenEnd, s.fail(fmt.Sprintf("elements are nested more than %d deep", MaxDepth), "")
	}
	s.pos++
	if s.name = s.readName(); s.name == "" {
		return tokenEnd, s.fail("there is no element name after <", "write &lt; for the sign itself")
	}
	s.attrs = s.attrs[:0]
	for {
		spaced := s.spaces()
		if s.pos >= len(s.src) {
			return tokenEnd, s.fail(fmt.Sprintf("the tag <%s has no end", s.name), "")
		}
		switch c := s.src[s.pos]; {
		case c == '>':
			s.pos++
			s.open = append(s.open, s.name)
			return tokenOpen, nil
		case c == '/' && strings.HasPrefix(s.src[s.pos:], "/>"):
			s.pos += 2
			s.open = append(s.open, s.name)
			s.empty = true
			return tokenOpen, nil
		case !spaced:
			return tokenEnd, s.fail(fmt.Sprintf("the tag <%s> is not well formed", s.name), "")
		}
		if err := s.readAttribute(); err != nil {
			return tokenEnd, err
		}
	}
}

func (s *scanner) readAttribute() error {
	name := s.readName()
	if name == "" {
		return s.fail(fmt.Sprintf("the tag <%s> is not well formed", s.name), "")
	}
	s.spaces()
	if s.pos >= len(s.src) || s.src[s.pos] != '=' {
		return s.fail(fmt.Sprintf("the attribute %s of <%s> has no value", name, s.name), "")
	}
	s.pos++
	s.spaces()
	if s.pos >= len(s.src) || s.src[s.pos] != '"' && s.src[s.pos] != '\'' {
		return s.fail(fmt.Sprintf("the attribute %s of <%s> has no quotation marks", name, s.name), "")
	}
	end := strings.IndexByte(s.src[s.pos+1:], s.src[s.pos])
	if end < 0 {
		return s.fail(fmt.Sprintf("the attribute %s of <%s> has no end", name, s.name), "")
	}
	raw := s.src[s.pos+1 : s.pos+1+end]
	if strings.IndexByte(raw, '<') >= 0 {
		return s.fail(fmt.Sprintf("the attribute %s of <%s> holds a <", name, s.name), "write &lt;")
	}
	value, err := s.resolve(raw, true)
	if err != nil {
		return err
	}
	for _, a := range s.attrs {
		if a.name == name {
			return s.fail(fmt.Sprintf("<%s> has the attribute %s twice", s.name, name), "")
		}
	}
	if len(s.attrs) >= MaxAttributes {
		return s.fail(fmt.Sprintf("<%s> has more than %d attributes", s.name, MaxAttributes), "")
	}
	s.pos += end + 2
	s.attrs = append(s.attrs, attribute{name, value})
	return nil
}

func (s *scanner) spaces() bool {
	from := s.pos
	for s.pos < len(s.src) {
		if c := s.src[s.pos]; c != ' ' && c != '\n' && c != '\t' {
			break
		}
		s.pos++
	}
	return s.pos > from
}

func (s *scanner) readName() string {
	from := s.pos
	for s.pos < len(s.src) {
		c := s.src[s.pos]
		start := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == ':' || c >= 0x80
		if !start && (s.pos == from || c != '-' && c != '.' && (c < '0' || c > '9')) {
			break
		}
		s.pos++
	}
	name := s.src[from:s.pos]
	if i := strings.IndexByte(name, ':'); i == 0 || i > 0 && (i == len(name)-1 || strings.IndexByte(name[i+1:], ':') >= 0) {
		return "" // no name of a namespace
	}
	return name
}
