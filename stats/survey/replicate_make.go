package survey

import (
	"fmt"
	"strings"

	"waymark/internal/fault"
)

// ReplicateOptions say how replicate weights are made from a design.
type ReplicateOptions struct {
	// Rho of Fay, from 0 to below 1. Default 0, which is BRR.
	Rho float64
	// Count is how many random replicates are drawn (default 500), or how many
	// there are to be at least of SuccessiveDifference (default 80).
	Count int
	// Seed of random replicates. Each replicate has a stream of its own, so the
	// weights do not depend on the number of workers.
	Seed uint64
	// Small and Large say what BRR and Fay do with strata of fewer and of more
	// than two PSUs. Default: an error that names them.
	Small SmallStratum
	Large LargeStratum
	// MSE takes deviations from the full estimate. Default: from their mean.
	MSE bool
	// DiscardMissing leaves out replicates without a value, as R does.
	DiscardMissing bool
}

// SmallStratum is what half samples do with strata of one PSU.
type SmallStratum uint8

// The choices, as in R's brrweights.
const (
	SmallFail  SmallStratum = iota
	SmallSplit              // the PSU has half its weight in either half
	SmallMerge              // such strata are paired
)

// LargeStratum is what half samples do with strata of more than two PSUs.
type LargeStratum uint8

// The choices, as in R's brrweights.
const (
	LargeFail  LargeStratum = iota
	LargeSplit              // pairs of PSUs, in the order of rows, are strata
	LargeMerge              // PSUs form two groups
)

// Replicate makes replicate weights.
//
//	JK1, JKn      see Jackknife
//	BRR, Fay      factors rho or 2-rho by a Hadamard matrix, V = Σ(θ-c)²/(R(1-rho)²)
//	RaoWu         n-1 of n PSUs drawn, factor m n/(n-1), V = Σ(θ-c)²/(R-1)
//	CantyDavison  n of n PSUs drawn (from as many copies as the population has,
//	              without replacement), factor m, V = n̄/((n̄-1)(R-1)) Σ(θ-c)²,
//	              n̄ the harmonic mean of PSUs in a stratum
//	Preston       half of the PSUs drawn at every stage without replacement
//	SuccessiveDifference  factors 1 + (h_a - h_b)/√8 by rows a and b of a
//	              Hadamard matrix, neighbours sharing one, V = 4/R Σ(θ-c)²
//
// Sampling fractions of the first stage are in the weights or scales of JK1,
// JKn and CantyDavison; Preston has those of all stages; the others have no
// place for them, as in R, and Notes says so. A stratum with one PSU under
// LonelyRemove or LonelyCertainty keeps its weight in every replicate, which
// adds no variance. A design whose weights were adjusted is refused.
//
// Sources: Wolter (2007), Introduction to Variance Estimation; Fay and Train
// (1995) and Ash (2014) for successive differences; Rao and Wu (1988), JASA 83;
// Canty and Davison (1999), The Statistician 48; Preston (2009), Survey
// Methodology 35; R survey 4.1-1, as.svrepdesign.
func (d *Design) Replicate(kind Replication, o ReplicateOptions) (*Replicates, error) {
	if err := d.checkReplicate(kind, &o); err != nil {
		return nil, err
	}
	r := d.firstStage()
	r.kind, r.mse, r.discard, r.scale = kind, o.MSE, o.DiscardMissing, 1
	var err error
	switch kind {
	case JK1, JKn:
		err = d.jackknife(kind, r)
	case BRR, Fay:
		err = d.halves(r, o)
	case RaoWu, CantyDavison:
		err = d.bootstrap(kind, r, o)
	case Preston:
		err = d.preston(r, o)
	case SuccessiveDifference:
		err = d.successive(r, o)
	}
	if err != nil {
		return nil, err
	}
	if r.n == 0 {
		return nil, fault.New(fault.Invalid, fault.Place{}, "no stratum makes a replicate: each was sampled whole or has a single unit", "use Taylor linearisation")
	}
	for len(r.rscales) < r.n {
		r.rscales = append(r.rscales, 1)
	}
	e := d.asEngine(r)
	if r.span != nil {
		e.df = r.freedom(make([]int, len(r.span.sizes)))
	} else { // rings of successive units
		e.df = float64(min(r.units, r.n-1) - 1)
	}
	return &Replicates{e}, nil
}

func (d *Design) checkReplicate(kind Replication, o *ReplicateOptions) error {
	refuse := func(message, remedy string) error {
		return fault.New(fault.Invalid, fault.Place{}, message, remedy)
	}
	if o.Count == 0 {
		if o.Count = 500; kind == SuccessiveDifference {
			o.Count = 80
		}
	}
	switch {
	case d.Adjusted():
		return refuse("replicates of a calibrated design are not made", "make the replicates first, or use Taylor linearisation")
	case d.pps != nil:
		return refusePPS("replicates")
	case d.rep != nil:
		return refuse("the design has replicate weights already", "use them")
	case kind < JK1 || kind > SuccessiveDifference:
		return refuse(fmt.Sprintf("%s replicates are not made from a design", kind), "choose another kind, or give them in columns")
	case o.Count < 2 || o.Count > maxReplicates:
		return refuse(fmt.Sprintf("%d replicates cannot be made", o.Count), fmt.Sprintf("choose from 2 to %d", maxReplicates))
	case !(o.Rho >= 0 && o.Rho < 1) || o.Rho != 0 && kind != Fay:
		return refuse(fmt.Sprintf("rho %v cannot be used", o.Rho), "only Fay has a rho, from 0 to below 1")
	}
	return nil
}

// lonelyNames refuses strata with one PSU, unless they are to add nothing.
func (d *Design) lonelyNames(kind Replication) error {
	var names []string
	for h, one := range d.stages[0].single {
		if one && d.stages[0].scale[h] > 0 || one && d.average != 1 {
			names = append(names, fmt.Sprintf("%q", d.strata[h]))
		}
	}
	if names == nil {
		return nil
	}
	return fault.New(fault.Invalid, fault.Place{}, fmt.Sprintf("%s replicates have no rule for strata with one PSU: %s", kind, shorten(names)), "choose remove or certainty, merge strata, or use the jackknife")
}

// shorten lists ten names at most.
func shorten(names []string) string {
	if n := len(names); n > 10 {
		names = append(names[:10:10], fmt.Sprintf("and %d more", n-10))
	}
	return strings.Join(names, ", ")
}

// note says that a correction has no place.
func (d *Design) noteFPC(r *replicas) {
	if d.hasFPC {
		r.notes = append(r.notes, fmt.Sprintf("%s replicates have no place for a finite population correction: variances are those of sampling with replacement", r.kind))
	}
}

// noteStages says that later stages were left out.
func (d *Design) noteStages(r *replicas) {
	if len(d.stages) > 1 {
		r.notes = append(r.notes, fmt.Sprintf("%s replicates are made of primary sampling units: corrections after the first stage are left out", r.kind))
	}
}

// firstStage returns replicas by PSU, or by row where rows are PSUs.
func (d *Design) firstStage() *replicas {
	r := &replicas{units: d.rows, stratum: d.unit}
	for _, n := range d.stages[0].n {
		r.sizes = append(r.sizes, int(n))
	}
	if !d.clustered {
		return r
	}
	r.units, r.stratum = len(d.stages[0].parent), d.stages[0].parent
	if r.unitOf = d.unit; len(d.stages) > 1 && d.unit != nil {
		first := make([]uint32, d.units)
		for u := range first {
			psu, _ := d.above(u)
			first[u] = uint32(psu)
		}
		r.unitOf = make([]uint32, d.rows)
		for i, u := range d.unit {
			r.unitOf[i] = first[u]
		}
	}
	if r.unitOf == nil {
		r.unitOf = make([]uint32, d.rows)
	}
	return r
}

// unitWeight is the row's weight where units are rows, 1 where factors are
// wanted.
func (r *replicas) unitWeight(d *Design, unit int) float64 {
	if r.unitOf == nil {
		return d.Weight(unit)
	}
	return 1
}

// byStratum lists the units of each stratum in the order in which their rows
// occur; rows that are not alive are left out. Units of a stratum beyond those
// listed have no row alive.
func (r *replicas) byStratum(d *Design) [][]int32 {
	out := make([][]int32, len(r.sizes))
	if r.unitOf == nil {
		for i := range d.rows {
			if d.dead == nil || !d.dead[i] {
				h := r.stratumOf(i)
				out[h] = append(out[h], int32(i))
			}
		}
		return out
	}
	seen := make([]bool, r.units)
	for i, u := range r.unitOf {
		if d.dead != nil && d.dead[i] || seen[u] {
			continue
		}
		seen[u] = true
		h := r.stratumOf(int(u))
		out[h] = append(out[h], int32(u))
	}
	return out
}
