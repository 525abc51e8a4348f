package survey

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// span says what the factors of made replicates span: all that have one mean in
// every stratum of free units. A free unit is a unit, or several that always
// weigh alike; strata whose factors never change are one free unit together.
type span struct {
	of      []uint32 // unit to free unit; nil: the same
	order   []int32  // units in the order of free units, if of is set
	stratum []uint32 // per free unit; nil: one stratum
	sizes   []int    // free units per stratum
}

// plainSpan is that of replicates that change every unit, with the units of
// some strata fixed.
func (r *replicas) plainSpan(fixed func(h int) bool) *span {
	s := &span{stratum: r.stratum, sizes: r.sizes}
	any := false
	for h := range r.sizes {
		any = any || fixed(h)
	}
	if !any {
		return s
	}
	s.of, s.stratum, s.sizes = make([]uint32, r.units), []uint32{0}, []int{1}
	place := make([]uint32, len(r.sizes))
	for h, n := range r.sizes {
		if !fixed(h) {
			place[h] = uint32(len(s.sizes))
			s.sizes = append(s.sizes, n)
		}
	}
	for u := range s.of {
		if h := place[r.stratumOf(u)]; h > 0 {
			s.of[u] = uint32(len(s.stratum))
			s.stratum = append(s.stratum, h)
		}
	}
	return s.inOrder()
}

// inOrder lists the units by free unit.
func (s *span) inOrder() *span {
	s.order = make([]int32, len(s.of))
	for u := range s.order {
		s.order[u] = int32(u)
	}
	slices.SortStableFunc(s.order, func(a, b int32) int { return cmp.Compare(s.of[a], s.of[b]) })
	return s
}

// unit returns the free unit of the k-th unit in order, and that unit.
func (s *span) unit(k int) (free, unit int) {
	if s.of == nil {
		return k, k
	}
	unit = int(s.order[k])
	return int(s.of[unit]), unit
}

// freedom is the rank of the replicate weights, less one, among the free units
// present, where absent counts those that are not, by stratum. Of n units in a
// stratum n-1 are free where all are present; where some are absent, those
// present are all free. Values beyond the number of replicates are not.
func (r *replicas) freedom(absent []int) float64 {
	rank, complete := 0, false
	for h, n := range r.span.sizes {
		switch {
		case n == absent[h]:
		case absent[h] == 0:
			rank += n - 1
			complete = true
		default:
			rank += n - absent[h]
		}
	}
	if complete {
		rank++
	}
	return float64(max(0, min(rank, r.n)-1))
}

// rank is the rank of replicate weights. Rows are first added up, each times a
// random number, into twice as many sums as there are replicates; that keeps
// the rank. Its seed is fixed.
func (r *replicas) rank(d *Design) int {
	sums := 2*r.n + 16
	if d.rows <= 2*sums {
		sums = d.rows
	}
	a := mat.NewDense(sums, r.n, nil)
	random := rand.New(rand.NewPCG(1, 2))
	row := make([]float64, r.n)
	fill := r.source.batch(0, r.n)
	for i := range d.rows {
		fill(row, i, i+1)
		at, by := i, 1.0
		if sums < d.rows {
			at, by = random.IntN(sums), 1+random.Float64()
		}
		to := a.RawRowView(at)
		for k, w := range row {
			to[k] += by * w
		}
	}
	return rankOf(a)
}

// rankOf is the numerical rank by Gram-Schmidt with the columns of R's
// tolerance: one that loses all but 1e-5 of its length depends on the others.
func rankOf(a *mat.Dense) int {
	rows, cols := a.Dims()
	basis := make([][]float64, 0, min(rows, cols))
	column := make([]float64, rows)
	for k := range cols {
		mat.Col(column, k, a)
		before := math.Sqrt(dot(column, column))
		for range 2 {
			for _, b := range basis {
				s := dot(column, b)
				for i, x := range b {
					column[i] -= s * x
				}
			}
		}
		after := math.Sqrt(dot(column, column))
		if !(after > 1e-5*before) {
			continue
		}
		b := make([]float64, rows)
		for i, x := range column {
			b[i] = x / after
		}
		if basis = append(basis, b); len(basis) == rows {
			break
		}
	}
	return len(basis)
}

func dot(a, b []float64) float64 {
	s := 0.0
	for i, x := range a {
		s += x * b[i]
	}
	return s
}

// replicatedFreedom is freedom by group of cells; of given weights, where what
// their replicates span is not known, the design's, and at most the group's
// rows less one.
func (t *cellTable) replicatedFreedom(group []int, n int) []float64 {
	r := t.rep.rep
	out := make([]float64, n)
	if r.span == nil {
		rows := make([]float64, n)
		for c, k := range group {
			if k >= 0 {
				rows[k] += float64(t.count[c])
			}
		}
		for k := range out {
			out[k] = max(0, min(t.d.df, rows[k]-1))
		}
		return out
	}
	strata := len(r.span.sizes)
	absent := make([]int, n*strata)
	for k := range n {
		copy(absent[k*strata:], r.span.sizes)
	}
	last := make([]int, n) // free unit seen, from 1
	see := func(free, cell int) {
		if k := group[cell]; k >= 0 && last[k] != free+1 {
			last[k] = free + 1
			absent[k*strata+r.span.stratumOf(free)]--
		}
	}
	switch {
	case r.unitOf != nil:
		for k := range r.units {
			free, u := r.span.unit(k)
			for e := t.start[u]; e < t.start[u+1]; e++ {
				see(free, int(t.cell[e]))
			}
		}
	default:
		cell := make([]uint32, t.d.rows)
		t.fill(cell, 0)
		for k := range t.d.rows {
			if free, u := r.span.unit(k); cell[u] < uint32(len(group)) {
				see(free, int(cell[u]))
			}
		}
	}
	for k := range out {
		out[k] = r.freedom(absent[k*strata : (k+1)*strata])
	}
	return out
}

// stratumOf is the stratum of a free unit.
func (s *span) stratumOf(free int) int {
	if s.stratum == nil {
		return 0
	}
	return int(s.stratum[free])
}

// freedomOf is freedom among the rows alive for which in is true.
func (r *replicas) freedomOf(d *Design, in func(row int) bool) float64 {
	present := make([]bool, r.units)
	rows := 0
	for i := range d.rows {
		if d.dead != nil && d.dead[i] || !in(i) {
			continue
		}
		rows++
		u := i
		if r.unitOf != nil {
			u = int(r.unitOf[i])
		}
		present[u] = true
	}
	if r.span == nil {
		return max(0, min(d.df, float64(rows-1)))
	}
	absent := slices.Clone(r.span.sizes)
	last := -1
	for k := range r.units {
		if free, u := r.span.unit(k); present[u] && free != last {
			last = free
			absent[r.span.stratumOf(free)]--
		}
	}
	return r.freedom(absent)
}
