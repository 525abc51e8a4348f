package survey

import (
	"fmt"
	"math"
	"slices"

	"waymark/internal/fault"
)

// solving is a search for the factors of a calibration: Newton's method on the
// dual, which is concave,
//
//	D(η) = t'η - Σ w sigma² Φ(x'η/sigma²),  Φ' = g
//
// so that a step counts as one ahead if D grows or the misfit falls.
type solving struct {
	*carriers
	opt    CalibrateOptions
	total  []float64
	eta    []float64
	g      []float64
	slope  []float64
	off    []float64
	buf    []float64
	misfit float64
	worst  int
	dual   float64
}

// solve returns the factor of each carrier.
func (c *carriers) solve(x []Auxiliary, opt CalibrateOptions, w *Weighting) ([]float64, error) {
	if opt.Tolerance <= 0 {
		opt.Tolerance = 1e-10
	}
	if opt.MaxIterations <= 0 {
		opt.MaxIterations = 100
	}
	lower := c.products(func(k int) float64 { return c.weight[k] })
	if _, _, at := factorScaled(lower, c.p); at >= 0 {
		return nil, fault.New(fault.Invalid, fault.Place{Field: x[at].Name}, "the auxiliary columns depend on each other, so the totals do not fix the weights: this one follows from "+combination(lower, c.p, at, x), "leave it out")
	}
	s := &solving{carriers: c, opt: opt, g: make([]float64, c.n), slope: make([]float64, c.n), buf: make([]float64, c.p)}
	for _, a := range x {
		s.total = append(s.total, a.Total)
	}
	if opt.Distance == LogitDistance {
		for k := range c.n {
			if l, h := s.boundsOf(k); c.weight[k] > 0 && !(l >= 0 && l < 1 && h > 1) {
				return nil, fault.New(fault.Invalid, fault.Place{Row: k + 1}, fmt.Sprintf("the logit distance needs every old weight between the bounds, and that of data row %d is not", k+1), "use the linear or raking distance, or wider bounds")
			}
		}
	}
	start := make([]float64, c.p)
	s.eta, s.off = slices.Clone(start), slices.Clone(start)
	s.evaluate()
	w.Iterations = s.run()
	w.Misfit, w.Converged = s.misfit, s.misfit <= opt.Tolerance
	if w.Converged {
		return s.g, nil
	}
	return nil, s.outOfReach(x, w)
}

// run takes steps until the totals are met or no step leads ahead.
func (s *solving) run() int {
	for it := range s.opt.MaxIterations {
		if s.misfit <= s.opt.Tolerance {
			return it
		}
		step := slices.Clone(s.off)
		s.direction(step)
		from, dual, misfit := slices.Clone(s.eta), s.dual, s.misfit
		gain := 0.0
		for a, v := range step {
			gain += v * s.off[a]
		}
		ahead := false
		for size := 1.0; size > 1e-12 && !ahead; size /= 2 {
			for a := range s.eta {
				s.eta[a] = from[a] + size*step[a]
			}
			s.evaluate()
			ahead = s.misfit < misfit || s.dual > dual+1e-4*size*gain
		}
		if !ahead {
			s.eta = from
			s.evaluate()
			return it + 1
		}
	}
	return s.opt.MaxIterations
}

// direction solves the Newton step in place; where factors at their bounds
// leave too few rows to move, it is damped.
func (s *solving) direction(step []float64) {
	lower := s.products(func(k int) float64 {
		if s.variance != nil {
			return s.weight[k] * s.slope[k] / s.variance[k]
		}
		return s.weight[k] * s.slope[k]
	})
	largest := 0.0
	for a := range s.p {
		largest = max(largest, lower[a*s.p+a])
	}
	if largest == 0 {
		return // the gradient itself
	}
	for damp := 0.0; damp < 10; damp = max(1e-10, damp*100) {
		for a := range s.p {
			lower[a*s.p+a] = lower[a*s.p+a]*(1+damp) + damp*damp*largest
		}
		l, scale, at := factorScaled(lower, s.p)
		if at >= 0 {
			continue
		}
		for a := range step {
			step[a] *= scale[a]
		}
		solveFactor(l, s.p, step)
		for a := range step {
			step[a] *= scale[a]
		}
		return
	}
}

// boundsOf are those of a carrier's factor.
func (s *solving) boundsOf(k int) (lower, upper float64) {
	if s.lower != nil {
		return s.lower[k], s.upper[k]
	}
	return s.opt.bounds()
}

// evaluate sets factors, misfit and dual at eta.
func (s *solving) evaluate() {
	copy(s.off, s.total)
	s.dual = 0
	for a, t := range s.total {
		s.dual += t * s.eta[a]
	}
	for k := range s.n {
		w := s.weight[k]
		if w == 0 {
			continue
		}
		x := s.row(k, s.buf)
		u, v := 0.0, 1.0
		for a, e := range s.eta {
			u += x[a] * e
		}
		if s.variance != nil {
			v = s.variance[k]
		}
		lower, upper := s.boundsOf(k)
		var phi float64
		s.g[k], s.slope[k], phi = change(s.opt.Distance, u/v, lower, upper)
		s.dual -= w * v * phi
		for a, xa := range x {
			s.off[a] -= w * s.g[k] * xa
		}
	}
	s.misfit, s.worst = 0, 0
	for a, off := range s.off {
		if m := math.Abs(off) / (1 + math.Abs(s.total[a])); !(m <= s.misfit) {
			s.misfit, s.worst = m, a
		}
	}
	if s.dual != s.dual {
		s.dual = math.Inf(-1)
	}
	if s.misfit != s.misfit {
		s.misfit = math.Inf(1)
	}
}

// change is g at u, its derivative and its integral.
func change(distance Distance, u, lower, upper float64) (g, slope, phi float64) {
	switch distance {
	case LinearDistance:
		switch g = 1 + u; {
		case g < lower:
			from := lower - 1
			return lower, 0, from + from*from/2 + lower*(u-from)
		case g > upper:
			to := upper - 1
			return upper, 0, to + to*to/2 + upper*(u-to)
		}
		return g, 1, u + u*u/2
	case RakingDistance:
		switch g = math.Exp(u); {
		case g < lower:
			return lower, 0, lower + lower*(u-math.Log(lower))
		case g > upper:
			return upper, 0, upper + upper*(u-math.Log(upper))
		}
		return g, g, g
	}
	a := (upper - lower) / ((upper - 1) * (1 - lower))
	b, c := upper-1, 1-lower
	if z := a * u; z > 0 {
		e := math.Exp(-z)
		down := b*e + c
		share := c / down
		return lower + (upper-lower)*share, a * (upper - lower) * share * b * e / down, lower*u + (upper-lower)/a*(z+math.Log(down))
	}
	e := math.Exp(a * u)
	down := b + c*e
	share := c * e / down
	return lower + (upper-lower)*share, a * (upper - lower) * share * b / down, lower*u + (upper-lower)/a*math.Log(down)
}

// reachWork bounds the numbers read in finding out how far weights can go.
const reachWork = 5e9

// outOfReach explains why no factors were found.
func (s *solving) outOfReach(x []Auxiliary, w *Weighting) error {
	misfit, worst, off := s.misfit, s.worst, s.off[s.worst]
	faults := fault.NewList(maxFaults)
	scale := s.scale()
	for a, aux := range x {
		least, most := s.span(a)
		switch {
		case scale != "" && (aux.Total > most || aux.Total < least):
			faults.Addf(fault.Invalid, fault.Place{Field: aux.Name}, "give the design weights that add up to the population first", "no weights meet the totals: %s, and bounds are of new over old weight", scale)
			return faults.Err()
		case aux.Total > most:
			faults.Addf(fault.Invalid, fault.Place{Field: aux.Name}, "widen the bounds, or lower the total", "no weights meet the totals: with these bounds this one can be at most %.6g, and %.6g is asked for", most, aux.Total)
		case aux.Total < least:
			faults.Addf(fault.Invalid, fault.Place{Field: aux.Name}, "widen the bounds, or raise the total", "no weights meet the totals: with these bounds this one is at least %.6g, and %.6g is asked for", least, aux.Total)
		}
	}
	if err := faults.Err(); err != nil {
		return err
	}
	message := fmt.Sprintf("no weights were found that meet the totals: this one is at %.6g, off by %.2g of its size after %d iterations", x[worst].Total-off, misfit, w.Iterations)
	if work := float64(s.n) * float64(s.p*s.p) * float64(s.opt.MaxIterations) * 12; work < reachWork {
		if w.Reach = s.reach(); w.Reach > 0 {
			message += fmt.Sprintf("; weights can go %.0f%% of the way from the sample's totals to these", math.Floor(100*w.Reach))
		}
	}
	return fault.New(fault.Invalid, fault.Place{Field: x[worst].Name}, message, "widen the bounds, or drop a total")
}

// scale says so if all totals are many times those of the old weights, or a
// small part of them.
func (s *solving) scale() string {
	before := s.before()
	least, most := math.Inf(1), math.Inf(-1)
	for a, t := range s.total {
		least, most = min(least, t/before[a]), max(most, t/before[a])
	}
	switch {
	case least > 2 && !math.IsInf(least, 1):
		return fmt.Sprintf("all totals are at least %.3g times those of the weighted sample", least)
	case most < 0.5 && least > 0:
		return fmt.Sprintf("all totals are at most %.3g of those of the weighted sample", most)
	}
	return ""
}

// before is the totals of the old weights.
func (s *solving) before() []float64 {
	out := make([]float64, s.p)
	for k := range s.n {
		if s.weight[k] != 0 {
			for a, v := range s.row(k, s.buf) {
				out[a] += s.weight[k] * v
			}
		}
	}
	return out
}

// span is the least and most that a total can be within the bounds.
func (s *solving) span(a int) (least, most float64) {
	for k := range s.n {
		w := s.weight[k]
		if w == 0 {
			continue
		}
		v := w * s.row(k, s.buf)[a]
		if v == 0 {
			continue
		}
		lower, upper := s.boundsOf(k)
		if s.opt.Distance == RakingDistance {
			lower = max(lower, 0)
		}
		if v < 0 {
			lower, upper = upper, lower
		}
		least += v * lower
		most += v * upper
	}
	return least, most
}

// reach is the largest share of the way from the totals of the old weights to
// those wanted that factors can go, found by halving.
func (s *solving) reach() float64 {
	want := slices.Clone(s.total)
	before := s.before()
	lo, hi := 0.0, 1.0
	for range 12 {
		mid := (lo + hi) / 2
		for a := range want {
			s.total[a] = before[a] + mid*(want[a]-before[a])
		}
		clear(s.eta)
		s.evaluate()
		if s.run(); s.misfit <= 1e-6 {
			lo = mid
		} else {
			hi = mid
		}
	}
	copy(s.total, want)
	return lo
}
