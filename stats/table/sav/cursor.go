package sav

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"math"

	"waymark/internal/fault"
)

// cursor reads a file's dictionary in order, and never allocates more than the
// file has bytes left.
type cursor struct {
	r     *bufio.Reader
	at    int64
	size  int64
	order binary.ByteOrder
}

func newCursor(r io.ReaderAt, from, size int64) *cursor {
	return &cursor{r: bufio.NewReaderSize(io.NewSectionReader(r, from, size-from), 64<<10), at: from, size: size, order: binary.LittleEndian}
}

// bytes reads n bytes into memory of their own.
func (c *cursor) bytes(n int64, what string) ([]byte, error) {
	if n < 0 || n > c.size-c.at {
		return nil, damaged("it ends within %s", what)
	}
	b := make([]byte, n)
	if _, err := io.ReadFull(c.r, b); err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, damaged("it ends within %s", what)
		}
		return nil, fault.Wrap(fault.Unavailable, fault.Place{}, "the file could not be read", "copy it to a local disk and try again", err)
	}
	c.at += n
	return b, nil
}

// ints reads n 32-bit integers.
func (c *cursor) ints(n int64, what string) ([]int32, error) {
	b, err := c.bytes(4*n, what)
	if err != nil {
		return nil, err
	}
	return ints(b, c.order), nil
}

func ints(b []byte, order binary.ByteOrder) []int32 {
	out := make([]int32, len(b)/4)
	for i := range out {
		out[i] = int32(order.Uint32(b[4*i:]))
	}
	return out
}

func (c *cursor) int(what string) (int32, error) {
	v, err := c.ints(1, what)
	if err != nil {
		return 0, err
	}
	return v[0], nil
}

func float(b []byte, order binary.ByteOrder) float64 { return math.Float64frombits(order.Uint64(b)) }

// reader takes the parts of a record that is in memory.
type reader struct {
	b     []byte
	order binary.ByteOrder
	short bool // something was missing
}

func (r *reader) bytes(n int) []byte {
	if n < 0 || n > len(r.b) {
		r.short = true
		r.b = nil
		return nil
	}
	b := r.b[:n]
	r.b = r.b[n:]
	return b
}

func (r *reader) int() int {
	b := r.bytes(4)
	if b == nil {
		return 0
	}
	return int(int32(r.order.Uint32(b)))
}
