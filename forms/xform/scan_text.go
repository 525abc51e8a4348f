package xform

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"waymark/internal/xmltext"
)

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
		r, ok := xmltext.Reference(raw[1:semi])
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

// characters are the character data of one element. Comments and references cut
// them into pieces; one piece, as nearly always, is kept as it is.
type characters struct {
	one  string
	more []byte
}

func (c *characters) reset() { c.one, c.more = "", c.more[:0] }

func (c *characters) add(s string) {
	switch {
	case c.one == "" && len(c.more) == 0:
		c.one = s
	case len(c.more) == 0:
		c.more = append(append(c.more, c.one...), s...)
	default:
		c.more = append(c.more, s...)
	}
}

func (c *characters) String() string {
	if len(c.more) > 0 {
		return string(c.more)
	}
	return c.one
}
