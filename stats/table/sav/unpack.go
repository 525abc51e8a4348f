package sav

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"math"
)

// The codes of compression by bytes; those below stand for a small whole number.
const (
	codeSkip    = 0
	codeEnd     = 252
	codeRaw     = 253
	codeSpaces  = 254
	codeMissing = 255
)

// unpacker undoes the compression by bytes: eight codes, then the values of
// those that have one.
type unpacker struct {
	r      *bufio.Reader
	values [256][8]byte // what a code stands for
	codes  [8]byte
	at     int
	ended  bool
}

func (f *File) unpack(r *bufio.Reader) *unpacker {
	u := &unpacker{r: r, at: 8}
	put := func(code int, v float64) {
		if f.BigEndian {
			binary.BigEndian.PutUint64(u.values[code][:], math.Float64bits(v))
		} else {
			binary.LittleEndian.PutUint64(u.values[code][:], math.Float64bits(v))
		}
	}
	for code := 1; code < codeEnd; code++ {
		put(code, float64(code)-f.bias)
	}
	copy(u.values[codeSpaces][:], "        ")
	put(codeMissing, f.missing)
	return u
}

// fill unpacks into a block and says how many bytes there were; io.EOF at the
// end of the cases.
func (u *unpacker) fill(block []byte) (int, error) {
	if u.ended {
		return 0, io.EOF
	}
	n := 0
	for n < len(block) {
		if u.at == 8 {
			if _, err := io.ReadFull(u.r, u.codes[:]); err != nil {
				return n, u.end(err)
			}
			u.at = 0
		}
		code := u.codes[u.at]
		u.at++
		switch code {
		case codeSkip:
		case codeEnd:
			u.ended = true
			return n, io.EOF
		case codeRaw:
			if _, err := io.ReadFull(u.r, block[n:n+8]); err != nil {
				if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
					return n, damaged("it ends within the cases")
				}
				return n, err
			}
			n += 8
		default:
			copy(block[n:n+8], u.values[code][:])
			n += 8
		}
	}
	return n, nil
}

func (u *unpacker) end(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) { // a last group of codes may be short
		return io.EOF
	}
	return err
}
