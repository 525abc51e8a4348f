package survey

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
	if d.rep != nil {
		return d.rep.freedomOf(d, in)
	}
	psus, strata := 0, 0
	seen := make([]bool, d.units) // units, then what is above them
	for i := range d.rows {
		if d.dead != nil && d.dead[i] || !in(i) {
			continue
		}
		u := uint32(0)
		if d.unit != nil {
			u = d.unit[i]
		}
		if !d.clustered {
			psus++
		}
		seen[u] = true
	}
	if !d.clustered { // units are strata
		for _, some := range seen {
			if some {
				strata++
			}
		}
		return float64(psus - strata)
	}
	lastPSU, lastStratum := -1, -1 // those of units are neighbours
	for u, some := range seen {
		if !some {
			continue
		}
		psu, stratum := d.above(u)
		if psu != lastPSU {
			lastPSU = psu
			psus++
		}
		if stratum != lastStratum {
			lastStratum = stratum
			strata++
		}
	}
	return float64(psus - strata)
}

// psuOf returns a row's PSU and stratum; where rows are PSUs, the row itself.
func (d *Design) psuOf(row int) (psu, stratum int) {
	u := 0
	if d.unit != nil {
		u = int(d.unit[row])
	}
	if psu, stratum = d.above(u); !d.clustered {
		psu = row
	}
	return psu, stratum
}
