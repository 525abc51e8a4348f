package survey

// oneStage is variances for clusters of one stage listed cell by cell, the
// common case, in a few operations per cell: a unit's cells of one functional
// follow each other, and units follow their stratum.
func (t *cellTable) oneStage(of []int32, coef []float64, n int) []float64 {
	st := &t.d.stages[0]
	out := make([]float64, n)
	sum, square := make([]float64, n), make([]float64, n)
	touched := make([]int32, 0, n)
	seen := make([]bool, n)
	stratum := ^uint32(0)
	flush := func() {
		for _, f := range touched {
			out[f] += st.spread(int(stratum), sum[f], square[f])
			sum[f], square[f], seen[f] = 0, 0, false
		}
		touched = touched[:0]
	}
	for u := range t.d.units {
		from, to := t.start[u], t.start[u+1]
		if from == to {
			continue
		}
		if h := st.parent[u]; h != stratum {
			flush()
			stratum = h
		}
		open, z := int32(-1), 0.0
		for e := from; e <= to; e++ {
			f := int32(-1)
			if e < to {
				if f = of[t.cell[e]]; f < 0 {
					continue
				}
			}
			if f != open {
				if open >= 0 {
					if !seen[open] {
						seen[open] = true
						touched = append(touched, open)
					}
					sum[open] += z
					square[open] += z * z
				}
				open, z = f, 0
			}
			if e < to {
				z += coef[t.cell[e]] * t.val[e]
			}
		}
	}
	flush()
	for f := range out {
		out[f] *= t.d.average
	}
	return out
}

// shares returns the variances of all classes' shares in every domain, by class
// and domain, from one visit to the cells: with w_c the weight of a class in a
// unit and w that of its domain,
//
//	Σ (w_c - p w)² = Σ w_c² - 2p Σ w_c w + p² Σ w²
//
// points holds the shares by class and domain.
func (t *cellTable) shares(points [][]point) [][]float64 {
	n, k, valued := t.g.n(), t.v.classes(), t.v.valued
	st := &t.d.stages[0]
	out := make([][]float64, valued)
	for c := range out {
		out[c] = make([]float64, n)
	}
	sum, square, cross := make([]float64, n*k), make([]float64, n*k), make([]float64, n*k)
	all, allSquare := make([]float64, n), make([]float64, n)
	var touched []int
	stratum := ^uint32(0)
	flush := func() {
		for _, d := range touched {
			for c := range valued {
				p := points[c][d]
				i := d*k + c
				if p.why == "" && p.n > 0 {
					z := (sum[i] - p.value*all[d]) / p.weights
					zz := (square[i] - 2*p.value*cross[i] + p.value*p.value*allSquare[d]) / (p.weights * p.weights)
					out[c][d] += st.spread(int(stratum), z, zz) * t.d.average
				}
				sum[i], square[i], cross[i] = 0, 0, 0
			}
			all[d], allSquare[d] = 0, 0
		}
		touched = touched[:0]
	}
	for u := range t.d.units {
		from, to := t.start[u], t.start[u+1]
		if from < to && st.parent[u] != stratum {
			flush()
			stratum = st.parent[u]
		}
		for from < to {
			d := int(t.cell[from]) / k
			end, w := from, 0.0
			for ; end < to && int(t.cell[end])/k == d; end++ {
				if int(t.cell[end])-d*k < valued {
					w += t.val[end]
				}
			}
			if d < n && w > 0 {
				if all[d] == 0 {
					touched = append(touched, d)
				}
				all[d] += w
				allSquare[d] += w * w
				for e := from; e < end; e++ {
					if c := int(t.cell[e]); c-d*k < valued {
						x := t.val[e]
						sum[c] += x
						square[c] += x * x
						cross[c] += x * w
					}
				}
			}
			from = end
		}
	}
	flush()
	return out
}

// listed says that the table lists the cells of clusters of one stage.
func (t *cellTable) listed() bool {
	return t.d.oneStage() && t.ch == 1 && t.dense == nil
}

// oneStage says that variances are those of clusters of one stage, with weights
// as they were given.
func (d *Design) oneStage() bool {
	return d.clustered && len(d.stages) == 1 && !d.Adjusted() && d.pps == nil
}
