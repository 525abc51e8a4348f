package survey

import (
	"math"

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
	// Lower and Upper bound g: Lower < 1 < Upper. Required for LogitDistance;
	// the others are cut off at them. Default, both 0: no bounds.
	Lower, Upper float64
	// LowerOf and UpperOf are bounds row by row instead. Default: none.
	LowerOf, UpperOf []float64
	// OfWeights makes the bounds those of the new weights themselves, so that a
	// calibration trims too. Default: of g.
	OfWeights bool
	// ConstantStage makes g constant within the clusters of a stage, counted from
	// 1, from the weighted means of their auxiliaries: households whose members
	// keep one weight. Stages beyond those with an FPC are not kept by a design.
	// Default 0: g may differ from row to row.
	ConstantStage int
	// Variance of each row in the model, sigma²: rows that vary more change
	// more. Default: 1 each.
	Variance []float64
	// Tolerance is the largest difference from a total, over 1 + its size.
	// Default 1e-10.
	Tolerance float64
	// MaxIterations of Newton's method. Default 100.
	MaxIterations int
}

// bounds are those of g, infinite if there are none.
func (o CalibrateOptions) bounds() (lower, upper float64) {
	if o.Lower == 0 && o.Upper == 0 {
		return math.Inf(-1), math.Inf(1)
	}
	if o.Upper == 0 {
		return o.Lower, math.Inf(1)
	}
	return o.Lower, o.Upper
}

// jointLimit is the most different rows of auxiliaries whose tables are split by
// them; with more, variances are made row by row.
const jointLimit = 1 << 12

// Calibrate returns the design with weights that meet the totals of auxiliary
// columns, changed as little as may be: generalised regression (GREG) with a
// linear, raking or logit distance, each of which can be bounded. The variance
// of its estimates is that of the residuals from the weighted regression on the
// auxiliaries, at the old weights.
//
// A column of zeroes with the total zero is left out and named in the report.
// It fails, naming what it can, if auxiliaries depend on each other, or if there
// are no weights that meet the totals within the bounds: then it says which
// total is out of reach, what can be reached, and how far on the way from the
// sample's totals to all of these the weights can go.
//
// A design that was weighted before may be calibrated again: residuals are then
// taken first for the last adjustment and last for the first, so that a total
// just met has no variance. R takes them first to last.
//
// Source: Deville and Särndal (1992), JASA 87; Lemaître and Dufour (1987) for
// clusters; R survey 4.1-1, calibrate, grake.
func (d *Design) Calibrate(x []Auxiliary, opt CalibrateOptions) (*Design, *Weighting, error) {
	if err := opt.sound(d, x); err != nil {
		return nil, nil, err
	}
	w := &Weighting{Kind: distanceNames[opt.Distance]}
	x, err := d.withoutEmpty(x, w)
	if err != nil {
		return nil, w, err
	}
	c := d.carry(x, opt)
	g, err := c.solve(x, opt, w)
	if err != nil {
		return nil, w, err
	}
	out := d.reweighted(func(row int) float64 { return g[c.at(row)] }, w)
	residual := &regressed{carriers: c, weights: out.weights, before: d}
	residual.variance = c.variance
	if l, u := opt.bounds(); opt.Distance != LinearDistance || !math.IsInf(l, -1) || !math.IsInf(u, 1) || opt.LowerOf != nil || opt.UpperOf != nil {
		residual.variance = nil // as in R, where only the unbounded linear fit keeps it
	}
	if err := residual.prepare(x); err != nil {
		return nil, w, err
	}
	out.adjust(residual)
	if c.count != nil && opt.ConstantStage == 0 && !d.Adjusted() {
		out.cal = &calibration{kind: w.Kind, joint: c.n, of: c.of, fitting: regression{c, g}}
	}
	for _, a := range x {
		w.Margins = append(w.Margins, d.marginCheck(out, a))
	}
	return out, w, nil
}

// adjust notes one more adjustment.
func (d *Design) adjust(a adjustment) {
	d.adjusted = append(d.adjusted[:len(d.adjusted):len(d.adjusted)], a)
	d.cal = nil
}

// marginCheck says what the total of an auxiliary was and is.
func (d *Design) marginCheck(after *Design, a Auxiliary) MarginCheck {
	m := MarginCheck{Margin: a.Name, Target: a.Total}
	for i, v := range a.Values {
		if w := d.Weight(i); w != 0 && v != 0 {
			m.Rows++
			m.Before += w * v
			m.After += after.Weight(i) * v
		}
	}
	return m
}

// withoutEmpty leaves out columns of zeroes whose total is zero.
func (d *Design) withoutEmpty(x []Auxiliary, w *Weighting) ([]Auxiliary, error) {
	faults := fault.NewList(maxFaults)
	var out []Auxiliary
	for _, a := range x {
		empty := true
		for i, v := range a.Values {
			if v != 0 && d.Weight(i) != 0 {
				empty = false
				break
			}
		}
		switch {
		case !empty:
			out = append(out, a)
		case a.Total == 0:
			w.LeftOut = append(w.LeftOut, a.Name)
		default:
			faults.Addf(fault.Invalid, fault.Place{Field: a.Name}, "merge it with another one, or drop its total", "the column is zero in every row of the sample and its total is %v", a.Total)
		}
	}
	if faults.Len() == 0 && len(out) == 0 {
		faults.Addf(fault.Invalid, fault.Place{}, "give columns that the sample has", "every auxiliary column is zero in the sample")
	}
	return out, faults.Err()
}

// regression fits the weighted regression on auxiliaries, old weights, for
// tables split by their different rows.
type regression struct {
	*carriers
	g []float64
}

func (r regression) fit(_, weighted []float64) []float64 {
	q := r.p
	a := &regressed{carriers: r.carriers}
	out := make([]float64, r.n)
	if a.invert() != nil {
		return out
	}
	beta := make([]float64, q)
	for k := range r.n {
		if r.g[k] == 0 {
			continue
		}
		for c, v := range r.row(k, nil) {
			beta[c] += v * weighted[k] / r.g[k]
		}
	}
	a.solve(beta)
	for k := range out {
		for c, v := range r.row(k, nil) {
			out[k] += v * beta[c]
		}
	}
	return out
}
