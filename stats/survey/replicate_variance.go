package survey

import (
	"fmt"
	"math"
)

// thetas makes a target again with the weights of every replicate.
func (t *cellTable) thetas(domain int, g target, p point) []float64 {
	k := t.v.classes()
	n := t.rep.rep.n
	var s [3][]float64
	for ch := range t.ch {
		s[ch] = make([]float64, n)
		for c := domain * k; c < domain*k+t.v.valued; c++ {
			addTo(s[ch], t.replicaSum(c, ch))
		}
	}
	out := make([]float64, n)
	shift := t.v.shift
	switch g.stat {
	case Mean:
		for r := range out {
			out[r] = s[1][r]/s[0][r] + shift[0]
		}
	case Total:
		for r := range out {
			out[r] = s[1][r] + s[0][r]*shift[0]
		}
	case Ratio:
		for r := range out {
			out[r] = (s[1][r] + s[0][r]*shift[0]) / (s[2][r] + s[0][r]*shift[1])
		}
	default:
		var part []float64
		if g.class >= 0 {
			part = t.replicaSum(domain*k+g.class, 0)
		}
		for r := range out {
			switch {
			case s[0][r] == 0:
				out[r] = math.NaN()
			case p.n == p.base:
				out[r] = 1
			case part != nil:
				out[r] = part[r] / s[0][r]
			}
		}
	}
	return out
}

// covariance is that of statistics from their replicates, by rows. The reason
// says why there is none.
//
//	scale · Σ_r rscale_r (θ_r - c)(θ_r - c)'
func (r *replicas) covariance(thetas [][]float64, full []float64) (v []float64, why string) {
	q := len(thetas)
	use := make([]bool, r.n)
	missing := 0
	for k := range use {
		use[k] = r.rscales[k] > 0
		for _, theta := range thetas {
			if use[k] && (math.IsNaN(theta[k]) || math.IsInf(theta[k], 0)) {
				use[k] = false
				missing++
			}
		}
	}
	if missing > 0 && !r.discard {
		return nil, fmt.Sprintf("%d of %d replicates have no value, as the group's answers come from too few primary sampling units", missing, r.n)
	}
	used := 0
	for _, ok := range use {
		if ok {
			used++
		}
	}
	if used == 0 {
		if missing == 0 {
			return make([]float64, q*q), "" // a census has no sampling error
		}
		return nil, "no replicate has a value"
	}
	deviation := make([][]float64, q)
	for f, theta := range thetas {
		centre := full[f]
		if !r.mse {
			// Deviations from the full estimate are small, so their mean is exact.
			sum := 0.0
			for k, ok := range use {
				if ok {
					sum += theta[k] - full[f]
				}
			}
			centre += sum / float64(used)
		}
		deviation[f] = make([]float64, r.n)
		for k, ok := range use {
			if ok {
				deviation[f][k] = theta[k] - centre
			}
		}
	}
	v = make([]float64, q*q)
	for f := range q {
		for g := range f + 1 {
			sum := 0.0
			for k, ok := range use {
				if ok {
					sum += r.rscales[k] * deviation[f][k] * deviation[g][k]
				}
			}
			v[f*q+g] = r.scale * sum
			v[g*q+f] = v[f*q+g]
		}
	}
	return v, ""
}

// replicated returns the variance of one target in every domain; a point that
// a replicate does not have is marked.
func (t *cellTable) replicated(g target, points []point) []float64 {
	out := make([]float64, len(points))
	for d := range points {
		if points[d].why != "" {
			continue
		}
		v, why := t.rep.rep.covariance([][]float64{t.thetas(d, g, points[d])}, []float64{points[d].value})
		if points[d].why = why; why == "" {
			out[d] = v[0]
		}
	}
	return out
}

// logitVariance is the variance of a proportion that gives, by the delta method,
// the variance that its log odds have among the replicates, as R's svyciprop
// with method "logit". Where a replicate has no log odds it is v.
func (t *cellTable) logitVariance(domain int, g target, v float64) float64 {
	p := t.point(domain, g)
	if !(p.value > 0 && p.value < 1) {
		return v
	}
	theta := t.thetas(domain, g, p)
	for r, x := range theta {
		theta[r] = math.Log(x / (1 - x))
	}
	u, why := t.rep.rep.covariance([][]float64{theta}, []float64{math.Log(p.value / (1 - p.value))})
	if why != "" {
		return v
	}
	slope := p.value * (1 - p.value)
	return u[0] * slope * slope
}

// linear returns a functional of the table's sums in every replicate.
func (t *cellTable) linear(coef []float64) []float64 {
	out := make([]float64, t.rep.rep.n)
	for at, a := range coef {
		if a != 0 {
			addTimes(out, a, t.replicaSum(at/t.ch, at%t.ch))
		}
	}
	return out
}

// replicatedCovariance is the covariance of functionals from their replicates.
// Their full values are those of the table.
func (t *cellTable) replicatedCovariance(coefs [][]float64) []float64 {
	thetas, full := make([][]float64, len(coefs)), make([]float64, len(coefs))
	for f, coef := range coefs {
		thetas[f] = t.linear(coef)
		for at, a := range coef {
			full[f] += a * t.total[at]
		}
	}
	return t.rep.rep.covarianceOrNaN(thetas, full)
}

// covarianceOrNaN is covariance with NaN where there is none.
func (r *replicas) covarianceOrNaN(thetas [][]float64, full []float64) []float64 {
	v, why := r.covariance(thetas, full)
	if why != "" {
		v = make([]float64, len(thetas)*len(thetas))
		for k := range v {
			v[k] = math.NaN()
		}
	}
	return v
}

// sharesCovariance is the covariance of functionals of the shares of cells among
// all of them, linearised: coefs are what a row adds for each unit of its
// weight. With replicate weights the shares are made again in each: a
// functional's replicate is that of its sums, times the cells' weight over that
// of the replicate, up to a constant.
func (t *cellTable) sharesCovariance(coefs [][]float64, cells []int) []float64 {
	if t.rep == nil {
		return t.covariance(coefs)
	}
	weight, all := make([]float64, t.rep.rep.n), 0.0
	for _, c := range cells {
		addTo(weight, t.replicaSum(c, 0))
		all += t.total[c]
	}
	thetas, full := make([][]float64, len(coefs)), make([]float64, len(coefs))
	for f, coef := range coefs {
		thetas[f] = t.linear(coef)
		for r := range thetas[f] {
			thetas[f][r] *= all / weight[r]
		}
		for at, a := range coef {
			full[f] += a * t.total[at]
		}
	}
	return t.rep.rep.covarianceOrNaN(thetas, full)
}

// contrast is the variance of slope[0]·θ_0 + slope[1]·θ_1 in two domains.
func (t *cellTable) contrast(domain [2]int, g target, p [2]point, slope [2]float64) (v float64, why string) {
	if t.rep == nil {
		coef := make([]float64, t.per*t.ch)
		for i, d := range domain {
			t.influence(coef, d, g, p[i], slope[i])
		}
		return t.covariance([][]float64{coef})[0], ""
	}
	theta := make([]float64, t.rep.rep.n)
	full := 0.0
	for i, d := range domain {
		addTimes(theta, slope[i], t.thetas(d, g, p[i]))
		full += slope[i] * p[i].value
	}
	one, why := t.rep.rep.covariance([][]float64{theta}, []float64{full})
	if why != "" {
		return math.NaN(), why
	}
	return one[0], ""
}
