package quality

import (
	"math"
	"slices"
)

// median is the middle of the values, or the mean of the middle two; NaN for
// none. It reorders its argument.
func median(values []float64) float64 {
	n := len(values)
	if n == 0 {
		return math.NaN()
	}
	slices.Sort(values)
	if n%2 == 1 {
		return values[n/2]
	}
	return (values[n/2-1] + values[n/2]) / 2
}

// medianMAD is the median and the median absolute deviation from it, as it is
// (not scaled to a normal distribution).
func medianMAD(values []float64) (m, mad float64) {
	s := slices.Clone(values)
	m = median(s)
	for i := range s {
		s[i] = math.Abs(s[i] - m)
	}
	return m, median(s)
}
