package workbook

import (
	"bytes"
	"errors"
	"io"
	"sync"

	"waymark/internal/fault"
)

// scanner reads the tags and texts of an XML part in one pass over a window of
// memory. It knows as much XML as workbooks hold: no document types, no
// entities but the five of XML and numbered ones. Bytes that it returns hold
// until the next call.
type scanner struct {
	part  string
	from  io.Reader
	file  *part
	buf   []byte
	box   *[]byte // the pool's hold of buf
	at    int
	end   int
	eof   bool
	depth int
	text  []byte // decoded text

	// The tag that next found.
	name   []byte // local name, without prefix
	attrs  []byte // what stands behind the name
	closes bool   // </name>
	empty  bool   // <name/>
}

var windows = sync.Pool{New: func() any { b := make([]byte, 64<<10); return &b }}

func newScanner(p *part, name string) *scanner {
	box := windows.Get().(*[]byte)
	return &scanner{part: name, from: p, file: p, buf: *box, box: box}
}

// close hands back what the scanner borrowed.
func (s *scanner) close() {
	if s.file != nil {
		s.file.release()
	}
	if s.box != nil {
		windows.Put(s.box)
		s.box, s.buf = nil, nil
	}
}

// fill reads more behind end; it keeps the bytes from at on and moves them to
// the front. It returns io.EOF where there is no more.
func (s *scanner) fill() error {
	if s.eof {
		return io.EOF
	}
	if s.at > 0 {
		s.end = copy(s.buf, s.buf[s.at:s.end])
		s.at = 0
	}
	if s.end == len(s.buf) {
		if s.end >= maxToken {
			return s.malformed("a tag or text of more than 1 MiB")
		}
		s.buf = append(s.buf, make([]byte, len(s.buf))...)
	}
	for {
		n, err := s.from.Read(s.buf[s.end:])
		s.end += n
		if errors.Is(err, io.EOF) {
			s.eof = true
			err = nil
			if n == 0 {
				err = io.EOF
			}
		}
		if n > 0 || err != nil {
			return err
		}
	}
}

// malformed is the fault of a part that is not XML as it should be.
func (s *scanner) malformed(why string) error { return damaged(s.part, errors.New(why)) }

// seek moves to the next byte c, and fails where there is none.
func (s *scanner) find(c byte, from int) (int, error) {
	for {
		if i := bytes.IndexByte(s.buf[s.at+from:s.end], c); i >= 0 {
			return from + i, nil
		}
		from = s.end - s.at
		if err := s.fill(); err != nil {
			return 0, err
		}
	}
}

// next moves to the next tag and passes the text before it. It returns io.EOF
// at the end of a part whose tags are all closed.
func (s *scanner) next() error {
	for {
		i := 0
		if s.at >= s.end || s.buf[s.at] != '<' {
			i = bytes.IndexByte(s.buf[s.at:s.end], '<')
		}
		if i < 0 {
			s.at = s.end
			switch err := s.fill(); {
			case errors.Is(err, io.EOF) && s.depth > 0:
				return s.malformed("the XML ends within an element")
			case err != nil:
				return err
			}
			continue
		}
		s.at += i
		if s.at+1 < s.end && s.buf[s.at+1] != '!' && s.buf[s.at+1] != '?' {
			return s.tag()
		}
		special, err := s.special(nil)
		if err != nil {
			return err
		}
		if !special {
			return s.tag()
		}
	}
}

// cut is the end of the part within a tag.
func (s *scanner) cut(err error) error {
	if errors.Is(err, io.EOF) {
		return s.malformed("the XML ends within a tag")
	}
	return err
}

// tag reads the tag that begins at the window's place.
func (s *scanner) tag() error {
	if b := s.buf[s.at+1 : s.end]; len(b) > 0 {
		// The usual tag has no bracket or apostrophe within its quotes.
		if n := bytes.IndexByte(b, '>'); n > 0 && bytes.Count(b[:n], []byte{'"'})%2 == 0 && bytes.IndexByte(b[:n], '\'') < 0 && bytes.IndexByte(b[:n], '<') < 0 {
			return s.cutTag(b[:n])
		}
	}
	i, quote := 1, byte(0)
	for {
		b := s.buf[s.at:s.end]
		for ; i < len(b); i++ {
			c := b[i]
			if c == '<' { // not even within quotes
				return s.malformed("a tag within a tag")
			}
			if quote != 0 {
				if c == quote {
					quote = 0
				}
				continue
			}
			if c == '>' {
				return s.cutTag(b[1:i])
			}
			if c == '"' || c == '\'' {
				quote = c
			}
		}
		if err := s.fill(); err != nil {
			return s.cut(err)
		}
	}
}

// cutTag takes a tag without its angle brackets apart.
func (s *scanner) cutTag(b []byte) error {
	s.at += len(b) + 2
	s.closes, s.empty = false, false
	if len(b) > 0 && b[0] == '/' {
		s.closes = true
		b = b[1:]
	} else if len(b) > 0 && b[len(b)-1] == '/' {
		s.empty = true
		b = b[:len(b)-1]
	}
	n := 0
	for n < len(b) && b[n] > ' ' {
		if b[n] == ':' {
			b, n = b[n+1:], 0
			continue
		}
		n++
	}
	if n == 0 {
		return s.malformed("a tag without a name")
	}
	s.name, s.attrs = b[:n], b[n:]
	switch {
	case s.closes:
		s.depth--
	case !s.empty:
		s.depth++
	}
	if s.depth < 0 || s.depth > MaxDepth {
		return s.malformed("elements that are not closed or nested too deep")
	}
	return nil
}

// special passes a comment, an instruction or marked text at the window's place
// and says whether there was one. Marked text is appended to into, if not nil.
func (s *scanner) special(into *[]byte) (bool, error) {
	for s.end-s.at < 2 {
		if err := s.fill(); err != nil {
			return false, s.cut(err)
		}
	}
	switch s.buf[s.at+1] {
	case '?':
		return true, s.pass("<?", "?>", nil)
	case '!':
	default:
		return false, nil
	}
	for s.end-s.at < 9 {
		if err := s.fill(); err != nil {
			return false, s.cut(err)
		}
	}
	switch b := s.buf[s.at:s.end]; {
	case bytes.HasPrefix(b, []byte("<!--")):
		return true, s.pass("<!--", "-->", nil)
	case bytes.HasPrefix(b, []byte("<![CDATA[")):
		return true, s.pass("<![CDATA[", "]]>", into)
	case bytes.HasPrefix(b, []byte("<!DOCTYPE")):
		return false, fault.New(fault.Invalid, fault.Place{Field: s.part}, "the workbook defines a document type, which no spreadsheet program writes", saveXLSX)
	}
	return false, s.malformed("an unknown mark")
}

// pass moves behind what open begins and shut ends.
func (s *scanner) pass(open, shut string, into *[]byte) error {
	from := len(open)
	for {
		if i := bytes.Index(s.buf[s.at+from:s.end], []byte(shut)); i >= 0 {
			from += i
			break
		}
		from = max(len(open), s.end-s.at-len(shut)+1)
		if err := s.fill(); err != nil {
			return s.cut(err)
		}
	}
	if into != nil {
		*into = append(*into, s.buf[s.at+len(open):s.at+from]...)
	}
	s.at += from + len(shut)
	return nil
}
