package survey

import (
	"fmt"
	"math"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// Redistribution is what happens to the weight that trimming takes away.
type Redistribution uint8

// The redistributions among the rows that were not trimmed.
const (
	Equally      Redistribution = iota + 1 // the same amount to each, as in R
	InProportion                           // in proportion to their weights
)

// TrimOptions say how weights are trimmed.
type TrimOptions struct {
	// Lower and Upper bound the weights, in weights; rows at a bound are within.
	// Default 0: no bound. One is required.
	Lower, Upper float64
	// Strict repeats the trimming until no weight is outside; else what others
	// are given may carry them over a bound. Default false, as in R.
	Strict bool
	// Redistribute. Default Equally.
	Redistribute Redistribution
	// Within keeps the sum of weights in each level of a column. Default: the sum
	// of all is kept.
	Within *table.CategoryColumn
}

// trimRounds bounds the repetitions of a strict trimming.
const trimRounds = 10000

// Trim returns the design with weights cut to bounds, and what was cut shared
// among the rows that were not, so that the sum of the weights stays.
//
//	w' = min(max(w, lower), upper); the others gain Σ(w - w')/n, or by weight
//
// Variances treat the trimmed weights as given; residuals of an earlier
// weighting stay in use, though its totals are met no more: calibrate again, or
// use CalibrateTrimmed. It fails where the bounds cannot hold the sum of the
// weights, and names the group.
// Source: R survey 4.1-1, trimWeights; Potter (1990), Proceedings of the Survey
// Research Methods Section, for trimming in general.
func (d *Design) Trim(opt TrimOptions) (*Design, *Weighting, error) {
	group, n, err := opt.sound(d)
	if err != nil {
		return nil, nil, err
	}
	lower, upper := opt.bounds()
	weight := make([]float64, d.rows)
	for i := range weight {
		weight[i] = d.Weight(i)
	}
	w := &Weighting{Kind: "trimming", Converged: true}
	held, now := make([]bool, d.rows), make([]bool, d.rows)
	excess, rest, free, room := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	whole := make([]float64, n)
	for i, x := range weight {
		whole[group[i]] += x
	}
	for more := true; more && w.Iterations < trimRounds; {
		clear(excess)
		clear(rest)
		clear(free)
		clear(room)
		any := false
		for i, x := range weight {
			g := group[i]
			now[i] = x != 0 && (x < lower || x > upper)
			switch {
			case now[i]:
				cut := min(max(x, lower), upper)
				excess[g] += x - cut
				weight[i], held[i] = cut, true
				any = true
			case x != 0:
				rest[g] += x
				free[g]++
			}
		}
		if !any {
			break
		}
		w.Iterations++
		more = false
		for g, e := range excess {
			if math.Abs(e) <= 1e-14*whole[g] {
				excess[g] = 0 // nothing left to speak of
			}
			more = more || opt.Strict && excess[g] != 0
		}
		// Where all rows were cut, those share that have room.
		for i, x := range weight {
			if g := group[i]; x != 0 && free[g] == 0 && (excess[g] > 0 && x < upper || excess[g] < 0 && x > lower) {
				now[i] = false
				room[g]++
				rest[g] += x
			}
		}
		for g, n := range room {
			free[g] += n
		}
		for i, x := range weight {
			switch g := group[i]; {
			case x == 0 || now[i] || excess[g] == 0:
			case opt.Redistribute == InProportion:
				weight[i] += x / rest[g] * excess[g]
			default:
				weight[i] += excess[g] / free[g]
			}
		}
	}
	w.Converged = w.Iterations < trimRounds
	for _, h := range held {
		if h {
			w.Trimmed++
		}
	}
	out := d.reweighted(func(row int) float64 { return weight[row] / d.Weight(row) }, w)
	if w.Trimmed > 0 {
		out.cal = nil
	}
	return out, w, nil
}

// bounds are those of the weights, infinite if not given.
func (o TrimOptions) bounds() (lower, upper float64) {
	if upper = o.Upper; upper == 0 {
		upper = math.Inf(1)
	}
	return o.Lower, upper
}

// sound checks a request to trim and numbers the groups that keep their sums.
func (o TrimOptions) sound(d *Design) (group []uint32, n int, err error) {
	faults := fault.NewList(maxFaults)
	d.refuseReplicates(faults)
	lower, upper := o.bounds()
	if o.Lower == 0 && o.Upper == 0 || !(lower >= 0) || !(upper > lower) {
		faults.Addf(fault.Invalid, fault.Place{}, "give a lower or an upper bound in weights", "the bounds %v and %v of trimming cannot be used", o.Lower, o.Upper)
	}
	if err := faults.Err(); err != nil {
		return nil, 0, err
	}
	group, n = make([]uint32, d.rows), 1
	label := func(int) string { return "the sample" }
	if c := o.Within; c != nil {
		if c.Len() != d.rows {
			faults.Addf(fault.Invalid, fault.Place{Field: c.Name()}, "use columns of the design's table", "the column has %d rows and the design has %d", c.Len(), d.rows)
			return nil, 0, faults.Err()
		}
		n = len(c.Levels) + 1
		label = func(g int) string {
			if g == len(c.Levels) {
				return "rows without a level"
			}
			return fmt.Sprintf("level %q", c.Levels[g].Code)
		}
		for i := range group {
			if group[i] = uint32(len(c.Levels)); c.Code(i) >= table.FirstLevel {
				group[i] = c.Code(i) - table.FirstLevel
			}
		}
	}
	sum, rows := make([]float64, n), make([]float64, n)
	for i, g := range group {
		if w := d.Weight(i); w != 0 {
			sum[g] += w
			rows[g]++
		}
	}
	for g, s := range sum {
		const slack = 1e-12
		if most := upper * rows[g]; rows[g] > 0 && most < s*(1-slack) {
			faults.Addf(fault.Invalid, fault.Place{}, "raise the upper bound, or trim without Within", "the upper bound %.6g cannot hold the weights of %s: %v rows at the bound make %.6g of %.6g", upper, label(g), rows[g], most, s)
		} else if least := lower * rows[g]; rows[g] > 0 && least > s*(1+slack) {
			faults.Addf(fault.Invalid, fault.Place{}, "lower the lower bound, or trim without Within", "the lower bound %.6g is too much for the weights of %s: %v rows at the bound make %.6g of %.6g", lower, label(g), rows[g], least, s)
		}
	}
	return group, n, faults.Err()
}

// trimmedRounds bounds the turns of calibrating and trimming.
const trimmedRounds = 200

// CalibrateTrimmed calibrates and trims in turn until weights are within the
// bounds and meet the totals. Trimming here is strict. The residuals are those
// of one regression on the auxiliaries at the first weights. Calibrate with
// OfWeights finds such weights in one piece and closer to the old ones.
//
// It fails as Calibrate and Trim do, and if the turns do not come to an end:
// then no weights within the bounds may meet the totals.
func (d *Design) CalibrateTrimmed(x []Auxiliary, opt CalibrateOptions, trim TrimOptions) (*Design, *Weighting, error) {
	trim.Strict = true
	lower, upper := trim.bounds()
	held := make([]bool, d.rows)
	at := d
	for round := 1; round <= trimmedRounds; round++ {
		next, w, err := at.Calibrate(x, opt)
		if err != nil {
			return nil, w, err
		}
		outside := 0
		for i := range d.rows {
			if v := next.Weight(i); v != 0 && (v < lower*(1-1e-9) || v > upper*(1+1e-9)) {
				outside++
				held[i] = true
			}
		}
		if outside == 0 {
			return d.calibratedTo(next, x, opt, round, held)
		}
		if at, w, err = next.Trim(trim); err != nil {
			return nil, w, err
		}
		at.adjusted = d.adjusted
	}
	return nil, nil, fault.New(fault.Invalid, fault.Place{}, fmt.Sprintf("calibrating and trimming do not come together in %d turns: the totals may be out of reach within the bounds %.6g and %.6g", trimmedRounds, lower, upper), "widen the bounds, or calibrate with bounds of the weights to learn how far they can go")
}

// calibratedTo is the design with the weights of another, taken as one
// calibration.
func (d *Design) calibratedTo(to *Design, x []Auxiliary, opt CalibrateOptions, rounds int, held []bool) (*Design, *Weighting, error) {
	w := &Weighting{Kind: distanceNames[opt.Distance] + " and trimming", Iterations: rounds, Converged: true}
	x, err := d.withoutEmpty(x, w)
	if err != nil {
		return nil, w, err
	}
	out := d.reweighted(func(row int) float64 { return to.Weight(row) / d.Weight(row) }, w)
	residual := &regressed{carriers: d.carry(x, opt), weights: out.weights, before: d}
	if err := residual.prepare(x); err != nil {
		return nil, w, err
	}
	out.adjust(residual)
	for _, a := range x {
		m := d.marginCheck(out, a)
		w.Margins = append(w.Margins, m)
		w.Misfit = max(w.Misfit, math.Abs(m.After-m.Target)/(1+math.Abs(m.Target)))
	}
	for _, h := range held {
		if h {
			w.Trimmed++
		}
	}
	return out, w, nil
}
