package survey

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"waymark/internal/fault"
)

// Distance is how calibration measures the change of weights.
type Distance uint8

// The distances, with g the ratio of new to old weight as a function of u.
const (
	LinearDistance Distance = iota + 1 // g = 1 + u
	RakingDistance                     // g = exp(u)
	LogitDistance                      // g between Lower and Upper
)

var distanceNames = [...]string{"", "linear calibration", "raking calibration", "logit calibration"}

// Auxiliary is a column of numbers with a known population total.
type Auxiliary struct {
	Name   string
	Values []float64 // one a row; must be finite where the row is alive
	Total  float64
}

// CalibrateOptions say how to calibrate.
type CalibrateOptions struct {
	Distance Distance // Required
	// Lower and Upper bound g, Lower < 1 < Upper. Required for LogitDistance.
	Lower, Upper float64
	// Tolerance is the largest difference from a total, over 1 + its size.
	// Default 1e-10.
	Tolerance float64
	// MaxIterations of Newton's method. Default 100.
	MaxIterations int
}

// jointLimit is the most different rows of auxiliaries whose tables are split by
// them; with more, variances are made row by row.
const jointLimit = 1 << 12

// Calibrate returns the design with weights that meet the totals of auxiliary
// columns, changed as little as may be: generalised regression (GREG) with a
// linear, raking or bounded logit distance. The variance of its estimates is
// that of the residuals from the weighted regression on the auxiliaries.
//
// It fails, naming what it can, if auxiliaries depend on each other, if there
// are no weights that meet the totals, or if the design has been weighted.
// Source: Deville and Särndal (1992), JASA 87; R survey 4.1-1, calibrate, grake.
func (d *Design) Calibrate(x []Auxiliary, opt CalibrateOptions) (*Design, *Weighting, error) {
	faults := fault.NewList(maxFaults)
	say := func(field, remedy, format string, args ...any) {
		faults.Addf(fault.Invalid, fault.Place{Field: field}, remedy, format, args...)
	}
	if d.rep != nil {
		say("", "weight the design before replicates are made, or each replicate's weights", "a design with replicate weights is not weighted here")
	}
	if d.Adjusted() {
		say("", "weight the original design to all totals at once", "the design has been weighted already")
	}
	if len(x) == 0 {
		say("", "give at least one", "there are no auxiliary columns to calibrate to")
	}
	if opt.Distance < LinearDistance || opt.Distance > LogitDistance {
		say("", "linear, raking or logit", "there is no such distance")
	}
	if opt.Distance == LogitDistance && !(opt.Lower < 1 && opt.Upper > 1 && opt.Lower >= 0 && opt.Upper < maxFinite) {
		say("", "give bounds such as 0.3 and 4", "the bounds %v and %v do not enclose 1", opt.Lower, opt.Upper)
	}
	for _, a := range x {
		if len(a.Values) != d.rows {
			say(a.Name, "use columns of the design's table", "the column has %d rows and the design has %d", len(a.Values), d.rows)
			continue
		}
		for i, v := range a.Values {
			if d.Weight(i) > 0 && (v != v || math.Abs(v) > maxFinite) {
				say(a.Name, "leave the row out of the design with Include", "data row %d has no finite value", i+1)
			}
		}
	}
	if err := faults.Err(); err != nil {
		return nil, nil, err
	}
	joint, rows := d.distinct(x)
	g, w, err := solveCalibration(x, rows, joint.weight, opt)
	if err != nil {
		return nil, w, err
	}
	out := d.reweighted(func(row int) float64 { return g[joint.of[row]] }, w)
	joint.kind, joint.fitting = w.Kind, regression{rows, joint.weight, g}
	if joint.joint <= jointLimit {
		out.cal = &joint.calibration
	}
	old := make([]float64, d.rows)
	for i := range old {
		old[i] = d.Weight(i)
	}
	out.adjusted = []adjustment{&regressed{x: x, kappa: old, weights: out.weights, inverse: inverseProducts(x, old)}}
	return out, w, nil
}

// inverseProducts is the inverse of Σ kappa x x', by rows. Columns are scaled
// to a diagonal of 1 first.
func inverseProducts(x []Auxiliary, kappa []float64) []float64 {
	q := len(x)
	xx := mat.NewSymDense(q, nil)
	for i, k := range kappa {
		if k == 0 {
			continue
		}
		for a := range x {
			v := k * x[a].Values[i]
			if v == 0 {
				continue
			}
			for b := range a + 1 {
				xx.SetSym(a, b, xx.At(a, b)+v*x[b].Values[i])
			}
		}
	}
	scale := make([]float64, q)
	for a := range scale {
		scale[a] = 1
		if s := xx.At(a, a); s > 0 {
			scale[a] = 1 / math.Sqrt(s)
		}
	}
	for a := range q {
		for b := range a + 1 {
			xx.SetSym(a, b, xx.At(a, b)*scale[a]*scale[b])
		}
	}
	out := make([]float64, q*q)
	var chol mat.Cholesky
	if !chol.Factorize(xx) {
		return out
	}
	var inverse mat.SymDense
	if err := chol.InverseTo(&inverse); err != nil {
		return out
	}
	for a := range q {
		for b := range q {
			out[a*q+b] = inverse.At(a, b) * scale[a] * scale[b]
		}
	}
	return out
}

// distinct numbers the different rows of the auxiliaries.
func (d *Design) distinct(x []Auxiliary) (*joined, [][]float64) {
	j := &joined{}
	j.of = make([]uint32, d.rows)
	known := map[string]uint32{}
	var rows [][]float64
	key := make([]byte, 0, 8*len(x))
	for i := range d.rows {
		w := d.Weight(i)
		if w == 0 {
			continue
		}
		key = key[:0]
		for _, a := range x {
			bits := math.Float64bits(a.Values[i] + 0)
			for s := 0; s < 64; s += 8 {
				key = append(key, byte(bits>>s))
			}
		}
		k, ok := known[string(key)]
		if !ok {
			k = uint32(len(rows))
			known[string(key)] = k
			row := make([]float64, len(x))
			for c, a := range x {
				row[c] = a.Values[i]
			}
			rows = append(rows, row)
			j.weight, j.count = append(j.weight, 0), append(j.count, 0)
		}
		j.of[i] = k
		j.weight[k] += w
		j.count[k]++
	}
	j.joint = len(rows)
	return j, rows
}

// solveCalibration finds g per different row by Newton's method.
func solveCalibration(x []Auxiliary, rows [][]float64, weight []float64, opt CalibrateOptions) ([]float64, *Weighting, error) {
	tolerance, limit := opt.Tolerance, opt.MaxIterations
	if tolerance <= 0 {
		tolerance = 1e-10
	}
	if limit <= 0 {
		limit = 100
	}
	w := &Weighting{Kind: distanceNames[opt.Distance]}
	q := len(x)
	eta := make([]float64, q)
	g, slope := make([]float64, len(rows)), make([]float64, len(rows))
	worst := 0
	misfit := func() []float64 {
		off := make([]float64, q)
		for c, a := range x {
			off[c] = a.Total
		}
		for k, row := range rows {
			u := 0.0
			for c, v := range row {
				u += v * eta[c]
			}
			g[k], slope[k] = opt.change(u)
			for c, v := range row {
				off[c] -= weight[k] * g[k] * v
			}
		}
		w.Misfit = 0
		for c, v := range off {
			if m := math.Abs(v) / (1 + math.Abs(x[c].Total)); !(m <= w.Misfit) {
				w.Misfit, worst = m, c
			}
		}
		return off
	}
	off := misfit()
	for w.Iterations < limit && !(w.Misfit <= tolerance) {
		w.Iterations++
		t := mat.NewDense(q, q, nil)
		for k, row := range rows {
			for a, va := range row {
				for b, vb := range row {
					t.Set(a, b, t.At(a, b)+weight[k]*slope[k]*va*vb)
				}
			}
		}
		var step mat.VecDense
		if err := step.SolveVec(t, mat.NewVecDense(q, off)); err != nil {
			return nil, w, fault.Wrap(fault.Invalid, fault.Place{}, "the auxiliary columns depend on each other, so the totals do not fix the weights", "leave one out", err)
		}
		size := 1.0
		before := w.Misfit
		start := append([]float64(nil), eta...)
		for range 40 { // shorter steps while the way is not down
			for c := range eta {
				eta[c] = start[c] + size*step.AtVec(c)
			}
			if off = misfit(); w.Misfit < before {
				break
			}
			size /= 2
		}
	}
	if w.Converged = w.Misfit <= tolerance; !w.Converged {
		return nil, w, fault.New(fault.Invalid, fault.Place{Field: x[worst].Name}, fmt.Sprintf("no weights were found that meet the totals: this one is off by %.2g of its size after %d iterations", w.Misfit, w.Iterations), "widen the bounds, or drop a total")
	}
	return g, w, nil
}

// change is g and its derivative at u.
func (o CalibrateOptions) change(u float64) (g, slope float64) {
	switch o.Distance {
	case LinearDistance:
		return 1 + u, 1
	case RakingDistance:
		e := math.Exp(u)
		return e, e
	}
	l, h := o.Lower, o.Upper
	a := (h - l) / ((h - 1) * (1 - l))
	e := math.Exp(math.Min(a*u, 700))
	down := h - 1 + (1-l)*e
	g = (l*(h-1) + h*(1-l)*e) / down
	return g, a * (1 - l) * e / down * (h - g)
}

// regression fits the weighted regression on auxiliaries, old weights.
type regression struct {
	rows   [][]float64
	weight []float64 // old, per different row
	g      []float64
}

func (r regression) fit(_, weighted []float64) []float64 {
	q := len(r.rows[0])
	xx, xu := mat.NewDense(q, q, nil), mat.NewVecDense(q, nil)
	for k, row := range r.rows {
		for a, va := range row {
			if r.g[k] != 0 {
				xu.SetVec(a, xu.AtVec(a)+va*weighted[k]/r.g[k])
			}
			for b, vb := range row {
				xx.Set(a, b, xx.At(a, b)+r.weight[k]*va*vb)
			}
		}
	}
	out := make([]float64, len(r.rows))
	var beta mat.VecDense
	if beta.SolveVec(xx, xu) != nil {
		return out
	}
	for k, row := range r.rows {
		for c, v := range row {
			out[k] += v * beta.AtVec(c)
		}
	}
	return out
}
