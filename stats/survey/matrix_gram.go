package survey

import (
	"context"
	"slices"

	vec "gonum.org/v1/gonum/floats"
)

// gramBlock is the rows that are worked on together: a block of every column
// stays in the second cache.
const gramBlock = 512

// gramStripes is in how many fixed stretches rows are summed, whatever the
// number of workers: sums of stretches are added in order.
const gramStripes = 16

// gramPair is where the products of two slots are summed.
type gramPair struct {
	a, b int // slots, a <= b
	at   int // first place
	// diagonal: the slots have the same codes, so only equal ones meet.
	diagonal bool
	meet     int // place in the plan's meet, or -1
}

// gramPlan says where the products of all slots are summed: of two columns
// without codes in one place, of one with codes in a place for each, of two with
// codes in a table.
//
// Where rows are told by patterns, whatever has codes is summed by pattern first,
// once for each pair of value columns that meet, and spread out at the end.
type gramPlan struct {
	l     *layout
	pairs []gramPair
	size  int
	grad  []int // first place of each slot's products with the response
	gsize int

	patterns int      // 0: not by pattern
	meet     [][2]int // pairs of value columns, -1 for none, the lesser first
	respond  []int    // value columns that meet the response
}

func (m *modelRows) gramPlan() *gramPlan {
	l := m.layout
	p := &gramPlan{l: l}
	if m.pattern != nil {
		p.patterns = m.patterns
	}
	places := func(s slot) int {
		if s.code < 0 {
			return 1
		}
		return s.width + 1
	}
	for a, s := range l.slots {
		p.grad = append(p.grad, p.gsize)
		p.gsize += places(s)
		if s.code >= 0 && !slices.Contains(p.respond, s.val) {
			p.respond = append(p.respond, s.val)
		}
		for b := a; b < len(l.slots); b++ {
			t := l.slots[b]
			g := gramPair{a: a, b: b, at: p.size, diagonal: s.code >= 0 && s.code == t.code}
			if g.diagonal {
				p.size += places(s)
			} else {
				p.size += places(s) * places(t)
			}
			if g.meet = -1; s.code >= 0 || t.code >= 0 {
				of := [2]int{min(s.val, t.val), max(s.val, t.val)}
				if g.meet = slices.Index(p.meet, of); g.meet < 0 {
					g.meet = len(p.meet)
					p.meet = append(p.meet, of)
				}
			}
			p.pairs = append(p.pairs, g)
		}
	}
	return p
}

// gramSums is X'WX, X'R and a sum beside, of some rows.
type gramSums struct {
	cross, grad []float64
	joint       []float64 // by pattern: the pairs of meet, then respond
	beside      float64
}

func (p *gramPlan) sums() *gramSums {
	return &gramSums{cross: make([]float64, p.size), grad: make([]float64, p.gsize),
		joint: make([]float64, p.patterns*(len(p.meet)+len(p.respond)))}
}

func (s *gramSums) merge(o *gramSums) {
	vec.Add(s.cross, o.cross)
	vec.Add(s.grad, o.grad)
	vec.Add(s.joint, o.joint)
	s.beside += o.beside
}

// gramScratch is the room that one worker needs for a block.
type gramScratch struct {
	w, r, eta, product []float64
	weighted           [][]float64 // W times each value column
}

func (m *modelRows) scratch() *gramScratch {
	n := min(gramBlock, max(1, m.n))
	s := &gramScratch{w: make([]float64, n), r: make([]float64, n), eta: make([]float64, n), product: make([]float64, n)}
	for range m.values {
		s.weighted = append(s.weighted, make([]float64, n))
	}
	return s
}

// gram sums over all rows. rows fills, for the positions from..to-1, the weights
// w of the cross products and the responses r, and returns what is summed beside.
func (m *modelRows) gram(ctx context.Context, p *gramPlan, workers int, rows func(s *gramScratch, from, to int) float64) (*gramSums, error) {
	return m.gramOf(ctx, p, workers, 0, m.n, rows)
}

// gramOf is gram of the positions first..end-1.
func (m *modelRows) gramOf(ctx context.Context, p *gramPlan, workers, first, end int, rows func(s *gramScratch, from, to int) float64) (*gramSums, error) {
	blocks := (end - first + gramBlock - 1) / gramBlock
	stripes := min(gramStripes, max(1, blocks))
	if p.size > 1<<18 { // wide models: less room, for what little time it takes
		stripes = min(stripes, 4)
	}
	parts := make([]*gramSums, stripes)
	err := each(ctx, workers, stripes, func(i int) {
		sums, s := p.sums(), m.scratch()
		for b := blocks * i / stripes; b < blocks*(i+1)/stripes; b++ {
			from, to := first+b*gramBlock, min(end, first+(b+1)*gramBlock)
			sums.beside += rows(s, from, to)
			m.block(p, sums, s, from, to)
		}
		parts[i] = sums
	})
	if err != nil {
		return nil, err
	}
	for _, part := range parts[1:] { // in order
		parts[0].merge(part)
	}
	m.spread(p, parts[0])
	return parts[0], nil
}

// block adds the products of a block of rows.
func (m *modelRows) block(p *gramPlan, sums *gramSums, s *gramScratch, from, to int) {
	n := to - from
	w, r := s.w[:n], s.r[:n]
	value := func(k int) []float64 { return m.values[k][from:to] }
	for k := range m.values {
		vec.MulTo(s.weighted[k][:n], w, value(k))
	}
	weighted := func(t slot) []float64 {
		if t.val < 0 {
			return w
		}
		return s.weighted[t.val][:n]
	}
	for a, t := range p.l.slots {
		at := p.grad[a]
		switch {
		case t.code < 0 && t.val < 0:
			sums.grad[at] += vec.Sum(r)
		case t.code < 0:
			sums.grad[at] += vec.Dot(r, value(t.val))
		case p.patterns == 0:
			scatter(sums.grad[at:at+t.width+1], m.codes[t.code][from:to], m.times(s, r, t.val, from))
		}
	}
	for _, g := range p.pairs {
		a, b := p.l.slots[g.a], p.l.slots[g.b]
		if a.code < 0 && b.code < 0 {
			switch {
			case b.val < 0 && a.val < 0:
				sums.cross[g.at] += vec.Sum(w)
			case b.val < 0:
				sums.cross[g.at] += vec.Sum(weighted(a))
			default:
				sums.cross[g.at] += vec.Dot(weighted(a), value(b.val))
			}
			continue
		}
		if p.patterns > 0 {
			continue
		}
		x := weighted(a)
		if a.val < 0 {
			x = weighted(b)
		} else {
			x = m.times(s, x, b.val, from)
		}
		switch {
		case g.diagonal || b.code < 0:
			scatter(sums.cross[g.at:g.at+a.width+1], m.codes[a.code][from:to], x)
		case a.code < 0:
			scatter(sums.cross[g.at:g.at+b.width+1], m.codes[b.code][from:to], x)
		default:
			step := b.width + 1
			scatter2(sums.cross[g.at:g.at+(a.width+1)*step], m.codes[a.code][from:to], m.codes[b.code][from:to], step, x)
		}
	}
	if p.patterns == 0 {
		return
	}
	pattern := m.pattern[from:to]
	for k, of := range p.meet {
		x := w
		if of[1] >= 0 {
			x = s.weighted[of[1]][:n]
		}
		scatter(sums.joint[k*p.patterns:(k+1)*p.patterns], pattern, m.times(s, x, of[0], from))
	}
	for k, of := range p.respond {
		k += len(p.meet)
		scatter(sums.joint[k*p.patterns:(k+1)*p.patterns], pattern, m.times(s, r, of, from))
	}
}

// times multiplies x by a value column, if there is one.
func (m *modelRows) times(s *gramScratch, x []float64, column, from int) []float64 {
	if column < 0 {
		return x
	}
	out := s.product[:len(x)]
	vec.MulTo(out, x, m.values[column][from:from+len(x)])
	return out
}

// spread adds what was summed by pattern to the places of codes.
func (m *modelRows) spread(p *gramPlan, s *gramSums) {
	if p.patterns == 0 {
		return
	}
	for a, t := range p.l.slots {
		if t.code >= 0 {
			k := len(p.meet) + slices.Index(p.respond, t.val)
			scatter(s.grad[p.grad[a]:p.grad[a]+t.width+1], m.codes[t.code], s.joint[k*p.patterns:(k+1)*p.patterns])
		}
	}
	for _, g := range p.pairs {
		if g.meet < 0 {
			continue
		}
		a, b := p.l.slots[g.a], p.l.slots[g.b]
		x := s.joint[g.meet*p.patterns : (g.meet+1)*p.patterns]
		switch {
		case g.diagonal || b.code < 0:
			scatter(s.cross[g.at:g.at+a.width+1], m.codes[a.code], x)
		case a.code < 0:
			scatter(s.cross[g.at:g.at+b.width+1], m.codes[b.code], x)
		default:
			step := b.width + 1
			scatter2(s.cross[g.at:g.at+(a.width+1)*step], m.codes[a.code], m.codes[b.code], step, x)
		}
	}
}

// scatter adds each x to the place of its code.
func scatter(out []float64, codes []uint16, x []float64) {
	x = x[:len(codes)]
	for i, c := range codes {
		out[c] += x[i]
	}
}

// scatter2 adds each x to the place of its two codes.
func scatter2(out []float64, a, b []uint16, step int, x []float64) {
	b, x = b[:len(a)], x[:len(a)]
	for i, c := range a {
		out[int(c)*step+int(b[i])] += x[i]
	}
}

// square writes the sums as a matrix of the layout's columns, row-major, and the
// gradient beside.
func (p *gramPlan) square(s *gramSums) (xx, xr []float64) {
	q := len(p.l.columns)
	xx, xr = make([]float64, q*q), make([]float64, q)
	for a, t := range p.l.slots {
		copy(xr[t.base:t.base+t.width], s.grad[p.grad[a]:])
	}
	put := func(i, j int, v float64) { xx[i*q+j], xx[j*q+i] = v, v }
	for _, g := range p.pairs {
		a, b := p.l.slots[g.a], p.l.slots[g.b]
		for i := range a.width {
			switch {
			case g.diagonal:
				put(a.base+i, b.base+i, s.cross[g.at+i])
			case b.code < 0:
				put(a.base+i, b.base, s.cross[g.at+i])
			default:
				step := b.width + 1
				for j := range b.width {
					put(a.base+i, b.base+j, s.cross[g.at+i*step+j])
				}
			}
		}
	}
	return xx, xr
}

// block writes x'b of the rows from a position on.
func (p *predictor) block(eta []float64, from int) {
	m, to := p.m, from+len(eta)
	if p.of != nil {
		for i, k := range m.pattern[from:to] {
			eta[i] = p.of[k]
		}
	} else {
		clear(eta)
	}
	for _, t := range m.layout.slots {
		switch {
		case t.width == 0 || t.val < 0 && p.of != nil:
		case t.code < 0 && t.val < 0:
			vec.AddConst(p.b[t.base], eta)
		case t.code < 0:
			vec.AddScaled(eta, p.b[t.base], m.values[t.val][from:to])
		default:
			of, column, pattern := p.b[t.base:t.base+t.width], m.codes[t.code], m.pattern
			for i := range eta {
				at := from + i
				if pattern != nil {
					at = int(pattern[at])
				}
				c := int(column[at])
				switch {
				case c >= len(of):
				case t.val < 0:
					eta[i] += of[c]
				default:
					eta[i] += of[c] * m.values[t.val][from+i]
				}
			}
		}
	}
}

// addRow adds r times the row at a position to the columns.
func (m *modelRows) addRow(out []float64, at int, r float64) {
	for _, t := range m.layout.slots {
		v, k := r, t.base
		if t.val >= 0 {
			v *= m.values[t.val][at]
		}
		if t.code >= 0 {
			c := m.code(t.code, at)
			if c >= t.width {
				continue
			}
			k += c
		}
		out[k] += v
	}
}
