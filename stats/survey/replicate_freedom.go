package survey

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"
)

// freedom is the rank of the replicate weights, less one, among the units
// present, where absent counts those that are not, by stratum.
//
// The factors of a made replicate have the same mean in every stratum, and the
// replicates span all such factors. Of n units in a stratum they leave n-1 free
// where all are present; where some are absent, those present are all free.
func (r *replicas) freedom(absent []int) float64 {
	rank, complete := 0, false
	for h, n := range r.sizes {
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
	return float64(min(rank, r.n) - 1)
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
	if !r.ranked {
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
	strata := len(r.sizes)
	absent := make([]int, n*strata)
	for k := range n {
		copy(absent[k*strata:], r.sizes)
	}
	last := make([]int, n) // unit seen, from 1
	see := func(unit, cell int) {
		if k := group[cell]; k >= 0 && last[k] != unit+1 {
			last[k] = unit + 1
			absent[k*strata+int(r.stratumOf(unit))]--
		}
	}
	if r.unitOf != nil {
		for u := range r.units {
			for e := t.start[u]; e < t.start[u+1]; e++ {
				see(u, int(t.cell[e]))
			}
		}
	} else {
		for from := 0; from < t.d.rows; from += replicaStrip {
			var buf [replicaStrip]uint32
			cell := buf[:min(replicaStrip, t.d.rows-from)]
			t.fill(cell, from)
			for i, c := range cell {
				if c < uint32(len(group)) {
					see(from+i, int(c))
				}
			}
		}
	}
	for k := range out {
		out[k] = max(0, r.freedom(absent[k*strata:(k+1)*strata]))
	}
	return out
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
	if !r.ranked {
		return max(0, min(d.df, float64(rows-1)))
	}
	absent := append([]int(nil), r.sizes...)
	for u, ok := range present {
		if ok {
			absent[r.stratumOf(u)]--
		}
	}
	return max(0, r.freedom(absent))
}
