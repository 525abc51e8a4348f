package survey

import "math"

var intervalNames = [...]string{"default", "normal", "logit", "wilson", "beta", "likelihood", "asin", "xlogit", "clopper-pearson"}

// String returns the method in lower case.
func (m Interval) String() string {
	if int(m) < len(intervalNames) {
		return intervalNames[m]
	}
	return "unknown"
}

// share is what an interval for a proportion is made from.
type share struct {
	p, v     float64 // estimate and variance
	n, base  int     // unweighted rows with the level, and in all
	df       float64 // of the t quantile
	designDF float64 // of the design, for the beta method's correction
	fit      start   // for the likelihood method
}

// interval returns the two limits and the method used. At 0 and 1 it is
// Clopper-Pearson on the unweighted count. The result is not ok if the method
// needs degrees of freedom and there are none.
//
// Sources: R survey 4.1-1, svyciprop, for all but Wilson, which is Wilson's
// interval at n = p(1-p)/v and t in place of z.
func (s share) interval(m Interval, confidence float64) (lo, hi float64, used Interval, ok bool) {
	a := (1 - confidence) / 2
	if s.n == 0 || s.n == s.base || m == ClopperPearson || s.p <= 0 || s.p >= 1 {
		lo, hi = ClopperPearsonInterval(s.n, s.base, confidence)
		return lo, hi, ClopperPearson, s.base > 0
	}
	if !(s.df > 0) || (m == Beta && !(s.designDF > 0)) || s.base < 2 {
		return 0, 0, m, false
	}
	t := tQuantile(1-a, s.df)
	p, v, q := s.p, s.v, 1-s.p
	if v <= 0 { // the whole population was counted
		return p, p, m, true
	}
	se := math.Sqrt(v)
	switch m {
	case Logit, XLogit:
		l, w := math.Log(p/q), t*se/(p*q)
		lo, hi = expit(l-w), expit(l+w)
	case Wilson:
		lo, hi = wilson(p, p*q/v, t)
	case Beta:
		n := p * q / v
		r := tQuantile(a, float64(s.base-1)) / tQuantile(a, s.designDF)
		n *= r * r
		lo, hi = betaQuantile(a, n*p, n*q+1), betaQuantile(1-a, n*p+1, n*q)
	case Asin:
		x, w := math.Asin(math.Sqrt(p)), t*se/(2*math.Sqrt(p*q))
		lo, hi = math.Sin(max(0, x-w)), math.Sin(min(math.Pi/2, x+w))
		lo, hi = lo*lo, hi*hi
	case Likelihood:
		lo, hi = profileLikelihood(p, v, t, s.base, s.fit)
	default:
		lo, hi, m = p-t*se, p+t*se, Normal
	}
	return lo, hi, m, true
}

// likelihood solves for the proportions at which twice the log likelihood of
// one observation falls short of its maximum by drop.
func likelihood(p, drop float64) (lo, hi float64) {
	short := func(m float64) float64 {
		return 2*(p*math.Log(p/m)+(1-p)*math.Log((1-p)/(1-m))) - drop
	}
	solve := func(in, out float64) float64 {
		for range 200 {
			mid := (in + out) / 2
			if mid == in || mid == out {
				break
			}
			if short(mid) < 0 {
				in = mid
			} else {
				out = mid
			}
		}
		return (in + out) / 2
	}
	return solve(p, 0), solve(p, 1)
}

func expit(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
