package survey

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// independence answers one test in every combination of its By columns.
//
// X² is Pearson's statistic of the weighted table scaled to the base. With D
// the design effect matrix of the contrasts of interaction, (C'P⁻¹C/n)⁻¹
// C'P⁻¹VP⁻¹C, second order refers X²/tr D to F with d = tr²D/tr D² and d·df
// degrees of freedom, df the design's; first order refers X² q/tr D to
// chi-squared with q = (rows-1)(columns-1). Rows and columns without an answer
// leave the table. Source: Rao and Scott (1984), Annals of Statistics 12;
// R survey 4.1-1, svychisq.
func (t *cellTable) independence(r *IndependenceRequest) []Independence {
	parts := t.parts(len(r.By))
	part := make([]int, t.g.n())
	for i, domains := range parts {
		for _, d := range domains {
			part[d] = i
		}
	}
	k := t.v.classes()
	df := t.freedom(func(cell int) int {
		if d := cell / k; d < t.g.n() && cell%k < t.v.valued {
			return part[d]
		}
		return -1
	}, len(parts))
	out := make([]Independence, len(parts))
	for i, domains := range parts {
		out[i] = t.oneIndependence(r, domains, df[i])
		out[i].Domain = t.g.domains[domains[0]][:len(r.By)]
	}
	return out
}

func (t *cellTable) oneIndependence(r *IndependenceRequest, domains []int, df float64) Independence {
	o := Independence{Statistic: math.NaN(), P: math.NaN(), DF1: math.NaN(), DF2: math.NaN(), Method: "Rao-Scott F"}
	if r.Method == FirstOrder {
		o.Method = "Rao-Scott chi-squared"
	}
	k := t.v.classes()
	var rows, columns []int // classes and domains with an answer
	for c := range t.v.valued {
		for _, d := range domains {
			if t.rowsIn(d, c) > 0 {
				rows = append(rows, c)
				break
			}
		}
	}
	for _, d := range domains {
		n := 0
		for c := range t.v.valued {
			n += t.rowsIn(d, c)
		}
		if o.Base += n; n > 0 {
			columns = append(columns, d)
		}
	}
	nr, nc := len(rows), len(columns)
	switch {
	case nr < 2 || nc < 2:
		o.NotEstimable = "the table has fewer than two rows or columns with answers"
	case (nr-1)*(nc-1) > 1000:
		o.NotEstimable = "the table has too many cells for a test"
	case !(df > 0):
		o.NotEstimable = "the answers come from too few primary sampling units for a test"
	}
	if o.NotEstimable != "" {
		return o
	}
	p := make([]float64, nr*nc) // column by column
	w := 0.0
	for j, d := range columns {
		for i, c := range rows {
			p[j*nr+i] = t.total[d*k+c]
			w += p[j*nr+i]
		}
	}
	row, col := make([]float64, nr), make([]float64, nc)
	for j := range nc {
		for i := range nr {
			p[j*nr+i] /= w
			row[i] += p[j*nr+i]
			col[j] += p[j*nr+i]
		}
	}
	n := float64(o.Base)
	x2 := 0.0
	for j := range nc {
		for i := range nr {
			e := row[i] * col[j]
			x2 += n * (p[j*nr+i] - e) * (p[j*nr+i] - e) / e
		}
	}
	contrast := interaction(nr, nc)
	q := len(contrast)
	coefs := make([][]float64, q)
	var cells []int
	for _, d := range columns {
		for _, c := range rows {
			cells = append(cells, d*k+c)
		}
	}
	denom := mat.NewDense(q, q, nil)
	for f, c := range contrast {
		mean := 0.0
		coefs[f] = make([]float64, t.per)
		for m, x := range c {
			if p[m] > 0 {
				mean += x
			}
		}
		for j, d := range columns {
			for i, cl := range rows {
				x := 0.0
				if m := j*nr + i; p[m] > 0 {
					x = c[m] / p[m]
				}
				coefs[f][d*k+cl] = (x - mean) / w
			}
		}
		for g := range f + 1 {
			s := 0.0
			for m, x := range c {
				if p[m] > 0 {
					s += x * contrast[g][m] / p[m] / n
				}
			}
			denom.Set(f, g, s)
			denom.Set(g, f, s)
		}
	}
	var delta mat.Dense
	if err := delta.Solve(denom, mat.NewDense(q, q, t.sharesCovariance(coefs, cells))); err != nil {
		o.NotEstimable = "the table has too many empty cells for a test"
		return o
	}
	trace, square := 0.0, 0.0
	for f := range q {
		trace += delta.At(f, f)
		for g := range q {
			square += delta.At(f, g) * delta.At(g, f)
		}
	}
	if !(trace > 0) || !(square > 0) {
		o.NotEstimable = "the table does not vary between primary sampling units"
		return o
	}
	if r.Method == FirstOrder {
		o.Statistic, o.DF1, o.DF2 = x2, float64(q), math.Inf(1)
		o.P = chiUpper(x2*float64(q)/trace, float64(q))
		return o
	}
	d0 := trace * trace / square
	o.Statistic, o.DF1, o.DF2 = x2/trace, d0, d0*df
	o.P = fUpper(o.Statistic, o.DF1, o.DF2)
	return o
}

// interaction returns contrasts that span the interaction of a table of nr rows
// and nc columns, held column by column: products of the differences from the
// first row and the first column.
func interaction(nr, nc int) [][]float64 {
	var out [][]float64
	for j := 1; j < nc; j++ {
		for i := 1; i < nr; i++ {
			c := make([]float64, nr*nc)
			c[j*nr+i], c[j*nr], c[i], c[0] = 1, -1, -1, 1
			out = append(out, c)
		}
	}
	return out
}
