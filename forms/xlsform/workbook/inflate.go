package workbook

import (
	"encoding/binary"
	"errors"
	"io"
)

// inflater unpacks DEFLATE from memory. Unpacking is most of the time that a
// workbook takes to read. For the short parts of workbooks this takes half of
// what compress/flate takes, because the packed bytes are at hand, its tables
// are small, and it stops where the reader stops. A fuzz test holds it to
// compress/flate. Source: RFC 1951.
type inflater struct {
	src  []byte
	at   int    // bytes of src taken into bits
	bits uint64 // the next bits, the first one lowest
	n    int    // how many there are

	state  blockState
	last   bool // the block is the last one
	stored int  // bytes left of a stored block
	err    error

	read, write int // what of out is written and not yet read
	lengths     [288 + 32]uint8
	symbols     codeTable // literals and lengths
	distances   codeTable
	out         [2*historySize + 512]byte
}

// historySize is how far back DEFLATE may refer.
const historySize = 32 << 10

// blockState says what comes next in the stream.
type blockState uint8

const (
	blockHeader blockState = iota
	storedBlock
	codedBlock
	finished
)

var errDeflate = errors.New("the packed bytes are damaged")

// reset makes the inflater read another stream.
func (d *inflater) reset(src []byte) {
	d.src, d.at, d.bits, d.n = src, 0, 0, 0
	d.state, d.last, d.err = blockHeader, false, nil
	d.read, d.write = 0, 0
}

// Read unpacks the next bytes into p.
func (d *inflater) Read(p []byte) (int, error) {
	for d.read == d.write {
		if d.err != nil {
			return 0, d.err
		}
		if d.write > historySize+historySize/2 {
			copy(d.out[:], d.out[d.write-historySize:d.write])
			d.read, d.write = historySize, historySize
		}
		d.err = d.more(min(d.write+8<<10, len(d.out)-512))
	}
	n := copy(p, d.out[d.read:d.write])
	d.read += n
	return n, nil
}

// more unpacks until write has reached limit, or the stream ends.
func (d *inflater) more(limit int) error {
	for d.write < limit {
		var err error
		switch d.state {
		case blockHeader:
			err = d.header()
		case storedBlock:
			err = d.copyStored(limit)
		case codedBlock:
			err = d.decode(limit)
		case finished:
			return io.EOF
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// refill takes bytes from src until there are more than 48 bits, if it has them.
func (d *inflater) refill() {
	if d.at+8 <= len(d.src) {
		d.bits |= binary.LittleEndian.Uint64(d.src[d.at:]) << d.n
		taken := (63 - d.n) >> 3
		d.at += taken
		d.n += taken << 3
		return
	}
	for d.n <= 48 && d.at < len(d.src) {
		d.bits |= uint64(d.src[d.at]) << d.n
		d.at++
		d.n += 8
	}
}

// take returns the next count bits, at most 16.
func (d *inflater) take(count int) (int, error) {
	if d.n < count {
		if d.refill(); d.n < count {
			return 0, io.ErrUnexpectedEOF
		}
	}
	v := int(d.bits & (1<<count - 1))
	d.bits >>= count
	d.n -= count
	return v, nil
}

// endBlock goes on to what follows a block.
func (d *inflater) endBlock() {
	d.state = blockHeader
	if d.last {
		d.state = finished
	}
}

// header reads the header of a block.
func (d *inflater) header() error {
	v, err := d.take(3)
	if err != nil {
		return err
	}
	d.last = v&1 != 0
	switch v >> 1 {
	case 0:
		return d.startStored()
	case 1:
		d.fixedCodes()
	case 2:
		if err := d.readCodes(); err != nil {
			return err
		}
	default:
		return errDeflate
	}
	d.state = codedBlock
	return nil
}

// startStored reads the length of a block that is not packed, which begins at
// the next whole byte.
func (d *inflater) startStored() error {
	d.bits >>= d.n & 7
	d.n &^= 7
	size, err := d.take(16)
	if err != nil {
		return err
	}
	check, err := d.take(16)
	if err != nil {
		return err
	}
	if size != check^0xFFFF {
		return errDeflate
	}
	// Hand the whole bytes that were taken too early back.
	d.at -= d.n / 8
	d.bits, d.n = 0, 0
	d.state, d.stored = storedBlock, size
	return nil
}

func (d *inflater) copyStored(limit int) error {
	n := min(d.stored, limit-d.write, len(d.src)-d.at)
	copy(d.out[d.write:], d.src[d.at:d.at+n])
	d.at, d.write, d.stored = d.at+n, d.write+n, d.stored-n
	switch {
	case d.stored == 0:
		d.endBlock()
	case d.at == len(d.src):
		return io.ErrUnexpectedEOF
	}
	return nil
}

// decode unpacks coded symbols until limit or the end of the block. A symbol
// takes at most 15+5+15+13 = 48 bits and gives at most 258 bytes, for which
// there is room behind limit.
func (d *inflater) decode(limit int) error {
	for d.write < limit {
		if d.n < 48 {
			d.refill()
		}
		e := d.symbols.find(d.bits)
		for e.kind == literal && int(e.bits) <= d.n {
			d.bits >>= e.bits & 15
			d.n -= int(e.bits)
			d.out[d.write] = byte(e.base)
			if d.write++; d.n < 48 {
				d.refill()
			}
			if d.write >= limit {
				return nil
			}
			e = d.symbols.find(d.bits)
		}
		used := int(e.bits)
		if e.kind == noCode || used > d.n {
			return d.cut(used)
		}
		d.bits >>= used & 15
		d.n -= used
		if e.kind == endOfBlock {
			d.endBlock()
			return nil
		}
		length := int(e.base) + int(d.bits&(1<<e.extra-1))
		used = int(e.extra)
		f := d.distances.find(d.bits >> used)
		used += int(f.bits)
		distance := int(f.base) + int(d.bits>>used&(1<<f.extra-1))
		used += int(f.extra)
		if f.kind == noCode || used > d.n {
			return d.cut(used)
		}
		d.bits >>= used
		d.n -= used
		if distance > d.write {
			return errDeflate
		}
		d.repeat(distance, length)
	}
	return nil
}

// cut tells a code that does not exist from one that the end of src cuts off.
func (d *inflater) cut(used int) error {
	if d.at == len(d.src) && (used > d.n || d.n < 15) {
		return io.ErrUnexpectedEOF
	}
	return errDeflate
}

// repeat writes length bytes again that were written distance bytes before.
func (d *inflater) repeat(distance, length int) {
	to := d.out[d.write : d.write+length]
	from := d.write - distance
	d.write += length
	for n := copy(to, d.out[from:from+min(distance, length)]); n < length; {
		n += copy(to[n:], to[:n]) // doubles what repeats
	}
}
