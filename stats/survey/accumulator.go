package survey

import (
	"fmt"
	"reflect"

	"waymark/internal/fault"
)

// Accumulation says what an Accumulator adds up: a design and estimates, by the
// names of columns, since the columns themselves come in pieces.
type Accumulation struct {
	// Weights names a number column; Strata and Clusters (outermost first)
	// category columns; FPC number columns, one a stage. As in Spec.
	Weights  string   `json:"weights,omitempty"`
	Strata   string   `json:"strata,omitempty"`
	Clusters []string `json:"clusters,omitempty"`
	FPC      []string `json:"fpc,omitempty"`
	// Nest and LonelyPSU are as in Spec.
	Nest      bool   `json:"nest,omitempty"`
	LonelyPSU Lonely `json:"lonely_psu,omitempty"`
	// Include names a boolean column: rows where it is not true are not of the
	// sample. Default: all are.
	Include string `json:"include,omitempty"`
	// Estimates are what is asked. Required.
	Estimates []NamedRequest `json:"estimates"`
}

// NamedRequest is a Request by the names of columns.
type NamedRequest struct {
	Statistic   Statistic `json:"statistic"`             // Required
	Variable    string    `json:"variable"`              // Required
	Denominator string    `json:"denominator,omitempty"` // of a Ratio
	// Level is Required for a Proportion; of a boolean it is true or false.
	Level string   `json:"level,omitempty"`
	By    []string `json:"by,omitempty"`
	// Where names a boolean column: rows where it is not true are in no domain.
	Where string `json:"where,omitempty"`
	// The rest is as in Request. The likelihood interval needs the rows and is
	// refused.
	Occurring  bool     `json:"occurring,omitempty"`
	Interval   Interval `json:"interval,omitempty"`
	Confidence float64  `json:"confidence,omitempty"`
	DF         float64  `json:"-"` // may be infinite
	Deff       DeffBase `json:"deff,omitempty"`
}

// Accumulator adds up rows that come in pieces, such as a file that is larger
// than memory or the parts of a round on several machines. It holds the sums
// of each unit, domain and class, and no row.
//
// Its sums are without rounding (see exactSum). So the estimates are the same
// to the last bit however the rows were divided, in whatever order the pieces
// were added or their accumulators merged, and AppendBinary gives the same
// bytes. They are those of Design.Run but for the rounding of sums there.
//
// It is not safe for use by several goroutines at once: give each its own, and
// merge. Memory grows with the cells that occur, at most AccumulatorCells.
type Accumulator struct {
	plan    Accumulation
	units   dictionary // by codes of stratum and clusters
	of      []unitCount
	tallies []*tally
	request []int // the tally of each request
	cells   int
}

// AccumulatorCells bounds the cells of an accumulator: a unit, domain and class
// of a variable that occur together.
const AccumulatorCells = 1 << 22

// unitCount is what an accumulator knows of a unit beside its sums.
type unitCount struct {
	rows, alive uint64    // rows of the sample, and those with a weight above zero
	fpc         []float64 // per stage: least and most
}

// tally is the sums of one variable in one grouping.
type tally struct {
	by                           []string
	where, variable, denominator string
	category                     bool // of classes; else numbers
	all                          bool // every level is a class
	wanted                       []string
	domains, classes             dictionary
	cell                         map[cellAt]uint32
	sums                         []cellSums
}

type cellAt struct{ unit, domain, class uint32 }

// cellSums is one cell: rows and, for a class with a value, sums: of weights and
// weighted numbers; for numbers of the weighted square; and where rows are the
// PSUs of the squares and products of the first ones.
type cellSums struct {
	rows uint64
	sum  []exactSum
}

// dictionary numbers strings as they come.
type dictionary struct {
	index map[string]uint32
	names []string
}

func (d *dictionary) number(name string) uint32 {
	k, ok := d.index[name]
	if !ok {
		if d.index == nil {
			d.index = map[string]uint32{}
		}
		k = uint32(len(d.names))
		d.index[name] = k
		d.names = append(d.names, name)
	}
	return k
}

// maxAccumulated bounds the estimates, columns and wanted levels of one plan.
const maxAccumulated = 10_000

// NewAccumulator checks a plan and returns an empty accumulator. It reports all
// faults at once.
func NewAccumulator(plan Accumulation) (*Accumulator, error) {
	faults := fault.NewList(maxFaults)
	if len(plan.Estimates) == 0 || len(plan.Estimates) > maxAccumulated {
		faults.Addf(fault.Invalid, fault.Place{}, "ask for at least one", "there are %d estimates, at most %d can be added up", len(plan.Estimates), maxAccumulated)
	}
	if len(plan.FPC) > max(1, len(plan.Clusters)) {
		faults.Addf(fault.Invalid, fault.Place{}, "give one FPC for each stage", "there are %d FPC columns for %d stages of sampling", len(plan.FPC), max(1, len(plan.Clusters)))
	}
	if plan.LonelyPSU > LonelyAverage {
		faults.Addf(fault.Invalid, fault.Place{}, "choose fail, remove, certainty, adjust or average", "there is no such way to treat a single PSU")
	}
	for i, r := range plan.Estimates {
		r.check(i, faults)
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	a := &Accumulator{plan: plan}
	for _, r := range plan.Estimates {
		a.request = append(a.request, a.tallyFor(r))
	}
	return a, nil
}

func (r *NamedRequest) check(i int, faults *fault.List) {
	refuse := func(remedy, format string, args ...any) {
		faults.Addf(fault.Invalid, fault.Place{Field: r.Variable}, remedy, "estimate %d: %s", i+1, fmt.Sprintf(format, args...))
	}
	if r.Statistic < Mean || r.Statistic > Ratio {
		refuse("choose mean, total, proportion, share or ratio", "there is no such statistic")
	}
	if r.Variable == "" {
		refuse("name a column", "there is no variable")
	}
	if (r.Denominator != "") != (r.Statistic == Ratio) {
		refuse("name the denominator of a ratio, and of nothing else", "a ratio has a denominator")
	}
	if (r.Level != "") != (r.Statistic == Proportion) {
		refuse("name the level of a proportion, and of nothing else", "a proportion has a level")
	}
	if r.Interval > ClopperPearson || r.Deff > WithReplacement {
		refuse("choose a listed one", "there is no such interval or design effect")
	}
	if r.Interval == Likelihood {
		refuse("choose another interval", "the likelihood interval needs the rows, which are not kept")
	}
	if !(r.Confidence == 0 || r.Confidence > 0 && r.Confidence < 1) || !(r.DF >= 0) {
		refuse("use a share such as 0.95, and positive degrees of freedom", "the confidence or the degrees of freedom cannot be used")
	}
	if len(r.By) > maxAccumulatedBy {
		refuse("use fewer", "there are %d grouping columns, at most %d can be crossed", len(r.By), maxAccumulatedBy)
	}
}

// maxAccumulatedBy bounds the grouping columns of an estimate.
const maxAccumulatedBy = 32

// tallyFor finds or makes the tally of a request.
func (a *Accumulator) tallyFor(r NamedRequest) int {
	category := r.Statistic == Proportion || r.Statistic == Share
	k := 0
	for ; k < len(a.tallies); k++ {
		t := a.tallies[k]
		if t.category == category && t.variable == r.Variable && t.denominator == r.Denominator && t.where == r.Where && reflect.DeepEqual(t.by, r.By) {
			break
		}
	}
	if k == len(a.tallies) {
		a.tallies = append(a.tallies, &tally{by: r.By, where: r.Where, variable: r.Variable, denominator: r.Denominator,
			category: category, cell: map[cellAt]uint32{}})
	}
	t := a.tallies[k]
	t.all = t.all || r.Statistic == Share
	if r.Statistic == Proportion {
		t.wanted = append(t.wanted, r.Level)
	}
	return k
}

// clusters are the columns whose clusters the variance needs: a stage after the
// first without an FPC adds nothing.
func (p *Accumulation) clusters() []string {
	return p.Clusters[:min(len(p.Clusters), len(p.FPC)+1)]
}

// channels is the number of sums of a cell that are weighted once, and all that
// a cell with a value has.
func (a *Accumulator) channels(t *tally) (channels, sums int) {
	channels = 2
	switch {
	case t.category:
		channels = 1
	case t.denominator != "":
		channels = 3
	}
	sums = channels
	if !t.category {
		sums++
	}
	if len(a.plan.Clusters) == 0 {
		sums += channels * (channels + 1) / 2
	}
	return channels, sums
}

// Rows is the number of rows of the sample that were added.
func (a *Accumulator) Rows() int {
	n := uint64(0)
	for _, u := range a.of {
		n += u.rows
	}
	return int(n)
}
