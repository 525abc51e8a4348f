package dta

import (
	"bytes"
	"errors"
	"io"

	"waymark/internal/fault"
)

// blockBytes is about how much is read at once.
const blockBytes = 1 << 18

// Block is a run of rows.
type Block struct {
	First int64 // number of the first row, from 0
	Rows  int

	file *File
	data []byte
}

// BlockRows is the most rows that a block has.
func (f *File) BlockRows() int { return max(1, blockBytes/f.width) }

// Scan gives all rows in blocks, in order. r must stand at DataOffset; it is
// read to the end of the rows. A block is valid only during the call.
func (f *File) Scan(r io.Reader, do func(*Block) error) error {
	b := &Block{file: f}
	rows := f.BlockRows()
	buf := make([]byte, min(int64(rows), f.Rows)*int64(f.width))
	for left := f.Rows; left > 0; {
		b.Rows = int(min(left, int64(rows)))
		b.data = buf[:b.Rows*f.width]
		if _, err := io.ReadFull(r, b.data); err != nil {
			if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
				return damaged("it ends within the observations")
			}
			return err
		}
		if err := do(b); err != nil {
			return err
		}
		left -= int64(b.Rows)
		b.First += int64(b.Rows)
	}
	return nil
}

// Text is the text of a string variable in UTF-8, valid until the next block.
func (b *Block) Text(variable, row int) ([]byte, error) {
	f := b.file
	v := &f.Variables[variable]
	at := row*f.width + v.offset
	field := b.data[at : at+v.Width]
	if v.Type == StrL {
		return f.object(field)
	}
	if n := bytes.IndexByte(field, 0); n >= 0 {
		field = field[:n]
	}
	return f.decode(field), nil
}

// reference names a strL: the variable and observation that first had it.
type reference struct {
	v uint32
	o uint64
}

// span is where a strL lies in the file.
type span struct {
	at   int64
	size uint32
	text bool // ends in a zero that is not part of it
}

// objects finds the strLs, which follow the rows.
func (f *File) objects(c *cursor) error {
	if err := c.expect("<strls>"); err != nil {
		return err
	}
	for {
		one, err := c.tag("GSO", "</strls>")
		if err != nil || !one {
			return err
		}
		v, err := c.unsigned(4, "<strls>")
		if err != nil {
			return err
		}
		o, err := c.unsigned(f.layout.objectO, "<strls>")
		if err != nil {
			return err
		}
		kind, err := c.unsigned(1, "<strls>")
		if err != nil {
			return err
		}
		n, err := c.unsigned(4, "<strls>")
		if err != nil {
			return err
		}
		f.long[reference{uint32(v), o}] = span{c.at, uint32(n), kind == 130}
		if err := c.skip(int64(n), "<strls>"); err != nil {
			return err
		}
	}
}

// object reads the strL that a row refers to.
func (f *File) object(field []byte) ([]byte, error) {
	order, cut := f.layout.order, f.layout.referV
	ref := reference{uint32(unsigned(field[:cut], order)), unsigned(field[cut:8], order)}
	if ref.v == 0 && ref.o == 0 {
		return nil, nil
	}
	at, ok := f.long[ref]
	if !ok && f.Version == 119 {
		// Some programs other than Stata write the reference as in format 118.
		at, ok = f.long[reference{uint32(unsigned(field[:2], order)), unsigned(field[2:8], order)}]
	}
	if !ok {
		return nil, damaged("a long text is not there")
	}
	if int64(at.size) > int64(f.limits.CellBytes)+1 {
		return nil, fault.New(fault.Invalid, fault.Place{}, "a text is too long", "shorten it, or raise the limit")
	}
	b := make([]byte, at.size)
	if _, err := f.r.ReadAt(b, at.at); err != nil && !(errors.Is(err, io.EOF) && at.at+int64(at.size) == f.size) {
		return nil, fault.Wrap(fault.Unavailable, fault.Place{}, "the file could not be read", "copy it to a local disk and try again", err)
	}
	if at.text {
		b = bytes.TrimSuffix(b, []byte{0})
	}
	return f.decode(b), nil
}
