package dta

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"

	"golang.org/x/text/encoding/charmap"

	"waymark/internal/fault"
)

// cursor reads a file's description in order, and never allocates more than
// the file has bytes left.
type cursor struct {
	r     *bufio.Reader
	at    int64
	size  int64
	order binary.ByteOrder
	buf   []byte
}

func newCursor(r io.ReaderAt, from, size int64, order binary.ByteOrder) *cursor {
	return &cursor{r: bufio.NewReaderSize(io.NewSectionReader(r, from, size-from), 64<<10), at: from, size: size, order: order}
}

// bytes reads n bytes, valid until the next call.
func (c *cursor) bytes(n int64, what string) ([]byte, error) {
	if n < 0 || n > c.size-c.at {
		return nil, damaged("it ends within %s", what)
	}
	if int64(cap(c.buf)) < n {
		c.buf = make([]byte, n)
	}
	b := c.buf[:n]
	if _, err := io.ReadFull(c.r, b); err != nil {
		return nil, c.readFault(err, what)
	}
	c.at += n
	return b, nil
}

func (c *cursor) skip(n int64, what string) error {
	if n < 0 || n > c.size-c.at {
		return damaged("it ends within %s", what)
	}
	for left := n; left > 0; {
		step := int(min(left, 1<<30))
		if _, err := c.r.Discard(step); err != nil {
			return c.readFault(err, what)
		}
		left -= int64(step)
	}
	c.at += n
	return nil
}

func (c *cursor) readFault(err error, what string) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return damaged("it ends within %s", what)
	}
	return fault.Wrap(fault.Unavailable, fault.Place{}, "the file could not be read", "copy it to a local disk and try again", err)
}

// expect reads a tag of the format.
func (c *cursor) expect(tag string) error {
	b, err := c.bytes(int64(len(tag)), tag)
	if err != nil {
		return err
	}
	if string(b) != tag {
		return damaged("it has no %s where one belongs", tag)
	}
	return nil
}

// unsigned reads a whole number of 1 to 8 bytes.
func (c *cursor) unsigned(n int, what string) (uint64, error) {
	b, err := c.bytes(int64(n), what)
	if err != nil {
		return 0, err
	}
	return unsigned(b, c.order), nil
}

func unsigned(b []byte, order binary.ByteOrder) uint64 {
	var v uint64
	for i := range b {
		if order == binary.BigEndian {
			v = v<<8 | uint64(b[i])
		} else {
			v |= uint64(b[i]) << (8 * i)
		}
	}
	return v
}

func decode1252(b []byte) []byte {
	out, err := charmap.Windows1252.NewDecoder().Bytes(b)
	if err != nil { // every byte has a reading in this encoding
		return nil
	}
	return out
}
