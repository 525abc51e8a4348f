package survey

import (
	"context"
)

// replicatedScores is rowCovariance with replicate weights: the covariance of
// the totals of the scores, each row's times its replicate factor.
func (d *Design) replicatedScores(q int, score func(row int, part []float64) bool) []float64 {
	r := d.rep
	units := r.units
	part := make([]float64, q)
	sums := make([]float64, units*q)
	full := make([]float64, q)
	for i := range d.rows {
		if d.dead != nil && d.dead[i] || !score(i, part) {
			continue
		}
		u := i
		if r.unitOf != nil {
			u = int(r.unitOf[i])
		}
		addTo(sums[u*q:(u+1)*q], part)
		addTo(full, part)
	}
	thetas := make([][]float64, q)
	for f := range thetas {
		thetas[f] = make([]float64, r.n)
	}
	batches := (r.n + replicaBatch - 1) / replicaBatch
	_ = each(context.Background(), 0, batches, func(b int) {
		first, last := b*replicaBatch, min((b+1)*replicaBatch, r.n)
		wide := last - first
		weight := make([]float64, replicaStrip*wide)
		fill := r.source.batch(first, last)
		for from := 0; from < units; from += replicaStrip {
			to := min(from+replicaStrip, units)
			fill(weight[:(to-from)*wide], from, to)
			for u := from; u < to; u++ {
				w := weight[(u-from)*wide : (u-from+1)*wide]
				by := 1.0
				if r.unitOf == nil { // weights, where factors are needed
					if by = d.Weight(u); by == 0 {
						continue
					}
				}
				for f := range q {
					if x := sums[u*q+f]; x != 0 {
						addTimes(thetas[f][first:last], x/by, w)
					}
				}
			}
		}
	})
	return r.covarianceOrNaN(thetas, full)
}
