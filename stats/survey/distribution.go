package survey

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// NormalQuantile is the quantile of the standard normal distribution.
func NormalQuantile(p float64) float64 { return -math.Sqrt2 * math.Erfcinv(2*p) }

// tUpper is P(T > t) for Student's t with df degrees of freedom (may be +Inf).
func tUpper(t, df float64) float64 {
	if math.IsInf(df, 1) {
		return math.Erfc(t/math.Sqrt2) / 2
	}
	if t < 0 {
		return 1 - tUpper(-t, df)
	}
	return mathext.RegIncBeta(df/2, 0.5, df/(df+t*t)) / 2
}

// tTwoSided is P(|T| > |t|).
func tTwoSided(t, df float64) float64 { return min(1, 2*tUpper(math.Abs(t), df)) }

// tQuantile is the p quantile of Student's t with df degrees of freedom, which
// may be +Inf or a fraction: Newton's method on the tail, held in a bracket.
func tQuantile(p, df float64) float64 {
	switch {
	case math.IsInf(df, 1):
		return NormalQuantile(p)
	case p == 0.5:
		return 0
	case p < 0.5:
		return -tQuantile(1-p, df)
	}
	tail := 1 - p
	g1, _ := math.Lgamma((df + 1) / 2)
	g2, _ := math.Lgamma(df / 2)
	scale := math.Exp(g1-g2) / math.Sqrt(df*math.Pi)
	z := NormalQuantile(p)
	z2 := z * z
	// Fisher's expansion: exact to the last digits from some hundred degrees on.
	t := z * (1 + (z2+1)/(4*df) + ((5*z2+16)*z2+3)/(96*df*df) +
		(((3*z2+19)*z2+17)*z2-15)/(384*df*df*df))
	if df > 1e7 {
		return t // closer than the incomplete beta function is there
	}
	lo, hi := 0.0, math.Inf(1)
	for range 200 {
		over := tUpper(t, df) - tail
		if over > 0 {
			lo = t
		} else {
			hi = t
		}
		next := t + over/(scale*math.Exp(-(df+1)/2*math.Log1p(t*t/df)))
		if !(next > lo && next < hi) {
			if next = (lo + hi) / 2; math.IsInf(hi, 1) {
				next = 2 * t
			}
		}
		if math.Abs(next-t) <= 1e-9*t { // the next error is of the order of its square
			return next
		}
		t = next
	}
	return t
}

// fUpper is P(F > f) with d1 and d2 degrees of freedom, which may be fractions;
// d2 may be +Inf.
func fUpper(f, d1, d2 float64) float64 {
	switch {
	case f <= 0:
		return 1
	case math.IsInf(d2, 1):
		return chiUpper(f*d1, d1)
	}
	return mathext.RegIncBeta(d2/2, d1/2, d2/(d2+d1*f))
}

// chiUpper is P(X > x) for chi-squared with df degrees of freedom.
func chiUpper(x, df float64) float64 {
	if x <= 0 {
		return 1
	}
	return mathext.GammaIncRegComp(df/2, x/2)
}

// betaQuantile is the p quantile of Beta(a, b): 0 if a is 0, 1 if b is 0.
func betaQuantile(p, a, b float64) float64 {
	switch {
	case a <= 0:
		return 0
	case b <= 0:
		return 1
	}
	lo, hi := 0.0, 1.0
	for range 60 {
		mid := (lo + hi) / 2
		if mid == lo || mid == hi {
			break
		}
		if mathext.RegIncBeta(a, b, mid) < p {
			lo = mid
		} else {
			hi = mid
		}
	}
	return (lo + hi) / 2
}
