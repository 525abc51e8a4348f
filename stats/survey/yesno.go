package survey

import (
	"encoding/binary"
	"sync"

	"waymark/stats/table"
)

// Variables with two classes, such as yes and all else, are added up together
// where there are weights and clusters. A row's answers to up to eight of them
// are the bits of one byte, made for eight rows at a time, and with its domain
// one number, which is written to the row's place in the order of units. Then
// each unit is added up in a table that the first cache holds. Every sum adds
// the rows of a unit in their order, as countUnits does, and so is the same to
// the last bit.

// Bounds of a visit: variables, which are bits of a byte; kinds of rows that are
// counted, which are domains times bytes; and numbers in the table of a unit.
const (
	yesNoMost  = 8
	yesNoKinds = 1 << 17
	yesNoLimit = 1 << 14
)

// yesNo is one visit to the rows.
type yesNo struct {
	d      *Design
	g      *grouping
	vars   []*variable
	of     []split
	out    []*cellTable
	width  int      // numbers of a domain: two for each variable
	row    []uint32 // by place: domain, the variables without an answer, the answers
	lacks  bool     // a row of a domain lacks an answer
	pieces []yesNoPiece
}

// split says which code tells the two classes of a variable apart.
type split struct {
	codes []uint8
	code  uint8
	first bool // the code's class is the first of the two
	pair  bool // there are two levels, and the code is that of the second
}

// yesNo returns how a variable splits its rows into two classes, if it does.
func (v *variable) yesNo() (split, bool) {
	if v.cat == nil || v.cat.Codes8 == nil || v.valued != 2 {
		return split{}, false
	}
	var of [2][]int // levels by class
	for l := range v.cat.Levels {
		c := v.classOf[table.FirstLevel+l]
		of[c] = append(of[c], l)
	}
	for c := 1; c >= 0; c-- {
		if len(of[c]) == 1 {
			return split{v.cat.Codes8, uint8(table.FirstLevel + of[c][0]), c == 0, len(v.cat.Levels) == 2 && of[c][0] == 1}, true
		}
	}
	return split{}, false
}

// yesNo says whether variables that split in two may be added up together, and
// how many at most.
func (g *grouping) yesNo(d *Design) (most int) {
	if !d.clustered || d.Adjusted() || d.rep != nil || d.pps != nil || d.weights == nil || g.wide != nil || d.units*(g.n()+1) > densePerRow*d.rows {
		return 0
	}
	for most = yesNoMost; most > 0; most-- {
		if (g.n()+2)<<most <= yesNoKinds && (g.n()+1)*2*most <= yesNoLimit {
			break
		}
	}
	return most
}

func newYesNo(d *Design, g *grouping, vars []*variable) *yesNo {
	y := &yesNo{d: d, g: g, vars: vars, width: 2 * len(vars)}
	for _, v := range vars {
		s, _ := v.yesNo()
		y.of = append(y.of, s)
		y.out = append(y.out, emptyCellTable(d, g, v))
	}
	return y
}

// rowBuffers are numbers by row that are needed for a moment only.
var rowBuffers = sync.Pool{New: func() any { return new([]uint32) }}

// kinds is what a piece of the rows is counted by.
type kinds struct {
	all     [2][]uint32 // by domain and answers; they take turns
	lacking [][]uint32  // by variable, then domain and class, of rows that lack an answer
}

// yesNoRows is the rows whose answers are made at a time.
const yesNoRows = 512

// read fills row and the tables' counts.
func (y *yesNo) read(workers int) {
	const most = 16 // pieces: each has counts of its own
	size := max(chunkRows, (y.d.rows+most-1)/most)
	size = (size + yesNoRows - 1) / yesNoRows * yesNoRows
	pieces := make([]kinds, (y.d.rows+size-1)/size)
	inPieces(workers, len(pieces), func(k int) {
		for turn := range pieces[k].all {
			pieces[k].all[turn] = make([]uint32, (y.g.n()+2)<<len(y.vars))
		}
		for from := k * size; from < min((k+1)*size, y.d.rows); from += yesNoRows {
			y.readRows(&pieces[k], from, min(from+yesNoRows, y.d.rows))
		}
	})
	for _, p := range pieces {
		for at, n := range p.all[0][:y.g.n()<<len(y.vars)] {
			if n += p.all[1][at]; n > 0 {
				domain, answers := at>>len(y.vars), at
				for j, t := range y.out {
					t.count[domain*y.vars[j].classes()+answers>>j&1] += n
				}
			}
		}
		for j, count := range p.lacking {
			y.lacks = true
			for c, n := range count {
				y.out[j].count[c] += n
			}
		}
	}
}

func (y *yesNo) readRows(into *kinds, from, to int) {
	var answers, lacking [yesNoRows / 8]uint64
	for k := range y.of {
		y.of[k].class(&answers, &lacking, from, to, k)
	}
	var answer, lack [yesNoRows]uint8
	anyLack := uint64(0)
	for i, a := range answers {
		binary.LittleEndian.PutUint64(answer[8*i:], a)
		binary.LittleEndian.PutUint64(lack[8*i:], lacking[i])
		anyLack |= lacking[i]
	}
	var number [yesNoRows]uint32
	out := number[:to-from]
	if y.g.narrow != nil {
		for i, k := range y.g.narrow[from:to] {
			out[i] = uint32(k)
		}
	}
	shift, domains := len(y.vars)&15, uint32(y.g.n())
	if anyLack != 0 {
		for i, domain := range out {
			if lack[i] != 0 && domain < domains {
				y.countLacking(into, from+i, domain)
				into.all[0][domain<<shift|uint32(answer[i])]-- // which counts it in what follows
			}
		}
	}
	even, odd := into.all[0], into.all[1] // so that equal neighbours need not wait for each other
	for i := 1; i < len(out); i += 2 {
		even[out[i-1]<<shift|uint32(answer[i-1])]++
		odd[out[i]<<shift|uint32(answer[i])]++
	}
	if n := len(out); n%2 == 1 {
		even[out[n-1]<<shift|uint32(answer[n-1])]++
	}
	for i, domain := range out {
		out[i] = min(domain, domains)<<16 | uint32(lack[i])<<8 | uint32(answer[i])
	}
	if y.d.order.place == nil {
		copy(y.row[from:], out)
		return
	}
	row := y.row
	for i, at := range y.d.order.place[from:to] {
		row[at] = out[i]
	}
}

// class sets bit k of the rows' answers, and of those lacking, a byte a row. An
// answer that is lacking is either.
func (s *split) class(answers, lacking *[yesNoRows / 8]uint64, from, to, k int) {
	const ones, low7, high = 0x0101010101010101, 0x7F7F7F7F7F7F7F7F, 0x8080808080808080
	codes, k := s.codes[from:to], k&7
	words := len(codes) / 8
	flip := uint64(0)
	if s.first {
		flip = ones
	}
	switch {
	case s.pair: // codes are 8 and 9, or below 8
		for i := range answers[:words] {
			x := binary.LittleEndian.Uint64(codes[8*i:])
			answers[i] |= (x ^ flip) & ones << k
			lacking[i] |= ^(x >> 3) & ones << k
		}
		if rest := codes[8*words:]; len(rest) > 0 {
			x := load(rest, 0, len(rest))
			answers[words] |= (x ^ flip) & ones << k
			lacking[words] |= ^(x >> 3) & ones << k
		}
	default:
		code := uint64(s.code) * ones
		for i := range (len(codes) + 7) / 8 {
			x := load(codes, 8*i, len(codes))
			differ := x ^ code
			same := ^((differ&low7 + low7) | differ) & high // of bytes that are the code
			none := ^((x&(0x78*ones) + low7) | x) & high    // of bytes below FirstLevel
			answers[i] |= (same>>7 ^ flip) << k
			lacking[i] |= none >> 7 << k
		}
	}
}

// countLacking counts a row that lacks an answer, variable by variable.
func (y *yesNo) countLacking(into *kinds, row int, domain uint32) {
	if into.lacking == nil {
		for _, t := range y.out {
			into.lacking = append(into.lacking, make([]uint32, len(t.count)))
		}
	}
	for j, v := range y.vars {
		into.lacking[j][int(domain)*v.classes()+int(v.classOf[y.of[j].codes[row]])]++
	}
}
