package workbook

import (
	"encoding/binary"
	"errors"
	"math"
	"unicode/utf16"

	"waymark/internal/fault"
)

// The records of BIFF8 that are read. Source: Microsoft, [MS-XLS], §2.3.
const (
	recFormula    = 0x0006
	recEOF        = 0x000A
	recDateMode   = 0x0022
	recFilePass   = 0x002F
	recContinue   = 0x003C
	recBoundSheet = 0x0085
	recMulRK      = 0x00BD
	recRString    = 0x00D6
	recXF         = 0x00E0
	recSST        = 0x00FC
	recLabelSST   = 0x00FD
	recNumber     = 0x0203
	recLabel      = 0x0204
	recBoolErr    = 0x0205
	recString     = 0x0207
	recRK         = 0x027E
	recFormat     = 0x041E
	recBOF        = 0x0809
)

var errBIFF = errors.New("a record that does not hold what it should")

// damagedBIFF is the fault of a stream that cannot be read.
func damagedBIFF(sheet string) *fault.Fault {
	return fault.Wrap(fault.Invalid, fault.Place{Sheet: sheet}, "the workbook (.xls) is damaged", "download or copy it again, or "+saveXLSX, errBIFF)
}

// biff is a stream of records and the place in it.
type biff struct {
	stream []byte
	at     int
}

// next returns the next record. Its data hold in the stream's own memory.
func (b *biff) next() (id uint16, data []byte, ok bool) {
	if b.at < 0 || len(b.stream)-b.at < 4 {
		return 0, nil, false
	}
	id = binary.LittleEndian.Uint16(b.stream[b.at:])
	size := int(binary.LittleEndian.Uint16(b.stream[b.at+2:]))
	if len(b.stream)-b.at-4 < size {
		return 0, nil, false
	}
	data = b.stream[b.at+4 : b.at+4+size]
	b.at += 4 + size
	return id, data, true
}

// pieces returns a record's data with those of the records that continue it.
func (b *biff) pieces(data []byte) *pieces {
	p := &pieces{now: data}
	for {
		at := b.at
		id, more, ok := b.next()
		if !ok || id != recContinue {
			b.at = at
			return p
		}
		p.rest = append(p.rest, more)
	}
}

// pieces reads data that run over several records.
type pieces struct {
	now    []byte
	rest   [][]byte
	failed bool
	units  []uint16 // the text being read
}

// turn goes on to the next record, and says whether there is one.
func (p *pieces) turn() bool {
	for len(p.now) == 0 {
		if len(p.rest) == 0 {
			p.failed = true
			return false
		}
		p.now, p.rest = p.rest[0], p.rest[1:]
	}
	return true
}

func (p *pieces) byte() byte {
	if !p.turn() {
		return 0
	}
	c := p.now[0]
	p.now = p.now[1:]
	return c
}

func (p *pieces) uint16() int { return int(p.byte()) | int(p.byte())<<8 }

func (p *pieces) uint32() int { return p.uint16() | p.uint16()<<16 }

// skip passes n bytes.
func (p *pieces) skip(n int) {
	for n > 0 && p.turn() {
		m := min(n, len(p.now))
		p.now, n = p.now[m:], n-m
	}
}

// text reads a string of n characters behind its count: a byte of flags, the
// counts of formatting runs and phonetic bytes, the characters and then those
// runs and bytes. Where the characters run on in another record, that record
// begins with flags of its own. Source: [MS-XLS], §2.5.293.
func (p *pieces) text(n int) string {
	flags := p.byte()
	runs, phonetic := 0, 0
	if flags&8 != 0 {
		runs = p.uint16()
	}
	if flags&4 != 0 {
		phonetic = p.uint32()
	}
	p.units = p.units[:0]
	for n > 0 {
		if len(p.now) == 0 {
			if !p.turn() {
				return ""
			}
			flags = p.byte()
		}
		if flags&1 != 0 {
			for ; n > 0 && len(p.now) > 1; n-- {
				p.units = append(p.units, binary.LittleEndian.Uint16(p.now))
				p.now = p.now[2:]
			}
			if len(p.now) == 1 && n > 0 { // half a character
				p.failed = true
				return ""
			}
			continue
		}
		for ; n > 0 && len(p.now) > 0; n-- {
			p.units = append(p.units, uint16(p.now[0]))
			p.now = p.now[1:]
		}
	}
	p.skip(4 * runs)
	p.skip(phonetic)
	return string(utf16.Decode(p.units))
}

// rkNumber unpacks a number of four bytes. Source: [MS-XLS], §2.5.217.
func rkNumber(rk uint32) float64 {
	var f float64
	if rk&2 != 0 {
		f = float64(int32(rk) >> 2)
	} else {
		f = math.Float64frombits(uint64(rk&^3) << 32)
	}
	if rk&1 != 0 {
		f /= 100
	}
	return f
}
