package survey

import (
	"fmt"
	"math"
	"math/cmplx"

	"waymark/internal/fault"
)

// SumMethod is a way to the distribution of a weighted sum of chi-squareds.
type SumMethod uint8

// The methods.
const (
	// SumIntegration inverts the characteristic function by numerical
	// integration: either tail to a relative 1e-9.
	SumIntegration SumMethod = iota
	// SumSaddlepoint is Barndorff-Nielsen's form of the saddlepoint
	// approximation: relative error mostly below 1 per cent. Where the
	// saddlepoint is next to zero it gives way to Satterthwaite's.
	SumSaddlepoint
	// SumSatterthwaite is the chi-squared, of fractional degrees of freedom,
	// that has the same mean and variance.
	SumSatterthwaite
)

// sumTerms bounds the terms of a sum.
const sumTerms = 10000

// ChiSquaredSum returns P(Q <= x) and P(Q > x) of Q = Σ w_i X_i with independent
// X_i of chi-squared distribution with df_i degrees of freedom, which may be
// fractions. Weights may be negative, not for SumSatterthwaite. It fails for
// slices of different or no length, more than 10,000 terms, numbers that are not
// finite and degrees of freedom below 0.001 or above 1e9. Weights further apart
// than some 1e9 may leave no more than the normal approximation.
//
// The integral is 1/(2πi) ∫ exp(K(z) - x z)/z dz, K the cumulant function, along
// a hyperbola through the saddlepoint that bends to where the integrand
// vanishes, by the trapezoidal rule, whose error falls geometrically with the
// step. Sources: Imhof (1961), Biometrika 48; Rice (1980), SIAM Journal on
// Scientific and Statistical Computing 1 (steepest descent); Kuonen (1999),
// Biometrika 86 (saddlepoint); Satterthwaite (1946); R survey 4.1-1, pchisqsum.
func ChiSquaredSum(x float64, weights, df []float64, method SumMethod) (lower, upper float64, err error) {
	bad := func(format string, args ...any) error {
		return fault.New(fault.Invalid, fault.Place{}, fmt.Sprintf(format, args...), "give each chi-squared a finite weight and degrees of freedom from 0.001 to a thousand million")
	}
	if len(weights) == 0 || len(weights) != len(df) || len(weights) > sumTerms {
		return 0, 0, bad("there are %d weights for %d degrees of freedom, of at most %d", len(weights), len(df), sumTerms)
	}
	if x-x != 0 {
		return 0, 0, bad("the point %v is not finite", x)
	}
	for i, w := range weights {
		if w-w != 0 || math.Abs(w) > maxFinite || !(df[i] >= 1e-3 && df[i] <= 1e9) || w < 0 && method == SumSatterthwaite {
			return 0, 0, bad("the weight %v with %v degrees of freedom cannot be used", w, df[i])
		}
	}
	if method > SumSatterthwaite {
		return 0, 0, bad("there is no such method")
	}
	s := newChiSum(weights, df)
	lower, upper = s.tails(x, method, func() float64 {
		scale, n := s.satterthwaite()
		return chiUpper(x/s.unit/scale, n)
	})
	return lower, upper, nil
}

// fSum is P(Σ w_i X_i/(V/ddf) > x), X_i chi-squared with one degree of freedom,
// V with ddf, which may be +Inf.
func fSum(x float64, weights []float64, ddf float64, method SumMethod) float64 {
	ones := make([]float64, len(weights))
	for i := range ones {
		ones[i] = 1
	}
	above := newChiSum(weights, ones)
	scale, n := above.satterthwaite()
	if math.IsInf(ddf, 1) {
		_, upper := above.tails(x, method, func() float64 { return chiUpper(x/above.unit/scale, n) })
		return upper
	}
	s := newChiSum(append(append([]float64(nil), weights...), -x/ddf), append(ones, ddf))
	_, upper := s.tails(0, method, func() float64 { return fUpper(x/above.unit/scale/n, n, ddf) })
	return upper
}

// chiSum is a sum with weights in units of the largest.
type chiSum struct {
	unit   float64
	w, df  []float64 // weights that are not zero
	lo, hi float64   // where the cumulant function is finite
}

func newChiSum(weights, df []float64) chiSum {
	s := chiSum{lo: math.Inf(-1), hi: math.Inf(1)}
	for _, w := range weights {
		s.unit = max(s.unit, math.Abs(w))
	}
	for i, w := range weights {
		if w /= s.unit; !(math.Abs(w) > 1e-30) { // nothing beside the largest
			continue
		}
		s.w, s.df = append(s.w, w), append(s.df, df[i])
		if w > 0 {
			s.hi = min(s.hi, 1/(2*w))
		} else {
			s.lo = max(s.lo, 1/(2*w))
		}
	}
	return s
}

// satterthwaite is the scale and degrees of freedom with the sum's mean and
// variance, in units.
func (s chiSum) satterthwaite() (scale, df float64) {
	a, b := 0.0, 0.0
	for i, w := range s.w {
		a += s.df[i] * w
		b += s.df[i] * w * w
	}
	return b / a, a * a / b
}

// tails gives both tails by a method; guess is Satterthwaite's upper tail.
func (s chiSum) tails(x float64, method SumMethod, guess func() float64) (lower, upper float64) {
	x /= max(s.unit, math.SmallestNonzeroFloat64)
	switch {
	case x > 1e14: // beyond any sum of 10,000 terms, in units
		return 1, 0
	case x < -1e14:
		return 0, 1
	case len(s.w) == 0 || math.IsInf(s.hi, 1) && x >= 0: // nothing, or never above zero
		if x < 0 {
			return 0, 1
		}
		return 1, 0
	case math.IsInf(s.lo, -1) && x <= 0: // never below zero
		return 0, 1
	}
	if least := 1e-140; x != 0 && math.Abs(x) < least { // so that no square is lost
		x = math.Copysign(least, x)
	}
	saddle := s.saddle(x)
	switch method {
	case SumSaddlepoint:
		k0, _, k2 := s.cumulant(saddle)
		if math.Abs(saddle) < 1e-4 {
			return s.orNormal(x, 1-guess(), guess())
		}
		w := math.Copysign(math.Sqrt(2*(saddle*x-k0)), saddle)
		z := w + math.Log(saddle*math.Sqrt(k2)/w)/w
		return s.orNormal(x, tUpper(-z, math.Inf(1)), tUpper(z, math.Inf(1)))
	case SumSatterthwaite:
		return s.orNormal(x, 1-guess(), guess())
	}
	// Away from the pole at zero by about what a standard deviation is.
	_, _, k2 := s.cumulant(0)
	at := saddle
	if away := 1 / math.Sqrt(k2); saddle >= 0 {
		at = max(saddle, min(away, s.hi/2))
	} else {
		at = min(saddle, max(-away, s.lo/2))
	}
	p := min(1, s.integral(x, at))
	if at > 0 {
		return s.orNormal(x, 1-p, p)
	}
	return s.orNormal(x, p, 1-p)
}

// orNormal is the tails, or those of the normal distribution of the same mean
// and variance where a method has none: weights too far apart for its numbers,
// or Satterthwaite's of a sum whose mean is not above zero.
func (s chiSum) orNormal(x, lower, upper float64) (float64, float64) {
	if lower >= 0 && upper >= 0 {
		return lower, upper
	}
	_, mean, variance := s.cumulant(0)
	z := (x - mean) / math.Sqrt(variance)
	return tUpper(-z, math.Inf(1)), tUpper(z, math.Inf(1))
}

// cumulant is K(z) = -½ Σ df log(1 - 2 w z) with two derivatives.
func (s chiSum) cumulant(z float64) (k0, k1, k2 float64) {
	for i, w := range s.w {
		rest := 1 - 2*w*z
		a := w / rest
		k0 -= s.df[i] / 2 * math.Log1p(-2*w*z)
		k1 += s.df[i] * a
		k2 += 2 * s.df[i] * a * a
	}
	return k0, k1, k2
}

// saddle solves K'(z) = x, which has one solution where K is finite.
func (s chiSum) saddle(x float64) float64 {
	lo, hi := s.lo, s.hi
	if _, k1, _ := s.cumulant(0); k1 == x {
		return 0
	} else if k1 < x {
		lo = 0
	} else {
		hi = 0
	}
	for step := 1.0; math.IsInf(lo, -1); step *= 2 { // K' falls to zero there
		if _, k1, _ := s.cumulant(hi - step); k1 < x || step > 1e300 {
			lo = hi - step
		}
	}
	for step := 1.0; math.IsInf(hi, 1); step *= 2 {
		if _, k1, _ := s.cumulant(lo + step); k1 > x || step > 1e300 {
			hi = lo + step
		}
	}
	for range 2000 {
		mid := lo + (hi-lo)/2
		if mid <= lo || mid >= hi {
			break
		}
		if _, k1, _ := s.cumulant(mid); k1 < x {
			lo = mid
		} else {
			hi = mid
		}
		if hi-lo <= 1e-14*math.Abs(mid) {
			break
		}
	}
	return lo + (hi-lo)/2
}

// integral is the upper tail if at > 0, the lower one if at < 0: the integral
// along z = at + k (i sinh u ± (cosh u - 1)), to the right for x > 0, to the left
// for x < 0, straight for x = 0.
func (s chiSum) integral(x, at float64) float64 {
	top, _, k2 := s.cumulant(at)
	top -= x * at
	k := min(1/math.Sqrt(k2), math.Abs(at), s.hi-at, at-s.lo)
	side := 0.0
	if x != 0 {
		side = math.Copysign(1, x)
	}
	part := func(u float64) float64 {
		sinh, cosh := math.Sinh(u), math.Cosh(u)
		z := complex(at+side*k*2*math.Pow(math.Sinh(u/2), 2), k*sinh)
		e := -z*complex(x, 0) - complex(top, 0)
		for i, w := range s.w {
			e -= complex(s.df[i]/2, 0) * cmplx.Log(1-complex(2*w, 0)*z)
		}
		if real(e) < -745 {
			return 0
		}
		return imag(cmplx.Exp(e) / z * complex(side*k*sinh, k*cosh))
	}
	// sum adds up from a start in steps until nothing is added.
	sum := func(from, step float64) float64 {
		total, largest, small := 0.0, 0.0, 0
		for u := from; u < 300 && small < 8; u += step {
			p := part(u)
			total += p
			if largest = max(largest, math.Abs(p)); math.Abs(p) <= 1e-18*largest {
				small++
			} else {
				small = 0
			}
		}
		return total
	}
	step := 0.5
	points := part(0)/2 + sum(step, step)
	last := points * step
	for range 8 {
		points += sum(step/2, step)
		step /= 2
		now := points * step
		if math.Abs(now-last) <= 1e-13*math.Abs(now) {
			last = now
			break
		}
		last = now
	}
	p := last * math.Exp(top) / math.Pi
	if at < 0 {
		p = -p
	}
	return max(p, 0)
}
