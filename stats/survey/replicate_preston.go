package survey

import "math"

// halfDraws are the factors of Preston's bootstrap: at every stage half of the
// clusters of a parent that was drawn itself are drawn without replacement.
//
//	1 + Σ_s Π_{t<s} √(n_t/m_t) δ_t · λ_s (n_s/m_s δ_s - 1)
//	λ_s = √(f_1 ... f_{s-1} m_s (1-f_s)/(n_s - m_s)),  m_s = ⌊n_s/2⌋
//
// δ says whether the cluster was drawn. A single cluster adds nothing.
type halfDraws struct {
	d      *Design
	r      *replicas
	seed   uint64
	rows   [][]int32   // per stratum, where rows are clusters
	offset [][]int     // per stage and parent, its first cluster
	ahead  [][]float64 // per stage and parent, f_1 ... f_{s-1}
}

func (p *halfDraws) batch(first, last int) func(out []float64, from, to int) {
	wide, units := last-first, p.r.units
	factor := make([]float64, wide*units)
	for k := range wide {
		p.draw(uint64(first+k), factor[k*units:(k+1)*units])
	}
	return func(out []float64, from, to int) {
		for u := from; u < to; u++ {
			w := p.r.unitWeight(p.d, u)
			row := out[(u-from)*wide : (u-from+1)*wide]
			for k, at := 0, u; k < wide; k, at = k+1, at+units {
				row[k] = w * factor[at]
			}
		}
	}
}

// draw writes a replicate's factors.
func (p *halfDraws) draw(replicate uint64, factor []float64) {
	s := newStream(p.seed, replicate+1)
	if p.rows != nil {
		for h, rows := range p.rows {
			in, out, _ := p.values(0, h)
			n := p.r.sizes[h]
			drawn := s.choose(n, n/2)
			for k, row := range rows {
				if factor[row] = 1 + out; drawn[k] {
					factor[row] = 1 + in
				}
			}
		}
		return
	}
	// Of each cluster of the stage at hand: what its factor is so far, and what
	// later stages are multiplied by.
	sum, times := make([]float64, len(p.r.sizes)), make([]float64, len(p.r.sizes))
	for h := range sum {
		sum[h], times[h] = 1, 1
	}
	for st := range p.d.stages {
		clusters := len(p.d.stages[st].parent)
		nextSum, nextTimes := make([]float64, clusters), make([]float64, clusters)
		for parent := range p.offset[st][1:] {
			from, to := p.offset[st][parent], p.offset[st][parent+1]
			n := to - from
			if times[parent] == 0 || n < 2 {
				for c := from; c < to; c++ {
					nextSum[c] = sum[parent]
				}
				continue
			}
			in, out, up := p.values(st, parent)
			for k, yes := range s.choose(n, n/2) {
				c := from + k
				if nextSum[c] = sum[parent] + times[parent]*out; yes {
					nextSum[c] = sum[parent] + times[parent]*in
					nextTimes[c] = times[parent] * up
				}
			}
		}
		sum, times = nextSum, nextTimes
	}
	copy(factor, sum)
}

// values are what a cluster that is drawn, or is not, adds to its factor, and
// what later stages are multiplied by.
func (p *halfDraws) values(stage, parent int) (in, out, up float64) {
	n := p.d.stages[stage].n[parent]
	m := math.Floor(n / 2)
	if m == 0 {
		return 0, 0, 0
	}
	lambda := math.Sqrt(p.ahead[stage][parent] * m * (1 - p.d.stages[stage].fraction[parent]) / (n - m))
	return lambda*(n/m) - lambda, -lambda, math.Sqrt(n / m)
}

// choose draws m of n without replacement.
func (s *stream) choose(n, m int) []bool {
	in := make([]bool, n)
	for j := n - m; j < n; j++ { // Floyd's method
		k := int(s.below(uint32(j + 1)))
		if in[k] {
			k = j
		}
		in[k] = true
	}
	return in
}

// preston makes the replicates of Preston's bootstrap. Without an FPC only the
// first stage counts.
func (d *Design) preston(r *replicas, o ReplicateOptions) error {
	if err := d.lonelyNames(Preston); err != nil {
		return err
	}
	p := &halfDraws{d: d, r: r, seed: o.Seed}
	if !d.clustered {
		p.rows = r.byStratum(d)
	} else if r.units, r.unitOf = d.units, d.unit; r.unitOf == nil {
		r.unitOf = make([]uint32, d.rows)
	}
	ahead := make([]float64, len(d.stages[0].n))
	for h := range ahead {
		ahead[h] = 1
	}
	for _, st := range d.stages {
		p.ahead = append(p.ahead, ahead)
		offset := make([]int, len(st.n)+1)
		next := make([]float64, len(st.parent))
		for c, parent := range st.parent {
			offset[parent+1]++
			next[c] = ahead[parent] * st.fraction[parent]
		}
		for k := range st.n {
			offset[k+1] += offset[k]
		}
		p.offset, ahead = append(p.offset, offset), next
	}
	if d.clustered && len(d.stages) > 1 {
		// What later stages draw has one mean a stratum as well, so that the
		// replicates span the weights of the last stage's clusters.
		clear(r.sizes)
		r.stratum = make([]uint32, d.units)
		for u := range r.stratum {
			_, h := d.above(u)
			r.stratum[u] = uint32(h)
			r.sizes[h]++
		}
	}
	r.n, r.source = o.Count, p
	r.span = r.plainSpan(func(h int) bool { return d.stages[0].n[h] < 2 })
	r.scale = 1 / float64(r.n-1)
	return nil
}
