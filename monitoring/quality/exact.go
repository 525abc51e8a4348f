package quality

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// lowerTail is P(X <= k) for X binomial with n trials of probability p.
//
//	P(X <= k) = I_{1-p}(n-k, k+1)
//
// with I the regularised incomplete beta function; 1 for k >= n, 0 for k < 0.
func lowerTail(k, n int, p float64) float64 {
	switch {
	case k < 0:
		return 0
	case k >= n:
		return 1
	}
	return mathext.RegIncBeta(float64(n-k), float64(k+1), 1-p)
}

// upperTail is P(X >= k): I_p(k, n-k+1); 1 for k <= 0, 0 for k > n.
func upperTail(k, n int, p float64) float64 {
	switch {
	case k <= 0:
		return 1
	case k > n:
		return 0
	}
	return mathext.RegIncBeta(float64(k), float64(n-k+1), p)
}

// clopperPearson is the exact two-sided interval of a share k/n.
//
//	lo = B(α/2; k, n-k+1), hi = B(1-α/2; k+1, n-k)
//
// lo is 0 at k = 0, hi is 1 at k = n; both limits are 0 and 1 at n = 0.
// Source: Clopper and Pearson (1934), Biometrika 26(4), 404-413.
func clopperPearson(k, n int, confidence float64) (lo, hi float64) {
	lo, hi = 0, 1
	alpha := 1 - confidence
	if k > 0 {
		lo = mathext.InvRegIncBeta(float64(k), float64(n-k+1), alpha/2)
	}
	if k < n {
		hi = mathext.InvRegIncBeta(float64(k+1), float64(n-k), 1-alpha/2)
	}
	return lo, hi
}

// cell is one enumerator's or point's count against what the others lead one
// to expect.
type cell struct {
	k, n     int
	expected float64 // share, strictly between 0 and 1
}

// verdict is the outcome of a comparison.
type verdict struct {
	z float64 // signed; positive above what was expected
	p float64 // two-sided, after the correction for overdispersion and Holm
}

// compare tests every cell against its expected share.
//
// The exact binomial tail on the observed side, doubled and at most 1, becomes
// a z value. Where there are at least ten cells, the spread of the z values
// measures how much cells differ for ordinary reasons, and the z values are
// divided by the root of it; see overdispersion. The p values are then adjusted
// by Holm's step-down over all cells.
// Cells with n = 0 get z 0 and p 1 and take no part.
//
// Sources: Spiegelhalter (2005), Statistics in Medicine 24, 1185-1202, for
// funnel limits and the correction; Holm (1979), Scandinavian Journal of
// Statistics 6, 65-70.
func compare(cells []cell) []verdict {
	out := make([]verdict, len(cells))
	var used []int
	var zs []float64
	for i, c := range cells {
		out[i].p = 1
		if c.n == 0 {
			continue
		}
		sign, tail := 1.0, upperTail(c.k, c.n, c.expected)
		if lower := lowerTail(c.k, c.n, c.expected); lower < tail {
			sign, tail = -1, lower
		}
		out[i].z = sign * normalQuantileAbove(math.Min(tail, 0.5))
		used = append(used, i)
		zs = append(zs, out[i].z)
	}
	root := math.Sqrt(overdispersion(zs))
	ps := make([]float64, len(used))
	for j, i := range used {
		out[i].z /= root
		ps[j] = math.Erfc(math.Abs(out[i].z) / math.Sqrt2)
	}
	for j, p := range holm(ps) {
		out[used[j]].p = p
	}
	return out
}

// normalQuantileAbove is z with P(Z > z) = tail, for tails from 0 to 0.5; a
// tail too small for a float64 counts as 1e-300.
func normalQuantileAbove(tail float64) float64 {
	return -distuv.UnitNormal.Quantile(math.Max(tail, 1e-300))
}

// winsorized is the mean square of a standard normal variable whose outer 20%
// at each end are pulled in to the quantiles ±c, c = 0.8416:
// 0.6 - 2c·φ(c) + 0.4c².
const winsorized = 0.4121

// overdispersion is the mean of the squared z values after winsorising 20% at
// each end, over what it would be for a normal distribution; 1 if that is less
// or there are fewer than ten values. Up to a fifth of the cells at each end may
// be faulty without hiding themselves.
func overdispersion(zs []float64) float64 {
	if len(zs) < 10 {
		return 1
	}
	s := slices.Clone(zs)
	slices.Sort(s)
	cut := len(s) / 5
	sum := 0.0
	for i := range s {
		z := s[min(max(i, cut), len(s)-1-cut)]
		sum += z * z
	}
	return math.Max(1, sum/float64(len(s))/winsorized)
}

// holm adjusts p values for the number of tests so that the chance of any
// false alarm is at most the level they are compared with.
func holm(ps []float64) []float64 {
	order := make([]int, len(ps))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(ps[a], ps[b]) })
	adjusted := make([]float64, len(ps))
	highest := 0.0
	for rank, i := range order {
		highest = math.Max(highest, math.Min(1, ps[i]*float64(len(ps)-rank)))
		adjusted[i] = highest
	}
	return adjusted
}
