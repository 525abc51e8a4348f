package survey

import (
	"fmt"
	"math"
	"slices"

	"waymark/internal/fault"
)

// Weighting says how weights were made to agree with outside totals.
type Weighting struct {
	Kind       string // "post-stratification", "raking", "linear", ...
	Iterations int
	Converged  bool
	// Misfit is the largest relative difference between a target and the
	// weighted sample.
	Misfit float64
	// MinRatio and MaxRatio are the smallest and largest weight over the mean
	// weight, MinFactor and MaxFactor new over old weight.
	MinRatio, MaxRatio   float64
	MinFactor, MaxFactor float64
	// Deff is Kish's design effect of unequal weights, 1 + cv², and NEff the
	// base divided by it.
	Deff, NEff float64
}

// RakeOptions bound the work of raking.
type RakeOptions struct {
	// MaxIterations over all margins. Default 1000.
	MaxIterations int
	// Tolerance is the largest relative difference from a target. Default 1e-10.
	Tolerance float64
}

// PostStratify returns the design with weights scaled so that the margin is
// met. Variances of its estimates are those of the residuals from the group
// means. It fails, naming column and level, where the sample cannot meet the
// margin; a design can be weighted once only.
// Source: R survey 4.1-1, postStratify and svyrecvar.
func (d *Design) PostStratify(m Margin) (*Design, *Weighting, error) {
	out, w, err := d.Rake([]Margin{m}, RakeOptions{})
	if err != nil {
		return nil, w, err
	}
	w.Kind = "post-stratification"
	r := out.cal.fitting.(raking)
	sums := make([]float64, out.cal.joint)
	for i := range d.rows {
		if x := out.Weight(i); x > 0 {
			sums[out.cal.of[i]] += x
		}
	}
	g := r.margins[0]
	out.cal.kind, out.cal.fitting = w.Kind, meansByGroup{g.group, len(g.targets), sums}
	total := make([]float64, len(g.targets))
	for j, x := range sums {
		total[g.group[j]] += x
	}
	out.adjusted = []adjustment{&poststratified{of: g.of, weights: out.weights, total: total}}
	return out, w, nil
}

// Rake returns the design with weights adjusted by iterative proportional
// fitting until all margins are met. Variances of its estimates are those of
// the residuals after ten sweeps over the margins, as in R. Margins must have
// one total between them (to a relative 1e-6). Failing to converge is an error
// that names the margin and level furthest off; the Weighting returned beside
// it says how far.
// Source: Deming and Stephan (1940); R survey 4.1-1, rake and svyrecvar.
func (d *Design) Rake(margins []Margin, opt RakeOptions) (*Design, *Weighting, error) {
	faults := fault.NewList(maxFaults)
	if d.rep != nil {
		faults.Addf(fault.Invalid, fault.Place{}, "weight the design before replicates are made, or each replicate's weights", "a design with replicate weights is not weighted here")
	}
	if d.Adjusted() {
		faults.Addf(fault.Invalid, fault.Place{}, "weight the original design to all margins at once", "the design has been weighted already")
	}
	if len(margins) == 0 {
		faults.Addf(fault.Invalid, fault.Place{}, "give at least one margin", "there are no margins to weight to")
	}
	groups := make([]grouped, len(margins))
	for i, m := range margins {
		groups[i] = d.group(m, faults)
	}
	if err := faults.Err(); err != nil {
		return nil, nil, err
	}
	for _, g := range groups[1:] {
		if a, b := groups[0].total(), g.total(); math.Abs(a-b) > 1e-6*a {
			faults.Addf(fault.Invalid, fault.Place{Field: g.name}, "use totals of one population", "the margin adds up to %v and margin %q to %v", b, groups[0].name, a)
		}
	}
	if err := faults.Err(); err != nil {
		return nil, nil, err
	}
	joint := d.join(groups)
	factor, w := d.proportional(groups, joint, opt)
	out := d.reweighted(func(row int) float64 { return factor[joint.of[row]] }, w)
	fitting := raking{groups, joint.count}
	joint.kind, joint.fitting = w.Kind, fitting
	out.adjusted = []adjustment{&raked{of: joint.of, weights: out.weights, raking: fitting}}
	out.cal = &joint.calibration
	if !w.Converged {
		g, k := furthest(groups, joint, factor)
		return nil, w, fault.New(fault.Invalid, fault.Place{Field: g.name}, fmt.Sprintf("the weights did not converge in %d iterations: level %q is furthest from its total, and the largest relative difference is %.2g", w.Iterations, g.labels[k], w.Misfit), "merge small levels, or drop a margin")
	}
	return out, w, nil
}

// joined is the joint margins that occur, with their sums of weights and rows.
type joined struct {
	calibration
	weight, count []float64
}

// join numbers the joint margins in order and tells each margin's group of them.
func (d *Design) join(groups []grouped) *joined {
	j := &joined{calibration: calibration{kind: "raking"}}
	key := make([]uint64, d.rows)
	var keys []uint64
	j.of = make([]uint32, d.rows)
	n := uint64(1)
	for k := range groups {
		size := uint64(len(groups[k].targets))
		for i := range key {
			key[i] = uint64(j.of[i])*size + uint64(groups[k].of[i])
		}
		known := map[uint64]uint32{}
		keys = keys[:0]
		for i, v := range key {
			if _, ok := known[v]; !ok && (d.dead == nil || !d.dead[i]) {
				known[v] = 0
				keys = append(keys, v)
			}
		}
		slices.Sort(keys)
		for r, v := range keys {
			known[v] = uint32(r)
		}
		for i, v := range key {
			j.of[i] = known[v]
		}
		for g := range k {
			old := groups[g].group
			groups[g].group = make([]uint32, len(keys))
			for r, v := range keys {
				groups[g].group[r] = old[v/size]
			}
		}
		groups[k].group = make([]uint32, len(keys))
		for r, v := range keys {
			groups[k].group[r] = uint32(v % size)
		}
		n = uint64(len(keys))
	}
	j.joint = int(n)
	j.weight, j.count = make([]float64, n), make([]float64, n)
	for i := range d.rows {
		if w := d.Weight(i); w > 0 {
			j.weight[j.of[i]] += w
			j.count[j.of[i]]++
		}
	}
	return j
}

// proportional fits a factor per joint margin.
func (d *Design) proportional(groups []grouped, joint *joined, opt RakeOptions) ([]float64, *Weighting) {
	w := &Weighting{Kind: "raking"}
	limit, tolerance := opt.MaxIterations, opt.Tolerance
	if limit <= 0 {
		limit = 1000
	}
	if tolerance <= 0 {
		tolerance = 1e-10
	}
	factor := slices.Repeat([]float64{1}, joint.joint)
	for w.Iterations < limit && !w.Converged {
		w.Iterations++
		for _, g := range groups {
			sum := g.weighted(joint, factor)
			for j := range factor {
				factor[j] *= g.targets[g.group[j]] / sum[g.group[j]]
			}
		}
		w.Misfit = 0
		for _, g := range groups {
			for k, s := range g.weighted(joint, factor) {
				w.Misfit = max(w.Misfit, math.Abs(s/g.targets[k]-1))
			}
		}
		w.Converged = w.Misfit <= tolerance
	}
	return factor, w
}

// weighted adds up the weights of each group.
func (g grouped) weighted(joint *joined, factor []float64) []float64 {
	sum := make([]float64, len(g.targets))
	for j, f := range factor {
		sum[g.group[j]] += f * joint.weight[j]
	}
	return sum
}

// furthest finds the group that is furthest from its target.
func furthest(groups []grouped, joint *joined, factor []float64) (grouped, int) {
	worst, at, level := -1.0, groups[0], 0
	for _, g := range groups {
		for k, s := range g.weighted(joint, factor) {
			if off := math.Abs(s/g.targets[k] - 1); off > worst {
				worst, at, level = off, g, k
			}
		}
	}
	return at, level
}

// reweighted copies the design with weights times a factor, and completes the
// description of the weights.
func (d *Design) reweighted(factor func(row int) float64, w *Weighting) *Design {
	out := *d
	out.weights = make([]float64, d.rows)
	out.sumW = 0
	sq := 0.0
	first := true
	least, most := 0.0, 0.0
	for i := range d.rows {
		old := d.Weight(i)
		if old == 0 {
			continue
		}
		f := factor(i)
		x := old * f
		out.weights[i] = x
		out.sumW += x
		sq += x * x
		if first {
			first, least, most, w.MinFactor, w.MaxFactor = false, x, x, f, f
		}
		least, most = min(least, x), max(most, x)
		w.MinFactor, w.MaxFactor = min(w.MinFactor, f), max(w.MaxFactor, f)
	}
	mean := out.sumW / float64(d.nAlive)
	w.MinRatio, w.MaxRatio = least/mean, most/mean
	w.Deff = float64(d.nAlive) * sq / (out.sumW * out.sumW)
	w.NEff = float64(d.nAlive) / w.Deff
	return &out
}
