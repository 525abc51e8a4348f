package survey

import (
	"fmt"
	"math"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// PPS describes a sample drawn without replacement with unequal probabilities.
//
// With z the weighted values of PSUs, p their probabilities of inclusion, n of
// them in a stratum, and D_ij = (p_ij - p_i p_j)/p_ij, D_ii = 1 - p_i:
//
//	Brewer             Σ_h n/(n-1) Σ (1-p_i)(z_i - z̄)², and for later stages the
//	                   same within clusters, times the probabilities before
//	HorvitzThompson    Σ_ij D_ij z_i z_j
//	YatesGrundy        -½ Σ_ij D_ij (z_i - z_j)²
//
// The last two are for one stage and need joint probabilities: a matrix, or an
// approximation from the probabilities and the strata,
//
//	Overton            D_ij = ((p_i + p_j)/2 - 1)/(n-1)
//	HartleyRao         D_ij = (p_i + p_j - 1 - p̄)/(n-1), p̄ the stratum's mean
//
// A Horvitz-Thompson estimate may be negative: it is then NotEstimable. In a
// domain all pairs of PSUs count, those outside with z = 0; R leaves their pairs
// out, which changes YatesGrundy.
//
// Sources: Brewer (2002), Combined Survey Sampling Inference; Horvitz and
// Thompson (1952), JASA 47; Yates and Grundy (1953), JRSS B 15; Overton (1985);
// Hartley and Rao (1962), Annals of Mathematical Statistics 33; R survey 4.1-1,
// svydesign with pps.
type PPS struct {
	// Variance. Default Brewer.
	Variance PPSVariance
	// Probabilities of inclusion, above 0 and at most 1: one column per stage of
	// Brewer, given those of the stages before; one in all otherwise. The same
	// for all rows of a cluster. Required, unless Joint is given. Without Weights
	// the design's weights are one over their product.
	Probabilities []*table.NumberColumn
	// Approximation stands for joint probabilities of HorvitzThompson and
	// YatesGrundy. Default none: Joint is required then.
	Approximation PPSApproximation
	// Joint is the joint probabilities of the PSUs by rows, in the order in which
	// they occur in the sample, with their own on the diagonal.
	Joint []float64
	// Tolerance: entries of D closer to 0 count as 0. Default 1e-4, as in R's
	// ppsmat; below 0: none.
	Tolerance float64
}

// PPSVariance is an estimator of the variance under unequal probabilities.
type PPSVariance uint8

// The estimators.
const (
	Brewer PPSVariance = iota
	HorvitzThompson
	YatesGrundy
)

// PPSApproximation makes joint probabilities from those of single units.
type PPSApproximation uint8

// The approximations.
const (
	GivenJoint PPSApproximation = iota
	Overton
	HartleyRao
)

// maxJoint bounds the PSUs of a matrix of joint probabilities.
const maxJoint = 4096

// ppsDesign is what the variance of a design with unequal probabilities needs.
type ppsDesign struct {
	how    PPSVariance
	approx PPSApproximation
	adjust bool        // a single cluster is measured from zero
	in     []bool      // rows of the sample; nil: all
	prob   [][]float64 // per stage and cluster; a cluster may be a row
	delta  []float64   // D of a matrix, by place
	place  []int32     // of each PSU in the matrix; -1: not in the sample
}

// readPPS checks a PPS and fills in the weights and stages of its Spec.
func readPPS(spec *Spec, rows int, faults *fault.List) {
	p := spec.PPS
	say := func(field, remedy, format string, args ...any) {
		faults.Addf(fault.Invalid, fault.Place{Field: field}, remedy, format, args...)
	}
	stages := max(1, len(spec.Clusters))
	switch {
	case len(spec.FPC) > 0:
		say(spec.FPC[0].Name(), "leave the FPC out", "a design with probabilities of inclusion has no FPC beside them")
	case p.Variance > YatesGrundy || p.Approximation > HartleyRao:
		say("", "choose a listed estimator", "there is no such variance of a design with unequal probabilities")
	case p.Variance == Brewer && (p.Joint != nil || p.Approximation != GivenJoint):
		say("", "choose HorvitzThompson or YatesGrundy for joint probabilities", "Brewer's variance has no joint probabilities")
	case p.Variance != Brewer && (p.Joint != nil) == (p.Approximation != GivenJoint):
		say("", "give a matrix of joint probabilities or an approximation", "the variance needs joint probabilities from one source")
	case p.Joint == nil && len(p.Probabilities) == 0:
		say("", "name the column of the probabilities", "there are no probabilities of inclusion")
	case p.Joint != nil && len(p.Probabilities) > 0:
		say("", "leave the column out", "the probabilities of inclusion are those of the matrix")
	case len(p.Probabilities) > stages:
		say(p.Probabilities[stages].Name(), "give one column for each stage", "there are %d columns of probabilities for %d stages of sampling", len(p.Probabilities), stages)
	case p.Variance != Brewer && stages > 1:
		say("", "name the first stage's clusters only, or use Brewer", "joint probabilities are for one stage of sampling")
	}
	if faults.Len() > 0 {
		return
	}
	columns := p.Probabilities
	if p.Joint != nil {
		if columns = p.diagonal(spec, rows, faults); faults.Len() > 0 {
			return
		}
	}
	for _, c := range columns {
		if c == nil || c.Len() != rows {
			say("", "use columns of the design's table", "a column of probabilities is missing or of another length")
			return
		}
		for i, v := range c.Values {
			if (spec.Include == nil || spec.Include[i]) && !(c.Missing(i) == table.Present && v > 0 && v <= 1) {
				faults.Addf(fault.Invalid, fault.Place{Field: c.Name(), Row: i + 1}, "a probability of inclusion is above 0 and at most 1", "the probability is missing or cannot be used (data row)")
			}
		}
	}
	spec.FPC = columns
	if spec.Weights != nil || faults.Len() > 0 {
		return
	}
	w := make([]float64, rows)
	for i := range w {
		w[i] = 1
		for _, c := range columns {
			if spec.Include == nil || spec.Include[i] {
				w[i] /= c.Values[i]
			}
		}
	}
	spec.Weights = table.NewNumber("weight", w, nil)
}

// diagonal gives the rows the probabilities of their PSUs, from the matrix.
func (p *PPS) diagonal(spec *Spec, rows int, faults *fault.List) []*table.NumberColumn {
	place, n := psuPlaces(spec, rows)
	say := func(remedy, format string, args ...any) {
		faults.Addf(fault.Invalid, fault.Place{Field: "joint probabilities"}, remedy, format, args...)
	}
	switch {
	case n > maxJoint:
		say("use an approximation, or Brewer", "%d PSUs are more than %d", n, maxJoint)
		return nil
	case len(p.Joint) != n*n:
		say("give one row and column for each PSU of the sample, in order", "the matrix has %d numbers and the sample has %d PSUs", len(p.Joint), n)
		return nil
	}
	for i := range n {
		for j := range i + 1 {
			a, b := p.Joint[i*n+j], p.Joint[j*n+i]
			most := min(p.Joint[i*n+i], p.Joint[j*n+j])
			if !(a > 0 && a <= 1) || math.Abs(a-b) > 1e-9*a || a > most*(1+1e-9) {
				say("a joint probability is above 0, the same for i, j and j, i, and at most each one's own", "the joint probability of PSUs %d and %d cannot be used", i+1, j+1)
			}
		}
	}
	v := make([]float64, rows)
	for i, k := range place {
		if v[i] = 1; k >= 0 {
			v[i] = p.Joint[int(k)*n+int(k)]
		}
	}
	return []*table.NumberColumn{table.NewNumber("joint probabilities", v, nil)}
}

// psuPlaces numbers PSUs in the order of their first row; -1 outside the sample.
func psuPlaces(spec *Spec, rows int) (place []int32, n int) {
	place = make([]int32, rows)
	known := map[[2]uint32]int32{}
	for i := range place {
		if spec.Include != nil && !spec.Include[i] {
			place[i] = -1
			continue
		}
		if len(spec.Clusters) == 0 {
			place[i] = int32(n)
			n++
			continue
		}
		var key [2]uint32
		if key[0] = spec.Clusters[0].Code(i); spec.Strata != nil {
			key[1] = spec.Strata.Code(i)
		}
		k, ok := known[key]
		if !ok {
			k = int32(n)
			known[key] = k
			n++
		}
		place[i] = k
	}
	return place, n
}

// ppsPopulations stands for populations of unequal probabilities: a stratum
// whose clusters were all certain was taken whole. Joint probabilities need no
// rule for single PSUs.
func (d *Design) ppsPopulations(spec Spec, s int, numbered []clusters, n []float64, in []bool) []float64 {
	size := make([]float64, len(n))
	for p := range size {
		if size[p] = n[p]; s >= len(spec.FPC) || spec.PPS.Variance != Brewer && n[p] > 1 {
			size[p] = math.Inf(1)
		}
	}
	if s >= len(spec.FPC) {
		return size
	}
	for i, v := range spec.FPC[s].Values {
		if in != nil && !in[i] || spec.PPS.Variance != Brewer {
			continue
		}
		p := uint32(0)
		if numbered[s].id != nil {
			p = numbered[s].id[i]
		}
		if v < 1-1e-7 {
			size[p] = math.Inf(1)
		}
	}
	return size
}

// arrangePPS reads the probabilities of the clusters, and D of a matrix.
func (d *Design) arrangePPS(spec Spec, in []bool, faults *fault.List) {
	p := &ppsDesign{how: spec.PPS.Variance, approx: spec.PPS.Approximation, adjust: spec.LonelyPSU == LonelyAdjust, in: in}
	of := make([]int32, d.rows) // cluster at the stage at hand
	told := 0
	for s := len(d.stages) - 1; s >= 0; s-- {
		clusters := d.rows
		if d.clustered {
			clusters = len(d.stages[s].parent)
		}
		prob := make([]float64, clusters)
		for i := range d.rows {
			if in != nil && !in[i] {
				of[i] = -1
				continue
			}
			switch {
			case !d.clustered:
				of[i] = int32(i)
			case s == len(d.stages)-1:
				if d.unit != nil {
					of[i] = int32(d.unit[i])
				}
			default:
				of[i] = int32(d.stages[s+1].parent[of[i]])
			}
			v := 0.0 // with replacement
			if s < len(spec.FPC) {
				v = spec.FPC[s].Values[i]
			}
			if before := prob[of[i]]; before != 0 && before != v && told < 10 {
				told++
				faults.Addf(fault.Invalid, fault.Place{Field: spec.FPC[s].Name(), Row: i + 1}, "all rows of a cluster have its probability", "the probability varies within a cluster at stage %d (data row)", s+1)
			}
			prob[of[i]] = v
		}
		p.prob = append([][]float64{prob}, p.prob...)
	}
	if spec.PPS.Joint != nil {
		p.readDelta(d, spec, of)
	}
	d.pps = p
}

// readDelta makes D of the matrix; of is the PSU of each row.
func (p *ppsDesign) readDelta(d *Design, spec Spec, of []int32) {
	place, n := psuPlaces(&spec, d.rows)
	p.place = make([]int32, len(p.prob[0]))
	for k := range p.place {
		p.place[k] = -1
	}
	for i, k := range of {
		if k >= 0 {
			p.place[k] = place[i]
		}
	}
	tolerance := spec.PPS.Tolerance
	if tolerance == 0 {
		tolerance = 1e-4
	}
	joint := spec.PPS.Joint
	p.delta = make([]float64, n*n)
	for i := range n {
		for j := range n {
			x := (joint[i*n+j] - joint[i*n+i]*joint[j*n+j]) / joint[i*n+j]
			if math.Abs(x) >= tolerance {
				p.delta[i*n+j] = x
			}
		}
	}
}

// refusePPS is the error of what is not made for unequal probabilities.
func refusePPS(what string) error {
	return fault.New(fault.Invalid, fault.Place{}, fmt.Sprintf("%s of a design with probabilities of inclusion are not made", what), "use the design's own variance, or leave the probabilities out and give weights")
}
