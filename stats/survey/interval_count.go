package survey

import "math"

// The intervals below are for counts from a simple random sample: x of n.
// They return 0 and 1 if n is 0.

// WilsonInterval is the score interval without continuity correction.
//
//	(p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n)
//
// Source: Wilson (1927), JASA 22; R's prop.test(correct = FALSE).
func WilsonInterval(x, n int, confidence float64) (lo, hi float64) {
	if n == 0 {
		return 0, 1
	}
	return wilson(float64(x)/float64(n), float64(n), NormalQuantile(1-(1-confidence)/2))
}

func wilson(p, n, z float64) (lo, hi float64) {
	zz := z * z / n
	mid := p + zz/2
	half := z * math.Sqrt(p*(1-p)/n+zz/(4*n))
	return max(0, (mid-half)/(1+zz)), min(1, (mid+half)/(1+zz))
}

// ClopperPearsonInterval is the exact interval; at x = 0 and x = n the outer
// limit is 0 and 1. Source: Clopper and Pearson (1934); R's binom.test.
func ClopperPearsonInterval(x, n int, confidence float64) (lo, hi float64) {
	if n == 0 {
		return 0, 1
	}
	a := (1 - confidence) / 2
	switch x {
	case 0:
		return 0, -math.Expm1(math.Log(a) / float64(n))
	case n:
		return math.Exp(math.Log(a) / float64(n)), 1
	}
	return betaQuantile(a, float64(x), float64(n-x+1)), betaQuantile(1-a, float64(x+1), float64(n-x))
}

// JeffreysInterval has equal tails under the prior Beta(1/2, 1/2), with 0 and 1
// as outer limits at x = 0 and x = n. Source: Brown, Cai and DasGupta (2001),
// Statistical Science 16, section 3.1.3.
func JeffreysInterval(x, n int, confidence float64) (lo, hi float64) {
	if n == 0 {
		return 0, 1
	}
	a := (1 - confidence) / 2
	hi = 1
	if x > 0 {
		lo = betaQuantile(a, float64(x)+0.5, float64(n-x)+0.5)
	}
	if x < n {
		hi = betaQuantile(1-a, float64(x)+0.5, float64(n-x)+0.5)
	}
	return lo, hi
}

// AgrestiCoullInterval adds z²/2 successes and failures to a normal interval,
// cut off at 0 and 1. Source: Agresti and Coull (1998), American Statistician 52.
func AgrestiCoullInterval(x, n int, confidence float64) (lo, hi float64) {
	if n == 0 {
		return 0, 1
	}
	z := NormalQuantile(1 - (1-confidence)/2)
	m := float64(n) + z*z
	p := (float64(x) + z*z/2) / m
	half := z * math.Sqrt(p*(1-p)/m)
	return max(0, p-half), min(1, p+half)
}
