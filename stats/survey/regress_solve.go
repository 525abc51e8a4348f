package survey

import (
	"fmt"
	"math"
	"strings"
)

// Tolerances of a column that is a combination of those before it.
const (
	// aliasShare is the share of a column's sum of squares that others leave, up
	// to which it counts as their combination. Values are centred.
	aliasShare = 1e-11
	// constantShare is the same for a centred column against its sum of squares
	// before centring: what is left is rounding.
	constantShare = 1e-26
)

// factorised is a Cholesky factor L of the columns of a matrix that do not
// depend on those before, L L' = A.
type factorised struct {
	at    []int     // columns kept
	lower []float64 // row-major, of len(at)²
}

// factorise takes columns in order and leaves out those that are combinations
// of the ones before. scale, if not nil, is each column's sum of squares before
// centring. combination says what a left out column is made of: a coefficient
// for each of at so far.
func factorise(xx []float64, q int, scale []float64, combination func(col int, at []int, coef []float64)) *factorised {
	f := &factorised{}
	rows := make([][]float64, 0, q)
	for j := range q {
		row := make([]float64, len(rows)+1)
		rest := xx[j*q+j]
		for k, of := range rows {
			v := xx[j*q+f.at[k]]
			for i := range k {
				v -= row[i] * of[i]
			}
			row[k] = v / of[k]
			rest -= row[k] * row[k]
		}
		zero := !(xx[j*q+j] > 0) || scale != nil && xx[j*q+j] <= constantShare*scale[j]
		if zero || !(rest > aliasShare*xx[j*q+j]) {
			if combination != nil {
				var coef []float64
				if !zero {
					coef = backward(rows, row[:len(rows)])
				}
				combination(j, f.at, coef)
			}
			continue
		}
		row[len(rows)] = math.Sqrt(rest)
		rows = append(rows, row)
		f.at = append(f.at, j)
	}
	n := len(f.at)
	f.lower = make([]float64, n*n)
	for i, row := range rows {
		copy(f.lower[i*n:], row)
	}
	return f
}

// backward solves L'c = v.
func backward(rows [][]float64, v []float64) []float64 {
	c := append([]float64(nil), v...)
	for i := len(c) - 1; i >= 0; i-- {
		c[i] /= rows[i][i]
		for k := range i {
			c[k] -= rows[i][k] * c[i]
		}
	}
	return c
}

// solve returns x of A x = b for the columns kept; b has one number for each.
func (f *factorised) solve(b []float64) []float64 {
	n := len(f.at)
	x := append([]float64(nil), b...)
	for i := range n {
		row := f.lower[i*n : i*n+i]
		for k, l := range row {
			x[i] -= l * x[k]
		}
		x[i] /= f.lower[i*n+i]
	}
	for i := n - 1; i >= 0; i-- {
		x[i] /= f.lower[i*n+i]
		for k := range i {
			x[k] -= f.lower[i*n+k] * x[i]
		}
	}
	return x
}

// inverse returns the inverse of A for the columns kept, row-major.
func (f *factorised) inverse() []float64 {
	n := len(f.at)
	out, unit := make([]float64, n*n), make([]float64, n)
	for j := range n {
		unit[j] = 1
		copy(out[j*n:], f.solve(unit))
		unit[j] = 0
	}
	for i := range n { // the same to the last bit on both sides
		for j := range i {
			v := (out[i*n+j] + out[j*n+i]) / 2
			out[i*n+j], out[j*n+i] = v, v
		}
	}
	return out
}

// restrict takes the rows and columns at out of a q by q matrix.
func restrict(xx []float64, q int, at []int) []float64 {
	n := len(at)
	out := make([]float64, n*n)
	for i, a := range at {
		for j, b := range at {
			out[i*n+j] = xx[a*q+b]
		}
	}
	return out
}

// aliasReason names what a column is a combination of.
func (l *layout) aliasReason(col int, at []int, coef []float64) string {
	if coef == nil {
		for _, s := range l.slots {
			if col >= s.base && col < s.base+s.width && s.code < 0 {
				return "not estimable: it is the same number in all rows used"
			}
		}
		return "not estimable: no row used has this combination of levels"
	}
	var names []string
	more := 0
	for k, c := range coef {
		switch {
		case math.Abs(c) < 1e-6:
		case len(names) == 5:
			more++
		default:
			names = append(names, l.columns[at[k]].name)
		}
	}
	list := strings.Join(names, ", ")
	if more > 0 {
		list += fmt.Sprintf(" and %d more", more)
	}
	return "not estimable: a combination of other terms (" + list + ")"
}

// uncentre gives up centring where a column that makes up for it cannot be
// estimated, and says whether it did.
func (m *modelRows) uncentre(s *solution) bool {
	for _, t := range m.layout.slots {
		for j := range t.width {
			if t.partner >= 0 && s.aliased[t.base+j] == "" && s.aliased[m.layout.slots[t.partner].base+j] != "" {
				clear(m.layout.centred)
				for i := range m.layout.slots {
					m.layout.slots[i].shift, m.layout.slots[i].partner = 0, -1
				}
				return true
			}
		}
	}
	return false
}

// original turns coefficients and their covariance, both of the columns at, from
// centred values into those of the values as given.
func (l *layout) original(beta, cov []float64, at []int) []float64 {
	n := len(at)
	place := make([]int, len(l.columns))
	for i := range place {
		place[i] = -1
	}
	out := make([]float64, n)
	for k, col := range at {
		place[col] = k
		out[k] = beta[col]
	}
	for _, s := range l.slots {
		if s.partner < 0 || s.shift == 0 {
			continue
		}
		p := l.slots[s.partner]
		for j := range s.width {
			from, to := place[s.base+j], place[p.base+j]
			if from < 0 || to < 0 {
				continue
			}
			out[to] -= s.shift * beta[s.base+j]
			if cov == nil {
				continue
			}
			for k := range n {
				cov[to*n+k] -= s.shift * cov[from*n+k]
			}
			for k := range n {
				cov[k*n+to] -= s.shift * cov[k*n+from]
			}
		}
	}
	return out
}
