package survey

import (
	"fmt"
	"slices"

	"waymark/internal/fault"
)

// halfSamples are the factors of BRR and Fay: a unit has a part in either half
// of its pair, and a Hadamard matrix says which half a replicate takes.
type halfSamples struct {
	d    *Design
	r    *replicas
	h    *hadamard
	rho  float64
	pair []int32      // per unit, its row of the matrix less one; -1: not halved
	part [][2]float64 // per unit, its part in either half
}

func (s *halfSamples) batch(first, last int) func(out []float64, from, to int) {
	return func(out []float64, from, to int) {
		at := 0
		for u := from; u < to; u++ {
			w := s.r.unitWeight(s.d, u)
			for k := first; k < last; k++ {
				f := 1.0
				if p := s.pair[u]; p >= 0 {
					a, b := s.part[u][0], s.part[u][1]
					if s.h.at(int(p)+1, k) {
						a, b = b, a
					}
					f = a*(2-s.rho) + b*s.rho
				}
				out[at] = w * f
				at++
			}
		}
	}
}

// halves makes BRR and Fay replicates. Pairs take the matrix's rows after the
// first, which is all ones: first those of small strata, then of large ones,
// then strata of two, in the order of strata, and PSUs in that of rows, as R's
// brrweights has them. R sorts strata by name.
func (d *Design) halves(r *replicas, o ReplicateOptions) error {
	if err := d.checkHalves(r, o); err != nil {
		return err
	}
	d.noteFPC(r)
	s := &halfSamples{d: d, r: r, rho: o.Rho, pair: slices.Repeat([]int32{-1}, r.units), part: make([][2]float64, r.units)}
	pairs := 0
	put := func(units []int32, half func(k int) int, pair func(k int) int) {
		for k, u := range units {
			s.pair[u] = int32(pairs + pair(k))
			s.part[u][half(k)] = 1
		}
	}
	zero := func(int) int { return 0 }
	second := func(k int) int { return 1 - k%2 } // the first of a pair is in the second half
	units := r.byStratum(d)
	var small []int32
	for h, n := range r.sizes {
		if n == 1 && d.stages[0].single[h] && d.lonelyHalf(h) {
			small = append(small, units[h]...)
		}
	}
	switch {
	case o.Small == SmallSplit:
		for _, u := range small {
			s.pair[u], s.part[u] = int32(pairs), [2]float64{0.5, 0.5}
			pairs++
		}
	case o.Small == SmallMerge && len(small) > 0:
		odd := len(small) % 2
		// With an odd number the first joins the first pair.
		put(small, second, func(k int) int {
			if k -= odd; k < 0 {
				k = 0
			}
			return k % (len(small) / 2)
		})
		pairs += len(small) / 2
	}
	for h, n := range r.sizes {
		switch {
		case n <= 2:
		case o.Large == LargeSplit:
			put(units[h], second, func(k int) int { return k / 2 })
			pairs += n / 2
		case o.Large == LargeMerge:
			put(units[h], func(k int) int {
				if k < n/2 {
					return 1
				}
				return 0
			}, zero)
			pairs++
		}
	}
	for h, n := range r.sizes {
		if n == 2 {
			put(units[h], second, zero)
			pairs++
		}
	}
	if pairs == 0 {
		return nil
	}
	if s.h = hadamardFor(pairs); s.h == nil {
		return fault.New(fault.Unavailable, fault.Place{}, fmt.Sprintf("%d pairs of PSUs need more than %d half samples", pairs, maxHadamard), "use the jackknife or a bootstrap")
	}
	r.n, r.source = s.h.n, s
	r.span = s.span(pairs)
	r.scale = 1 / (float64(r.n) * (1 - o.Rho) * (1 - o.Rho))
	return nil
}

// lonelyHalf says whether a stratum with one PSU is to be in the half samples:
// not under LonelyRemove or LonelyCertainty, and not where it was sampled whole.
func (d *Design) lonelyHalf(h int) bool { return d.stages[0].scale[h] > 0 }

// checkHalves names the strata that cannot be halved.
func (d *Design) checkHalves(r *replicas, o ReplicateOptions) error {
	var small, large, odd []string
	for h, n := range r.sizes {
		name := fmt.Sprintf("%q (%d)", d.strata[h], n)
		switch {
		case n == 1 && d.lonelyHalf(h):
			small = append(small, name)
		case n > 2:
			if large = append(large, name); n%2 == 1 {
				odd = append(odd, name)
			}
		}
	}
	faults := fault.NewList(maxFaults)
	refuse := func(names []string, message, remedy string) {
		faults.Addf(fault.Invalid, fault.Place{}, remedy, "%s: %s", message, shorten(names))
	}
	if small != nil && (o.Small == SmallFail || o.Small == SmallMerge && len(small) == 1) {
		refuse(small, "half samples need two PSUs in a stratum, and these have one", "merge strata, split the PSU's weight, or use the jackknife")
	}
	if large != nil && o.Large == LargeFail {
		refuse(large, "half samples need two PSUs in a stratum, and these have more", "split them into pairs or two groups, or use the jackknife")
	}
	if odd != nil && o.Large == LargeSplit {
		refuse(odd, "strata with an odd number of PSUs cannot be split into pairs", "form two groups, or use the jackknife")
	}
	return faults.Err()
}

// span: the halves of a pair are free units; what is not halved is another.
func (s *halfSamples) span(pairs int) *span {
	out := &span{of: make([]uint32, len(s.pair)), sizes: []int{0}, stratum: []uint32{0}}
	for p := range pairs {
		out.sizes = append(out.sizes, 2)
		out.stratum = append(out.stratum, uint32(p+1), uint32(p+1))
	}
	split := make([]bool, pairs)
	for u, p := range s.pair {
		switch {
		case p < 0 || s.part[u][0] == s.part[u][1]:
			out.sizes[0] = 1
			if p >= 0 {
				split[p] = true
			}
		case s.part[u][0] == 1:
			out.of[u] = uint32(1 + 2*p)
		default:
			out.of[u] = uint32(2 + 2*p)
		}
	}
	for p, yes := range split { // of equal halves no factor changes
		if yes {
			out.sizes[p+1] = 0
		}
	}
	return out.inOrder()
}
