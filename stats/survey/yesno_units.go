package survey

import (
	"math"
	"sync"
)

// yesNoPiece is some units, one after the other: of each the domains that have
// a weight, and for each of those a line of weights, two a variable.
type yesNoPiece struct {
	first, end int // units
	start      []uint32
	domains    []uint32
	lines      []float64
}

// linePool keeps the largest lists of lines.
var linePool = sync.Pool{New: func() any { return new(lineBuffer) }}

type lineBuffer struct {
	domains []uint32
	lines   []float64
}

// cut cuts the units into pieces of about as many rows. It depends on the
// design alone.
func (y *yesNo) cut() {
	const most = 32
	start := y.d.order.start
	for u := 0; u < y.d.units; {
		p := yesNoPiece{first: u}
		for u < y.d.units && (u == p.first || start[u]-start[p.first] < y.d.rows/most) {
			u++
		}
		p.end = u
		y.pieces = append(y.pieces, p)
	}
}

// add adds the rows up, unit by unit.
func (y *yesNo) add(workers int) {
	y.cut()
	weights := y.d.weightsInOrder()
	start := y.d.order.start
	inPieces(workers, len(y.pieces), func(k int) {
		p := &y.pieces[k]
		b := linePool.Get().(*lineBuffer)
		p.domains, p.lines = b.domains[:0], b.lines[:0]
		p.start = make([]uint32, 1, p.end-p.first+1)
		table := make([]float64, (y.g.n()+1)*y.width)
		for u := p.first; u < p.end; u++ {
			y.addRows(table, y.row[start[u]:start[u+1]], weights[start[u]:start[u+1]])
			for d := range y.g.n() {
				if line := table[d*y.width:][:y.width]; !empty(line) {
					p.domains = append(p.domains, uint32(d))
					p.lines = append(p.lines, line...)
				}
			}
			p.start = append(p.start, uint32(len(p.domains)))
			clear(table)
		}
	})
}

// release gives the lines back.
func (y *yesNo) release() {
	for k := range y.pieces {
		p := &y.pieces[k]
		linePool.Put(&lineBuffer{p.domains, p.lines})
		p.domains, p.lines = nil, nil
	}
}

func empty(line []float64) bool {
	for _, x := range line {
		if x != 0 {
			return false
		}
	}
	return true
}

// addRows adds rows to the lines of their domains.
func (y *yesNo) addRows(table []float64, rows []uint32, weights []float64) {
	if y.lacks {
		y.addPresent(table, rows, weights)
		return
	}
	k := 0
	for ; k+4 <= len(y.vars); k += 4 {
		add4(table[2*k:], y.width, rows, weights, k)
	}
	switch len(y.vars) - k {
	case 1:
		add1(table[2*k:], y.width, rows, weights, k)
	case 2:
		add2(table[2*k:], y.width, rows, weights, k)
	case 3:
		add3(table[2*k:], y.width, rows, weights, k)
	}
}

// addPresent adds rows that may lack an answer: 0 is added then, which does not
// change a sum.
func (y *yesNo) addPresent(table []float64, rows []uint32, weights []float64) {
	weights = weights[:len(rows)]
	for i, r := range rows {
		line := table[int(r>>16)*y.width:][:y.width]
		w, lacks := math.Float64bits(weights[i]), uint64(r>>8)
		for k := 0; k+1 < len(line); k += 2 {
			line[k+int(r&1)] += math.Float64frombits(w & (lacks&1 - 1))
			r, lacks = r>>1, lacks>>1
		}
	}
}

func add1(table []float64, width int, rows []uint32, weights []float64, k int) {
	weights = weights[:len(rows)]
	for i, r := range rows {
		table[int(r>>16)*width+int(r>>(k&7)&1)] += weights[i]
	}
}

func add2(table []float64, width int, rows []uint32, weights []float64, k int) {
	weights = weights[:len(rows)]
	for i, r := range rows {
		w, line := weights[i], (*[4]float64)(table[int(r>>16)*width:])
		a := r >> (k & 7)
		line[a&1] += w
		line[2+a>>1&1] += w
	}
}

func add3(table []float64, width int, rows []uint32, weights []float64, k int) {
	weights = weights[:len(rows)]
	for i, r := range rows {
		w, line := weights[i], (*[6]float64)(table[int(r>>16)*width:])
		a := r >> (k & 7)
		line[a&1] += w
		line[2+a>>1&1] += w
		line[4+a>>2&1] += w
	}
}

func add4(table []float64, width int, rows []uint32, weights []float64, k int) {
	weights = weights[:len(rows)]
	for i, r := range rows {
		w, line := weights[i], (*[8]float64)(table[int(r>>16)*width:])
		a := r >> (k & 7)
		line[a&1] += w
		line[2+a>>1&1] += w
		line[4+a>>2&1] += w
		line[6+a>>3&1] += w
	}
}

// total makes the tables' totals, unit by unit.
func (y *yesNo) total() {
	n := y.g.n()
	total := make([]float64, n*y.width)
	for _, p := range y.pieces {
		for i, d := range p.domains {
			to := total[int(d)*y.width:][:y.width]
			for s, x := range p.lines[i*y.width:][:len(to)] {
				to[s] += x
			}
		}
	}
	for j, t := range y.out {
		t.total = make([]float64, t.per)
		for d := range n {
			copy(t.total[d*y.vars[j].classes():], total[d*y.width+2*j:][:2])
		}
	}
}
