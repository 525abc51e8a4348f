package sav

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"math/bits"
)

// blockBytes is about how much is decoded at once.
const blockBytes = 1 << 18

// Block is a run of cases.
type Block struct {
	First int64 // number of the first case, from 0
	Rows  int

	file  *File
	data  []byte
	width int
	text  []byte
}

// BlockRows is the most cases that a block has.
func (f *File) BlockRows() int { return max(1, blockBytes/(8*f.slots)) }

// Scan gives all cases in blocks, in order. r must stand at DataOffset. A
// block is valid only during the call.
func (f *File) Scan(r io.Reader, do func(*Block) error) error {
	var next func(block []byte) (int, error)
	switch f.compression {
	case 0:
		next = func(block []byte) (int, error) {
			n, err := io.ReadFull(r, block)
			if errors.Is(err, io.ErrUnexpectedEOF) {
				err = io.EOF
			}
			return n, err
		}
	case 1:
		next = f.unpack(bufio.NewReaderSize(r, 64<<10)).fill
	default:
		next = f.unpack(bufio.NewReaderSize(f.inflate(r), 64<<10)).fill
	}
	b := &Block{file: f, width: 8 * f.slots}
	rows := int64(f.BlockRows())
	if f.Rows >= 0 {
		rows = min(rows, max(f.Rows, 1))
	}
	buf := make([]byte, rows*int64(b.width))
	for {
		want := len(buf)
		if f.Rows >= 0 {
			want = int(min(rows, f.Rows-b.First)) * b.width
		}
		if want == 0 {
			return nil
		}
		n, err := next(buf[:want])
		end := errors.Is(err, io.EOF)
		if err != nil && !end {
			return err
		}
		if n%b.width != 0 || end && f.Rows >= 0 && n < want {
			return damaged("it ends within the cases")
		}
		b.Rows, b.data = n/b.width, buf[:n]
		if b.First+int64(b.Rows) > f.limits.Rows {
			return beyond("the file has more than %d cases, which are the most that are read", f.limits.Rows)
		}
		if b.Rows > 0 {
			if err := do(b); err != nil {
				return err
			}
		}
		if end {
			return nil
		}
		b.First += int64(b.Rows)
	}
}

// Numbers writes a numeric variable's values in this block to dst and whether
// they are system-missing to mark, both of Rows entries: 0 a number, 1 missing,
// NotANumber for Inf and NaN; dst holds 0 where mark is not 0.
func (b *Block) Numbers(variable int, dst []float64, mark []uint8) {
	f := b.file
	at := f.Variables[variable].parts[0].at
	missing := math.Float64bits(f.missing)
	for i := range b.Rows {
		u := binary.LittleEndian.Uint64(b.data[at:])
		at += b.width
		if f.BigEndian {
			u = bits.ReverseBytes64(u)
		}
		switch {
		case u == missing:
			dst[i], mark[i] = 0, 1
		case u&exponent == exponent:
			dst[i], mark[i] = 0, NotANumber
		default:
			dst[i], mark[i] = math.Float64frombits(u), 0
		}
	}
}

// exponent is the bits of a double's exponent, all set in Inf and NaN alone.
const exponent = 0x7ff << 52

// NotANumber marks a value that is neither a number nor missing.
const NotANumber = 28

// Text is the text of a string variable in UTF-8, without the spaces that fill
// it up, valid until the next call.
func (b *Block) Text(variable, row int) []byte {
	v := &b.file.Variables[variable]
	data := b.data[row*b.width:]
	text := data[v.parts[0].at : v.parts[0].at+v.parts[0].width]
	if len(v.parts) > 1 {
		b.text = append(b.text[:0], text...)
		for _, p := range v.parts[1:] {
			b.text = append(b.text, data[p.at:p.at+p.width]...)
		}
		text = b.text
	}
	return b.file.decode(bytes.TrimRight(text, " \x00"))
}
