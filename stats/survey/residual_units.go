package survey

// unitCoefficients is the most coefficients of an adjustment whose part in each
// unit is kept.
const unitCoefficients = 64

// unitVariances is rowVariances for a clustered design with one regression on
// auxiliaries. The fitted part of a unit is linear in the coefficients, so that
// one visit of the rows is enough:
//
//	z_u = Σ score - (Σ w x)'β, sums over the rows of unit u
func (t *cellTable) unitVariances(a *regressed, of []int32, coef []float64, n int) []float64 {
	d, p := t.d, a.p
	cells := t.cellOfRow()
	order := d.byUnit()
	fits := make([]float64, n*p)        // sums for the fits, then coefficients
	basis := make([]float64, d.units*p) // Σ w x by unit
	type part struct {
		f int32
		x float64
	}
	var parts []part // by unit, functionals in the order of their first row
	start := make([]int, 1, d.units+1)
	place := make([]int32, n) // in the unit at hand, of each functional; 0 if none
	for u := range d.units {
		first := len(parts)
		for k := order.start[u]; k < order.start[u+1]; k++ {
			row := k
			if order.rows != nil {
				row = int(order.rows[k])
			}
			if a.weights[row] == 0 {
				continue
			}
			a.addBasis(row, basis[u*p:(u+1)*p])
			c := int(cells[row])
			f := of[c]
			if f < 0 || d.dead != nil && d.dead[row] {
				continue
			}
			x := d.Weight(row) * t.value(row, coef[c*t.ch:(c+1)*t.ch])
			a.add(row, x, fits[int(f)*p:(int(f)+1)*p])
			if place[f] == 0 {
				parts = append(parts, part{f, 0})
				place[f] = int32(len(parts) - first)
			}
			parts[first+int(place[f])-1].x += x
		}
		for _, q := range parts[first:] {
			place[q.f] = 0
		}
		start = append(start, len(parts))
	}
	for f := range n {
		a.solve(fits[f*p : (f+1)*p])
	}
	fold := newFold(d, n)
	z := make([]float64, n)
	for u := range d.units {
		clear(z)
		for _, q := range parts[start[u]:start[u+1]] {
			z[q.f] = q.x
		}
		line := basis[u*p : (u+1)*p]
		for f, x := range z {
			for c, b := range fits[f*p : (f+1)*p] {
				x -= line[c] * b
			}
			fold.add(int32(f), x, 0)
		}
		fold.unit(u)
	}
	return fold.done()
}

// addBasis adds what a row's fitted score is by coefficient.
func (a *regressed) addBasis(row int, sum []float64) {
	w := a.weights[row]
	if a.flat != nil {
		k := a.at(row)
		for c, v := range a.flat[k*a.p : (k+1)*a.p] {
			sum[c] += w * v
		}
		return
	}
	for c := range sum {
		sum[c] += w * a.columns[c].Values[row]
	}
}
