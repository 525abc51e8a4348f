package survey

import (
	"encoding/binary"
	"math/bits"
	"sync"
)

// Where all weights are 1 and rows come in clusters, rows are laid out as bits,
// unit by unit, each unit from a word of its own. A unit's rows of one domain
// and class are then the ones that two short bitmaps share.

// Bounds of counting by bits: classes of a variable, domains of a grouping, and
// the share of padding, in bits a row.
const (
	bitClasses = 8
	bitDomains = 128
	bitPadding = 16
)

// words returns the first word of each unit, and the end, made once.
func (o *unitOrder) words(units int) []int {
	o.wordsOnce.Do(func() {
		o.word = make([]int, units+1)
		for u := range units {
			o.word[u+1] = o.word[u] + (o.start[u+1]-o.start[u]+63)/64
		}
	})
	return o.word
}

// eachWord calls visit with each word's number and the rows that it holds.
func (d *Design) eachWord(visit func(word int, first, end int)) {
	o := d.places()
	word := o.words(d.units)
	for u := range d.units {
		for w, from := word[u], o.start[u]; w < word[u+1]; w, from = w+1, from+64 {
			visit(w, from, min(from+64, o.start[u+1]))
		}
	}
}

// unitBits is a set of bitmaps in the order of units, made once.
type unitBits struct {
	once sync.Once
	bits [][]uint64

	piecesOnce sync.Once // of a grouping, see pieces
	pieces     []piece
	start      []int
}

// classBuffers are classes in order that are needed for a moment only.
var classBuffers = sync.Pool{New: func() any { return new([]uint8) }}

// unitBits returns one bitmap for each class but the first, which has the rest.
func (v *variable) unitBits(d *Design) [][]uint64 {
	v.units.once.Do(func() {
		buffer := classBuffers.Get().(*[]uint8)
		defer classBuffers.Put(buffer)
		if cap(*buffer) < d.rows {
			*buffer = make([]uint8, d.rows)
		}
		class := (*buffer)[:d.rows]
		v.writeInOrder(class, d)
		word := d.places().words(d.units)
		v.units.bits = emptyBits(v.classes(), word[d.units])
		d.eachWord(func(w, first, end int) {
			for from := first; from < end; from += 8 {
				eight := load(class, from, end)
				for c := 1; c < len(v.units.bits); c++ {
					v.units.bits[c][w] |= equal(eight, uint64(c)) << (from - first)
				}
			}
		})
	})
	return v.units.bits
}

// load returns eight classes as bytes of a word; those from end on are 0.
func load(class []uint8, from, end int) uint64 {
	if from+8 <= end {
		return binary.LittleEndian.Uint64(class[from:])
	}
	var x uint64
	for i, c := range class[from:end] {
		x |= uint64(c) << (8 * i)
	}
	return x
}

// equal returns eight bits that say which of eight bytes, all below 8, are c.
func equal(eight, c uint64) uint64 {
	const ones = 0x0101010101010101
	x := eight ^ c*ones                 // 0 where they are equal
	x |= x>>1 | x>>2                    // lowest bit 0 where they are equal
	x = ^x & ones                       // 1 where they are
	return x * 0x0102040810204080 >> 56 // gathered, the first byte lowest
}

// unitBits returns one bitmap for each domain.
func (g *grouping) unitBits(d *Design) [][]uint64 {
	g.units.once.Do(func() {
		domain := g.domainsInOrder(d)
		word := d.places().words(d.units)
		g.units.bits = emptyBits(g.n(), word[d.units])
		d.eachWord(func(w, first, end int) {
			if domain == nil {
				g.units.bits[0][w] = ^uint64(0) >> (64 - (end - first))
				return
			}
			for i, k := range domain[first:end] {
				if int(k) < len(g.units.bits) {
					g.units.bits[k][w] |= 1 << i
				}
			}
		})
	})
	return g.units.bits
}

func emptyBits(n, words int) [][]uint64 {
	out := make([][]uint64, n)
	all := make([]uint64, n*words)
	for i := range out {
		out[i] = all[i*words : (i+1)*words : (i+1)*words]
	}
	return out
}

// inBits says whether a design's tables may be counted by bits.
func (d *Design) inBits() bool {
	return d.clustered && d.weights == nil && d.cal == nil && 64*d.places().words(d.units)[d.units] <= bitPadding*d.rows
}

func (v *variable) inBits() bool { return v.cat != nil && v.classes() <= bitClasses }

func (g *grouping) inBits() bool { return g.wide == nil && g.n() <= bitDomains }

// layOut makes a variable's bitmaps before the tables, which would wait for
// each other's.
func (v *variable) layOut(d *Design) {
	if v.inBits() && d.inBits() {
		v.unitBits(d)
	}
}

// layOut makes a grouping's pieces before the tables.
func (g *grouping) layOut(d *Design) {
	if g.inBits() && d.inBits() {
		g.pieces(d)
	}
}

// piece is the rows of one domain in one word of a unit. The first piece of a
// unit's rows of a domain says how many they are; the others have rows 0.
type piece struct {
	bits   uint64
	word   uint32
	domain uint32
	rows   uint32
}

// pieces lists the pieces of a grouping by unit and domain; start has the first
// of each unit. They are made once, for all variables.
func (g *grouping) pieces(d *Design) ([]piece, []int) {
	g.units.piecesOnce.Do(func() {
		domains := g.unitBits(d)
		word := d.places().words(d.units)
		start := make([]int, 1, d.units+1)
		var list []piece
		for u := range d.units {
			for k, domain := range domains {
				first := -1
				for w := word[u]; w < word[u+1]; w++ {
					x := domain[w]
					if x == 0 {
						continue
					}
					if first < 0 {
						first = len(list)
					}
					list = append(list, piece{bits: x, word: uint32(w), domain: uint32(k)})
					list[first].rows += uint32(bits.OnesCount64(x))
				}
			}
			start = append(start, len(list))
		}
		g.units.pieces, g.units.start = list, start
		g.units.bits = nil // the pieces have all of them
	})
	return g.units.pieces, g.units.start
}

// countBitUnits lists the cells with a value that occur in a domain, unit by
// unit; rows without a value are counted.
func (t *cellTable) countBitUnits() {
	pieces, start := t.g.pieces(t.d)
	classes := t.v.unitBits(t.d)
	k, valued := t.v.classes(), t.v.valued
	b := borrow()
	t.start = make([]int, 1, t.d.units+1)
	var n [bitClasses]uint32
	for u := range t.d.units {
		for i := start[u]; i < start[u+1]; {
			domain, rest := pieces[i].domain, pieces[i].rows
			n = [bitClasses]uint32{}
			for ; ; i++ {
				p := &pieces[i]
				for c := 1; c < k; c++ {
					n[c] += uint32(bits.OnesCount64(p.bits & classes[c][p.word]))
				}
				if i+1 == start[u+1] || pieces[i+1].rows > 0 {
					i++
					break
				}
			}
			n[0] = rest
			for c := 1; c < k; c++ {
				n[0] -= n[c]
			}
			cell := domain * uint32(k)
			for c, m := range n[:k] {
				if m == 0 {
					continue
				}
				t.count[cell+uint32(c)] += m
				if c < valued {
					b.cell = append(b.cell, cell+uint32(c))
					b.val = append(b.val, float64(m))
				}
			}
		}
		t.start = append(t.start, len(b.cell))
	}
	b.giveTo(t)
}

// buffer collects entries whose number is not known before.
type buffer struct {
	cell []uint32
	val  []float64
}

var buffers = sync.Pool{New: func() any { return &buffer{} }}

func borrow() *buffer { return buffers.Get().(*buffer) }

// giveTo copies the entries to a table and returns the buffer.
func (b *buffer) giveTo(t *cellTable) {
	t.cell = append(make([]uint32, 0, len(b.cell)), b.cell...)
	t.val = append(make([]float64, 0, len(b.val)), b.val...)
	b.cell, b.val = b.cell[:0], b.val[:0]
	buffers.Put(b)
}
