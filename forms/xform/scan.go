package xform

import (
	"fmt"
	"strings"
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

// pass moves behind the end of the element that was just opened.
func (s *scanner) pass() error {
	for depth := len(s.open); len(s.open) >= depth; {
		if _, err := s.next(); err != nil {
			return err
		}
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
