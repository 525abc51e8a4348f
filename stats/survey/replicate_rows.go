package survey

import "slices"

// rowPlan adds up rows that are units themselves. Where n rows have R
// replicates, each pass over the weights costs n·R steps, so tables share them:
// categories in one grouping are counted by their joint classes, and added up
// by class afterwards; numbers in one grouping have their rows put in the order
// of domains, strip by strip, and each domain's are one product of a vector and
// a matrix.
type rowPlan struct {
	packs   []*rowPack
	numbers []*rowNumbers
}

// packCells bounds the joint cells of a pack of several tables.
const packCells = 512

// rowPack is categories counted together.
type rowPack struct {
	tables []*cellTable
	stride []int
	joint  int      // joint classes of a domain
	cells  int      // domains · joint
	cell   []uint32 // per row; cells: in no domain
	// straight says that the cells are those of the only table, and too many to
	// be added up apart.
	straight bool
}

// rowNumbers is numbers of one grouping.
type rowNumbers struct {
	tables []*cellTable
	row    []uint32 // rows in the order of domains, strip by strip
	strips []rowStrip
	plain  bool // the order is that of the rows
}

// rowStrip is the stretches of a strip's rows, one a domain.
type rowStrip struct {
	domain []int32
	end    []int32 // place after the last, within the strip
}

// newRowPlan arranges tables.
func newRowPlan(d *Design, tables []*cellTable) *rowPlan {
	p := &rowPlan{}
	byGrouping := map[*grouping]*rowNumbers{}
	open := map[*grouping]*rowPack{}
	for _, t := range tables {
		if t.v.num != nil {
			n := byGrouping[t.g]
			if n == nil {
				n = newRowNumbers(d, t.g)
				byGrouping[t.g] = n
				p.numbers = append(p.numbers, n)
			}
			n.tables = append(n.tables, t)
			continue
		}
		k := t.v.classes()
		pack := open[t.g]
		if pack == nil || pack.cells*k > packCells || pack.cells*k*8 > d.rows {
			pack = &rowPack{joint: 1, cells: t.g.n()}
			open[t.g] = pack
			p.packs = append(p.packs, pack)
		}
		pack.tables, pack.stride = append(pack.tables, t), append(pack.stride, pack.joint)
		pack.joint *= k
		pack.cells *= k
	}
	for _, pack := range p.packs {
		pack.code(d)
	}
	return p
}

// code numbers the joint cell of every row.
func (p *rowPack) code(d *Design) {
	p.straight = p.cells*replicaBatch > 1<<20
	p.cell = make([]uint32, d.rows)
	class := make([]uint32, replicaStrip)
	g := p.tables[0].g
	for from := 0; from < d.rows; from += replicaStrip {
		to := min(from+replicaStrip, d.rows)
		cell := p.cell[from:to]
		for k, t := range p.tables {
			t.v.fill(class[:to-from], from)
			stride := uint32(p.stride[k])
			for i, c := range class[:to-from] {
				cell[i] += c * stride
			}
		}
		for i := range cell {
			if h := g.domain(from + i); h < g.n() {
				cell[i] += uint32(h * p.joint)
			} else {
				cell[i] = uint32(p.cells)
			}
		}
	}
}

// add adds up a strip of rows, whose weights are given row by row.
func (p *rowPack) add(sum, weight []float64, from, to, first, last int) {
	wide := last - first
	for i, c := range p.cell[from:to] {
		if c == uint32(p.cells) {
			continue
		}
		w := weight[i*wide : (i+1)*wide]
		if p.straight {
			addTo(p.tables[0].replicaSum(int(c), 0)[first:last], w)
		} else {
			addTo(sum[int(c)*wide:(int(c)+1)*wide], w)
		}
	}
}

// share hands the joint sums to the tables.
func (p *rowPack) share(sum []float64, first, last int) {
	if p.straight {
		return
	}
	wide := last - first
	for c := range p.cells {
		domain, joint := c/p.joint, c%p.joint
		part := sum[c*wide : (c+1)*wide]
		for k, t := range p.tables {
			n := t.v.classes()
			addTo(t.replicaSum(domain*n+joint/p.stride[k]%n, 0)[first:last], part)
		}
	}
}

// newRowNumbers puts each strip's rows in the order of domains.
func newRowNumbers(d *Design, g *grouping) *rowNumbers {
	n := &rowNumbers{row: make([]uint32, 0, d.rows), plain: true}
	for from := 0; from < d.rows; from += replicaStrip {
		to := min(from+replicaStrip, d.rows)
		start := len(n.row)
		for i := from; i < to; i++ {
			if g.domain(i) < g.n() {
				n.row = append(n.row, uint32(i))
			}
		}
		rows := n.row[start:]
		slices.SortStableFunc(rows, func(a, b uint32) int { return g.domain(int(a)) - g.domain(int(b)) })
		n.plain = n.plain && len(rows) == to-from && slices.IsSorted(rows)
		var s rowStrip
		for k, row := range rows {
			h := int32(g.domain(int(row)))
			if last := len(s.domain) - 1; last < 0 || s.domain[last] != h {
				s.domain, s.end = append(s.domain, h), append(s.end, int32(k))
			}
			s.end[len(s.end)-1]++
		}
		n.strips = append(n.strips, s)
	}
	return n
}

// stripBuffer is a worker's buffers for one strip.
type stripBuffer struct {
	weight, ordered []float64
	x               [3][]float64
}

// add adds up one strip; start is the place of its first row in order.
func (n *rowNumbers) add(b *stripBuffer, strip, start, from, first, last int) (next int) {
	s := n.strips[strip]
	if len(s.end) == 0 {
		return start
	}
	wide := last - first
	size := int(s.end[len(s.end)-1])
	rows := n.row[start : start+size]
	weight := b.weight
	if !n.plain {
		weight = b.ordered
		for k, row := range rows {
			at := (int(row) - from) * wide
			copy(weight[k*wide:(k+1)*wide], b.weight[at:at+wide])
		}
	}
	for at, t := range n.tables {
		k := t.v.classes()
		t.v.gather(b.x[:t.ch], rows)
		begin := 0
		for j, h := range s.domain {
			end := int(s.end[j])
			for ch := range t.ch {
				if ch == 0 && at > 0 && k == 1 && n.tables[0].v.classes() == 1 {
					continue // the weights are those of the first table
				}
				sum := t.replicaSum(int(h)*k, ch)[first:last]
				addRowsTimes(sum, b.x[ch][begin:end], weight[begin*wide:end*wide])
			}
			begin = end
		}
	}
	return start + size
}

// share copies the weights that tables have from the first.
func (n *rowNumbers) share(first, last int) {
	for at, t := range n.tables {
		if at == 0 || t.v.classes() > 1 || n.tables[0].v.classes() > 1 {
			continue
		}
		for h := range t.g.n() {
			copy(t.replicaSum(h, 0)[first:last], n.tables[0].replicaSum(h, 0)[first:last])
		}
	}
}

// gather writes one, and the numbers less their shift, of rows; zeros where a
// number is missing.
func (v *variable) gather(x [][]float64, rows []uint32) {
	whole := len(v.reason) == 0
	for k, row := range rows {
		i := int(row)
		if !whole && v.absence(i) != 0 {
			for ch := range x {
				x[ch][k] = 0
			}
			continue
		}
		x[0][k] = 1
		x[1][k] = v.num.Values[i] - v.shift[0]
		if len(x) > 2 {
			x[2][k] = v.den.Values[i] - v.shift[1]
		}
	}
}

// addRows adds up the rows of a plan in some replicates.
func (r *replicas) addRows(d *Design, p *rowPlan, first, last int) {
	wide := last - first
	fill := r.source.batch(first, last)
	b := &stripBuffer{weight: make([]float64, replicaStrip*wide), ordered: make([]float64, replicaStrip*wide)}
	for ch := range b.x {
		b.x[ch] = make([]float64, replicaStrip)
	}
	sums := make([][]float64, len(p.packs))
	for k, pack := range p.packs {
		if !pack.straight {
			sums[k] = make([]float64, pack.cells*wide)
		}
	}
	at := make([]int, len(p.numbers))
	for from, strip := 0, 0; from < d.rows; from, strip = from+replicaStrip, strip+1 {
		to := min(from+replicaStrip, d.rows)
		fill(b.weight[:(to-from)*wide], from, to)
		for k, pack := range p.packs {
			pack.add(sums[k], b.weight, from, to, first, last)
		}
		for k, n := range p.numbers {
			at[k] = n.add(b, strip, at[k], from, first, last)
		}
	}
	for k, pack := range p.packs {
		pack.share(sums[k], first, last)
	}
	for _, n := range p.numbers {
		n.share(first, last)
	}
}
