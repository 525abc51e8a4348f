package xform

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"waymark/internal/fault"
)

// token is what a scanner stands on.
type token uint8

const (
	tokenEnd   token = iota // the end of the document
	tokenOpen               // <name attrs> or <name attrs/>
	tokenClose              // </name>, also after <name/>
	tokenText               // character data
)

// attribute is one attribute as written.
type attribute struct{ name, value string }

// scanner reads XML 1.0 without document types: tags, attributes, character
// data, CDATA, character references and the five entities. Strings are slices
// of the source unless a reference had to be replaced, so a submission is read
// almost without allocation. It checks that tags match.
//
// Everything that XML allows and a form has no use for (document types, other
// entities, encodings besides UTF-8 and UTF-16) is refused.
type scanner struct {
	src   string
	pos   int
	name  string
	attrs []attribute // of the open tag; reused by the next one
	text  string
	open  []string
	empty bool // the open tag was <name/>: a close is due
	root  bool // the root element was seen
	count int
}

// newScanner prepares a document. It fails on size, encoding and characters
// that XML forbids.
func newScanner(data []byte) (*scanner, error) {
	if len(data) > MaxBytes {
		return nil, fault.New(fault.Invalid, fault.Place{}, fmt.Sprintf("the file has more than %d MiB", MaxBytes>>20), "split it, or move long lists into attached files")
	}
	src, err := decode(data)
	if err != nil {
		return nil, err
	}
	s := &scanner{src: src, attrs: make([]attribute, 0, 8), open: make([]string, 0, 16)}
	if !utf8.ValidString(src) {
		s.pos = firstInvalid(src)
		return nil, s.fail("the file is not valid UTF-8 here", "save it as UTF-8")
	}
	for i := 0; i < len(src); i++ {
		if c := src[i]; c < 0x20 && c != '\t' && c != '\n' && c != '\r' {
			s.pos = i
			return nil, s.fail("XML does not allow the control character here", "take it out")
		}
	}
	if strings.IndexByte(src, '\r') >= 0 {
		s.src = strings.ReplaceAll(strings.ReplaceAll(src, "\r\n", "\n"), "\r", "\n")
	}
	return s, nil
}

// decode turns the bytes into UTF-8 text without a byte order mark.
func decode(data []byte) (string, error) {
	switch {
	case len(data) >= 3 && data[0] == 0xEF && data[1] == 0xBB && data[2] == 0xBF:
		return string(data[3:]), nil
	case len(data) >= 2 && data[0] == 0xFE && data[1] == 0xFF:
		return fromUTF16(data[2:], binary.BigEndian), nil
	case len(data) >= 2 && data[0] == 0xFF && data[1] == 0xFE:
		return fromUTF16(data[2:], binary.LittleEndian), nil
	}
	src := string(data)
	if strings.HasPrefix(src, "<?xml") {
		head, _, _ := strings.Cut(src[:min(len(src), 200)], "?>")
		if _, enc, ok := strings.Cut(head, "encoding"); ok {
			enc = strings.ToLower(strings.Trim(strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(enc), "=")), `"'`))
			if enc != "utf-8" && enc != "utf8" && enc != "us-ascii" {
				return "", fault.New(fault.Invalid, fault.Place{Row: 1}, fmt.Sprintf("the file says that its encoding is %q", enc), "save it as UTF-8")
			}
		}
	}
	return src, nil
}

func fromUTF16(data []byte, order binary.ByteOrder) string {
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	return string(utf16.Decode(units))
}

func firstInvalid(s string) int {
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return len(s)
}

// line counts from 1.
func (s *scanner) line() int { return 1 + strings.Count(s.src[:min(s.pos, len(s.src))], "\n") }

func (s *scanner) fail(message, remedy string) error {
	return fault.New(fault.Invalid, fault.Place{Row: s.line()}, message, remedy)
}

// next moves to the next token. After tokenOpen, name and attrs are set; after
// tokenText, text is.
func (s *scanner) next() (token, error) {
	if s.empty {
		s.empty = false
		return s.closeTag(s.open[len(s.open)-1])
	}
	for {
		if s.pos >= len(s.src) {
			return tokenEnd, s.finished()
		}
		if s.src[s.pos] != '<' {
			return s.characters()
		}
		rest := s.src[s.pos:]
		switch {
		case strings.HasPrefix(rest, "</"):
			return s.endTag()
		case strings.HasPrefix(rest, "<!--"):
			if err := s.skip("<!--", "-->", "the comment has no end"); err != nil {
				return tokenEnd, err
			}
		case strings.HasPrefix(rest, "<?"):
			if err := s.skip("<?", "?>", "the processing instruction has no end"); err != nil {
				return tokenEnd, err
			}
		case strings.HasPrefix(rest, "<![CDATA["):
			return s.cdata()
		case strings.HasPrefix(rest, "<!"):
			return tokenEnd, s.fail("document types and entity declarations are refused", "take the <!DOCTYPE ...> out")
		default:
			return s.startTag()
		}
	}
}

func (s *scanner) finished() error {
	switch {
	case len(s.open) > 0:
		return s.fail(fmt.Sprintf("the file ends inside <%s>", s.open[len(s.open)-1]), "is it complete?")
	case !s.root:
		return s.fail("the file holds no XML", "")
	}
	return nil
}

func (s *scanner) skip(head, tail, message string) error {
	end := strings.Index(s.src[s.pos+len(head):], tail)
	if end < 0 {
		return s.fail(message, "")
	}
	s.pos += len(head) + end + len(tail)
	return nil
}

func (s *scanner) cdata() (token, error) {
	const head, tail = "<![CDATA[", "]]>"
	from := s.pos + len(head)
	if len(s.open) == 0 {
		return tokenEnd, s.fail("there is text outside the root element", "")
	}
	if err := s.skip(head, tail, "the CDATA section has no end"); err != nil {
		return tokenEnd, err
	}
	s.text = s.src[from : s.pos-len(tail)]
	return tokenText, nil
}

func (s *scanner) characters() (token, error) {
	end := strings.IndexByte(s.src[s.pos:], '<')
	if end < 0 {
		end = len(s.src) - s.pos
	}
	raw := s.src[s.pos : s.pos+end]
	if len(s.open) == 0 {
		if strings.TrimSpace(raw) != "" {
			return tokenEnd, s.fail("there is text outside the root element", "")
		}
		s.pos += end
		return s.next()
	}
	text, err := s.resolve(raw, false)
	if err != nil {
		return tokenEnd, err
	}
	s.text = text
	s.pos += end
	return tokenText, nil
}

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
	return s.src[from:s.pos]
}

// resolve replaces references, and in attributes line breaks by spaces.
func (s *scanner) resolve(raw string, attr bool) (string, error) {
	amp := strings.IndexByte(raw, '&')
	if attr && strings.ContainsAny(raw, "\t\n") {
		raw = strings.NewReplacer("\t", " ", "\n", " ").Replace(raw)
	}
	if amp < 0 {
		return raw, nil
	}
	var b strings.Builder
	b.Grow(len(raw))
	for {
		b.WriteString(raw[:amp])
		raw = raw[amp:]
		semi := strings.IndexByte(raw[:min(len(raw), 12)], ';')
		if semi < 0 {
			return "", s.fail("there is a & that starts no reference", "write &amp;")
		}
		r, ok := reference(raw[1:semi])
		if !ok {
			return "", s.fail(fmt.Sprintf("&%s; is not known", clip(raw[1:semi])), "only &amp; &lt; &gt; &quot; &apos; and character references are")
		}
		b.WriteRune(r)
		raw = raw[semi+1:]
		if amp = strings.IndexByte(raw, '&'); amp < 0 {
			b.WriteString(raw)
			return b.String(), nil
		}
	}
}

func reference(name string) (rune, bool) {
	switch name {
	case "amp":
		return '&', true
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	digits, ok := strings.CutPrefix(name, "#")
	if !ok {
		return 0, false
	}
	base := 10
	if hex, ok := strings.CutPrefix(digits, "x"); ok {
		digits, base = hex, 16
	}
	n, err := strconv.ParseUint(digits, base, 32)
	if err != nil || strings.HasPrefix(digits, "+") {
		return 0, false
	}
	r := rune(n)
	allowed := r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= 0x10FFFF
	return r, allowed
}

// clip shortens a name from the document for a message.
func clip(s string) string {
	if len(s) <= 60 {
		return s
	}
	cut := 60
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "..."
}
