package survey

import "math"

// cellsLimit bounds the cells of a covariance made cell by cell, and its work
// in strata times cells squared.
const (
	cellsLimit   = 1 << 10
	cellsWorkMax = 1 << 26
)

// listedCovariance is covariance for clusters of one stage listed cell by cell:
// the covariance V of the cells' totals first, from the few cells that each unit
// has, then C V C' for the functionals' coefficients C. It returns false where
// that would be more work.
func (t *cellTable) listedCovariance(coefs [][]float64) ([]float64, bool) {
	if !t.listed() {
		return nil, false
	}
	place := make([]int32, t.per)
	var cells []int
	for c := range place {
		place[c] = -1
		for _, coef := range coefs {
			if coef[c] != 0 {
				place[c] = int32(len(cells))
				cells = append(cells, c)
				break
			}
		}
	}
	m := len(cells)
	if m > cellsLimit || len(t.d.strata)*m*m > cellsWorkMax {
		return nil, false
	}
	v := t.cellCovariance(place, m)
	q := len(coefs)
	out := make([]float64, q*q)
	half, size := make([]float64, m), make([]float64, m)
	for f := range q {
		for i := range m {
			half[i], size[i] = 0, 0
			for j, c := range cells {
				x := coefs[f][c] * v[i*m+j]
				half[i] += x
				size[i] += math.Abs(x)
			}
		}
		for g := range f + 1 {
			sum, scale := 0.0, 0.0
			for i, c := range cells {
				sum += coefs[g][c] * half[i]
				scale += math.Abs(coefs[g][c]) * size[i]
			}
			if math.Abs(sum) < 1e-14*scale {
				sum = 0 // rounding of terms that cancel
			}
			out[f*q+g], out[g*q+f] = sum, sum
		}
	}
	return out, true
}

// cellCovariance is the design covariance of the totals of m cells; place says
// which of them a cell is, or -1.
func (t *cellTable) cellCovariance(place []int32, m int) []float64 {
	st := &t.d.stages[0]
	out := make([]float64, m*m)
	sum, product := make([]float64, m), make([]float64, m*m)
	stratum := ^uint32(0)
	flush := func() {
		if stratum == ^uint32(0) {
			return
		}
		for i := range m {
			for j := range i + 1 {
				part := product[i*m+j]
				if !st.single[stratum] {
					part -= sum[i] * sum[j] / st.n[stratum]
				}
				out[i*m+j] += st.scale[stratum] * part * t.d.average
				product[i*m+j] = 0
			}
		}
		clear(sum)
	}
	at, x := make([]int32, 0, m), make([]float64, 0, m)
	for u := range t.d.units {
		from, to := t.start[u], t.start[u+1]
		if from < to && st.parent[u] != stratum {
			flush()
			stratum = st.parent[u]
		}
		at, x = at[:0], x[:0]
		for e := from; e < to; e++ {
			if k := place[t.cell[e]]; k >= 0 {
				at, x = append(at, k), append(x, t.val[e])
			}
		}
		for a, i := range at { // cells of a unit need not be in order
			sum[i] += x[a]
			product[int(i)*m+int(i)] += x[a] * x[a]
			for b, j := range at[:a] {
				product[max(int(i), int(j))*m+min(int(i), int(j))] += x[a] * x[b]
			}
		}
	}
	flush()
	for i := range m {
		for j := range i {
			out[j*m+i] = out[i*m+j]
		}
	}
	return out
}
