package workbook

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"waymark/internal/fault"
	"waymark/internal/xmltext"
)

// readStrings reads the texts that cells name by number, each clean already.
func (x *xlsx) readStrings() error {
	x.strings = []string{}
	if x.stringsPart == "" || !x.has(x.stringsPart) {
		return nil
	}
	s, err := x.open(x.stringsPart)
	if err != nil {
		return err
	}
	defer s.close()
	var text []byte
	total := 0
	for {
		if err := s.next(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if s.closes {
			continue
		}
		switch string(s.name) {
		case "sst":
			if n, ok := s.number("uniqueCount"); ok {
				x.strings = make([]string, 0, min(n, 1<<17))
			}
		case "si":
			raw, quick := s.quickText()
			if !quick {
				if text, err = s.rich(text[:0]); err != nil {
					return err
				}
				raw = text
			}
			kept := x.texts.keep(bytes.TrimSpace(unescape(raw)))
			if strings.Contains(kept, "\u00a0") {
				kept = clean(kept)
			}
			x.strings = append(x.strings, kept)
			if total += len(kept); total > MaxTextBytes || len(x.strings) > MaxStrings {
				return fault.New(fault.Unavailable, fault.Place{Field: x.stringsPart}, "the workbook has too many texts", "remove sheets that the form does not need")
			}
		}
	}
}

// rich appends the text of the element that next found: its own t and those of
// its runs r, without the phonetic ones rPh, and passes the element.
func (s *scanner) rich(dst []byte) ([]byte, error) {
	if s.empty {
		return dst, nil
	}
	outer := s.depth
	hidden := 0 // the depth of the phonetic run, or 0
	for {
		if err := s.next(); err != nil {
			return dst, s.cut(err)
		}
		switch {
		case s.closes && s.depth < outer:
			return dst, nil
		case s.closes && s.depth < hidden:
			hidden = 0
		case s.closes || s.empty || hidden > 0:
		case string(s.name) == "rPh":
			hidden = s.depth
		case string(s.name) == "t":
			text, err := s.content()
			if err != nil {
				return dst, err
			}
			if dst = append(dst, text...); len(dst) > maxToken {
				return dst, s.malformed("a text of more than 1 MiB")
			}
		}
	}
}

// unescape resolves _xHHHH_, with which workbooks write characters that XML
// does not keep, and makes line ends LF. A character that no form may hold is
// left as it is written. Source: ECMA-376 part 1, §22.9.2.19.
func unescape(b []byte) []byte {
	if !bytes.Contains(b, []byte("_x")) {
		return lineEnds(b)
	}
	out := b[:0]
	for i := 0; i < len(b); {
		if b[i] == '_' && i+7 <= len(b) && b[i+1] == 'x' && b[i+6] == '_' {
			n, err := strconv.ParseUint(string(b[i+2:i+6]), 16, 16)
			if err == nil && xmltext.Allowed(rune(n)) && utf8.RuneLen(rune(n)) <= 3 {
				out = utf8.AppendRune(out, rune(n))
				i += 7
				continue
			}
		}
		out = append(out, b[i])
		i++
	}
	return lineEnds(out)
}

// lineEnds makes CR LF and CR into LF.
func lineEnds(b []byte) []byte {
	if bytes.IndexByte(b, '\r') < 0 {
		return b
	}
	return bytes.ReplaceAll(bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
}
