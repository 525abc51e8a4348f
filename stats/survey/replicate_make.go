package survey

import (
	"slices"

	"waymark/internal/fault"
)

// ReplicateOptions say how replicate weights are made from a design.
type ReplicateOptions struct {
	// MSE takes deviations from the full estimate. Default: from their mean.
	MSE bool
	// DiscardMissing leaves out replicates without a value, as R does.
	DiscardMissing bool
}

// Replicate makes replicate weights. Sampling fractions of the first stage are
// in the weights or scales of JK1, JKn, CantyDavison; Preston has those of all
// stages; the others have no place for them, as in R, and Notes says so. A
// calibrated design is refused.
func (d *Design) Replicate(kind Replication, o ReplicateOptions) (*Replicates, error) {
	switch {
	case d.Adjusted():
		return nil, fault.New(fault.Invalid, fault.Place{}, "replicates of a calibrated design are not made", "make the replicates first, or use Taylor linearisation")
	case d.rep != nil:
		return nil, fault.New(fault.Invalid, fault.Place{}, "the design has replicate weights already", "use them")
	}
	r := d.firstStage()
	r.kind, r.mse, r.discard = kind, o.MSE, o.DiscardMissing
	var err error
	switch kind {
	case JK1, JKn:
		err = d.jackknife(kind, r)
	default:
		err = fault.New(fault.Invalid, fault.Place{}, "replicates of this kind are not made from a design", "choose another kind, or give them in columns")
	}
	if err != nil {
		return nil, err
	}
	if r.n == 0 {
		return nil, fault.New(fault.Invalid, fault.Place{}, "no stratum makes a replicate: each was sampled whole or has a single unit", "use Taylor linearisation")
	}
	e := d.asEngine(r)
	e.df = r.freedom(slices.Repeat([]int{0}, len(r.sizes)))
	return &Replicates{e}, nil
}

// firstStage returns replicas by PSU, or by row where rows are PSUs.
func (d *Design) firstStage() *replicas {
	r := &replicas{ranked: true, units: d.rows, stratum: d.unit}
	for _, n := range d.stages[0].n {
		r.sizes = append(r.sizes, int(n))
	}
	if !d.clustered {
		return r
	}
	r.units, r.stratum = len(d.stages[0].parent), d.stages[0].parent
	if r.unitOf = d.unit; len(d.stages) > 1 {
		first := make([]uint32, d.units)
		for u := range first {
			psu, _ := d.above(u)
			first[u] = uint32(psu)
		}
		r.unitOf = make([]uint32, d.rows)
		if d.unit != nil {
			for i, u := range d.unit {
				r.unitOf[i] = first[u]
			}
		}
	}
	if r.unitOf == nil {
		r.unitOf = make([]uint32, d.rows)
	}
	return r
}
