package workbook

import "math/bits"

// codeKind says what a code of DEFLATE stands for.
type codeKind uint8

const (
	noCode codeKind = iota
	literal
	endOfBlock
	span    // a length or a distance
	further // the code is longer than the first table: look it up in a second
)

// code is what a run of bits stands for: base, and the value of extra bits
// behind it.
type code struct {
	base  uint16
	bits  uint8 // of the whole code; for further, of the second table's index
	extra uint8
	kind  codeKind
}

const (
	firstBits = 9  // the index of the first table
	maxBits   = 15 // the longest code
)

// codeTable finds codes by the bits to come: short ones in its first 512
// entries, longer ones in second tables behind.
type codeTable struct {
	first  [1 << firstBits]code
	second []code
}

// find returns the code that the next bits begin with.
func (t *codeTable) find(next uint64) code {
	e := t.first[next&(1<<firstBits-1)]
	if e.kind == further {
		return t.second[int(e.base)+int(next>>firstBits&(1<<e.bits-1))]
	}
	return e
}

// build makes the table of the canonical code with these lengths; meaning says
// what a symbol stands for. It fails for more codes than there is room for.
// Codes that are missing become noCode. Source: RFC 1951, §3.2.2.
func (t *codeTable) build(lengths []uint8, meaning []code) error {
	var count, next [maxBits + 2]int
	for _, n := range lengths {
		count[n]++
	}
	count[0] = 0
	longest, start := 0, 0
	for n := 1; n <= maxBits; n++ {
		start = (start + count[n-1]) << 1
		next[n] = start
		if count[n] > 0 {
			longest = n
		}
		if start+count[n] > 1<<n {
			return errDeflate
		}
	}
	clear(t.first[:])
	t.second = t.second[:0]
	deep := max(0, longest-firstBits)
	for symbol, n := range lengths {
		if n == 0 {
			continue
		}
		reversed := int(bits.Reverse16(uint16(next[n])) >> (16 - n))
		next[n]++
		c := meaning[symbol]
		c.bits = n
		if n <= firstBits {
			for i := reversed; i < 1<<firstBits; i += 1 << n {
				t.first[i] = c
			}
			continue
		}
		head := &t.first[reversed&(1<<firstBits-1)]
		if head.kind != further {
			*head = code{base: uint16(len(t.second)), bits: uint8(deep), kind: further}
			for range 1 << deep {
				t.second = append(t.second, code{})
			}
		}
		for i := reversed >> firstBits; i < 1<<deep; i += 1 << (int(n) - firstBits) {
			t.second[int(head.base)+i] = c
		}
	}
	return nil
}

// What the symbols stand for. Source: RFC 1951, §3.2.5.
var symbolCodes, distanceCodes, lengthCodes = codeMeanings()

func codeMeanings() (symbols, distances, lengths []code) {
	symbols = make([]code, 288) // 286 and 287 are none
	for i := range 256 {
		symbols[i] = code{kind: literal, base: uint16(i)}
	}
	symbols[256] = code{kind: endOfBlock}
	for i, base := 257, 3; i < 285; i++ {
		extra := max(0, (i-261)/4)
		symbols[i] = code{kind: span, base: uint16(base), extra: uint8(extra)}
		base += 1 << extra
	}
	symbols[285] = code{kind: span, base: 258}
	distances = make([]code, 32) // 30 and 31 are none
	for i, base := 0, 1; i < 30; i++ {
		extra := max(0, i/2-1)
		distances[i] = code{kind: span, base: uint16(base), extra: uint8(extra)}
		base += 1 << extra
	}
	lengths = make([]code, 19)
	for i := range lengths {
		lengths[i] = code{kind: span, base: uint16(i)}
	}
	return symbols, distances, lengths
}

// fixedCodes sets the codes of blocks that do not write their own.
func (d *inflater) fixedCodes() {
	for i := range 288 {
		switch {
		case i < 144 || i >= 280:
			d.lengths[i] = 8
		case i < 256:
			d.lengths[i] = 9
		default:
			d.lengths[i] = 7
		}
	}
	for i := range 32 {
		d.lengths[288+i] = 5
	}
	// These lengths always make a table.
	_ = d.symbols.build(d.lengths[:288], symbolCodes)
	_ = d.distances.build(d.lengths[288:], distanceCodes)
}

// lengthOrder is the order in which a block writes the lengths of the code of
// its code lengths. Source: RFC 1951, §3.2.7.
var lengthOrder = [19]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

// readCodes reads the codes that a block writes before its symbols.
func (d *inflater) readCodes() error {
	counts, err := d.take(14)
	if err != nil {
		return err
	}
	symbols, distances, lengths := counts&31+257, counts>>5&31+1, counts>>10+4
	if symbols > 286 || distances > 30 {
		return errDeflate
	}
	var own [19]uint8
	for _, i := range lengthOrder[:lengths] {
		n, err := d.take(3)
		if err != nil {
			return err
		}
		own[i] = uint8(n)
	}
	if err := d.symbols.build(own[:], lengthCodes); err != nil {
		return err
	}
	total := symbols + distances
	for i := 0; i < total; {
		d.refill()
		c := d.symbols.find(d.bits)
		if c.kind == noCode || int(c.bits) > d.n {
			return d.cut(int(c.bits))
		}
		d.bits >>= c.bits
		d.n -= int(c.bits)
		var value uint8
		var times int
		switch c.base {
		case 16:
			if i == 0 {
				return errDeflate
			}
			value = d.lengths[i-1]
			times, err = d.take(2)
			times += 3
		case 17:
			times, err = d.take(3)
			times += 3
		case 18:
			times, err = d.take(7)
			times += 11
		default:
			value, times = uint8(c.base), 1
		}
		if err != nil {
			return err
		}
		if i+times > total {
			return errDeflate
		}
		for range times {
			d.lengths[i] = value
			i++
		}
	}
	if err := d.distances.build(d.lengths[symbols:total], distanceCodes); err != nil {
		return err
	}
	return d.symbols.build(d.lengths[:symbols], symbolCodes)
}
