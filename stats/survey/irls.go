package survey

import "math"

// start is the state of the fit of an intercept when R's glm takes it as
// converged: the log odds, and the slope of the mean one step before, which is
// the one that its model-based variance uses. The likelihood interval depends
// on it in its sixth digit.
type start struct{ logOdds, slope float64 }

// starts fits the intercept of each domain by iteratively reweighted least
// squares as R's glm does, from its starting values.
func (t *cellTable) starts(g target, points []point) []start {
	n, k := t.g.n(), t.v.classes()
	type sums struct{ w, wz, deviance float64 }
	first := make([]sums, n)
	buf := make([]uint32, blockRows)
	t.blocks(func(from int, classes []uint32) {
		cell := buf[:len(classes)]
		t.fill(cell, from)
		for i, c := range cell {
			c %= uint32(t.per)
			d, class := int(c)/k, int(c)%k
			if d >= n || class >= t.v.valued || points[d].base < 2 {
				continue
			}
			w := t.d.Weight(from+i) / points[d].weights * float64(points[d].base)
			y, m := 0.0, 0.5/(w+1)
			if class == g.class {
				y, m = 1, (w+0.5)/(w+1)
			}
			s := &first[d]
			h := m * (1 - m)
			s.w += w * h
			s.wz += w * h * (math.Log(m/(1-m)) + (y-m)/h)
			s.deviance -= 2 * w * math.Log(1-math.Abs(y-m))
		}
	})
	out := make([]start, n)
	for d, s := range first {
		p := points[d]
		if p.n == 0 || p.n == p.base {
			continue
		}
		b, before, slope := s.wz/s.w, s.deviance, s.w/float64(p.base)
		for range 25 {
			m := expit(b)
			now := -2 * float64(p.base) * (p.value*math.Log(m) + (1-p.value)*math.Log(1-m))
			if math.Abs(now-before)/(0.1+math.Abs(now)) < 1e-8 {
				break
			}
			before, slope = now, m*(1-m)
			b += (p.value - m) / slope
		}
		out[d] = start{b, slope}
	}
	return out
}
