package survey

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// independence answers one test in every combination of its By columns.
//
// X² is Pearson's statistic of the weighted table scaled to the base. With D
// the design effect matrix of the contrasts of interaction, (C'P⁻¹C/n)⁻¹
// C'P⁻¹VP⁻¹C, second order refers X²/tr D to F with d = tr²D/tr D² and d·df
// degrees of freedom, df the design's; first order refers X² q/tr D to
// chi-squared with q = (rows-1)(columns-1); the linear combination and the
// saddlepoint refer X² to Σ λ_i X_i over V/(d·df), λ the eigenvalues of D, X_i
// chi-squared with one degree of freedom, V with d·df. For Wald's forms see
// twoWay.wald. Rows and columns without an answer leave the table. Sources: Rao
// and Scott (1984), Annals of Statistics 12; R survey 4.1-1, svychisq.
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

// twoWay is the table of one test.
type twoWay struct {
	t             *cellTable
	rows, columns []int     // classes and domains with an answer
	cells         []int     // of the cell table, column by column
	p             []float64 // share of each
	row, col      []float64 // margins
	weight        float64
	base          int
}

// twoWay makes the table of some domains.
func (t *cellTable) twoWay(domains []int) twoWay {
	k := t.v.classes()
	w := twoWay{t: t}
	for c := range t.v.valued {
		for _, d := range domains {
			if t.rowsIn(d, c) > 0 {
				w.rows = append(w.rows, c)
				break
			}
		}
	}
	for _, d := range domains {
		n := 0
		for c := range t.v.valued {
			n += t.rowsIn(d, c)
		}
		if w.base += n; n > 0 {
			w.columns = append(w.columns, d)
		}
	}
	for _, d := range w.columns {
		for _, c := range w.rows {
			w.cells = append(w.cells, d*k+c)
			w.p = append(w.p, t.total[d*k+c])
			w.weight += t.total[d*k+c]
		}
	}
	w.row, w.col = make([]float64, len(w.rows)), make([]float64, len(w.columns))
	for m := range w.p {
		w.p[m] /= w.weight
		w.row[m%len(w.rows)] += w.p[m]
		w.col[m/len(w.rows)] += w.p[m]
	}
	return w
}

var raoScottNames = [...]string{"Rao-Scott F", "Rao-Scott chi-squared", "Wald F", "adjusted Wald F", "Rao-Scott linear combination", "Rao-Scott saddlepoint"}

func (t *cellTable) oneIndependence(r *IndependenceRequest, domains []int, df float64) Independence {
	w := t.twoWay(domains)
	o := Independence{Statistic: math.NaN(), P: math.NaN(), DF1: math.NaN(), DF2: math.NaN(), Method: raoScottNames[r.Method], Base: w.base}
	nr, nc := len(w.rows), len(w.columns)
	switch {
	case nr < 2 || nc < 2:
		o.NotEstimable = "the table has fewer than two rows or columns with answers"
	case (nr-1)*(nc-1) > 1000:
		o.NotEstimable = "the table has too many cells for a test"
	case !(df > 0):
		o.NotEstimable = "the answers come from too few primary sampling units for a test"
	case r.Method == Wald || r.Method == AdjustedWald:
		w.wald(&o, r.Method, df)
	default:
		w.raoScott(&o, r.Method, df)
	}
	return o
}

// raoScott makes the forms that correct Pearson's statistic.
func (w *twoWay) raoScott(o *Independence, method RaoScott, df float64) {
	n, nr := float64(w.base), len(w.rows)
	x2 := 0.0
	for m, p := range w.p {
		e := w.row[m%nr] * w.col[m/nr]
		x2 += n * (p - e) * (p - e) / e
	}
	contrast := interaction(nr, len(w.columns))
	q := len(contrast)
	coefs := make([][]float64, q)
	denom := mat.NewSymDense(q, nil)
	for f, c := range contrast {
		mean := 0.0
		coefs[f] = make([]float64, w.t.per)
		for m, x := range c {
			if w.p[m] > 0 {
				mean += x
			}
		}
		for m, cell := range w.cells {
			x := 0.0
			if w.p[m] > 0 {
				x = c[m] / w.p[m]
			}
			coefs[f][cell] = (x - mean) / w.weight
		}
		for g := range f + 1 {
			s := 0.0
			for m, x := range c {
				if w.p[m] > 0 {
					s += x * contrast[g][m] / w.p[m] / n
				}
			}
			denom.SetSym(f, g, s)
		}
	}
	v := w.t.sharesCovariance(coefs, w.cells)
	var delta mat.Dense
	if err := delta.Solve(denom, mat.NewDense(q, q, v)); err != nil {
		o.NotEstimable = "the table has too many empty cells for a test"
		return
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
		return
	}
	d0 := trace * trace / square
	switch method {
	case FirstOrder:
		o.Statistic, o.DF1, o.DF2 = x2, float64(q), math.Inf(1)
		o.P = chiUpper(x2*float64(q)/trace, float64(q))
	case LinearCombination, Saddlepoint:
		lambda, ok := relative(mat.NewSymDense(q, v), denom)
		if !ok {
			o.NotEstimable = "the table has too many empty cells for a test"
			return
		}
		by := SumIntegration
		if method == Saddlepoint {
			by = SumSaddlepoint
		}
		o.Statistic, o.DF1, o.DF2 = x2, float64(q), d0*df
		if w.t.d.rep != nil {
			o.DF2 = math.Inf(1) // as R has it for replicate weights
		}
		o.P = fSum(x2, lambda, o.DF2, by)
	default:
		o.Statistic, o.DF1, o.DF2 = x2/trace, d0, d0*df
		o.P = fUpper(o.Statistic, o.DF1, o.DF2)
	}
}

// relative returns the eigenvalues of b⁻¹ a, largest first; those that are
// nothing but rounding are 0.
func relative(a, b *mat.SymDense) ([]float64, bool) {
	q := a.SymmetricDim()
	var chol mat.Cholesky
	if !chol.Factorize(b) {
		return nil, false
	}
	var l mat.TriDense
	chol.LTo(&l)
	var half, whole mat.Dense
	if half.Solve(&l, a) != nil || whole.Solve(&l, half.T()) != nil {
		return nil, false
	}
	s := mat.NewSymDense(q, nil)
	for i := range q {
		for j := range i + 1 {
			s.SetSym(i, j, (whole.At(i, j)+whole.At(j, i))/2)
		}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(s, false) {
		return nil, false
	}
	values := eigen.Values(nil)
	slices.Reverse(values)
	for i, x := range values {
		if !(x > 1e-12*values[0]) {
			values[i] = 0
		}
	}
	return values, true
}

// wald makes Wald's test of the counts less those expected,
//
//	y_ij = n_ij - n_i+ n_+j/n,  F = y' V⁻¹ y/q
//
// over all rows and columns but the first, q of them, V the design variance of
// y, with q and df degrees of freedom. Adjusted it is F (df - q + 1)/df with q
// and df - q + 1.
func (w *twoWay) wald(o *Independence, method RaoScott, df float64) {
	nr, nc := len(w.rows), len(w.columns)
	q := (nr - 1) * (nc - 1)
	o.DF1, o.DF2 = float64(q), df
	if method == AdjustedWald {
		if o.DF2 = df - float64(q) + 1; !(o.DF2 > 0) {
			o.NotEstimable = "the answers come from too few primary sampling units for a table of this size"
			return
		}
	}
	y := mat.NewVecDense(q, nil)
	coefs := make([][]float64, q)
	for f := range coefs {
		i, j := 1+f%(nr-1), 1+f/(nr-1)
		e := w.row[i] * w.col[j]
		y.SetVec(f, w.p[j*nr+i]-e)
		coefs[f] = make([]float64, w.t.per)
		for m, cell := range w.cells {
			c := e
			if m == j*nr+i {
				c++
			}
			if m%nr == i {
				c -= w.col[j]
			}
			if m/nr == j {
				c -= w.row[i]
			}
			coefs[f][cell] = c / w.weight // counts as shares
		}
	}
	var chol mat.Cholesky
	var x mat.VecDense
	if !chol.Factorize(mat.NewSymDense(q, w.t.covariance(coefs))) || !(chol.Cond() < 1e13) || chol.SolveVecTo(&x, y) != nil {
		o.NotEstimable = "the table does not vary enough between primary sampling units"
		return
	}
	o.Statistic = mat.Dot(y, &x) / float64(q)
	if method == AdjustedWald {
		o.Statistic *= o.DF2 / df
	}
	o.P = fUpper(o.Statistic, o.DF1, o.DF2)
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
