package survey

import "math"

// profileLikelihood is the likelihood interval for a proportion as R's
// svyciprop makes it: the signed root of the scaled deviance of an intercept
// is profiled on a grid of the log odds, a cubic spline is laid through the
// grid, and the limits are read off it at ±t√λ, λ the design variance over the
// binomial one. The grid's interpolation is part of R's result (relative
// 1e-6 to 1e-5), so it is kept; where the grid ends before the limit, the limit
// is solved for.
//
// Source: R survey 4.1-1, confint.svyglm with method "likelihood"; the spline's
// ends are those of Forsythe, Malcolm and Moler (1977), cubics through the four
// outer points.
func profileLikelihood(p, v, t float64, n int, fit start) (lo, hi float64) {
	q := 1 - p
	size := float64(n)
	dispersion := size / (size - 1)
	b0 := fit.logOdds
	m0 := expit(b0)
	slope := m0 * (1 - m0)
	lambda := v / (slope * slope) * size * fit.slope // V(b) over the binomial variance
	cut := t * math.Sqrt(lambda)
	exactLo, exactHi := likelihood(p, cut*cut*dispersion/size)
	alpha := math.Erfc(cut/math.Sqrt2) / 2 / 2
	bound := tQuantile(1-alpha/2, size-1) // root of the F quantile with 1 and n-1
	step := bound / 5 * math.Sqrt(v) / slope
	least := -2 * size * (p*math.Log(m0) + q*math.Log(1-m0))
	var x, z []float64
	profile := func(sign float64) {
		last := 0.0
		for k := 1; k < 10 && math.Abs(last) < bound; k++ {
			b := b0 + sign*float64(k)*step
			m := expit(b)
			deviance := -2*size*(p*math.Log(m)+q*math.Log(1-m)) - least
			last = sign * math.Sqrt(max(0, deviance/dispersion))
			x, z = append(x, b), append(z, last)
		}
	}
	profile(-1)
	for i, j := 0, len(x)-1; i < j; i, j = i+1, j-1 {
		x[i], x[j], z[i], z[j] = x[j], x[i], z[j], z[i]
	}
	x, z = append(x, b0), append(z, 0)
	profile(1)
	m := 3 * len(x)
	gridX, gridZ := make([]float64, m), make([]float64, m)
	curve := newSpline(x, z)
	for k := range m {
		gridX[k] = x[0] + (x[len(x)-1]-x[0])*float64(k)/float64(m-1)
		gridZ[k] = curve.at(gridX[k])
	}
	limit := func(at, exact float64) float64 {
		for k := 1; k < m; k++ {
			if a, b := gridZ[k-1], gridZ[k]; a <= at && at <= b && b > a {
				return expit(gridX[k-1] + (gridX[k]-gridX[k-1])*(at-a)/(b-a))
			}
		}
		return exact
	}
	return limit(-cut, exactLo), limit(cut, exactHi)
}

// spline is a cubic spline: y + b d + c d² + e d³ from each knot on.
type spline struct{ x, y, b, c, e []float64 }

// newSpline lays a spline through points with ascending x. The third derivative
// at either end is that of the cubic through the four points there.
func newSpline(x, y []float64) *spline {
	n := len(x)
	s := &spline{x, y, make([]float64, n), make([]float64, n), make([]float64, n)}
	if n < 3 {
		if n == 2 {
			s.b[0] = (y[1] - y[0]) / (x[1] - x[0])
			s.b[1] = s.b[0]
		}
		return s
	}
	h, slope := make([]float64, n-1), make([]float64, n-1)
	for i := range h {
		h[i] = x[i+1] - x[i]
		slope[i] = (y[i+1] - y[i]) / h[i]
	}
	// Unknowns: sigma, a sixth of the second derivative, at each knot.
	diag, right := make([]float64, n), make([]float64, n)
	diag[0], diag[n-1] = -h[0], -h[n-2]
	if n > 3 {
		third := func(i int) float64 { // divided difference of the second order
			return (slope[i] - slope[i-1]) / (x[i+1] - x[i-1])
		}
		right[0] = h[0] * h[0] * (third(2) - third(1)) / (x[3] - x[0])
		right[n-1] = -h[n-2] * h[n-2] * (third(n-2) - third(n-3)) / (x[n-1] - x[n-4])
	}
	for i := 1; i < n-1; i++ {
		diag[i] = 2 * (h[i-1] + h[i])
		right[i] = slope[i] - slope[i-1]
	}
	for i := 1; i < n; i++ {
		f := h[i-1] / diag[i-1]
		diag[i] -= f * h[i-1]
		right[i] -= f * right[i-1]
	}
	sigma := right
	sigma[n-1] /= diag[n-1]
	for i := n - 2; i >= 0; i-- {
		sigma[i] = (sigma[i] - h[i]*sigma[i+1]) / diag[i]
	}
	for i := range n - 1 {
		s.b[i] = slope[i] - h[i]*(sigma[i+1]+2*sigma[i])
		s.c[i] = 3 * sigma[i]
		s.e[i] = (sigma[i+1] - sigma[i]) / h[i]
	}
	return s
}

func (s *spline) at(v float64) float64 {
	i := 0
	for i < len(s.x)-2 && v >= s.x[i+1] {
		i++
	}
	d := v - s.x[i]
	return s.y[i] + d*(s.b[i]+d*(s.c[i]+d*s.e[i]))
}
