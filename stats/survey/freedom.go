package survey

// freedom counts the degrees of freedom of n groups of cells: PSUs less strata,
// of those with a row in the group. groupOf returns -1 for cells of no group.
func (t *cellTable) freedom(groupOf func(cell int) int, n int) []float64 {
	group := make([]int, t.per)
	for c := range group {
		group[c] = groupOf(c)
	}
	if t.rep != nil {
		return t.replicatedFreedom(group, n)
	}
	psus, strata := make([]float64, n), make([]float64, n)
	lastPSU, lastStratum := make([]int, n), make([]int, n)
	for i := range n {
		lastPSU[i], lastStratum[i] = -1, -1
	}
	see := func(cell, psu, stratum int) {
		k := group[cell%t.per]
		if k < 0 {
			return
		}
		if lastPSU[k] != psu {
			lastPSU[k] = psu
			psus[k]++
		}
		if lastStratum[k] != stratum {
			lastStratum[k] = stratum
			strata[k]++
		}
	}
	if t.listed() {
		return t.listedFreedom(group, n)
	}
	cells := len(t.count)
	for u := range t.d.units {
		psu, stratum := t.d.above(u)
		if t.dense != nil {
			for c := range cells {
				if t.dense[(u*cells+c)*t.stride] != 0 {
					see(c, psu, stratum)
				}
			}
			continue
		}
		for e := t.start[u]; e < t.start[u+1]; e++ {
			see(int(t.cell[e]), psu, stratum)
		}
	}
	if !t.d.clustered {
		clear(psus)
		for c, rows := range t.count {
			if k := group[c%t.per]; k >= 0 {
				psus[k] += float64(rows)
			}
		}
	}
	for i := range psus {
		psus[i] -= strata[i]
	}
	return psus
}

// listedFreedom is freedom for clusters of one stage listed cell by cell.
func (t *cellTable) listedFreedom(group []int, n int) []float64 {
	out := make([]float64, n)
	lastPSU, lastStratum := make([]uint32, n), make([]uint32, n) // from 1
	for u := range t.d.units {
		from, to := t.start[u], t.start[u+1]
		if from == to {
			continue
		}
		psu, stratum := uint32(u)+1, t.d.stages[0].parent[u]+1
		for _, c := range t.cell[from:to] {
			k := group[c]
			if k < 0 || lastPSU[k] == psu {
				continue
			}
			lastPSU[k] = psu
			out[k]++
			if lastStratum[k] != stratum {
				lastStratum[k] = stratum
				out[k]--
			}
		}
	}
	return out
}

// above returns the PSU and the stratum of a unit.
func (d *Design) above(unit int) (psu, stratum int) {
	if !d.clustered {
		return unit, unit
	}
	c := uint32(unit)
	for s := len(d.stages) - 1; s > 0; s-- {
		c = d.stages[s].parent[c]
	}
	return int(c), int(d.stages[0].parent[c])
}
