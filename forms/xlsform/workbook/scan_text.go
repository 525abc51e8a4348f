package workbook

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"waymark/internal/xmltext"
)

// content returns the decoded text up to the next tag, and stops before it.
func (s *scanner) content() ([]byte, error) {
	i, err := s.find('<', 0)
	if err != nil {
		if errors.Is(err, io.EOF) {
			return nil, s.malformed("the XML ends within an element")
		}
		return nil, err
	}
	raw := s.buf[s.at : s.at+i]
	// The usual text: nothing to decode, and a tag behind it.
	if s.at+i+1 < s.end && s.buf[s.at+i+1] != '!' && s.buf[s.at+i+1] != '?' && plain(raw) {
		s.at += i
		return raw, nil
	}
	s.text = s.text[:0]
	for {
		if s.text, err = decode(s.text, raw); err != nil {
			return nil, s.malformed(err.Error())
		}
		s.at += i
		before := len(s.text)
		special, err := s.special(&s.text)
		if err != nil {
			return nil, err
		}
		if !special {
			return s.text, nil
		}
		if !valid(s.text[before:]) {
			return nil, s.malformed("a character that XML may not hold")
		}
		if len(s.text) > maxToken {
			return nil, s.malformed("a text of more than 1 MiB")
		}
		if i, err = s.find('<', 0); err != nil {
			return nil, s.cut(err)
		}
		raw = s.buf[s.at : s.at+i]
	}
}

// plain says whether a text is its own decoding: ASCII that XML may hold, and
// no reference or carriage return.
func plain(b []byte) bool {
	for _, c := range b {
		if c == '&' || c >= utf8.RuneSelf || c < ' ' && c != '\t' && c != '\n' {
			return false
		}
	}
	return true
}

// valid says whether a text is UTF-8 without characters that XML may not hold.
func valid(b []byte) bool {
	for _, c := range b {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' {
			return false
		}
	}
	return utf8.Valid(b) && !bytes.Contains(b, []byte("\uFFFE")) && !bytes.Contains(b, []byte("\uFFFF"))
}

var (
	errCharacter = errors.New("a character that XML may not hold")
	errReference = errors.New("a reference that XML does not have")
)

// decode appends a text with its references resolved and its line ends made LF.
func decode(dst, raw []byte) ([]byte, error) {
	if !valid(raw) {
		return dst, errCharacter
	}
	for len(raw) > 0 {
		i := bytes.IndexAny(raw, "&\r")
		if i < 0 {
			return append(dst, raw...), nil
		}
		dst = append(dst, raw[:i]...)
		raw = raw[i:]
		if raw[0] == '\r' {
			dst = append(dst, '\n')
			raw = raw[1:]
			if len(raw) > 0 && raw[0] == '\n' {
				raw = raw[1:]
			}
			continue
		}
		end := bytes.IndexByte(raw[:min(len(raw), 16)], ';')
		if end < 0 {
			return dst, errReference
		}
		r, ok := xmltext.Reference(string(raw[1:end]))
		if !ok {
			return dst, errReference
		}
		dst = utf8.AppendRune(dst, r)
		raw = raw[end+1:]
	}
	return dst, nil
}

// attr returns an attribute of the tag that next found, by its local name and
// as it is written, and whether it is there. A prefix is ignored if prefixed is
// false and required if it is true.
func (s *scanner) attr(name string, prefixed bool) ([]byte, bool) {
	b := s.attrs
	for {
		eq := bytes.IndexByte(b, '=')
		if eq < 0 {
			return nil, false
		}
		key := bytes.TrimSpace(b[:eq])
		b = bytes.TrimLeft(b[eq+1:], " \t\r\n")
		if len(b) == 0 || b[0] != '"' && b[0] != '\'' {
			return nil, false
		}
		n := bytes.IndexByte(b[1:], b[0])
		if n < 0 {
			return nil, false
		}
		value := b[1 : n+1]
		b = b[n+2:]
		colon := bytes.LastIndexByte(key, ':')
		if string(key[colon+1:]) == name && (!prefixed || colon >= 0) {
			return value, true
		}
	}
}

// attrText returns an attribute decoded, or "".
func (s *scanner) attrText(name string, prefixed bool) (string, error) {
	raw, ok := s.attr(name, prefixed)
	if !ok {
		return "", nil
	}
	text, err := decode(nil, raw)
	if err != nil {
		return "", s.malformed(err.Error())
	}
	return string(text), nil
}
