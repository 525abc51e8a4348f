package survey

import "slices"

// rowCovariance returns the design covariance matrix of q totals whose parts
// are given row by row: score writes a row's parts, weight included, and says
// whether there are any. It is asked for rows that are alive, more than once
// for a row if weights were adjusted: then the parts are replaced by their
// residuals (see adjustment).
func (d *Design) rowCovariance(q int, score func(row int, part []float64) bool) []float64 {
	if d.rep != nil {
		return d.replicatedScores(q, score)
	}
	if d.pps != nil {
		return d.ppsCovariance(q, score)
	}
	c := newCross(d, q)
	now := crossLevel{sum: make([]float64, q), square: make([]float64, q*q)}
	part := make([]float64, q)
	order := d.byUnit()
	score = d.residuals(q, score)
	for u := range d.units {
		for k := order.start[u]; k < order.start[u+1]; k++ {
			row := k
			if order.rows != nil {
				row = int(order.rows[k])
			}
			if !score(row, part) {
				continue
			}
			if d.clustered {
				for f, x := range part {
					now.sum[f] += x
				}
			} else {
				now.add(part)
			}
		}
		c.unit(u, &now)
		now.reset()
	}
	return c.done()
}

// freedomOf counts PSUs less strata among the rows alive for which in is true.
func (d *Design) freedomOf(in func(row int) bool) float64 {
	return d.freedomBy(1, func(row int) int {
		if in(row) {
			return 0
		}
		return -1
	})[0]
}

// freedomBy counts PSUs less strata of n groups of rows; groupOf returns -1 for
// rows of no group.
func (d *Design) freedomBy(n int, groupOf func(row int) int) []float64 {
	out := make([]float64, n)
	if most := 1 << 26; d.rep != nil || n > 1 && n*d.units > most {
		for k := range out {
			in := func(row int) bool { return groupOf(row) == k }
			if d.rep != nil {
				out[k] = d.rep.freedomOf(d, in)
			} else {
				out[k] = d.freedomOf(in)
			}
		}
		return out
	}
	seen := make([]bool, n*d.units) // by unit, then group
	for i := range d.rows {
		if d.dead != nil && d.dead[i] {
			continue
		}
		k := groupOf(i)
		if k < 0 {
			continue
		}
		u := 0
		if d.unit != nil {
			u = int(d.unit[i])
		}
		if !d.clustered { // units are strata
			out[k]++
		}
		seen[u*n+k] = true
	}
	// Units of a PSU, and PSUs of a stratum, are neighbours.
	lastPSU, lastStratum := slices.Repeat([]int{-1}, n), slices.Repeat([]int{-1}, n)
	for u := range d.units {
		psu, stratum := d.above(u)
		for k := range n {
			if !seen[u*n+k] {
				continue
			}
			if d.clustered && psu != lastPSU[k] {
				lastPSU[k] = psu
				out[k]++
			}
			if stratum != lastStratum[k] {
				lastStratum[k] = stratum
				out[k]--
			}
		}
	}
	return out
}
