package survey

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/mat"

	"waymark/internal/fault"
)

// regressed takes out the weighted regression on auxiliaries, at the weights
// before. With u the score over the new weight,
//
//	β = (Σ κ x x')⁻¹ Σ κ x u,  κ = old weight / sigma²
//
// and the fitted part of a score is the new weight times β'x.
type regressed struct {
	*carriers
	before   *Design
	weights  []float64 // after
	variance []float64 // per carrier, or nil
	inverse  []float64
	lower    []float64 // what it is the inverse of
}

// prepare inverts the products; names are those of x.
func (a *regressed) prepare(x []Auxiliary) error {
	if err := a.invert(); err != nil {
		return fault.Wrap(fault.Invalid, fault.Place{Field: x[0].Name}, "the auxiliary columns depend on each other, so the totals do not fix the weights", "leave one out", err)
	}
	return nil
}

func (a *regressed) invert() error {
	a.lower = a.products(func(k int) float64 {
		if a.variance != nil {
			return a.weight[k] / a.variance[k]
		}
		return a.weight[k]
	})
	inverse, at := invertScaled(a.lower, a.p)
	if at >= 0 {
		return fmt.Errorf("column %d depends on those before it", at+1)
	}
	a.inverse = inverse
	return nil
}

// products is Σ κ x x', by rows, below the diagonal and on it.
func (c *carriers) products(kappa func(k int) float64) []float64 {
	out := make([]float64, c.p*c.p)
	buf := make([]float64, c.p)
	for k := range c.n {
		if c.weight[k] == 0 {
			continue
		}
		w := kappa(k)
		if w == 0 {
			continue
		}
		x := c.row(k, buf)
		for a, v := range x {
			if v == 0 {
				continue
			}
			v *= w
			line := out[a*c.p:]
			for b, u := range x[:a+1] {
				line[b] += v * u
			}
		}
	}
	return out
}

func (a *regressed) sums() int { return a.p }

func (a *regressed) add(row int, score float64, sum []float64) {
	w := a.weights[row]
	if w == 0 {
		return
	}
	u := score * a.before.Weight(row) / w
	k := a.at(row)
	if a.variance != nil {
		u /= a.variance[k]
	}
	if a.flat != nil {
		for c, v := range a.flat[k*a.p : (k+1)*a.p] {
			sum[c] += u * v
		}
		return
	}
	for c := range sum {
		sum[c] += u * a.columns[c].Values[row]
	}
}

// solve multiplies by the inverse, and refines the result twice.
func (a *regressed) solve(sum []float64) {
	p := a.p
	beta, rest := make([]float64, p), slices.Clone(sum)
	for range 3 {
		for r := range beta {
			for c, s := range rest {
				beta[r] += a.inverse[r*p+c] * s
			}
		}
		for r := range rest {
			rest[r] = sum[r]
			for c, b := range beta {
				rest[r] -= a.lower[max(r, c)*p+min(r, c)] * b
			}
		}
	}
	copy(sum, beta)
}

func (a *regressed) fitted(row int, coef []float64) float64 {
	w := a.weights[row]
	if w == 0 {
		return 0
	}
	fit := 0.0
	if a.flat != nil {
		k := a.at(row)
		for c, v := range a.flat[k*a.p : (k+1)*a.p] {
			fit += coef[c] * v
		}
		return w * fit
	}
	for c, b := range coef {
		fit += b * a.columns[c].Values[row]
	}
	return w * fit
}

// dependent is the share of a column's square that is left when those before
// it are taken out, below which it counts as a combination of them.
const dependent = 1e-11

// invertScaled inverts a positive definite matrix given on and below its
// diagonal, scaled to a diagonal of ones first. A column that depends on those
// before it is returned instead; else -1.
func invertScaled(lower []float64, p int) (inverse []float64, at int) {
	l, scale, at := factorScaled(lower, p)
	if at >= 0 {
		return nil, at
	}
	inverse = make([]float64, p*p)
	e := make([]float64, p)
	for c := range p {
		clear(e)
		e[c] = scale[c]
		solveFactor(l, p, e)
		for r := range p {
			inverse[r*p+c] = e[r] * scale[r]
		}
	}
	return inverse, -1
}

// factorScaled is the Cholesky factor of the matrix scaled to ones.
func factorScaled(lower []float64, p int) (l, scale []float64, at int) {
	scale = make([]float64, p)
	for a := range scale {
		if s := lower[a*p+a]; s > 0 {
			scale[a] = 1 / math.Sqrt(s)
		}
	}
	l = make([]float64, p*p)
	for a := range p {
		for b := range a + 1 {
			s := lower[a*p+b] * scale[a] * scale[b]
			for k := range b {
				s -= l[a*p+k] * l[b*p+k]
			}
			if a != b {
				l[a*p+b] = s / l[b*p+b]
				continue
			}
			if !(s > dependent) {
				return l, scale, a
			}
			l[a*p+a] = math.Sqrt(s)
		}
	}
	return l, scale, -1
}

// solveFactor solves L L' x = b in place.
func solveFactor(l []float64, p int, b []float64) {
	for a := range p {
		for k := range a {
			b[a] -= l[a*p+k] * b[k]
		}
		b[a] /= l[a*p+a]
	}
	for a := p - 1; a >= 0; a-- {
		for k := a + 1; k < p; k++ {
			b[a] -= l[k*p+a] * b[k]
		}
		b[a] /= l[a*p+a]
	}
}

// combination says in words which columns make up one that depends on them.
func combination(lower []float64, p, at int, x []Auxiliary) string {
	xx := mat.NewSymDense(at, nil)
	xy := mat.NewVecDense(at, nil)
	for a := range at {
		xy.SetVec(a, lower[at*p+a])
		for b := range a + 1 {
			xx.SetSym(a, b, lower[a*p+b])
		}
	}
	var beta mat.VecDense
	var chol mat.Cholesky
	if at == 0 || !chol.Factorize(xx) || chol.SolveVecTo(&beta, xy) != nil {
		return ""
	}
	var parts []string
	for a := range at {
		part := beta.AtVec(a) * math.Sqrt(lower[a*p+a])
		if math.Abs(part) > 1e-6*math.Sqrt(lower[at*p+at]) && len(parts) < 10 {
			parts = append(parts, fmt.Sprintf("%q", x[a].Name))
		}
	}
	return strings.Join(parts, ", ")
}
