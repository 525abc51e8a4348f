package survey

import "sync"

// runs lists the rows of a grouping by unit and, within a unit, by domain:
// neighbours of one unit and one domain are a run. Rows out of the sample are
// left out. Within a run rows keep their order, so sums do too.
type runs struct {
	once   sync.Once
	rows   []uint32
	first  []uint32 // of each run, in rows; and the end
	unit   []uint32 // per run
	domain []uint32 // per run
}

// byRun returns the grouping's runs, made once: a counting sort by domain, then
// by unit, both stable.
func (g *grouping) byRun(d *Design) *runs {
	g.runs.once.Do(func() { g.runs.sort(g, d) })
	return &g.runs
}

func (r *runs) sort(g *grouping, d *Design) {
	out := uint32(g.out())
	domain := func(row uint32) uint32 {
		switch {
		case g.narrow != nil:
			return uint32(g.narrow[row])
		case g.wide != nil:
			return g.wide[row]
		}
		return 0
	}
	next := make([]uint32, g.out()+1)
	for row := range uint32(d.rows) {
		next[domain(row)]++
	}
	sum := uint32(0)
	for k, n := range next {
		next[k] = sum
		sum += n
	}
	kept := next[out]
	byDomain := make([]uint32, d.rows)
	for row := range uint32(d.rows) {
		k := domain(row)
		byDomain[next[k]] = row
		next[k]++
	}
	byDomain = byDomain[:kept]
	at := make([]uint32, d.units+1)
	for _, row := range byDomain {
		at[d.unit[row]+1]++
	}
	for u := range d.units {
		at[u+1] += at[u]
	}
	r.rows = make([]uint32, kept)
	for _, row := range byDomain {
		u := d.unit[row]
		r.rows[at[u]] = row
		at[u]++
	}
	lastUnit, lastDomain := ^uint32(0), ^uint32(0)
	for i, row := range r.rows {
		u, k := d.unit[row], domain(row)
		if u != lastUnit || k != lastDomain {
			r.first = append(r.first, uint32(i))
			r.unit, r.domain = append(r.unit, u), append(r.domain, k)
			lastUnit, lastDomain = u, k
		}
	}
	r.first = append(r.first, kept)
}

// listRuns is list for categories under clusters that are not calibrated: it
// follows the runs and needs no look-up per row but that of the class.
func (t *cellTable) listRuns() {
	switch c := t.v.cat; {
	case c.Codes8 != nil:
		listRuns(t, c.Codes8)
	case c.Codes16 != nil:
		listRuns(t, c.Codes16)
	default:
		listRuns(t, c.Codes32)
	}
}

func listRuns[C uint8 | uint16 | uint32](t *cellTable, codes []C) {
	r := t.g.byRun(t.d)
	k, class := t.v.classes(), t.v.classOf
	rows, weight := make([]uint32, k), make([]float64, k)
	touched := make([]uint32, 0, k)
	t.start = make([]int, t.d.units+1)
	b := borrow()
	for i, u := range r.unit {
		for _, row := range r.rows[r.first[i]:r.first[i+1]] {
			c := class[codes[row]]
			if rows[c] == 0 {
				touched = append(touched, c)
			}
			rows[c]++
			if t.d.weights != nil {
				weight[c] += t.d.weights[row]
			}
		}
		base := r.domain[i] * uint32(k)
		for _, c := range touched {
			x := weight[c]
			if t.d.weights == nil {
				x = float64(rows[c])
			}
			b.cell = append(b.cell, base+c)
			b.val = append(b.val, x)
			t.count[base+c] += rows[c]
			rows[c], weight[c] = 0, 0
		}
		touched = touched[:0]
		t.start[u+1] = len(b.cell)
	}
	b.giveTo(t)
	for u := range t.d.units { // units without a row of the sample
		t.start[u+1] = max(t.start[u+1], t.start[u])
	}
}
