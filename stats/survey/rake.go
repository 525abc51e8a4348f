package survey

import (
	"fmt"
	"math"
	"slices"

	"waymark/internal/fault"
)

// RakeOptions bound the work of raking.
type RakeOptions struct {
	// MaxIterations over all margins. Default 1000.
	MaxIterations int
	// Tolerance is the largest relative difference from a target. Default 1e-10.
	Tolerance float64
	// Lower and Upper bound new over old weight. Default: none. With bounds the
	// weights are those of a raking calibration, and the residuals too.
	Lower, Upper float64
}

// PostStratify returns the design with weights scaled so that the margin is
// met. Variances of its estimates are those of the residuals from the group
// means. It fails, naming column and level, where the sample cannot meet the
// margin. A design that was weighted before may be weighted again (see
// Calibrate).
// With replicate weights every replicate is scaled so (see Replicates).
// Source: R survey 4.1-1, postStratify and svyrecvar.
func (d *Design) PostStratify(m Margin) (*Design, *Weighting, error) {
	if d.rep != nil {
		return d.fitReplicates([]Margin{m}, RakeOptions{}, "post-stratification")
	}
	f, w, err := d.fit([]Margin{m}, RakeOptions{})
	if err != nil {
		return nil, w, err
	}
	w.Kind = "post-stratification"
	out, g := f.out, f.groups[0]
	sums, total := make([]float64, f.joint.joint), make([]float64, len(g.targets))
	for i := range d.rows {
		if x := out.Weight(i); x != 0 {
			sums[f.joint.of[i]] += x
		}
	}
	for j, x := range sums {
		total[g.group[j]] += x
	}
	f.joint.kind, f.joint.fitting = w.Kind, meansByGroup{g.group, len(g.targets), sums}
	out.adjust(&poststratified{of: g.of, weights: out.weights, total: total})
	d.tabulate(out, &f.joint.calibration)
	return out, w, nil
}

// tabulate lets tables be split by joint margins, if there are few of them and
// the design was not weighted before.
func (d *Design) tabulate(out *Design, c *calibration) {
	if !d.Adjusted() && c.joint <= jointLimit {
		out.cal = c
	}
}

// Rake returns the design with weights adjusted by iterative proportional
// fitting until all margins are met. Variances of its estimates are those of
// the residuals after ten sweeps over the margins, as in R. Margins must have
// one total between them (to a relative 1e-6). Failing to converge is an error
// that names the margin and level furthest off; the Weighting returned beside
// it says how far. A design that was weighted before may be weighted again (see
// Calibrate).
// With replicate weights every replicate is raked.
// Source: Deming and Stephan (1940); R survey 4.1-1, rake and svyrecvar.
func (d *Design) Rake(margins []Margin, opt RakeOptions) (*Design, *Weighting, error) {
	if opt.Lower != 0 || opt.Upper != 0 {
		x, err := d.MarginColumns(margins)
		if err != nil {
			return nil, nil, err
		}
		out, w, err := d.Calibrate(x, CalibrateOptions{Distance: RakingDistance, Lower: opt.Lower, Upper: opt.Upper, Tolerance: opt.Tolerance, MaxIterations: opt.MaxIterations})
		if err != nil {
			return nil, w, err
		}
		if w.Margins, err = d.MarginChecks(out, margins); err != nil {
			return nil, w, err
		}
		return out, w, nil
	}
	if d.rep != nil {
		return d.fitReplicates(margins, opt, "raking")
	}
	f, w, err := d.fit(margins, opt)
	if err != nil {
		return nil, w, err
	}
	fitting := raking{f.groups, f.joint.count}
	f.joint.kind, f.joint.fitting = w.Kind, fitting
	f.out.adjust(&raked{of: f.joint.of, weights: f.out.weights, raking: fitting})
	d.tabulate(f.out, &f.joint.calibration)
	return f.out, w, nil
}

// meeting is a design with margins fitted, before its variance is told of them.
type meeting struct {
	groups []grouped
	joint  *joined
	out    *Design
}

// fit fits margins by iterative proportional fitting.
func (d *Design) fit(margins []Margin, opt RakeOptions) (*meeting, *Weighting, error) {
	groups, err := d.groups(margins)
	if err != nil {
		return nil, nil, err
	}
	joint := d.join(groups)
	factor, w := d.proportional(groups, joint, opt)
	out := d.reweighted(func(row int) float64 { return factor[joint.of[row]] }, w)
	w.Margins = checks(groups, joint, factor)
	if !w.Converged {
		m := furthest(w.Margins)
		return nil, w, fault.New(fault.Invalid, fault.Place{Field: m.Margin}, fmt.Sprintf("the weights did not converge in %d iterations: level %q is furthest from its total, at %.6g of %.6g, a relative difference of %.2g", w.Iterations, m.Level, m.After, m.Target, w.Misfit), "merge small levels, or drop a margin")
	}
	return &meeting{groups, joint, out}, w, nil
}

// groups numbers the groups of margins and checks that they have one total.
func (d *Design) groups(margins []Margin) ([]grouped, error) {
	faults := fault.NewList(maxFaults)
	if len(margins) == 0 {
		faults.Addf(fault.Invalid, fault.Place{}, "give at least one margin", "there are no margins to weight to")
	}
	groups := make([]grouped, len(margins))
	for i, m := range margins {
		groups[i] = d.group(m, faults)
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	for _, g := range groups[1:] {
		if a, b := groups[0].total(), g.total(); math.Abs(a-b) > 1e-6*a {
			faults.Addf(fault.Invalid, fault.Place{Field: g.name}, "use totals of one population", "the margin adds up to %v and margin %q to %v", b, groups[0].name, a)
		}
	}
	return groups, faults.Err()
}

// MarginColumns makes auxiliaries of margins, for Calibrate: the indicators of
// the first margin's levels, and of all but the first level of each other.
func (d *Design) MarginColumns(margins []Margin) ([]Auxiliary, error) {
	groups, err := d.groups(margins)
	if err != nil {
		return nil, err
	}
	var out []Auxiliary
	for k, g := range groups {
		for level, total := range g.targets {
			if k > 0 && level == 0 {
				continue
			}
			if len(out) == marginColumnsLimit {
				return nil, fault.New(fault.Unavailable, fault.Place{Field: g.name}, fmt.Sprintf("the margins have more than %d levels", marginColumnsLimit), "rake or post-stratify without bounds, or merge levels")
			}
			a := Auxiliary{Name: g.name + ": " + g.labels[level], Values: make([]float64, d.rows), Total: total}
			for i, at := range g.of {
				if int(at) == level && d.Weight(i) != 0 {
					a.Values[i] = 1
				}
			}
			out = append(out, a)
		}
	}
	return out, nil
}

// MarginChecks lists the groups of margins with their totals in the design and
// in one whose weights were adjusted, such as after trimming.
func (d *Design) MarginChecks(after *Design, margins []Margin) ([]MarginCheck, error) {
	groups, err := d.groups(margins)
	if err != nil {
		return nil, err
	}
	var out []MarginCheck
	for _, g := range groups {
		from := len(out)
		for k, target := range g.targets {
			out = append(out, MarginCheck{Margin: g.name, Level: g.labels[k], Rows: g.rows[k], Target: target})
		}
		for i, k := range g.of {
			if w := d.Weight(i); w != 0 {
				out[from+int(k)].Before += w
				out[from+int(k)].After += after.Weight(i)
			}
		}
	}
	return out, nil
}

// marginColumnsLimit bounds the columns that margins are made into.
const marginColumnsLimit = 500

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
		if w := d.Weight(i); w != 0 {
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

// checks lists the groups of margins before and after.
func checks(groups []grouped, joint *joined, factor []float64) []MarginCheck {
	var out []MarginCheck
	plain := slices.Repeat([]float64{1}, len(factor))
	for _, g := range groups {
		before, after := g.weighted(joint, plain), g.weighted(joint, factor)
		for k, target := range g.targets {
			out = append(out, MarginCheck{Margin: g.name, Level: g.labels[k], Rows: g.rows[k], Before: before[k], After: after[k], Target: target})
		}
	}
	return out
}

// furthest finds the total that is furthest from its target.
func furthest(checks []MarginCheck) MarginCheck {
	worst, at := -1.0, 0
	for k, m := range checks {
		if off := math.Abs(m.After/m.Target - 1); off > worst {
			worst, at = off, k
		}
	}
	return checks[at]
}

// reweighted copies the design with weights times a factor, and completes the
// description of the weights. A row whose weight becomes zero takes no part in
// estimates any more.
func (d *Design) reweighted(factor func(row int) float64, w *Weighting) *Design {
	out := *d
	out.weights = make([]float64, d.rows)
	out.sumW, out.nAlive = 0, 0
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
		if first || f < w.MinFactor {
			w.MinFactor = f
		}
		if first || f > w.MaxFactor {
			w.MaxFactor = f
		}
		if x == 0 {
			first = false
			out.bury(i, d)
			continue
		}
		if first || out.nAlive == 0 {
			first, least, most = false, x, x
		}
		out.nAlive++
		out.weights[i] = x
		out.sumW += x
		sq += x * x
		least, most = min(least, x), max(most, x)
	}
	mean := out.sumW / float64(out.nAlive)
	w.MinRatio, w.MaxRatio = least/mean, most/mean
	w.Deff = float64(out.nAlive) * sq / (out.sumW * out.sumW)
	w.NEff = float64(out.nAlive) / w.Deff
	return &out
}

// bury takes a row out of estimates; its PSU stays in the design.
func (d *Design) bury(row int, from *Design) {
	if d.dead == nil {
		d.dead = make([]bool, d.rows)
	} else if from.dead != nil && &d.dead[0] == &from.dead[0] {
		d.dead = slices.Clone(d.dead)
	}
	d.dead[row] = true
}
