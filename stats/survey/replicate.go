package survey

import (
	"fmt"
	"math"
	"slices"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// Replication is a kind of replicate weights.
type Replication uint8

// The kinds. JK2 and OtherReplicates are only for weights given in columns.
const (
	JK1                  Replication = iota + 1 // leave one PSU out, without strata
	JKn                                         // leave one PSU out, by stratum
	BRR                                         // balanced half samples of two PSUs a stratum
	Fay                                         // BRR whose halves weigh rho and 2-rho
	RaoWu                                       // bootstrap of n-1 of n PSUs ("subbootstrap" in R)
	CantyDavison                                // bootstrap of n of n PSUs ("bootstrap" in R)
	Preston                                     // bootstrap of every stage ("mrbbootstrap" in R)
	SuccessiveDifference                        // for samples drawn in a systematic order ("ACS" in R)
	JK2                                         // paired jackknife
	OtherReplicates                             // Scale and RScales say everything
)

var replicationNames = [...]string{"none", "JK1", "JKn", "BRR", "Fay", "Rao-Wu bootstrap", "Canty-Davison bootstrap",
	"Preston bootstrap", "successive difference", "JK2", "other"}

// String returns the kind's name.
func (k Replication) String() string {
	if int(k) < len(replicationNames) {
		return replicationNames[k]
	}
	return "unknown"
}

// Replicates is a design whose variances come from replicate weights: every
// estimate is made again with each replicate's weights θ_r, and
//
//	V = scale · Σ_r rscale_r (θ_r - c)(θ_r - c)'
//
// c is the mean of the θ_r with rscale above zero, or the estimate itself with
// MSE. It answers all that a Design answers; as a Design (the embedded one) it
// can be handed to whatever takes one. Means, totals, ratios, proportions,
// shares and comparisons are made again for each replicate. What goes through
// row scores (tests, trends) uses the replicates of the linearised statistic.
//
// PostStratify and Rake fit the margins in every replicate; other weighting is
// done before replicates are made, and then refused by Replicate.
//
// A replicate without a value (a domain that it empties) makes the estimate
// NotEstimable; R leaves such replicates out with a warning, and so does
// DiscardMissing. Degrees of freedom are the rank of the replicate weights less
// one, as R has them. Rows of weight zero take no part in replicates either.
// Source: R survey 4.1-1, as.svrepdesign, svrepdesign, svrVar, degf.
type Replicates struct {
	*Design
}

// Replicates returns the design as Replicates, if its variances come from
// replicate weights.
func (d *Design) Replicates() (*Replicates, bool) {
	if d.rep == nil {
		return nil, false
	}
	return &Replicates{d}, true
}

// Kind is the kind of replicate weights.
func (r *Replicates) Kind() Replication { return r.rep.kind }

// Count is the number of replicates.
func (r *Replicates) Count() int { return r.rep.n }

// Scale returns the factor of all replicates and that of each.
func (r *Replicates) Scale() (scale float64, rscales []float64) {
	return r.rep.scale, slices.Clone(r.rep.rscales)
}

// Notes says what was left out as the replicates were made, such as an FPC
// that their kind has no place for.
func (r *Replicates) Notes() []string { return slices.Clone(r.rep.notes) }

// String describes the design in a few words.
func (r *Replicates) String() string {
	return fmt.Sprintf("%d rows, %d %s replicates, %v degrees of freedom", r.nAlive, r.rep.n, r.rep.kind, r.df)
}

// replicas is the replicate weights of a design.
type replicas struct {
	kind    Replication
	n       int
	scale   float64
	rscales []float64 // per replicate
	mse     bool
	discard bool
	notes   []string

	// units are what replicates weigh as one: PSUs, or rows (unitOf nil).
	units   int
	unitOf  []uint32
	stratum []uint32 // per unit if units are not rows; per row if they are and there are strata
	sizes   []int    // units per stratum, those without a living row included
	source  replicaSource
	span    *span // of made replicates; nil: not known
}

// replicaSource gives replicate weights.
type replicaSource interface {
	// batch prepares replicates first..last-1. What it returns writes the
	// weights of rows, or if units are not rows the factors of units,
	// from..to-1: one row or unit after the other, in each a replicate after the
	// other. A row that is not alive gets 0.
	batch(first, last int) func(out []float64, from, to int)
}

// ReplicateColumns describes a design by replicate weights in columns.
type ReplicateColumns struct {
	// Kind says which variance formula the replicates have. Required.
	Kind Replication
	// Weights of the full sample. Nil: every row weighs 1.
	Weights *table.NumberColumn
	// Replicates has one column per replicate. Required. Values may be zero or
	// negative, not missing. See MatchReplicates for columns by pattern.
	Replicates []*table.NumberColumn
	// Factors says that the columns multiply Weights. Default false: they are
	// weights themselves ("combined" in R).
	Factors bool
	// Rho of Fay, from 0 to below 1.
	Rho float64
	// Scale multiplies every squared deviation. Default by kind, R replicates:
	// BRR 1/R; Fay 1/(R(1-Rho)²); JK1 (R-1)/R; JKn, JK2 and others 1; bootstraps
	// 1/(R-1); successive difference 4/R.
	Scale float64
	// RScales has a further factor per replicate. Default 1; required for JKn,
	// where it is (n-1)/n of the replicate's stratum, unless Factors is set:
	// then it is taken from the largest factor of each replicate.
	RScales []float64
	// MSE takes deviations from the full estimate. Default: from their mean.
	MSE bool
	// DiscardMissing leaves out replicates without a value, as R does.
	DiscardMissing bool
	// DF is the degrees of freedom. Default: the rank of the replicate weights
	// less one.
	DF float64
	// Include, if not nil, says which rows belong to the sample.
	Include []bool
}

// maxReplicates bounds the number of given or random replicates.
const maxReplicates = 1 << 16

// NewReplicates checks replicate weights given in columns. It reports all
// faults at once, up to a bound.
func NewReplicates(c ReplicateColumns) (*Replicates, error) {
	faults := fault.NewList(maxFaults)
	n := len(c.Replicates)
	switch {
	case n < 2:
		faults.Addf(fault.Invalid, fault.Place{}, "name the columns of the replicates", "there are %d replicate weight columns, and a variance needs at least two", n)
	case n > maxReplicates:
		faults.Addf(fault.Invalid, fault.Place{}, "use fewer", "%d replicates are more than %d", n, maxReplicates)
	case c.Kind < JK1 || c.Kind > OtherReplicates:
		faults.Addf(fault.Invalid, fault.Place{}, "choose a listed kind", "there is no such kind of replicate weights")
	case c.Kind == Fay && !(c.Rho >= 0 && c.Rho < 1):
		faults.Addf(fault.Invalid, fault.Place{}, "give the rho that the weights were made with, such as 0.5", "Fay's rho %v is not from 0 to below 1", c.Rho)
	case !(c.Scale >= 0 && c.Scale <= maxFinite) || !(c.DF >= 0):
		faults.Addf(fault.Invalid, fault.Place{}, "use positive finite numbers", "the scale or the degrees of freedom cannot be used")
	case c.RScales != nil && len(c.RScales) != n:
		faults.Addf(fault.Invalid, fault.Place{}, "give one rscale for each replicate", "there are %d rscales for %d replicates", len(c.RScales), n)
	}
	for _, s := range c.RScales {
		if !(s >= 0 && s <= maxFinite) {
			faults.Addf(fault.Invalid, fault.Place{}, "an rscale is zero or a positive finite number", "the rscale %v cannot be used", s)
		}
	}
	if slices.Contains(c.Replicates, nil) {
		faults.Addf(fault.Invalid, fault.Place{}, "use columns of one table", "a replicate weight column is missing")
	}
	if faults.Len() > 0 {
		return nil, faults.Err()
	}
	rows := c.Replicates[0].Len()
	base, err := New(Spec{Weights: c.Weights, Include: c.Include, Rows: rows, LonelyPSU: LonelyRemove})
	if err != nil {
		return nil, err
	}
	g := &givenWeights{d: base, factors: c.Factors}
	for _, col := range c.Replicates {
		if col.Len() != rows {
			faults.Addf(fault.Invalid, fault.Place{Field: col.Name()}, "use columns of one table", "a replicate weight column is of another length")
			continue
		}
		g.check(col, c.Include, faults)
		g.columns = append(g.columns, col.Values)
	}
	if faults.Len() > 0 {
		return nil, faults.Err()
	}
	r := &replicas{kind: c.Kind, n: n, mse: c.MSE, discard: c.DiscardMissing, units: rows, sizes: []int{base.nAlive}, source: g}
	if err := r.scales(c, g); err != nil {
		return nil, err
	}
	d := base.asEngine(r)
	if d.df = c.DF; d.df == 0 {
		d.df = float64(r.rank(d)) - 1
	}
	return &Replicates{d}, nil
}

// scales sets scale and rscales of given columns.
func (r *replicas) scales(c ReplicateColumns, g *givenWeights) error {
	n := float64(r.n)
	r.scale, r.rscales = c.Scale, slices.Clone(c.RScales)
	preset := 1.0
	switch c.Kind {
	case BRR:
		preset = 1 / n
	case Fay:
		preset = 1 / (n * (1 - c.Rho) * (1 - c.Rho))
	case JK1:
		preset = (n - 1) / n
	case RaoWu, CantyDavison, Preston:
		preset = 1 / (n - 1)
	case SuccessiveDifference:
		preset = 4 / n
	}
	fixed := c.Kind == BRR || c.Kind == Fay || c.Kind == SuccessiveDifference || c.Kind == JK2
	if fixed && c.Scale > 0 && c.Scale != preset {
		return fault.New(fault.Invalid, fault.Place{}, fmt.Sprintf("the scale of %s replicates is %v", c.Kind, preset), "leave the scale out, or say that the replicates are of another kind")
	}
	if r.scale == 0 {
		r.scale = preset
	}
	if r.rscales != nil {
		return nil
	}
	r.rscales = slices.Repeat([]float64{1}, r.n)
	if c.Kind == JKn {
		if !c.Factors {
			return fault.New(fault.Invalid, fault.Place{}, "JKn weights need the factor (n-1)/n of each replicate's stratum", "give rscales")
		}
		for k, col := range g.columns {
			largest := 0.0
			for i, v := range col {
				if g.d.inSample(i) {
					largest = max(largest, v)
				}
			}
			if largest == 0 {
				return fault.New(fault.Invalid, fault.Place{Field: c.Replicates[k].Name()}, "no factor of the replicate is above zero, so that its rscale is not known", "give rscales")
			}
			r.rscales[k] = 1 / largest
		}
	}
	return nil
}

// asEngine returns the design as one that counts by the replicates' units and
// takes its variances from them.
func (d *Design) asEngine(r *replicas) *Design {
	e := *d
	e.rep, e.order, e.average = r, &unitOrder{}, 1
	e.unit, e.units, e.clustered = nil, 1, false
	if r.unitOf != nil {
		e.unit, e.units, e.clustered = r.unitOf, r.units, true
	}
	n := make([]float64, len(r.sizes))
	for h, k := range r.sizes {
		n[h] = float64(k)
	}
	e.stages = []stage{{parent: r.stratum, n: n, scale: make([]float64, len(n)), fraction: make([]float64, len(n)), single: make([]bool, len(n))}}
	return &e
}

// givenWeights are replicate weights in columns.
type givenWeights struct {
	d       *Design
	columns [][]float64
	factors bool
}

// check reports values that cannot be used.
func (g *givenWeights) check(col *table.NumberColumn, include []bool, faults *fault.List) {
	for i, v := range col.Values {
		if include != nil && !include[i] {
			continue
		}
		if col.Missing(i) != table.Present || !(math.Abs(v) <= maxFinite) {
			faults.Addf(fault.Invalid, fault.Place{Field: col.Name(), Row: i + 1}, "every row of the sample needs one, or is left out", "the replicate weight is missing or not finite (data row)")
			return
		}
		if v != 0 && !g.factors && g.d.weights != nil && g.d.weights[i] == 0 {
			faults.Addf(fault.Invalid, fault.Place{Field: col.Name(), Row: i + 1}, "leave the row out, or give it a weight", "the weight is zero and a replicate weight is not (data row)")
			return
		}
	}
}

// inSample says whether a row is in the sample with a weight above zero.
func (d *Design) inSample(row int) bool { return d.dead == nil || !d.dead[row] }

func (g *givenWeights) batch(first, last int) func(out []float64, from, to int) {
	wide := last - first
	return func(out []float64, from, to int) {
		for k, col := range g.columns[first:last] {
			at := k
			for i, v := range col[from:to] {
				switch {
				case g.d.dead != nil && g.d.dead[from+i]:
					v = 0
				case g.factors && g.d.weights != nil:
					v *= g.d.weights[from+i]
				}
				out[at] = v
				at += wide
			}
		}
	}
}

// Weights writes the row weights of a replicate, counted from 0, to out, which
// has one place for each row of the design. Rows outside the sample get 0.
func (r *Replicates) Weights(replicate int, out []float64) {
	if r.rep.unitOf == nil {
		r.rep.source.batch(replicate, replicate+1)(out, 0, r.rows)
		return
	}
	factor := make([]float64, r.rep.units)
	r.rep.source.batch(replicate, replicate+1)(factor, 0, r.rep.units)
	for i, u := range r.rep.unitOf {
		out[i] = factor[u] * r.Weight(i)
	}
}
