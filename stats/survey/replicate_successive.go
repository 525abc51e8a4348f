package survey

import (
	"fmt"
	"math"

	"waymark/internal/fault"
)

// neighbours are the factors of successive difference replicates: a unit has
// two rows of a Hadamard matrix and shares one with the unit before it.
type neighbours struct {
	d    *Design
	r    *replicas
	h    *hadamard
	rows [][2]int32 // per unit; zeros: not in the sample
}

func (s *neighbours) batch(first, last int) func(out []float64, from, to int) {
	return func(out []float64, from, to int) {
		at := 0
		for u := from; u < to; u++ {
			w := s.r.unitWeight(s.d, u)
			a, b := int(s.rows[u][0]), int(s.rows[u][1])
			for k := first; k < last; k++ {
				f := 1.0
				switch x, y := s.h.at(a, k), s.h.at(b, k); {
				case x && !y:
					f += 1 / math.Sqrt2
				case y && !x:
					f -= 1 / math.Sqrt2
				}
				out[at] = w * f
				at++
			}
		}
	}
}

// successive makes successive difference replicates. Units are in the order of
// strata, then of rows, which must be that of the systematic sample. With k
// rows of the matrix beside the first, units 0..k-1 have rows (i, i+1), the
// next k have rows (2i, 2i+2), then by the next step that has no factor in
// common with k: each k units close a ring.
func (d *Design) successive(r *replicas, o ReplicateOptions) error {
	s := &neighbours{d: d, r: r, h: hadamardFor(o.Count - 1), rows: make([][2]int32, r.units)}
	if s.h == nil {
		return fault.New(fault.Unavailable, fault.Place{}, fmt.Sprintf("more than %d replicates by successive differences cannot be made", maxHadamard), "use fewer")
	}
	k := s.h.n - 1
	step, at := 1, 0
	for _, units := range r.byStratum(d) {
		for _, u := range units {
			s.rows[u] = [2]int32{int32(1 + at*step%k), int32(1 + (at+1)*step%k)}
			if at++; at == k {
				at = 0
				for step = step%(k-1) + 1; common(step, k) > 1; step = step%(k-1) + 1 {
				}
			}
		}
	}
	d.noteFPC(r)
	d.noteStages(r)
	r.n, r.scale, r.source = s.h.n, 4/float64(s.h.n), s
	return nil
}

// common is the greatest common divisor.
func common(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
