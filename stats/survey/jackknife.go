package survey

import (
	"context"
	"math"

	"waymark/internal/fault"
)

// leaveOneOut are the replicates of the jackknife: each leaves out one unit,
// and the others of its stratum weigh n/(n-1) times as much. With adjust, a
// unit that is alone in its stratum is left out and all other strata weigh
// H/(H-1) times as much.
type leaveOneOut struct {
	d       *Design // before replication
	r       *replicas
	unit    []int32 // per replicate the unit left out; -1: a row of weight zero
	stratum []uint32
	lonely  []bool // per replicate; nil: none
}

// factor is the factor of a unit of stratum h in a replicate.
func (j *leaveOneOut) factor(replicate, unit int, h uint32) float64 {
	switch n := float64(j.r.sizes[j.stratum[replicate]]); {
	case int(j.unit[replicate]) == unit:
		return 0
	case j.lonely != nil && j.lonely[replicate]:
		if h == j.stratum[replicate] {
			return 0
		}
		return j.others()
	case h != j.stratum[replicate]:
		return 1
	default:
		return n / (n - 1)
	}
}

// others is the factor of strata beside a lonely one that is left out.
func (j *leaveOneOut) others() float64 {
	n := float64(len(j.r.sizes))
	return n / (n - 1)
}

func (j *leaveOneOut) batch(first, last int) func(out []float64, from, to int) {
	return func(out []float64, from, to int) {
		at := 0
		for u := from; u < to; u++ {
			h := j.r.stratumOf(u)
			w := j.r.unitWeight(j.d, u)
			for k := first; k < last; k++ {
				out[at] = w * j.factor(k, u, h)
				at++
			}
		}
	}
}

// stratumOf is the stratum of a unit.
func (r *replicas) stratumOf(unit int) uint32 {
	if r.stratum == nil {
		return 0
	}
	return r.stratum[unit]
}

// addUp makes a table's sums in every replicate from those of strata and units:
// all less the stratum, plus n/(n-1) times the stratum less the unit. Equal
// sums cancel to zero exactly.
func (j *leaveOneOut) addUp(t *cellTable) {
	cells, n := t.per*t.ch, j.r.n
	strata := len(j.r.sizes)
	byStratum := make([]float64, strata*cells)
	all := make([]float64, cells)
	j.entries(t, func(unit, cell int, val []float64) {
		h := int(j.r.stratumOf(unit))
		for ch, x := range val {
			byStratum[h*cells+cell*t.ch+ch] += x
		}
	})
	for h := range strata {
		for c := range all {
			all[c] += byStratum[h*cells+c]
		}
	}
	of := make([]int32, j.r.units)
	for u := range of {
		of[u] = -1
	}
	for k, u := range j.unit {
		if u >= 0 {
			of[u] = int32(k)
		}
		h := int(j.stratum[k])
		m := float64(j.r.sizes[h])
		for c := range all {
			rest := all[c] - byStratum[h*cells+c]
			if j.lonely != nil && j.lonely[k] {
				rest *= j.others()
			} else {
				rest += byStratum[h*cells+c] * (m / (m - 1))
			}
			t.rep.sum[c*n+k] = rest
		}
	}
	// A unit may list a cell once only, or a row is a unit: what it takes away
	// is set, not added.
	j.entries(t, func(unit, cell int, val []float64) {
		k := of[unit]
		if k < 0 || j.lonely != nil && j.lonely[k] {
			return
		}
		h := int(j.stratum[k])
		m := float64(j.r.sizes[h])
		for ch, x := range val {
			c := cell*t.ch + ch
			s := byStratum[h*cells+c]
			t.rep.sum[c*n+int(k)] = all[c] - s + (s-x)*(m/(m-1))
		}
	})
}

// entries visits what each unit adds to each cell.
func (j *leaveOneOut) entries(t *cellTable, visit func(unit, cell int, val []float64)) {
	if j.r.unitOf != nil {
		for u := range j.r.units {
			for e := t.start[u]; e < t.start[u+1]; e++ {
				visit(u, int(t.cell[e]), t.val[e*t.stride:e*t.stride+t.ch])
			}
		}
		return
	}
	out := uint32(t.g.out() * t.v.classes())
	cell := make([]uint32, 1)
	val := make([]float64, t.ch)
	for i := range t.d.rows {
		if t.fill(cell, i); cell[0] >= out {
			continue
		}
		w := t.d.Weight(i)
		clear(val)
		val[0] = w
		if t.v.num != nil && int(cell[0])%t.v.classes() == 0 {
			val[1] = w * (t.v.num.Values[i] - t.v.shift[0])
			if t.v.den != nil {
				val[2] = w * (t.v.den.Values[i] - t.v.shift[1])
			}
		}
		visit(i, int(cell[0]), val)
	}
}

// jackknife makes the replicates of JK1 and JKn.
//
//	V = Σ_h (1-f_h) (n_h-1)/n_h Σ_i (θ_hi - c)²
//
// A stratum with a single unit makes no replicate, except under LonelyAdjust;
// neither does one whose whole population was sampled.
func (d *Design) jackknife(kind Replication, r *replicas) error {
	if kind == JK1 && len(d.strata) > 1 {
		return fault.New(fault.Invalid, fault.Place{}, "JK1 is for designs without strata", "use JKn")
	}
	j := &leaveOneOut{d: d, r: r}
	living := make([]int, len(r.sizes))
	add := func(unit int32, h uint32, n float64) {
		j.unit, j.stratum = append(j.unit, unit), append(j.stratum, h)
		st := &d.stages[0]
		if st.single[h] {
			if j.lonely == nil {
				j.lonely = make([]bool, len(j.unit)-1, r.units)
			}
			strata := float64(len(r.sizes))
			j.lonely = append(j.lonely, true)
			r.rscales = append(r.rscales, (strata-1)/strata)
			return
		}
		if j.lonely != nil {
			j.lonely = append(j.lonely, false)
		}
		r.rscales = append(r.rscales, st.scale[h]*(n-1)/n*(n-1)/n)
	}
	makes := func(h uint32) bool { // scale is 0 for a census, and for a single unit that is not adjusted
		return d.stages[0].scale[h] > 0 && (!d.stages[0].single[h] || len(r.sizes) > 1)
	}
	for u := range r.units {
		if r.unitOf == nil && d.dead != nil && d.dead[u] {
			continue
		}
		h := r.stratumOf(u)
		living[h]++
		if makes(h) {
			add(int32(u), h, float64(r.sizes[h]))
		}
	}
	for h, n := range r.sizes { // rows of weight zero are units as well
		if h := uint32(h); makes(h) {
			for range n - living[h] {
				add(-1, h, float64(n))
			}
		}
	}
	r.n, r.scale, r.source = len(j.unit), 1, j
	r.span = r.plainSpan(func(h int) bool { return !makes(uint32(h)) })
	if d.average != 1 && r.n > 0 {
		r.scale = float64(d.psus) / float64(r.n)
	}
	return nil
}

// Jackknife answers a request with the variance of replicates that leave out
// one PSU each: Replicate, then Estimate, with Normal intervals. Deff has no
// meaning here. A calibrated design is refused.
func (d *Design) Jackknife(ctx context.Context, q Request, kind Replication, opt EngineOptions) ([]Estimate, error) {
	r, err := d.Replicate(kind, ReplicateOptions{})
	if err != nil {
		return nil, err
	}
	q.Interval = Normal
	if q.DF == 0 {
		q.DF = math.Inf(1)
	}
	out, err := r.Estimate(ctx, []Request{q}, opt)
	if err != nil {
		return nil, err
	}
	for k := range out[0].Estimates {
		e := &out[0].Estimates[k]
		e.Deff, e.NEff = math.NaN(), float64(e.Base)
	}
	return out[0].Estimates, nil
}
