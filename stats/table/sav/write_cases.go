package sav

import (
	"bytes"
	"encoding/binary"
	"github.com/klauspost/compress/zlib"
	"io"
	"math"
)

// zlibBlock is how many bytes are compressed together, as SPSS does.
const zlibBlock = 0x3ff000

func (e *encoder) cases() error {
	if !e.o.Zlib {
		p := &packer{w: e.w}
		e.pack(p)
		return p.end(false)
	}
	z := &blockWriter{}
	p := &packer{w: z}
	e.pack(p)
	if err := p.end(true); err != nil {
		return err
	}
	if err := z.flush(); err != nil {
		return err
	}
	le := binary.LittleEndian
	head := le.AppendUint64(nil, uint64(e.at))
	head = le.AppendUint64(head, uint64(e.at)+24+uint64(z.packed.Len()))
	head = le.AppendUint64(head, uint64(24+24*len(z.blocks)))
	e.bytes(head)
	from := e.at
	e.bytes(z.packed.Bytes())
	tail := le.AppendUint64(nil, ^uint64(bias-1)) // minus the bias
	tail = le.AppendUint64(tail, 0)
	tail = le.AppendUint32(tail, zlibBlock)
	tail = le.AppendUint32(tail, uint32(len(z.blocks)))
	plain := uint64(from - 24)
	for _, b := range z.blocks {
		tail = le.AppendUint64(tail, plain)
		tail = le.AppendUint64(tail, uint64(from+b.at))
		tail = le.AppendUint32(tail, uint32(b.unpacked))
		tail = le.AppendUint32(tail, uint32(b.packed))
		plain += uint64(b.unpacked)
	}
	e.bytes(tail)
	return e.err
}

// pack gives all cases to the packer.
func (e *encoder) pack(p *packer) {
	var field []byte
	for row := range e.o.Rows {
		for i := range e.o.Variables {
			v := &e.o.Variables[i]
			if v.Width == 0 {
				x, ok := v.Number(row)
				p.number(x, ok)
				continue
			}
			text := v.Text(row)
			for _, width := range v.segments {
				n := min(len(text), width)
				field = append(field[:0], text[:n]...)
				text = text[n:]
				for len(field) < 8*slotsOf(width) {
					field = append(field, ' ')
				}
				p.text(field)
			}
		}
		if p.err != nil {
			return
		}
	}
}

// packer compresses by bytes.
type packer struct {
	w     io.Writer
	codes [8]byte
	n     int
	data  []byte
	err   error
}

func (p *packer) number(x float64, ok bool) {
	switch {
	case !ok:
		p.code(codeMissing)
	case x == math.Trunc(x) && x > -bias && x < codeEnd-bias && !(x == 0 && math.Signbit(x)):
		p.code(byte(int(x) + bias))
	default:
		p.data = binary.LittleEndian.AppendUint64(p.data, math.Float64bits(x))
		p.code(codeRaw)
	}
}

func (p *packer) text(field []byte) {
	for ; len(field) > 0; field = field[8:] {
		if string(field[:8]) == "        " {
			p.code(codeSpaces)
			continue
		}
		p.data = append(p.data, field[:8]...)
		p.code(codeRaw)
	}
}

func (p *packer) code(c byte) {
	p.codes[p.n] = c
	p.n++
	if p.n == 8 {
		p.flush()
	}
}

func (p *packer) flush() {
	if p.err == nil {
		_, p.err = p.w.Write(p.codes[:])
	}
	if p.err == nil {
		_, p.err = p.w.Write(p.data)
	}
	p.n, p.data, p.codes = 0, p.data[:0], [8]byte{}
}

// end writes the last codes. mark adds the code for the end, which a .zsav
// file wants.
func (p *packer) end(mark bool) error {
	if mark {
		p.code(codeEnd)
	}
	if p.n > 0 {
		p.flush()
	}
	return p.err
}

// blockWriter compresses what is written to it in blocks.
type blockWriter struct {
	buf    bytes.Buffer
	packed bytes.Buffer
	blocks []zblock
}

func (z *blockWriter) Write(b []byte) (int, error) {
	n := len(b)
	for len(b) > 0 {
		room := min(len(b), zlibBlock-z.buf.Len())
		z.buf.Write(b[:room])
		b = b[room:]
		if z.buf.Len() == zlibBlock {
			if err := z.flush(); err != nil {
				return 0, err
			}
		}
	}
	return n, nil
}

func (z *blockWriter) flush() error {
	if z.buf.Len() == 0 {
		return nil
	}
	at := int64(z.packed.Len())
	w := zlib.NewWriter(&z.packed)
	if _, err := w.Write(z.buf.Bytes()); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	z.blocks = append(z.blocks, zblock{at: at, packed: int64(z.packed.Len()) - at, unpacked: int64(z.buf.Len())})
	z.buf.Reset()
	return nil
}
