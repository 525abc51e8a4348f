package table

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math/bits"
	"unicode/utf8"
)

// csvScanner cuts delimited text into records of cells. Cells are slices of
// its buffer, valid until the next record.
//
// It is our own because encoding/csv cuts more slowly (BenchmarkReadCSV has both)
// and makes strings that the typed columns do not need, and because it can
// neither name the place where an unclosed quote began nor go on after a bad
// row. What a record is follows RFC 4180, with LF or CR as well as
// CRLF for its end and any single byte as delimiter.
type csvScanner struct {
	r       io.Reader
	buf     []byte
	start   int // of the next record
	end     int // of the data in buf
	eof     bool
	delim   byte
	newline byte // '\n', or '\r' in files that know no other end of line
	utf8    bool // the bytes must be UTF-8; else they were decoded and are

	validated int // bytes of buf known to be UTF-8
	nul       bool
	quote     int // no quote in buf[start:quote]; quote is one or end

	record    int // of the record last returned, from 1
	cells     [][]byte
	scratch   []byte // cells whose doubled quotes were undone
	cellLimit int

	badQuote int // column of a cell that goes on after its closing quote, or 0
}

const scanBuffer = 1 << 20

// recordLimit bounds a whole record in multiples of the bound of one cell.
const recordLimit = 64

// errNotUTF8 says that the bytes are in another encoding.
var errNotUTF8 = errors.New("not UTF-8")

// cellError is a cell that ended the scan.
type cellError struct {
	record, column int
	unclosed       bool // the file ended within quotes
	quoted         bool // the cell began with a quote
}

func (e *cellError) Error() string { return "cell cannot be read" }

// newCSVScanner scans about size bytes of r.
func newCSVScanner(r io.Reader, size int64, delim, newline byte, isUTF8 bool, cellLimit int) *csvScanner {
	return &csvScanner{r: r, buf: make([]byte, min(size+16, scanBuffer)), delim: delim, newline: newline, utf8: isUTF8, cellLimit: cellLimit}
}

// next returns the cells of the next record, or io.EOF after the last. An
// empty line is a record of one empty cell; blank says that it was one.
func (s *csvScanner) next() (cells [][]byte, blank bool, err error) {
	s.badQuote = 0
	seen := s.start
	for {
		if i := bytes.IndexByte(s.buf[seen:s.end], s.newline); i >= 0 {
			seen += i
			break
		}
		if s.eof {
			if s.start == s.end {
				return nil, false, io.EOF
			}
			seen = s.end
			break
		}
		offset := s.end - s.start
		if err := s.fill(); err != nil {
			return nil, false, err
		}
		seen = s.start + offset
	}
	if s.quote < s.start {
		s.seekQuote(s.start)
	}
	s.record++
	if s.quote < seen {
		cells, err = s.quoted()
		return cells, false, err
	}
	line := s.buf[s.start:seen]
	s.start = min(seen+1, s.end)
	line = s.chop(line)
	if len(line) == 0 {
		s.cells = append(s.cells[:0], line)
		return s.cells, true, nil
	}
	s.cells = split(s.cells[:0], line, s.delim)
	if len(line) > s.cellLimit {
		for i, c := range s.cells {
			if len(c) > s.cellLimit {
				return nil, false, &cellError{record: s.record, column: i + 1}
			}
		}
	}
	return s.cells, false, nil
}

// chop removes the CR of a CRLF.
func (s *csvScanner) chop(line []byte) []byte {
	if n := len(line); n > 0 && line[n-1] == '\r' && s.newline == '\n' {
		return line[:n-1]
	}
	return line
}

// split cuts a line without quotes, eight bytes at a time: in each word, m gets
// the high bit of the bytes that equal the delimiter.
func split(cells [][]byte, line []byte, delim byte) [][]byte {
	const low7 = 0x7f7f7f7f7f7f7f7f
	pattern := uint64(delim) * 0x0101010101010101
	from, i := 0, 0
	for ; i+8 <= len(line); i += 8 {
		w := binary.LittleEndian.Uint64(line[i:]) ^ pattern
		m := ^((w&low7 + low7) | w | low7)
		for m != 0 {
			at := i + bits.TrailingZeros64(m)>>3
			cells = append(cells, line[from:at])
			from = at + 1
			m &= m - 1
		}
	}
	for ; i < len(line); i++ {
		if line[i] == delim {
			cells = append(cells, line[from:i])
			from = i + 1
		}
	}
	return append(cells, line[from:])
}

func (s *csvScanner) seekQuote(from int) {
	if i := bytes.IndexByte(s.buf[from:s.end], '"'); i >= 0 {
		s.quote = from + i
	} else {
		s.quote = s.end
	}
}

// fill makes room and reads until the buffer is full or the file ends.
func (s *csvScanner) fill() error {
	if s.start > 0 {
		copy(s.buf, s.buf[s.start:s.end])
		s.end -= s.start
		s.validated = max(0, s.validated-s.start)
		s.quote = max(-1, s.quote-s.start)
		s.start = 0
	}
	if s.end == len(s.buf) {
		if len(s.buf) >= recordLimit*max(s.cellLimit, scanBuffer) {
			return &cellError{record: s.record + 1, column: 1}
		}
		s.buf = append(s.buf, make([]byte, max(len(s.buf), scanBuffer/16))...)
	}
	had := s.end
	n, err := io.ReadFull(s.r, s.buf[s.end:])
	s.end += n
	switch {
	case err == io.EOF || err == io.ErrUnexpectedEOF:
		s.eof = true
	case err != nil:
		return err
	}
	if s.quote >= had { // none in what was there
		s.seekQuote(had)
	}
	s.nul = s.nul || bytes.IndexByte(s.buf[had:s.end], 0) >= 0
	if s.utf8 {
		return s.validate()
	}
	return nil
}

// validate checks that the new bytes are UTF-8, leaving a rune that the buffer
// cuts for the next time.
func (s *csvScanner) validate() error {
	to := s.end
	if !s.eof {
		for cut := 1; cut < utf8.UTFMax && cut <= to-s.validated; cut++ {
			if b := s.buf[to-cut]; utf8.RuneStart(b) {
				if b >= utf8.RuneSelf && !utf8.FullRune(s.buf[to-cut:to]) {
					to -= cut
				}
				break
			}
		}
	}
	if !utf8.Valid(s.buf[s.validated:to]) {
		return errNotUTF8
	}
	s.validated = to
	return nil
}
