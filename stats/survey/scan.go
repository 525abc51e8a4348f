package survey

// The scans below are the only code that visits rows. They do not allocate per
// row, and add rows in their order.

// countDense counts rows: all weights are 1, so counts are sums of weights and
// of their squares.
func (t *cellTable) countDense() {
	cells := len(t.count)
	count := t.count
	if t.d.units > 1 {
		count = make([]uint32, t.d.units*cells)
	}
	k := uint32(t.v.classes())
	all := t.g.placed(t.d)
	t.blocks(func(from int, class []uint32) {
		if all == nil {
			for _, c := range class {
				count[c]++
			}
			return
		}
		place := all[from : from+len(class)]
		for i, c := range class {
			count[place[i]*k+c]++
		}
	})
	t.dense = make([]float64, len(count))
	for c, n := range count {
		t.dense[c] = float64(n)
		if t.d.units > 1 {
			t.count[c%cells] += n
		}
	}
}

// weighDense adds up weights, and their squares where rows are the PSUs, and
// counts rows beside them, so that a row touches one place in memory.
func (t *cellTable) weighDense() {
	cells := len(t.count)
	wide := t.stride + 1
	sum := make([]float64, t.d.units*cells*wide)
	k := uint32(t.v.classes())
	all := t.g.placed(t.d)
	none := make([]uint32, blockRows)
	t.blocks(func(from int, class []uint32) {
		weight := t.d.weights[from : from+len(class)]
		place := none[:len(class)]
		if all != nil {
			place = all[from : from+len(class)]
		}
		if t.square == 0 {
			for i, c := range class {
				at := 2 * (place[i]*k + c)
				cell := sum[at : at+2 : at+2]
				cell[0] += weight[i]
				cell[1]++
			}
			return
		}
		for i, c := range class {
			w := weight[i]
			at := 3 * (place[i]*k + c)
			cell := sum[at : at+3 : at+3]
			cell[0] += w
			cell[1] += w * w
			cell[2]++
		}
	})
	t.dense = make([]float64, t.d.units*cells*t.stride)
	for c := range t.d.units * cells {
		copy(t.dense[c*t.stride:(c+1)*t.stride], sum[c*wide:])
		t.count[c%cells] += uint32(sum[(c+1)*wide-1])
	}
}

// blocks calls scan with the classes of each block of rows.
func (t *cellTable) blocks(scan func(from int, class []uint32)) {
	var buf [blockRows]uint32
	for from := 0; from < t.d.rows; from += blockRows {
		class := buf[:min(blockRows, t.d.rows-from)]
		t.v.fill(class, from)
		scan(from, class)
	}
}

// numberDense adds up weights and weighted numbers.
func (t *cellTable) numberDense() {
	cells := len(t.count)
	t.dense = make([]float64, t.d.units*cells*t.stride)
	if t.d.clustered && t.joint == 1 && t.ch == 2 {
		t.meanDense()
		return
	}
	k := t.v.classes()
	all := t.g.placed(t.d)
	t.blocks(func(from int, class []uint32) {
		for i, c := range class {
			at := int(c)
			if all != nil {
				at += int(all[from+i]) * k
			}
			t.add(t.dense[at*t.stride:(at+1)*t.stride], from+i, at%cells)
		}
	})
}

// meanDense is numberDense for one number under clusters that are not
// calibrated, the common case.
func (t *cellTable) meanDense() {
	k := uint32(t.v.classes())
	out := uint32(t.g.out()) * k
	all := t.g.placed(t.d)
	cells := uint32(len(t.count))
	values, shift := t.v.num.Values, t.v.shift[0]
	t.blocks(func(from int, class []uint32) {
		for i, c := range class {
			at := c
			if all != nil {
				at += all[from+i] * k
			}
			cell := at % cells
			if cell >= out {
				continue
			}
			t.count[cell]++
			x, w := 0.0, 1.0
			if c == 0 {
				x = values[from+i] - shift
			}
			if t.d.weights != nil {
				w = t.d.weights[from+i]
			}
			t.yy[cell] += w * x * x
			plain := t.plain[2*cell : 2*cell+2 : 2*cell+2]
			plain[0]++
			plain[1] += x
			sum := t.dense[2*at : 2*at+2 : 2*at+2]
			sum[0] += w
			sum[1] += w * x
		}
	})
}

// add puts one row into its cell.
func (t *cellTable) add(sum []float64, row, cell int) {
	if cell%t.per >= t.g.out()*t.v.classes() {
		return
	}
	t.count[cell]++
	x := [3]float64{1}
	w := 1.0
	if t.d.weights != nil {
		w = t.d.weights[row]
	}
	if t.v.num != nil && cell%t.per%t.v.classes() == 0 {
		x[1] = t.v.num.Values[row] - t.v.shift[0]
		if t.v.den != nil {
			x[2] = t.v.den.Values[row] - t.v.shift[1]
		}
	}
	if t.plain != nil {
		t.yy[cell%t.per] += w * x[1] * x[1]
		for a := range t.ch {
			t.plain[cell*t.ch+a] += x[a]
		}
	}
	for a := range t.ch {
		sum[a] += w * x[a]
	}
	if t.square == 0 {
		return
	}
	at := t.square
	for b := range t.ch {
		for a := range b + 1 {
			sum[at] += w * w * x[a] * x[b]
			at++
		}
	}
}

// list adds up unit by unit and keeps only the cells that occur.
func (t *cellTable) list() {
	if t.d.clustered && t.joint == 1 && t.v.cat != nil {
		t.listRuns()
		return
	}
	cell := make([]uint32, t.d.rows)
	for from := 0; from < t.d.rows; from += blockRows {
		t.fill(cell[from:min(from+blockRows, t.d.rows)], from)
	}
	order := t.d.byUnit()
	at := newPlaces(len(t.count))
	t.start = make([]int, 1, t.d.units+1)
	t.cell = make([]uint32, 0, t.d.rows)
	t.val = make([]float64, 0, t.d.rows*t.stride)
	out := uint32(t.g.out() * t.v.classes())
	per := uint32(t.per)
	for u := range t.d.units {
		first := len(t.cell)
		for k := order.start[u]; k < order.start[u+1]; k++ {
			row := k
			if order.rows != nil {
				row = int(order.rows[k])
			}
			c := cell[row]
			if c%per >= out {
				continue
			}
			e := at.get(c)
			if e < 0 {
				e = len(t.cell)
				at.set(c, e)
				t.cell = append(t.cell, c)
				for range t.stride {
					t.val = append(t.val, 0)
				}
			}
			t.add(t.val[e*t.stride:(e+1)*t.stride], row, int(c))
		}
		for _, c := range t.cell[first:] {
			at.set(c, -1)
		}
		t.start = append(t.start, len(t.cell))
	}
}

// places finds a cell's entry in the unit at hand: by index if there are few
// cells, else by map.
type places struct {
	index []int32
	known map[uint32]int
}

func newPlaces(cells int) *places {
	if cells > 1<<23 {
		return &places{known: map[uint32]int{}}
	}
	return &places{index: make([]int32, cells)}
}

func (p *places) get(c uint32) int {
	if p.index != nil {
		return int(p.index[c]) - 1
	}
	if e, ok := p.known[c]; ok {
		return e
	}
	return -1
}

func (p *places) set(c uint32, e int) {
	switch {
	case p.index != nil:
		p.index[c] = int32(e + 1)
	case e < 0:
		delete(p.known, c)
	default:
		p.known[c] = e
	}
}
