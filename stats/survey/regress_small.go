package survey

import (
	"context"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"waymark/internal/fault"
)

// smallSample is a correction of the sandwich for few PSUs.
//
// A cluster's residuals are too small, the more so the more its rows pull the fit
// towards themselves. They are multiplied by
//
//	C_i = (I - X_i M X_i')^(-1/2),  M = (X'X)⁻¹,  i a PSU
//
// with a pseudo-inverse where a cluster decides a coefficient alone. Degrees of
// freedom of a coefficient are Satterthwaite's, under independent residuals of
// equal variance: with g_i = C_i X_i M e, (Σ μ)² / Σ μ² of the eigenvalues μ of
// the matrix G'G, G of columns (I - X M X')_i' g_i.
//
// BellMcCaffrey is that of R's svyglm(std.errors = "Bell-McCaffrey", degf = TRUE)
// of survey 4.2 and later: X without any weights, the corrected residuals in the
// variance of the design, with its strata, FPC, stages and n/(n-1).
//
// ReducedBias is CR2 of clubSandwich: X times the root of the working weights,
// and V = A⁻¹ Σ s_i s_i' A⁻¹ over PSUs as independent clusters. Strata and FPC
// take no part in it. Where working weights differ within a PSU clubSandwich
// takes another square root of the same matrix, and differs by some thousandths.
//
// Sources: Bell and McCaffrey (2002), Survey Methodology 28, theorems 1 and 4;
// Pustejovsky and Tipton (2018), Journal of Business and Economic Statistics 36.
type smallSample struct {
	f       *Fit
	weight  []float64 // of X'X, by position
	inverse []float64 // M
	root    []float64 // its symmetric square root
	given   []float64 // turns coefficients of centred values into those of values as given
	resid   []float64 // working residuals by position
	working []float64 // working weights by position
}

// smallSampleLimit bounds PSUs times coefficients squared: 512 MB of numbers.
const smallSampleLimit = 1 << 26

// clusterPart is what a PSU adds to the degrees of freedom.
type clusterPart struct {
	size []float64 // |g_i|² per coefficient
	pull []float64 // X_i' g_i, a row for each coefficient
}

// smallSampleVariance returns the covariance and the degrees of freedom of the
// estimable coefficients.
func (f *Fit) smallSampleVariance(ctx context.Context, s *solution, opt EngineOptions) (cov, df []float64, err error) {
	m, n := f.rows, len(f.at)
	c := &smallSample{f: f, resid: make([]float64, m.n)}
	c.working, err = m.workingWeights(ctx, f.Family, s, opt.Workers)
	if err != nil {
		return nil, nil, err
	}
	for i, r := range f.resp {
		if c.working[i] > 0 {
			c.resid[i] = r / c.working[i]
		}
	}
	c.weight = c.working
	if f.Variance == BellMcCaffrey {
		c.weight = slices.Repeat([]float64{1}, m.n)
	}
	plan := m.gramPlan()
	xx, err := c.products(ctx, plan, 0, m.n, opt.Workers)
	if err != nil {
		return nil, nil, err
	}
	all := factorise(xx, n, nil, nil)
	if len(all.at) < n {
		return nil, nil, nil
	}
	c.inverse = all.inverse()
	c.root = symmetricRoot(c.inverse, n)
	c.given = make([]float64, n*n)
	unit := make([]float64, len(m.layout.columns))
	for k, col := range f.at {
		unit[col] = 1
		copy(c.given[k*n:], m.layout.original(unit, nil, f.at))
		unit[col] = 0
	}
	psus := m.clusters()
	if len(psus)*n*n > smallSampleLimit {
		return nil, nil, fault.New(fault.Unavailable, fault.Place{}, fmt.Sprintf("%d primary sampling units and %d coefficients are more than the correction for few units takes", len(psus)-1, n), "use the linearised variance: with so many units it is the same")
	}
	parts := make([]clusterPart, len(psus)-1)
	adjusted := make([]float64, m.n)
	failed := make([]error, len(parts))
	err = each(ctx, opt.Workers, len(parts), func(k int) {
		parts[k], failed[k] = c.adjust(ctx, plan, psus[k], psus[k+1], adjusted)
	})
	for _, e := range failed {
		if err == nil {
			err = e
		}
	}
	if err != nil {
		return nil, nil, err
	}
	var middle []float64
	if f.Variance == BellMcCaffrey {
		if middle, err = m.meat(ctx, adjusted, opt.Workers); err != nil {
			return nil, nil, err
		}
	} else {
		q := len(m.layout.columns)
		middle = make([]float64, q*q)
		sum := make([]float64, q)
		for k := range parts {
			clear(sum)
			for at := psus[k]; at < psus[k+1]; at++ {
				m.addRow(sum, at, adjusted[at])
			}
			for i, x := range sum {
				for j, y := range sum {
					middle[i*q+j] += x * y
				}
			}
		}
	}
	return outer(f.inv, restrict(middle, len(m.layout.columns), f.at), n), c.freedom(parts), nil
}

// products is X'X of some positions, of the estimable columns.
func (c *smallSample) products(ctx context.Context, plan *gramPlan, from, to, workers int) ([]float64, error) {
	m := c.f.rows
	sums, err := m.gramOf(ctx, plan, workers, from, to, func(s *gramScratch, from, to int) float64 {
		copy(s.w, c.weight[from:to])
		clear(s.r)
		return 0
	})
	if err != nil {
		return nil, err
	}
	xx, _ := plan.square(sums)
	return restrict(xx, len(m.layout.columns), c.f.at), nil
}

// adjust corrects a PSU's residuals, and writes them times the working weights.
//
// With S = M^(1/2) X_i'X_i M^(1/2) = V Λ V' the correction is I + X_i K X_i' with
// K = M^(1/2) V diag(((1-λ)^(-1/2) - 1)/λ) V' M^(1/2): all matrices are of the
// number of coefficients, however many rows the PSU has.
func (c *smallSample) adjust(ctx context.Context, plan *gramPlan, from, to int, out []float64) (clusterPart, error) {
	m, n, at := c.f.rows, len(c.f.at), c.f.at
	row := make([]float64, len(m.layout.columns))
	var gram []float64
	if to-from < n { // few rows: their products straight
		gram = make([]float64, n*n)
		for i := from; i < to; i++ {
			clear(row)
			m.addRow(row, i, 1)
			for a, x := range at {
				for b, y := range at {
					gram[a*n+b] += c.weight[i] * row[x] * row[y]
				}
			}
		}
	} else {
		var err error
		if gram, err = c.products(ctx, plan, from, to, 1); err != nil {
			return clusterPart{}, err
		}
	}
	k := c.correction(gram, n)
	pull := make([]float64, len(m.layout.columns)) // X_i' e
	for i := from; i < to; i++ {
		m.addRow(pull, i, c.weight[i]*c.resid[i])
	}
	move := make([]float64, len(row))
	for a, x := range at {
		for b, y := range at {
			move[x] += k[a*n+b] * pull[y]
		}
	}
	for i := from; i < to; i++ {
		out[i] = c.working[i] * (c.resid[i] + m.rowDot(move, i))
	}
	// g = X_i L with L = M + K X_i'X_i M
	l := product(k, product(gram, c.inverse, n), n)
	for i, v := range c.inverse {
		l[i] += v
	}
	l = product(l, c.given, n)
	gl := product(gram, l, n)
	p := clusterPart{size: make([]float64, n), pull: make([]float64, n*n)}
	for j := range n {
		for a := range n {
			p.size[j] += l[a*n+j] * gl[a*n+j]
			p.pull[j*n+a] = gl[a*n+j]
		}
	}
	return p, nil
}

// correction is K of adjust.
func (c *smallSample) correction(gram []float64, n int) []float64 {
	s := mat.NewSymDense(n, outer(c.root, gram, n))
	var e mat.EigenSym
	out := make([]float64, n*n)
	if !e.Factorize(s, true) {
		return out
	}
	var v mat.Dense
	e.VectorsTo(&v)
	half := product(c.root, v.RawMatrix().Data, n)
	for k, lambda := range e.Values(nil) {
		if lambda < 1e-14 {
			continue
		}
		by := -1 / lambda // a cluster that decides a coefficient alone
		if rest := 1 - lambda; rest > 1e-10 {
			by = (1/math.Sqrt(rest) - 1) / lambda
		}
		for i := range n {
			for j := range n {
				out[i*n+j] += by * half[i*n+k] * half[j*n+k]
			}
		}
	}
	return out
}

// freedom is Satterthwaite's degrees of freedom per coefficient.
//
// (G'G)_ij = δ_ij |g_i|² - a_i' M a_j with a_i = X_i' g_i, so its trace and that
// of its square come from sums over PSUs.
func (c *smallSample) freedom(parts []clusterPart) []float64 {
	n := len(c.f.at)
	df := make([]float64, n)
	for j := range n {
		var trace, squares float64
		z := make([]float64, n*n)
		for _, p := range parts {
			a := p.pull[j*n : (j+1)*n]
			q := 0.0
			for x := range n {
				for y := range n {
					q += a[x] * c.inverse[x*n+y] * a[y]
					z[x*n+y] += a[x] * a[y]
				}
			}
			trace += p.size[j] - q
			squares += p.size[j]*p.size[j] - 2*p.size[j]*q
		}
		mz := product(c.inverse, z, n)
		for x := range n {
			for y := range n {
				squares += mz[x*n+y] * mz[y*n+x]
			}
		}
		if squares > 0 {
			df[j] = trace * trace / squares
		}
	}
	return df
}

// clusters returns where each PSU begins, and the end. Where rows are PSUs each
// is one.
func (m *modelRows) clusters() []int {
	var out []int
	if !m.d.clustered {
		for i := range m.n + 1 {
			out = append(out, i)
		}
		return out
	}
	last := -1
	for u := range m.d.units {
		if psu, _ := m.d.above(u); psu != last && m.start[u] < m.start[u+1] {
			last = psu
			out = append(out, m.start[u])
		}
	}
	return append(out, m.n)
}

// workingWeights are those of the last step of the fit.
func (m *modelRows) workingWeights(ctx context.Context, family Family, s *solution, workers int) ([]float64, error) {
	out := make([]float64, m.n)
	if family == Gaussian {
		copy(out, m.weights)
		return out, nil
	}
	if s.before == nil {
		for i, w := range m.weights {
			u := (w*m.y[i] + 0.5) / (w + 1)
			out[i] = w * u * (1 - u)
		}
		return out, nil
	}
	linear := m.predictor(s.before)
	blocks := (m.n + gramBlock - 1) / gramBlock
	return out, each(ctx, workers, blocks, func(b int) {
		from, to := b*gramBlock, min(m.n, (b+1)*gramBlock)
		linear.block(out[from:to], from)
		for i := from; i < to; i++ {
			_, h := logistic(out[i])
			out[i] = m.weights[i] * h
		}
	})
}

// rowDot is x'b of the row at a position.
func (m *modelRows) rowDot(b []float64, at int) float64 {
	sum := 0.0
	for _, t := range m.layout.slots {
		v, k := 1.0, t.base
		if t.val >= 0 {
			v = m.values[t.val][at]
		}
		if t.code >= 0 {
			c := m.code(t.code, at)
			if c >= t.width {
				continue
			}
			k += c
		}
		if t.width > 0 {
			sum += v * b[k]
		}
	}
	return sum
}

// product multiplies n by n matrices.
func product(a, b []float64, n int) []float64 {
	out := make([]float64, n*n)
	for i := range n {
		for k := range n {
			x := a[i*n+k]
			for j := range n {
				out[i*n+j] += x * b[k*n+j]
			}
		}
	}
	return out
}

// symmetricRoot is the symmetric square root of a positive definite matrix.
func symmetricRoot(a []float64, n int) []float64 {
	out := make([]float64, n*n)
	var e mat.EigenSym
	if !e.Factorize(mat.NewSymDense(n, a), true) {
		return out
	}
	var v mat.Dense
	e.VectorsTo(&v)
	for k, lambda := range e.Values(nil) {
		r := math.Sqrt(max(0, lambda))
		for i := range n {
			for j := range n {
				out[i*n+j] += r * v.At(i, k) * v.At(j, k)
			}
		}
	}
	return out
}
