package survey

import (
	"context"
	"fmt"
	"math"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// MomentRequest asks for variances, covariances and correlations.
type MomentRequest struct {
	Variables []*table.NumberColumn   // one to 40 of them, different. Required
	By        []*table.CategoryColumn // Default: the whole sample
	Where     []bool                  // restricts to a subset, as a domain. Default all
	// Confidence of intervals. Default 0.95.
	Confidence float64
	// DF of the t quantile. Default +Inf, the normal, as R does.
	DF float64
}

// MomentKind says what a Moment is.
type MomentKind uint8

// The kinds.
const (
	Variance MomentKind = iota + 1
	Covariance
	Correlation
)

// String returns the kind in lower case.
func (k MomentKind) String() string {
	return [...]string{"", "variance", "covariance", "correlation"}[min(k, Correlation)]
}

// Moment is the variance of one variable, or the covariance or correlation of
// two, in one domain.
type Moment struct {
	Domain         []int
	Kind           MomentKind
	Variable, With int // places in Variables; equal for a variance
	Value          float64
	SE             float64
	Lo, Hi         float64 // Value ± t · SE
	P              float64 // two-sided, of 0; of a correlation's that it is 0
	DF             float64
	Base           int
	Missing        int // rows of the domain without one of the values
	// NotEstimable says why there is no number; then Value, SE, Lo, Hi and P are NaN.
	NotEstimable string
}

// momentVariables bounds the variables taken together.
const momentVariables = 40

// Moments estimates the population's variances and covariances
//
//	s_ab = n/(n-1) · Σ w (a - m_a)(b - m_b)/Σ w
//
// over the n rows of a domain that have all values, m the weighted means, and
// correlations s_ab/√(s_aa s_bb) by the delta method. The standard error is
// that of a mean of the products: the means are taken as known, which changes
// nothing of first order; with replicate weights all is made again in each. Rows of weight zero take no part.
//
// It returns, domain by domain, variances and covariances as the lower triangle
// of their matrix row by row, then correlations; and all variances and
// covariances with their full covariance as a Vector, named `var(api00)` and
// `cov(api00,ell)` with the domain in brackets (see Joint), from which others
// follow by Expression. Its DF is the request's, or the design's.
//
// It fails for no variable or too many, one named twice, columns of another
// length and more than 2,048 moments. Source: R survey 4.1-1, svyvar.
func (d *Design) Moments(ctx context.Context, r MomentRequest, opt EngineOptions) ([]Moment, *Vector, error) {
	if err := d.checkMoments(&r); err != nil {
		return nil, nil, err
	}
	m, err := d.newMomenter(ctx, &r, opt.Workers)
	if err != nil {
		return nil, nil, err
	}
	v, err := m.vector(ctx, opt.Workers)
	if err != nil {
		return nil, nil, err
	}
	plain := *v
	if plain.DF = r.DF; r.DF == 0 {
		plain.DF = math.Inf(1)
	} else {
		v.DF = r.DF
	}
	var out []Moment
	pairs := m.pairs()
	for k := range m.base {
		domain := []int{}
		if len(r.By) > 0 {
			domain = m.g.domains[k]
		}
		add := func(kind MomentKind, a, b int, c Contrast) {
			out = append(out, Moment{Domain: domain, Kind: kind, Variable: a, With: b, Value: c.Value, SE: c.SE, Lo: c.Lo, Hi: c.Hi, P: c.P, DF: c.DF,
				Base: m.base[k], Missing: m.missing[k], NotEstimable: c.NotEstimable})
		}
		for a := range r.Variables {
			for b := range a + 1 {
				at := k*pairs + pair2(a, b)
				gradient := make([]float64, len(v.Names))
				gradient[at] = 1
				kind := Covariance
				if a == b {
					kind = Variance
				}
				add(kind, a, b, plain.contrast(v.Names[at], v.Values[at], gradient, r.Confidence, v.why(at)))
			}
		}
		for a := range r.Variables {
			for b := range a {
				add(Correlation, a, b, m.correlation(&plain, k, a, b))
			}
		}
	}
	return out, v, nil
}

// pair2 is the place of a pair in a lower triangle by rows, b <= a.
func pair2(a, b int) int { return a*(a+1)/2 + b }

func (d *Design) checkMoments(r *MomentRequest) error {
	a := &asker{p: &program{d: d, faults: fault.NewList(maxFaults)}, what: "variances", ok: true}
	if n := len(r.Variables); n == 0 || n > momentVariables {
		a.refuse("", fmt.Sprintf("name 1 to %d number columns", momentVariables), "there are %d variables", n)
	}
	seen := map[*table.NumberColumn]bool{}
	for _, c := range r.Variables {
		if c == nil {
			a.refuse("", "name a number column", "a variable is missing")
			continue
		}
		a.number(c)
		if seen[c] {
			a.refuse(c.Name(), "name each once", "the variable is named twice")
		}
		seen[c] = true
		a.finite(c)
	}
	a.groups(r.Where, r.By...)
	a.confidence(r.Confidence, r.DF)
	return a.p.faults.Err()
}

// finite refuses numbers too large to square.
func (a *asker) finite(c *table.NumberColumn) {
	if c.Len() != a.p.d.rows {
		return
	}
	for i, v := range c.Values {
		if math.Abs(v) > maxFinite && a.p.d.Weight(i) > 0 && c.Missing(i) == table.Present {
			a.refuse(c.Name(), "numbers must be finite", "the number of data row %d cannot be used", i+1)
			return
		}
	}
}

// momenter is one request at work.
type momenter struct {
	d       *Design
	r       *MomentRequest
	g       *grouping
	base    []int // per domain
	missing []int
	weight  []float64
	mean    []float64 // per domain and variable
	value   []float64 // per domain and pair
}

func (m *momenter) pairs() int { n := len(m.r.Variables); return n * (n + 1) / 2 }

// domain returns the number of a row's domain and whether it is in one with all
// values present.
func (m *momenter) domain(row int) (k int, complete bool) {
	if k = m.g.domain(row); k >= m.g.n() {
		return -1, false
	}
	for _, c := range m.r.Variables {
		if !present(c, row) {
			return k, false
		}
	}
	return k, true
}

// newMomenter makes the means and moments.
func (d *Design) newMomenter(ctx context.Context, r *MomentRequest, workers int) (*momenter, error) {
	g, err := numberDomains(ctx, d, r.By, r.Where, workers)
	if err != nil {
		return nil, err
	}
	n, p := max(g.n(), 1-min(len(r.By), 1)), len(r.Variables)
	m := &momenter{d: d, r: r, g: g, base: make([]int, n), missing: make([]int, n), weight: make([]float64, n), mean: make([]float64, n*p)}
	if m.value = make([]float64, n*m.pairs()); len(m.value) > vectorLimit {
		return nil, fault.New(fault.Unavailable, fault.Place{}, fmt.Sprintf("there are %d moments, more than %d", len(m.value), vectorLimit), "ask for fewer variables or groups")
	}
	for i := range d.rows {
		if k, complete := m.domain(i); complete {
			m.base[k]++
		} else if k >= 0 {
			m.missing[k]++
		}
	}
	m.estimate(d.Weight)
	return m, nil
}

// estimate makes means and moments with these weights of rows.
func (m *momenter) estimate(weight func(row int) float64) {
	p, pairs := len(m.r.Variables), m.pairs()
	for i := range m.d.rows {
		k, complete := m.domain(i)
		if !complete {
			continue
		}
		w := weight(i)
		m.weight[k] += w
		for a, c := range m.r.Variables {
			m.mean[k*p+a] += w * c.Values[i]
		}
	}
	for k, w := range m.weight {
		for a := range p {
			m.mean[k*p+a] /= w
		}
	}
	for i := range m.d.rows {
		if k, complete := m.domain(i); complete {
			m.products(i, k, weight(i), m.value[k*pairs:])
		}
	}
	for k, w := range m.weight {
		for at := k * pairs; at < (k+1)*pairs; at++ {
			m.value[at] *= m.correction(k) / w
		}
	}
}

// replicated sets the covariance of v from moments made again, means and all,
// in every replicate.
func (m *momenter) replicated(ctx context.Context, v *Vector, workers int) error {
	r := &Replicates{m.d}
	thetas, err := r.each(ctx, len(m.value), workers, func(weights []float64) ([]float64, error) {
		again := *m
		again.weight, again.mean, again.value = make([]float64, len(m.weight)), make([]float64, len(m.mean)), make([]float64, len(m.value))
		again.estimate(func(row int) float64 { return weights[row] })
		return again.value, nil
	})
	if err != nil {
		return err
	}
	m.d.rep.vector(v, thetas)
	return nil
}

// correction is n/(n-1).
func (m *momenter) correction(domain int) float64 {
	n := float64(m.base[domain])
	return n / (n - 1)
}

// products adds times · (a - m_a)(b - m_b) of a row for each pair.
func (m *momenter) products(row, domain int, times float64, to []float64) {
	p := len(m.r.Variables)
	for a, c := range m.r.Variables {
		x := times * (c.Values[row] - m.mean[domain*p+a])
		for b := range a + 1 {
			to[pair2(a, b)] += x * (m.r.Variables[b].Values[row] - m.mean[domain*p+b])
		}
	}
}

// why says why a domain has no variance.
func (m *momenter) why(domain int) string {
	switch m.base[domain] {
	case 0:
		return emptyGroup
	case 1:
		return "a variance needs the answers of two people"
	}
	return ""
}

// vector makes all variances and covariances with their covariance.
func (m *momenter) vector(ctx context.Context, workers int) (*Vector, error) {
	q, pairs := len(m.value), m.pairs()
	v := &Vector{Names: make([]string, 0, q), Values: m.value, NotEstimable: make([]string, q)}
	for k := range m.base {
		domain := ""
		if len(m.r.By) > 0 {
			domain = domainName(m.r.By, m.g.domains[k])
		}
		for a, c := range m.r.Variables {
			for b := range a + 1 {
				name := "var(" + c.Name() + ")"
				if a != b {
					name = "cov(" + m.r.Variables[b].Name() + "," + c.Name() + ")"
				}
				v.NotEstimable[len(v.Names)] = m.why(k)
				v.Names = append(v.Names, name+domain)
			}
		}
		v.Base += m.base[k]
	}
	unique(v.Names)
	if m.d.rep != nil {
		if err := m.replicated(ctx, v, workers); err != nil {
			return nil, err
		}
	} else {
		v.Cov = m.d.rowCovariance(q, func(row int, part []float64) bool {
			clear(part)
			k, complete := m.domain(row)
			if !complete || m.base[k] < 2 {
				return false
			}
			w := m.d.Weight(row) / m.weight[k]
			mine := part[k*pairs : (k+1)*pairs]
			m.products(row, k, w*m.correction(k), mine)
			for at := range mine {
				mine[at] -= w * m.value[k*pairs+at]
			}
			return true
		})
	}
	v.DF = m.d.freedomOf(func(row int) bool { _, complete := m.domain(row); return complete })
	v.markInestimable()
	return v, nil
}

// correlation is s_ab/√(s_aa s_bb) in a domain.
func (m *momenter) correlation(v *Vector, domain, a, b int) Contrast {
	at := domain * m.pairs()
	ab, aa, bb := at+pair2(a, b), at+pair2(a, a), at+pair2(b, b)
	sab, saa, sbb := v.Values[ab], v.Values[aa], v.Values[bb]
	why := v.why(ab)
	if why == "" && (m.constant(domain, a) || m.constant(domain, b)) {
		why = "a variable has one value only, so there is no correlation"
	}
	gradient := make([]float64, len(v.Names))
	root := math.Sqrt(saa * sbb)
	rho := sab / root
	gradient[ab], gradient[aa], gradient[bb] = 1/root, -rho/(2*saa), -rho/(2*sbb)
	return v.contrast("correlation", rho, gradient, m.r.Confidence, why)
}

// constant says whether a variable's variance is nothing but rounding.
func (m *momenter) constant(domain, a int) bool {
	mean := m.mean[domain*len(m.r.Variables)+a]
	return !(m.value[domain*m.pairs()+pair2(a, a)] > 1e-28*mean*mean)
}
