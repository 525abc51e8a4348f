package table

import (
	"bytes"
	"errors"
)

// quoted cuts a record that holds a quote. Where the buffer ends within the
// record, it reads on and begins the record again; the buffer doubles, so that
// a long record costs a constant number of passes.
func (s *csvScanner) quoted() ([][]byte, error) {
	for {
		cells, rest, err := s.quotedOnce()
		if err != errMore {
			s.cells = cells
			if err == nil {
				s.start = rest
			}
			return cells, err
		}
		if err := s.fill(); err != nil {
			return nil, err
		}
	}
}

// errMore asks for more of the file.
var errMore = errors.New("the record goes on beyond the buffer")

func (s *csvScanner) quotedOnce() (cells [][]byte, rest int, err error) {
	cells, s.scratch, s.badQuote = s.cells[:0], s.scratch[:0], 0
	data := s.buf[:s.end]
	at := s.start
	for {
		var cell []byte
		if at < len(data) && data[at] == '"' {
			cell, at, err = s.quotedCell(data, at+1, len(cells)+1)
		} else {
			from := at
			for at < len(data) && data[at] != s.delim && data[at] != s.newline {
				at++
			}
			if at == len(data) && !s.eof {
				err = s.more(at-from, len(cells)+1, false)
			}
			cell = data[from:at]
			if at == len(data) || data[at] == s.newline {
				cell = s.chop(cell)
			}
		}
		if err == nil && len(cell) > s.cellLimit {
			err = &cellError{record: s.record, column: len(cells) + 1}
		}
		if err != nil {
			return cells, 0, err
		}
		cells = append(cells, cell)
		if at >= len(data) {
			return cells, len(data), nil
		}
		at++
		if data[at-1] == s.newline {
			return cells, at, nil
		}
	}
}

// quotedCell reads a cell from behind its opening quote; it returns where the
// delimiter or the end of the line stands.
func (s *csvScanner) quotedCell(data []byte, from, column int) (cell []byte, at int, err error) {
	first := len(s.scratch)
	at = from
	for {
		i := bytes.IndexByte(data[at:], '"')
		if i < 0 {
			if s.eof {
				return nil, 0, &cellError{record: s.record, column: column, unclosed: true, quoted: true}
			}
			return nil, 0, s.more(len(data)-from, column, true)
		}
		at += i + 1
		if at == len(data) && !s.eof {
			return nil, 0, s.more(at-from, column, true)
		}
		if at < len(data) && data[at] == '"' { // a doubled quote stands for one
			s.scratch = append(s.scratch, data[from:at]...)
			at++
			from = at
			continue
		}
		cell = data[from : at-1]
		if len(s.scratch) > first {
			s.scratch = append(s.scratch, cell...)
			cell = s.scratch[first:]
		}
		tail := at
		for at < len(data) && data[at] != s.delim && data[at] != s.newline {
			at++
		}
		if at == len(data) && !s.eof {
			return nil, 0, s.more(at-from, column, true)
		}
		after := data[tail:at]
		if at == len(data) || data[at] == s.newline {
			after = s.chop(after)
		}
		if len(bytes.TrimSpace(after)) > 0 && s.badQuote == 0 {
			s.badQuote = column
		}
		return cell, at, nil
	}
}

// more asks for more of the file unless the cell is too long already.
func (s *csvScanner) more(length, column int, quoted bool) error {
	if length > s.cellLimit {
		return &cellError{record: s.record, column: column, quoted: quoted}
	}
	return errMore
}
