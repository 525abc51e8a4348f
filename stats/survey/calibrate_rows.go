package survey

import (
	"math"
	"slices"

	"waymark/internal/fault"
)

// carriers are what gets a factor in a calibration: rows, or rows with equal
// auxiliaries together, or the clusters within which factors are constant.
type carriers struct {
	p       int
	columns []Auxiliary // rows are carriers: their values; else nil
	flat    []float64   // p numbers a carrier
	of      []uint32    // carrier per row; nil if rows are carriers
	n       int
	weight  []float64 // old, summed
	count   []float64 // rows; nil if rows are carriers

	// per carrier, or nil: bounds of the factor and the variance of the model.
	lower, upper, variance []float64
}

// row returns the auxiliaries of a carrier, in buf if they have no place of
// their own.
func (c *carriers) row(k int, buf []float64) []float64 {
	if c.flat != nil {
		return c.flat[k*c.p : (k+1)*c.p]
	}
	for a := range buf {
		buf[a] = c.columns[a].Values[k]
	}
	return buf
}

// at is the carrier of a row.
func (c *carriers) at(row int) int {
	if c.of == nil {
		return row
	}
	return int(c.of[row])
}

// carry decides what gets a factor.
func (d *Design) carry(x []Auxiliary, opt CalibrateOptions) *carriers {
	c := &carriers{p: len(x)}
	if opt.ConstantStage > 0 {
		d.carryClusters(c, x, opt)
		return c
	}
	byRow := opt.Variance != nil || opt.LowerOf != nil || opt.UpperOf != nil || opt.OfWeights
	if !byRow && d.carryDistinct(c, x) {
		return c
	}
	c.columns, c.n, c.of, c.flat = x, d.rows, nil, nil
	c.weight = make([]float64, d.rows)
	for i := range c.weight {
		c.weight[i] = d.Weight(i)
	}
	c.count = nil
	c.variance = opt.Variance
	if opt.OfWeights || opt.LowerOf != nil || opt.UpperOf != nil {
		c.lower, c.upper = make([]float64, d.rows), make([]float64, d.rows)
		for i, w := range c.weight {
			l, u := opt.bounds()
			if opt.LowerOf != nil {
				l = opt.LowerOf[i]
			}
			if opt.UpperOf != nil {
				u = opt.UpperOf[i]
			}
			if opt.OfWeights && w > 0 {
				l, u = l/w, u/w
			}
			c.lower[i], c.upper[i] = l, u
		}
	}
	return c
}

// carryDistinct numbers the different rows of the auxiliaries; it gives up
// beyond jointLimit.
func (d *Design) carryDistinct(c *carriers, x []Auxiliary) bool {
	c.of = make([]uint32, d.rows)
	known := map[string]uint32{}
	key := make([]byte, 8*len(x))
	for i := range d.rows {
		w := d.Weight(i)
		if w == 0 {
			continue
		}
		for a := range x {
			bits := math.Float64bits(x[a].Values[i] + 0)
			for s := range 8 {
				key[8*a+s] = byte(bits >> (8 * s))
			}
		}
		k, ok := known[string(key)]
		if !ok {
			if k = uint32(len(c.weight)); k == jointLimit {
				return false
			}
			known[string(key)] = k
			for a := range x {
				c.flat = append(c.flat, x[a].Values[i])
			}
			c.weight, c.count = append(c.weight, 0), append(c.count, 0)
		}
		c.of[i] = k
		c.weight[k] += w
		c.count[k]++
	}
	c.n = len(c.weight)
	return true
}

// carryClusters gives the clusters of a stage the weighted means of their rows.
func (d *Design) carryClusters(c *carriers, x []Auxiliary, opt CalibrateOptions) {
	cluster := make([]uint32, d.rows)
	number := map[int]uint32{}
	for i := range d.rows {
		w := d.Weight(i)
		if w == 0 {
			continue
		}
		u := d.clusterAt(i, opt.ConstantStage)
		k, known := number[u]
		if !known {
			k = uint32(len(c.weight))
			number[u] = k
			c.weight, c.count = append(c.weight, 0), append(c.count, 0)
			c.flat = append(c.flat, make([]float64, len(x))...)
			if opt.Variance != nil {
				c.variance = append(c.variance, 0)
			}
		}
		cluster[i] = k
		c.weight[k] += w
		c.count[k]++
		for a := range x {
			c.flat[int(k)*c.p+a] += w * x[a].Values[i]
		}
		if opt.Variance != nil {
			c.variance[k] += opt.Variance[i]
		}
	}
	c.of, c.n = cluster, len(c.weight)
	for k, w := range c.weight {
		for a := range x {
			c.flat[k*c.p+a] /= w
		}
		if opt.Variance != nil {
			c.variance[k] /= c.count[k]
		}
	}
}

// clusterAt is a number of the cluster of a row at a stage, 1 the first.
func (d *Design) clusterAt(row, stage int) int {
	if !d.clustered {
		return row
	}
	u := 0
	if d.unit != nil {
		u = int(d.unit[row])
	}
	for s := len(d.stages) - 1; s >= stage; s-- {
		u = int(d.stages[s].parent[u])
	}
	return u
}

// sound reports what is wrong with a request to calibrate.
func (o CalibrateOptions) sound(d *Design, x []Auxiliary) error {
	faults := fault.NewList(maxFaults)
	say := func(field, remedy, format string, args ...any) {
		faults.Addf(fault.Invalid, fault.Place{Field: field}, remedy, format, args...)
	}
	d.refuseReplicates(faults)
	if len(x) == 0 {
		say("", "give at least one", "there are no auxiliary columns to calibrate to")
	}
	if o.Distance < LinearDistance || o.Distance > LogitDistance {
		say("", "linear, raking or logit", "there is no such distance")
	}
	l, u := o.bounds()
	switch {
	case l != l || u != u || l >= u:
		say("", "give bounds such as 0.3 and 4", "the bounds %v and %v leave nothing between them", l, u)
	case o.OfWeights:
	case o.Distance == LogitDistance && !(l < 1 && u > 1 && l >= 0 && u < maxFinite):
		say("", "give bounds such as 0.3 and 4", "the bounds %v and %v do not enclose 1", l, u)
	case !(l <= 1 && u >= 1):
		say("", "give bounds such as 0.3 and 4, of new over old weight", "the bounds %v and %v do not enclose 1", l, u)
	}
	if o.ConstantStage < 0 || o.ConstantStage > max(1, len(d.stages)) {
		say("", "count the stages of sampling from 1", "the design has no stage %d", o.ConstantStage)
	}
	if o.ConstantStage > 0 && (o.LowerOf != nil || o.UpperOf != nil || o.OfWeights) {
		say("", "give one pair of bounds for all", "bounds row by row do not go with factors that are constant within clusters")
	}
	column := func(name string, v []float64) bool {
		if len(v) != d.rows {
			say(name, "use columns of the design's table", "the column has %d rows and the design has %d", len(v), d.rows)
			return false
		}
		return true
	}
	for _, a := range x {
		if !(math.Abs(a.Total) <= maxFinite) {
			say(a.Name, "a total is a finite number", "the total %v cannot be used", a.Total)
		}
		if !column(a.Name, a.Values) {
			continue
		}
		for i, v := range a.Values {
			if d.Weight(i) != 0 && !(math.Abs(v) <= maxFinite) {
				say(a.Name, "leave the row out of the design with Include", "data row %d has no finite value", i+1)
			}
		}
	}
	for _, o := range []struct {
		name   string
		values []float64
	}{{"lower bound", o.LowerOf}, {"upper bound", o.UpperOf}, {"variance", o.Variance}} {
		if o.values == nil || !column(o.name, o.values) {
			continue
		}
		if i := slices.IndexFunc(o.values, func(x float64) bool { return x != x || o.name == "variance" && !(x > 0 && x < maxFinite) }); i >= 0 {
			say(o.name, "bounds are numbers, variances are above zero", "data row %d has %v", i+1, o.values[i])
		}
	}
	for i := range d.rows {
		if d.Weight(i) < 0 {
			say("", "bound the factors of the weighting before by 0, such as 0.1 to 10", "data row %d has a weight below zero from an earlier calibration", i+1)
		}
	}
	return faults.Err()
}

// refuseReplicates reports that replicate weights are not adjusted here.
func (d *Design) refuseReplicates(faults *fault.List) {
	if d.rep != nil {
		faults.Addf(fault.Invalid, fault.Place{}, "weight the design before replicates are made, or each replicate's weights", "a design with replicate weights is not weighted here")
	}
}
