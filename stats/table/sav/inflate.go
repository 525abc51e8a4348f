package sav

import (
	"context"
	"errors"
	"github.com/klauspost/compress/zlib"
	"io"

	"waymark/internal/fault"
)

// zblock is one block of a .zsav file.
type zblock struct {
	at, packed, unpacked int64
}

// openBlocks reads the table of blocks, which stands at the end of the file.
func (f *File) openBlocks() error {
	const what = "the table of compressed blocks"
	c := newCursor(f.r, f.data, f.size)
	order := f.order()
	b, err := c.bytes(24, what)
	if err != nil {
		return err
	}
	at, length := int64(order.Uint64(b[8:])), int64(order.Uint64(b[16:]))
	if at < f.data+24 || length < 24 || at > f.size-length {
		return damaged("the table of compressed blocks is not where it should be")
	}
	c = newCursor(f.r, at, f.size)
	if b, err = c.bytes(length, what); err != nil {
		return err
	}
	count := int64(order.Uint32(b[20:]))
	if count != (length-24)/24 || length%24 != 0 {
		return damaged("the table of compressed blocks has another length than it says")
	}
	next := f.data + 24
	for i := range count {
		e := b[24+24*i:]
		z := zblock{at: int64(order.Uint64(e[8:])), unpacked: int64(int32(order.Uint32(e[16:]))), packed: int64(int32(order.Uint32(e[20:])))}
		if z.at != next || z.packed < 0 || z.unpacked < 0 || z.packed > at-z.at {
			return damaged("a compressed block is not where it should be")
		}
		if z.unpacked > f.limits.Unpacked || z.unpacked > 1<<20 && z.unpacked/max(1, z.packed) > f.limits.Ratio {
			return fault.New(fault.Invalid, fault.Place{}, "a part of the file unpacks to more than may be", "it may be made to do harm: ask who sent it; if it is yours, save it as .sav")
		}
		next += z.packed
		f.blocks = append(f.blocks, z)
	}
	return nil
}

// inflate gives the blocks' content, one after the other.
func (f *File) inflate(r io.Reader) io.Reader { return &inflater{r: r, blocks: f.blocks, skip: 24} }

type inflater struct {
	r      io.Reader
	blocks []zblock
	skip   int64 // bytes before the first block
	packed *io.LimitedReader
	z      io.ReadCloser
	left   int64 // of this block
}

func (i *inflater) Read(b []byte) (int, error) {
	if i.skip > 0 {
		if _, err := io.CopyN(io.Discard, i.r, i.skip); err != nil {
			return 0, i.damaged(err)
		}
		i.skip = 0
	}
	for i.left == 0 {
		if err := i.finish(); err != nil {
			return 0, err
		}
		if len(i.blocks) == 0 {
			return 0, io.EOF
		}
		next := i.blocks[0]
		i.blocks = i.blocks[1:]
		i.packed = &io.LimitedReader{R: i.r, N: next.packed}
		i.left = next.unpacked
		var err error
		if resetter, ok := i.z.(zlib.Resetter); ok {
			err = resetter.Reset(i.packed, nil)
		} else {
			i.z, err = zlib.NewReader(i.packed)
		}
		if err != nil {
			return 0, i.damaged(err)
		}
	}
	n, err := i.z.Read(b[:min(int64(len(b)), i.left)])
	i.left -= int64(n)
	if err != nil && !(errors.Is(err, io.EOF) && i.left == 0) {
		return n, i.damaged(err)
	}
	return n, nil
}

// finish ends a block: its checksum is read, and it may hold no more than the
// table says.
func (i *inflater) finish() error {
	if i.packed == nil {
		return nil
	}
	var more [1]byte
	if n, err := i.z.Read(more[:]); n > 0 || !errors.Is(err, io.EOF) {
		return i.damaged(err)
	}
	_, err := io.Copy(io.Discard, i.packed)
	i.packed = nil
	return err
}

func (i *inflater) damaged(err error) error {
	var known *fault.Fault
	if errors.As(err, &known) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return fault.Wrap(fault.Invalid, fault.Place{}, "the SPSS file is damaged: a compressed block cannot be read", "copy it again, or save it again in SPSS", err)
}
