package survey

import "waymark/stats/table"

// cellTable holds the sums from which all estimates of one variable in one
// grouping follow, with their variances: per unit of the design and per cell
// (domain and class), the sum of weights and of weighted numbers. Where every
// row is its own PSU the unit is the stratum, and the sums of squares and
// products are kept as well.
//
// Small tables are dense; large ones list only the cells that occur, unit by
// unit. Under a calibrated design cells are split by the joint margin of a row.
type cellTable struct {
	d *Design
	g *grouping
	v *variable

	per    int // cells without the split by joint margin: (domains+2) · classes
	joint  int
	ch     int // channels: sums per cell
	stride int // numbers per cell
	square int // offset of the squares; 0 if the sums are their own squares

	dense []float64
	start []int // per unit, the first of its entries; set if not dense
	cell  []uint32
	val   []float64

	count []uint32       // rows per cell
	plain []float64      // sums without weights per cell and channel; nil if there is one channel
	total []float64      // weighted sums per cell without the split, and channel
	yy    []float64      // weighted squares of the number per cell without the split
	rep   *replicaTotals // sums in every replicate; nil without replicate weights
}

// A dense table has at most denseLimit units times cells, and at most
// densePerRow of them a row: beyond that most would be empty.
const (
	denseLimit  = 1 << 21
	densePerRow = 2
)

// newCellTable scans the rows once.
func newCellTable(d *Design, g *grouping, v *variable) *cellTable {
	t := emptyCellTable(d, g, v)
	cells := len(t.count)
	switch dense := d.units*cells <= min(denseLimit, max(1<<10, densePerRow*d.rows)); {
	case g.bits != nil && t.ch == 1 && v.classes() <= 8 && g.n()*(v.classes()-1) <= bitLimit:
		t.countBits()
	case d.inBits() && g.inBits() && v.inBits():
		t.countBitUnits()
	case t.inUnits():
		t.countUnits()
	case dense && t.ch == 1 && d.weights == nil:
		t.countDense()
	case dense && t.ch == 1:
		t.weighDense()
	case dense:
		t.numberDense()
	default:
		t.list()
	}
	if d.clustered && t.dense != nil {
		t.compress()
	}
	t.sum()
	return t
}

// emptyCellTable lays out a table.
func emptyCellTable(d *Design, g *grouping, v *variable) *cellTable {
	t := &cellTable{d: d, g: g, v: v, joint: 1, ch: v.channels()}
	t.per = (g.n() + 2) * v.classes()
	if d.cal != nil {
		t.joint = d.cal.joint
	}
	t.stride = t.ch
	if !d.clustered && (d.weights != nil || t.ch > 1) {
		t.square = t.ch
		t.stride += t.ch * (t.ch + 1) / 2
	}
	cells := t.joint * t.per
	t.count = make([]uint32, cells)
	if t.ch > 1 {
		t.plain = make([]float64, cells*t.ch)
		t.yy = make([]float64, t.per)
	}
	return t
}

// compress turns a dense table into the list of cells that occur, so that what
// follows visits each of them and no other.
func (t *cellTable) compress() {
	cells := len(t.count)
	filled := 0
	for at := 0; at < len(t.dense); at += t.stride {
		if t.dense[at] != 0 {
			filled++
		}
	}
	t.cell = make([]uint32, 0, filled)
	t.val = make([]float64, 0, filled*t.stride)
	t.start = make([]int, 1, t.d.units+1)
	out := uint32(t.g.out() * t.v.classes())
	for u := range t.d.units {
		row := t.dense[u*cells*t.stride : (u+1)*cells*t.stride]
		for c, at := uint32(0), 0; at < len(row); c, at = c+1, at+t.stride {
			if row[at] != 0 && (c < out || t.joint > 1 && c%uint32(t.per) < out) {
				t.cell = append(t.cell, c)
				t.val = append(t.val, row[at:at+t.stride]...)
			}
		}
		t.start = append(t.start, len(t.cell))
	}
	t.dense = nil
}

// fill writes the cells of rows from, from+1, ...
func (t *cellTable) fill(cell []uint32, from int) {
	t.v.fill(cell, from)
	to := from + len(cell)
	k := uint32(t.v.classes())
	switch {
	case t.g.narrow != nil:
		addDomain(cell, t.g.narrow[from:to], k)
	case t.g.wide != nil:
		addDomain(cell, t.g.wide[from:to], k)
	}
	if t.joint > 1 {
		addDomain(cell, t.d.cal.of[from:to], uint32(t.per))
	}
}

// fill writes the classes of rows from, from+1, ...
func (v *variable) fill(cell []uint32, from int) {
	to := from + len(cell)
	switch c := v.cat; {
	case c == nil && v.truth != nil:
		fillTruth(cell, v.truth.Values[from:to], v.truth.Reasons(), from, v.classOf)
	case c == nil:
		fillPresence(cell, v, from)
	case c.Codes8 != nil:
		fillClass(cell, c.Codes8[from:to], v.classOf)
	case c.Codes16 != nil:
		fillClass(cell, c.Codes16[from:to], v.classOf)
	default:
		fillClass(cell, c.Codes32[from:to], v.classOf)
	}
}

func fillClass[C uint8 | uint16 | uint32](cell []uint32, code []C, class []uint32) {
	code = code[:len(cell)]
	for i := range cell {
		cell[i] = class[code[i]]
	}
}

func fillTruth(cell []uint32, value []bool, reason []table.Missing, from int, class []uint32) {
	no, yes := class[table.FirstLevel], class[table.FirstLevel+1]
	for i, v := range value {
		k := no
		if v {
			k = yes
		}
		cell[i] = k
	}
	if reason == nil {
		return
	}
	for i, m := range reason[from : from+len(cell)] {
		if m != table.Present {
			cell[i] = class[m]
		}
	}
}

func fillPresence(cell []uint32, v *variable, from int) {
	for i := range cell {
		cell[i] = 0
		if m := v.absence(from + i); m != table.Present {
			cell[i] = v.classOf[m]
		}
	}
}

func addDomain[D uint16 | uint32](cell []uint32, domain []D, k uint32) {
	domain = domain[:len(cell)]
	for i := range cell {
		cell[i] += uint32(domain[i]) * k
	}
}

// sum adds up the cells over units, and over joint margins, in their order.
func (t *cellTable) sum() {
	t.total = make([]float64, t.per*t.ch)
	if t.dense != nil {
		cells := t.joint * t.per
		for u := range t.d.units {
			for c := range cells {
				at := (u*cells + c) * t.stride
				for ch := range t.ch {
					t.total[c%t.per*t.ch+ch] += t.dense[at+ch]
				}
			}
		}
		return
	}
	if t.ch == 1 && t.joint == 1 {
		for e, c := range t.cell {
			t.total[c] += t.val[e*t.stride]
		}
		return
	}
	for e, c := range t.cell {
		for ch := range t.ch {
			t.total[int(c)%t.per*t.ch+ch] += t.val[e*t.stride+ch]
		}
	}
}

// rows counts rows in a cell, over joint margins.
func (t *cellTable) rowsIn(domain, class int) int {
	n := 0
	for c := domain*t.v.classes() + class; c < len(t.count); c += t.per {
		n += int(t.count[c])
	}
	return n
}
