package survey

import (
	"math/bits"
	"math/rand/v2"

	"waymark/internal/fault"
)

// draws are the multiplicities of the Rao-Wu and Canty-Davison bootstraps. They
// are drawn anew for each batch of replicates and held as bytes.
type draws struct {
	d      *Design
	r      *replicas
	seed   uint64
	take   func(n int) int // draws of n units
	factor []float64       // per stratum, of a multiplicity
	// units of each stratum; places from 0 to the stratum's size beyond them are
	// units without a living row.
	units [][]int32
	// copies is the population per stratum from which is drawn without
	// replacement, the units repeated in order; 0: with replacement.
	copies []int
	fixed  []bool // per stratum: its units keep their weight
}

// stream is the random numbers of one replicate.
type stream struct {
	rand.PCG
	rest uint64 // half a number that is still to be used
	half bool
}

func newStream(seed, replicate uint64) *stream {
	return &stream{PCG: *rand.NewPCG(seed, replicate)}
}

// below returns a number below n without bias (Lemire 2019).
func (s *stream) below(n uint32) uint32 {
	for {
		if s.half = !s.half; s.half {
			s.rest = s.Uint64()
		} else {
			s.rest >>= 32
		}
		hi, lo := bits.Mul32(uint32(s.rest), n)
		if lo >= n || lo >= -n%n {
			return hi
		}
	}
}

func (b *draws) batch(first, last int) func(out []float64, from, to int) {
	wide := last - first
	units := b.r.units
	count := make([]uint8, wide*units)
	var over map[[2]int]float64 // counts beyond a byte, by replicate and unit
	for k := range wide {
		c := count[k*units : (k+1)*units]
		b.draw(uint64(first+k), c, func(unit int32) {
			if over == nil {
				over = map[[2]int]float64{}
			}
			over[[2]int{k, int(unit)}] += 256
		})
	}
	return func(out []float64, from, to int) {
		for u := from; u < to; u++ {
			h := b.r.stratumOf(u)
			w := b.r.unitWeight(b.d, u)
			row := out[(u-from)*wide : (u-from+1)*wide]
			if b.fixed[h] {
				for k := range row {
					row[k] = w
				}
				continue
			}
			w *= b.factor[h]
			for k, at := 0, u; k < wide; k, at = k+1, at+units {
				row[k] = w * float64(count[at])
			}
			if over != nil {
				for k := range row {
					row[k] += w * over[[2]int{k, u}]
				}
			}
		}
	}
}

// draw counts how often a replicate has each unit.
func (b *draws) draw(replicate uint64, count []uint8, over func(unit int32)) {
	s := newStream(b.seed, replicate+1)
	for h, units := range b.units {
		n := b.r.sizes[h]
		if b.fixed[h] {
			continue
		}
		if b.copies[h] > 0 {
			b.drawCopies(s, h, count, over)
			continue
		}
		for range b.take(n) {
			if k := s.below(uint32(n)); int(k) < len(units) {
				u := units[k]
				if count[u]++; count[u] == 0 {
					over(u)
				}
			}
		}
	}
}

// drawCopies draws a stratum's sample again from its units repeated until they
// are as many as the population, without replacement: a copy that has been
// drawn is drawn over. Which units have a copy more is drawn anew each time (R
// draws it once for all replicates, whose factors then do not have mean 1).
func (b *draws) drawCopies(s *stream, h int, count []uint8, over func(unit int32)) {
	n, all := b.r.sizes[h], b.copies[h]
	order := make([]int, n)
	for k := range order {
		j := int(s.below(uint32(k + 1)))
		order[k], order[j] = order[j], k
	}
	taken := make([]uint32, n)
	for done := 0; done < n; {
		at := s.below(uint32(all))
		k := int(at) % n
		copies := uint32(all / n)
		if k < all%n {
			copies++
		}
		if s.below(copies) < taken[k] {
			continue
		}
		taken[k]++
		done++
		if unit := order[k]; unit < len(b.units[h]) {
			u := b.units[h][unit]
			if count[u]++; count[u] == 0 {
				over(u)
			}
		}
	}
}

// bootstrap makes the replicates of RaoWu and CantyDavison.
func (d *Design) bootstrap(kind Replication, r *replicas, o ReplicateOptions) error {
	if err := d.lonelyNames(kind); err != nil {
		return err
	}
	strata := len(r.sizes)
	b := &draws{d: d, r: r, seed: o.Seed, units: r.byStratum(d), factor: make([]float64, strata), copies: make([]int, strata), fixed: make([]bool, strata)}
	b.take = func(n int) int { return n - 1 }
	if kind == CantyDavison {
		b.take = func(n int) int { return n }
	}
	inverse, drawn := 0.0, 0
	for h, n := range r.sizes {
		inverse += 1 / float64(n)
		f := d.stages[0].fraction[h]
		b.fixed[h] = n < 2 || kind == CantyDavison && f >= 1
		if b.factor[h] = 1; kind == RaoWu && n > 1 {
			b.factor[h] = float64(n) / float64(n-1)
		}
		if !b.fixed[h] {
			drawn++
		}
		if kind == CantyDavison && f > 0 {
			if float64(n)/f >= 1<<31 {
				return fault.New(fault.Unavailable, fault.Place{}, "a stratum's population is too large to be copied for the bootstrap", "use RaoWu, or leave the FPC out")
			}
			b.copies[h] = int(float64(n)/f + 1e-6)
		}
	}
	if drawn == 0 {
		return nil
	}
	r.n, r.source = o.Count, b
	r.span = r.plainSpan(func(h int) bool { return b.fixed[h] })
	r.scale = 1 / float64(r.n-1)
	if mean := float64(strata) / inverse; kind == CantyDavison {
		r.scale *= mean / (mean - 1)
	} else {
		d.noteFPC(r)
	}
	d.noteStages(r)
	return nil
}
