package survey

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// NonresponseOptions say how respondents take up the weights of the others.
type NonresponseOptions struct {
	// Responded says of each row whether it answered. Required. Answered makes it
	// of a column, for the answers to one question.
	Responded []bool
	// Cells are columns known of everyone, crossed; within a cell respondents
	// stand for all. Default: one cell.
	Cells []*table.CategoryColumn
	// MinRespondents of a cell: cells with fewer are joined with the next one.
	// Default 0: none are joined, and a cell without respondents is an error.
	MinRespondents int
	// MaxFactor is the largest factor of a cell: above it cells are joined.
	// Default 0: no bound.
	MaxFactor float64
	// FixedTotals makes variances those of post-stratification to the cells'
	// totals, taken as known. Default false: the totals are estimates from the
	// full sample, and those who did not answer count in the variance.
	FixedTotals bool
}

// JoinedCell is a cell that was merged with another.
type JoinedCell struct {
	Cell        string `json:"cell"`
	Into        string `json:"into"`
	Respondents int    `json:"respondents"` // of the cell, before
}

// Answered says of each row whether a column has a value.
func Answered(c table.Column) []bool {
	out := make([]bool, c.Len())
	for i := range out {
		out[i] = c.Missing(i) == table.Present
		if n, ok := c.(*table.NumberColumn); ok && n.Values[i] != n.Values[i] {
			out[i] = false
		}
	}
	return out
}

// Nonresponse returns the design in which respondents carry the weights of
// their cell (weighting-class adjustment): in cell c
//
//	w' = w · f_c for respondents, f_c = Σ w / Σ w of respondents; 0 for others
//
// This removes bias only as far as those who answered are like the others
// within cells. Those who did not answer keep their PSU in the design. The
// variance linearises the cells' totals too: a row of the full sample counts
// with
//
//	w (ȳ_c + f_c (y - ȳ_c)) if it answered, w ȳ_c if not,
//
// y the linearised value and ȳ_c the weighted mean of respondents. With
// FixedTotals it is that of R's postStratify to the cells' totals.
//
// It fails, naming the cell, where no one answered and cells are not joined.
// Sources: Oh and Scheuren (1983), Weighting adjustment for unit nonresponse;
// Särndal, Swensson and Wretman (1992), Model Assisted Survey Sampling, §15.6.
func (d *Design) Nonresponse(opt NonresponseOptions) (*Design, *Weighting, error) {
	cells, err := d.responseCells(opt)
	if err != nil {
		return nil, nil, err
	}
	w := &Weighting{Kind: "non-response cells", Iterations: 1, Converged: true}
	if err := cells.join(opt, w); err != nil {
		return nil, w, err
	}
	factor := make([]float64, len(cells.label))
	for c := range factor {
		if cells.into[c] == c {
			factor[c] = cells.all[c] / cells.answered[c]
			w.Margins = append(w.Margins, MarginCheck{Margin: cells.name, Level: cells.label[c], Rows: cells.respondents[c],
				Before: cells.answered[c], After: cells.all[c], Target: cells.all[c]})
		}
	}
	for i, c := range cells.of {
		cells.of[i] = uint32(cells.into[c])
	}
	out := d.reweighted(func(row int) float64 {
		if !opt.Responded[row] {
			return 0
		}
		return factor[cells.of[row]]
	}, w)
	w.MinFactor, w.MaxFactor = math.Inf(1), 0
	for c, f := range factor {
		if cells.into[c] == c {
			w.MinFactor, w.MaxFactor = min(w.MinFactor, f), max(w.MaxFactor, f)
		}
	}
	step := poststratified{of: cells.of, weights: out.weights, total: make([]float64, len(factor))}
	for i, x := range out.weights {
		step.total[cells.of[i]] += x
	}
	if opt.FixedTotals {
		out.adjust(&step)
	} else {
		out.adjust(&carried{step, d})
	}
	return out, w, nil
}

// carried is poststratified with the totals of the design before, of which they
// are estimates.
type carried struct {
	poststratified
	before *Design
}

func (a *carried) fitted(row int, coef []float64) float64 {
	return (a.weights[row] - a.before.Weight(row)) * coef[a.of[row]]
}

// cellsOfResponse are cells with their weights.
type cellsOfResponse struct {
	name          string
	of            []uint32 // per row
	label         []string
	codes         [][]string
	into          []int // the cell that stands for a cell
	all, answered []float64
	rows          []int
	respondents   []int
}

// responseCells numbers the cells in the order of their levels.
func (d *Design) responseCells(opt NonresponseOptions) (*cellsOfResponse, error) {
	faults := fault.NewList(maxFaults)
	d.refuseReplicates(faults)
	if len(opt.Responded) != d.rows {
		faults.Addf(fault.Invalid, fault.Place{}, "say of each row whether it answered", "there are answers for %d rows and the design has %d", len(opt.Responded), d.rows)
		return nil, faults.Err()
	}
	if opt.MinRespondents < 0 || opt.MaxFactor != 0 && !(opt.MaxFactor >= 1) {
		faults.Addf(fault.Invalid, fault.Place{}, "a number of people, and a factor of at least 1", "the limits %d and %v of a cell cannot be used", opt.MinRespondents, opt.MaxFactor)
	}
	in := make([]bool, d.rows)
	for i := range in {
		in[i] = d.Weight(i) != 0
	}
	name := Margin{Columns: opt.Cells}.name()
	for _, c := range opt.Cells {
		if c.Len() != d.rows {
			faults.Addf(fault.Invalid, fault.Place{Field: c.Name()}, "use columns of the design's table", "the column has %d rows and the design has %d", c.Len(), d.rows)
			continue
		}
		missing := 0
		for i, ok := range in {
			if ok && c.Code(i) < table.FirstLevel {
				missing++
			}
		}
		if missing > 0 {
			faults.Addf(fault.Invalid, fault.Place{Field: c.Name()}, "cells need what is known of everyone: leave the column out, or give these rows a level of their own", "%d rows of the sample have no value for the cells", missing)
		}
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	chain := []clusters{{parent: []uint32{0}, level: []uint32{0}}}
	for _, c := range opt.Cells {
		chain = append(chain, refine(chain[len(chain)-1], c, in))
	}
	last := chain[len(chain)-1]
	n := len(last.parent)
	r := &cellsOfResponse{name: name, of: slices.Clone(last.id), all: make([]float64, n), answered: make([]float64, n), rows: make([]int, n), respondents: make([]int, n)}
	if r.of == nil {
		r.of = make([]uint32, d.rows)
	}
	for k := range n {
		codes := make([]string, len(opt.Cells))
		at := uint32(k)
		for s := len(opt.Cells); s > 0; s-- {
			codes[s-1] = opt.Cells[s-1].Levels[chain[s].level[at]].Code
			at = chain[s].parent[at]
		}
		r.codes = append(r.codes, codes)
		r.label = append(r.label, strings.Join(codes, " × "))
		r.into = append(r.into, k)
	}
	if len(opt.Cells) == 0 {
		r.name, r.label[0] = "everyone", "everyone"
	}
	for i, k := range r.of {
		w := d.Weight(i)
		if w == 0 {
			continue
		}
		r.all[k] += w
		r.rows[k]++
		if opt.Responded[i] {
			r.answered[k] += w
			r.respondents[k]++
		}
	}
	return r, nil
}

// join merges cells that are too small with a neighbour: the one before or
// after it in order that shares more of the first columns' levels, and of two
// alike the one with fewer respondents.
func (r *cellsOfResponse) join(opt NonresponseOptions, w *Weighting) error {
	faults := fault.NewList(maxFaults)
	heads := make([]int, len(r.label))
	for k := range heads {
		heads[k] = k
	}
	small := func(k int) bool {
		return r.respondents[k] < opt.MinRespondents || opt.MaxFactor > 0 && r.all[k] > opt.MaxFactor*r.answered[k]
	}
	for at := 0; at < len(heads); {
		k := heads[at]
		if !small(k) || len(heads) == 1 {
			at++
			continue
		}
		to := at + 1
		if to == len(heads) || at > 0 && r.closer(k, heads[at-1], heads[to]) {
			to = at - 1
		}
		into := heads[to]
		w.Joined = append(w.Joined, JoinedCell{Cell: r.label[k], Into: r.label[into], Respondents: r.respondents[k]})
		for c := range r.into {
			if r.into[c] == k {
				r.into[c] = into
			}
		}
		r.all[into] += r.all[k]
		r.answered[into] += r.answered[k]
		r.rows[into] += r.rows[k]
		r.respondents[into] += r.respondents[k]
		r.label[into] += " + " + r.label[k]
		heads = slices.Delete(heads, at, at+1)
		if to < at {
			at = to
		}
	}
	for _, k := range heads {
		switch {
		case !(r.answered[k] > 0):
			faults.Addf(fault.Invalid, fault.Place{Field: r.name}, "join cells with MinRespondents, or use fewer columns", "no one in cell %q answered: its %d rows stand for %.6g", r.label[k], r.rows[k], r.all[k])
		case small(k):
			faults.Addf(fault.Invalid, fault.Place{Field: r.name}, "ask less of a cell", "with all cells joined there are %d respondents and a factor of %.6g", r.respondents[k], r.all[k]/r.answered[k])
		}
	}
	return faults.Err()
}

// closer says whether cell a is nearer to k than b is.
func (r *cellsOfResponse) closer(k, a, b int) bool {
	same := func(o int) int {
		n := 0
		for n < len(r.codes[k]) && r.codes[k][n] == r.codes[o][n] {
			n++
		}
		return n
	}
	if x, y := same(a), same(b); x != y {
		return x > y
	}
	return r.respondents[a] < r.respondents[b]
}

// String names a joined cell.
func (j JoinedCell) String() string {
	return fmt.Sprintf("%q (%d respondents) into %q", j.Cell, j.Respondents, j.Into)
}
