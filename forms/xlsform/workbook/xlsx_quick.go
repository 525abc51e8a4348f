package workbook

import "bytes"

// This file reads the two shapes that nearly all of a workbook consists of
// without the general scanner. Whatever looks different, or is cut by the end
// of the window, is left to the general way, which has the same meaning.

// quickCells reads cells of the shapes <c r="A1" s="2" t="s"/> and
// <c r="A1" s="2" t="s"><v>12</v></c> for as long as they follow each other,
// and returns the last one's column.
func (x *xlsx) quickCells(s *scanner, g *grid, column int) (int, error) {
	for {
		b := s.buf[s.at:s.end]
		if len(b) < 8 || string(b[:6]) != `<c r="` {
			return column, nil
		}
		n, at := 0, 6
		for ; at < len(b) && b[at] >= 'A' && b[at] <= 'Z' && n < MaxColumns; at++ {
			n = n*26 + int(b[at]-'A') + 1
		}
		digits := at
		for at < len(b) && b[at] >= '0' && b[at] <= '9' {
			at++
		}
		if n == 0 || n > MaxColumns || at == digits {
			return column, nil
		}
		style, kind := 0, typeNumber
		if at+4 < len(b) && string(b[at:at+5]) == `" s="` {
			for at += 5; at < len(b) && b[at] >= '0' && b[at] <= '9' && style < 1<<20; at++ {
				style = style*10 + int(b[at]-'0')
			}
		}
		if at+6 < len(b) && string(b[at:at+5]) == `" t="` {
			end := bytes.IndexByte(b[at+5:], '"')
			if end < 0 {
				return column, nil
			}
			if kind = typeOf(b[at+5 : at+5+end]); kind == typeUnknown {
				return column, nil
			}
			at += 5 + end
		}
		if at+6 > len(b) || b[at] != '"' {
			return column, nil
		}
		if b[at+1] == '/' && b[at+2] == '>' {
			column = n - 1
			s.at += at + 3
			continue
		}
		if string(b[at+1:at+5]) != "><v>" {
			return column, nil
		}
		from := at + 5
		size := bytes.IndexByte(b[from:], '<')
		if size <= 0 || !bytes.HasPrefix(b[from+size:], []byte("</v></c>")) || !plain(b[from:from+size]) {
			return column, nil
		}
		column = n - 1
		s.at += from + size + len("</v></c>")
		if g.wants(column) {
			if err := x.putCell(g, column, style, kind, b[from:from+size]); err != nil {
				return column, err
			}
		}
	}
}

// quickText returns the text of an entry of the table of texts that is just
// <si><t>...</t></si>, whose first tag next has found.
func (s *scanner) quickText() ([]byte, bool) {
	b := s.buf[s.at:s.end]
	switch {
	case s.empty:
		return nil, false
	case bytes.HasPrefix(b, []byte("<t>")):
		b = b[len("<t>"):]
	case bytes.HasPrefix(b, []byte(`<t xml:space="preserve">`)):
		b = b[len(`<t xml:space="preserve">`):]
	default:
		return nil, false
	}
	size := bytes.IndexByte(b, '<')
	if size < 0 || !bytes.HasPrefix(b[size:], []byte("</t></si>")) || !plain(b[:size]) {
		return nil, false
	}
	s.at = s.end - len(b) + size + len("</t></si>")
	s.depth--
	return b[:size], true
}
