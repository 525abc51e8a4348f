package survey

import (
	"context"
	"math"
	"slices"
)

// fittedWeights are replicate weights times a factor that a row's joint margin
// has in each replicate.
type fittedWeights struct {
	d      *Design // before
	of     []uint32
	factor [][]float64 // per joint margin, then replicate
}

func (f *fittedWeights) batch(first, last int) func(out []float64, from, to int) {
	wide, base := last-first, f.d.rep
	fill := base.source.batch(first, last)
	var byUnit []float64
	if base.unitOf != nil {
		byUnit = make([]float64, base.units*wide)
		fill(byUnit, 0, base.units)
	}
	return func(out []float64, from, to int) {
		if byUnit == nil {
			fill(out, from, to)
		}
		for i := from; i < to; i++ {
			row, w := out[(i-from)*wide:(i-from+1)*wide], f.d.Weight(i)
			if byUnit != nil {
				at := int(base.unitOf[i]) * wide
				for k, x := range byUnit[at : at+wide] {
					row[k] = w * x
				}
			}
			if w == 0 {
				clear(row)
				continue
			}
			for k, x := range f.factor[f.of[i]][first:last] {
				row[k] *= x
			}
		}
	}
}

// fitReplicates fits margins to the weights and to those of every replicate, as
// R's postStratify and rake do. A replicate that cannot meet them has no value.
// Degrees of freedom are the rank of the fitted replicates, less one; beyond 500
// replicates those before.
func (d *Design) fitReplicates(margins []Margin, opt RakeOptions, kind string) (*Design, *Weighting, error) {
	m, w, err := d.fit(margins, opt)
	if err != nil {
		return nil, w, err
	}
	w.Kind = kind
	sums, err := d.replicaMargins(m.joint)
	if err != nil {
		return nil, nil, err
	}
	base := d.rep
	factor := make([][]float64, m.joint.joint)
	for j := range factor {
		factor[j] = make([]float64, base.n)
	}
	err = each(context.Background(), 0, base.n, func(k int) {
		joint := &joined{calibration: m.joint.calibration, weight: make([]float64, len(factor))}
		for j := range factor {
			joint.weight[j] = sums[j][k]
		}
		plain := slices.Repeat([]float64{1}, len(factor))
		possible := true
		for _, g := range m.groups {
			for _, s := range g.weighted(joint, plain) {
				possible = possible && s > 0
			}
		}
		var fitted []float64
		if possible {
			var now *Weighting
			fitted, now = d.proportional(m.groups, joint, opt)
			possible = now.Converged
		}
		for j := range factor {
			if factor[j][k] = math.NaN(); possible {
				factor[j][k] = fitted[j]
			}
		}
	})
	if err != nil {
		return nil, nil, err
	}
	r := *base
	r.units, r.unitOf, r.stratum, r.span = d.rows, nil, nil, nil
	r.sizes = []int{m.out.nAlive}
	r.source = &fittedWeights{d: d, of: m.joint.of, factor: factor}
	e := m.out.asEngine(&r)
	if r.n <= 500 {
		e.df = float64(r.rank(e)) - 1
	}
	return e, w, nil
}

// replicaMargins adds up every replicate's weights by joint margin.
func (d *Design) replicaMargins(joint *joined) ([][]float64, error) {
	out := make([][]float64, joint.joint)
	for j := range out {
		out[j] = make([]float64, d.rep.n)
	}
	r := d.rep
	batches := (r.n + replicaBatch - 1) / replicaBatch
	return out, each(context.Background(), 0, batches, func(b int) {
		first, last := b*replicaBatch, min((b+1)*replicaBatch, r.n)
		wide := last - first
		fill := r.source.batch(first, last)
		if r.unitOf == nil {
			weight := make([]float64, replicaStrip*wide)
			for from := 0; from < d.rows; from += replicaStrip {
				to := min(from+replicaStrip, d.rows)
				fill(weight[:(to-from)*wide], from, to)
				for i := from; i < to; i++ {
					if d.inSample(i) {
						addTo(out[joint.of[i]][first:last], weight[(i-from)*wide:(i-from+1)*wide])
					}
				}
			}
			return
		}
		factor := make([]float64, r.units*wide)
		fill(factor, 0, r.units)
		for i, u := range r.unitOf {
			if w := d.Weight(i); w != 0 {
				addTimes(out[joint.of[i]][first:last], w, factor[int(u)*wide:(int(u)+1)*wide])
			}
		}
	})
}
