package survey

import (
	"fmt"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// maxFaults bounds the faults that one call reports; the rest are counted.
const maxFaults = 50

// Design is a checked sample design. It is immutable and safe to share.
//
// Rows are numbered as in the columns of its Spec. A row is alive if it belongs
// to the sample and its weight is above zero; a row of weight zero keeps its
// PSU in the design and takes no part in estimates.
type Design struct {
	rows    int
	weights []float64 // nil: every row weighs 1
	dead    []bool    // nil: every row is alive
	nAlive  int
	sumW    float64

	// unit is the finest cluster of a row that the variance needs, numbered so
	// that the units of a cluster, and the clusters of a stratum, are
	// neighbours. Where every row is its own PSU it is the stratum.
	unit      []uint32 // nil: all rows are in unit 0
	units     int
	clustered bool
	stages    []stage
	strata    []string // labels, in order
	psus      int      // first-stage clusters in the sample
	df        float64
	hasFPC    bool
	// average is strata over strata with a variance of their own, for LonelyAverage.
	average float64
	order   *unitOrder
	cal     *calibration
	// adjusted is what was done to the weights, first to last.
	adjusted []adjustment
	rep      *replicas  // nil: variances by linearisation
	pps      *ppsDesign // nil: equal probabilities within strata
}

// stage is one stage of sampling. A parent is the stratum for the first stage
// and the cluster of the stage before for the others.
type stage struct {
	parent []uint32  // parent of each cluster; nil if rows are the clusters
	n      []float64 // clusters in the sample, per parent
	scale  []float64 // (1-f)·n/(n-1), times n/N of all stages before, per parent
	// fraction is the share of the population that was sampled, per parent; 0
	// with replacement.
	fraction []float64
	single   []bool // one cluster only, and not a certainty, per parent
}

// New checks a Spec and returns its Design.
//
// It reports all faults at once, up to a bound: columns of different lengths;
// weights that are missing, negative or not finite, or all zero; missing
// strata, clusters or FPC; an FPC below the number of clusters sampled, or one
// that varies within its stratum; a cluster in two strata without Nest; a
// stratum with one PSU under LonelyFail; and a sample of a single PSU.
func New(spec Spec) (*Design, error) {
	faults := fault.NewList(maxFaults)
	d := &Design{order: &unitOrder{}}
	if !d.measure(spec, faults) {
		return nil, faults.Err()
	}
	if spec.PPS != nil {
		if readPPS(&spec, d.rows, faults); faults.Len() > 0 {
			return nil, faults.Err()
		}
	}
	in := d.weigh(spec, faults)
	if d.nAlive == 0 && faults.Len() == 0 {
		faults.Addf(fault.Invalid, fault.Place{}, "check the weights and what is left out", "the design has no row with a weight above zero")
	}
	if faults.Len() > 0 {
		return nil, faults.Err()
	}
	d.arrange(spec, in, faults)
	if spec.PPS != nil && faults.Len() == 0 {
		d.arrangePPS(spec, in, faults)
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	return d, nil
}

// measure finds the number of rows and checks that all columns have it.
func (d *Design) measure(spec Spec, faults *fault.List) bool {
	d.rows = -1
	check := func(role string, n int, name string) {
		switch {
		case d.rows < 0:
			d.rows = n
		case d.rows != n:
			faults.Addf(fault.Invalid, fault.Place{Field: name}, "use columns of one table", "the %s column has %d rows and another design column has %d", role, n, d.rows)
		}
	}
	if spec.Weights != nil {
		check("weights", spec.Weights.Len(), spec.Weights.Name())
	}
	if spec.Strata != nil {
		check("strata", spec.Strata.Len(), spec.Strata.Name())
	}
	for _, c := range spec.Clusters {
		check("cluster", c.Len(), c.Name())
	}
	for _, c := range spec.FPC {
		check("FPC", c.Len(), c.Name())
	}
	if spec.PPS != nil {
		for _, c := range spec.PPS.Probabilities {
			if c != nil {
				check("probability", c.Len(), c.Name())
			}
		}
	}
	if spec.Include != nil {
		check("inclusion", len(spec.Include), "")
	}
	if d.rows < 0 && spec.Rows > 0 {
		d.rows = spec.Rows
	}
	if d.rows < 0 {
		faults.Addf(fault.Invalid, fault.Place{}, "set Rows when a design has no column", "the number of rows of the design is not known")
	} else if spec.Rows > 0 && spec.Rows != d.rows {
		faults.Addf(fault.Invalid, fault.Place{}, "use columns of one table", "the design's columns have %d rows, expected %d", d.rows, spec.Rows)
	}
	if n := max(1, len(spec.Clusters)); len(spec.FPC) > n {
		faults.Addf(fault.Invalid, fault.Place{Field: spec.FPC[n].Name()}, "give one FPC for each stage", "there are %d FPC columns for %d stages of sampling", len(spec.FPC), n)
	}
	return faults.Len() == 0
}

// weigh reads the weights and says which rows belong to the sample. A nil
// result means all of them.
func (d *Design) weigh(spec Spec, faults *fault.List) []bool {
	in := spec.Include
	d.nAlive = 0
	if spec.Weights == nil {
		if in == nil {
			d.nAlive, d.sumW = d.rows, float64(d.rows)
			return nil
		}
		d.dead = make([]bool, d.rows)
		for i, ok := range in {
			d.dead[i] = !ok
			if ok {
				d.nAlive++
			}
		}
		d.sumW = float64(d.nAlive)
		return in
	}
	d.weights = spec.Weights.Values
	name := spec.Weights.Name()
	chunks := make([]weighed, chunksOf(d.rows))
	inChunks(d.rows, func(k, from, to int) {
		var some []bool
		if in != nil {
			some = in[from:to]
		}
		chunks[k] = weighChunk(d.weights[from:to], some)
	})
	var all weighed
	for _, c := range chunks {
		all.sum += c.sum
		all.alive += c.alive
		all.out = all.out || c.out
		all.unequal = all.unequal || c.unequal
		all.bad = all.bad || c.bad
	}
	d.nAlive, d.sumW = all.alive, all.sum
	if all.bad {
		d.refuseWeights(spec, faults)
	}
	if d.sumW > maxFinite {
		faults.Addf(fault.Invalid, fault.Place{Field: name}, "scale the weights down", "the sum of the weights is too large for a number")
	}
	if all.out {
		d.dead = make([]bool, d.rows)
		for i, w := range d.weights {
			d.dead[i] = w == 0 || in != nil && !in[i]
		}
	}
	if !all.unequal {
		d.weights = nil
	}
	return in
}

// refuseWeights reports the rows whose weights cannot be used.
func (d *Design) refuseWeights(spec Spec, faults *fault.List) {
	name := spec.Weights.Name()
	for i, w := range d.weights {
		switch {
		case spec.Include != nil && !spec.Include[i]:
		case spec.Weights.Missing(i) != table.Present || w != w:
			faults.Addf(fault.Invalid, fault.Place{Field: name, Row: i + 1}, "give every row of the sample a weight, or leave it out", "the weight is missing (data row)")
		case w < 0 || w > maxFinite:
			faults.Addf(fault.Invalid, fault.Place{Field: name, Row: i + 1}, "a weight is zero or a positive finite number", "the weight %v cannot be used (data row)", w)
		}
	}
}

// maxFinite is the largest weight, or sum of weights, that leaves room for its square.
const maxFinite = 1e150

// Rows is the number of rows of the design's columns, in the sample or not.
func (d *Design) Rows() int { return d.rows }

// Base is the number of rows of the sample with a weight above zero.
func (d *Design) Base() int { return d.nAlive }

// SumWeights is the sum of the sample's weights: the population that they stand for.
func (d *Design) SumWeights() float64 { return d.sumW }

// Strata is the number of first-stage strata.
func (d *Design) Strata() int { return len(d.strata) }

// PSUs is the number of primary sampling units in the sample.
func (d *Design) PSUs() int { return d.psus }

// DF is the design's degrees of freedom: PSUs less strata, of those that hold a
// row with a weight above zero.
func (d *Design) DF() float64 { return d.df }

// FPC says whether the design has a finite population correction.
func (d *Design) FPC() bool { return d.hasFPC }

// Weight returns the weight of a row: 0 if it is not in the sample.
func (d *Design) Weight(row int) float64 {
	switch {
	case d.dead != nil && d.dead[row]:
		return 0
	case d.weights == nil:
		return 1
	}
	return d.weights[row]
}

// Simple says whether the design is a simple random sample with replacement:
// no weights, strata, clusters or FPC.
func (d *Design) Simple() bool {
	return d.weights == nil && !d.clustered && len(d.strata) == 1 && !d.hasFPC && !d.Adjusted() && d.rep == nil
}

// String describes the design in a few words.
func (d *Design) String() string {
	return fmt.Sprintf("%d rows, %d strata, %d PSUs, %v degrees of freedom", d.nAlive, len(d.strata), d.psus, d.df)
}
