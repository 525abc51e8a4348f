package monitoring

import (
	"fmt"

	"waymark/internal/fault"
	"waymark/stats/survey"
	"waymark/stats/table"
)

// auxiliaryLimit bounds the levels of margins of a calibration, whose work grows
// with their square.
const auxiliaryLimit = 500

// reweight makes the design with the plan's weights. before is the design that
// it starts from.
func (f *frame) reweight(w *WeightingPlan, margins []marginCells, include []bool) (before, after *survey.Design, steps []*survey.Weighting, err error) {
	spec, err := f.spec()
	if err != nil {
		return nil, nil, nil, err
	}
	spec.Include = include
	if before, err = survey.New(spec); err != nil {
		return nil, nil, nil, err
	}
	trim := f.trimming(w, margins, before)
	keep := w.Trim != nil && w.Trim.KeepMargins
	var step *survey.Weighting
	switch {
	case keep || w.bounded() || w.Method == "linear" || w.Method == "logit":
		spec.Weights = evenWeights(margins[0], before)
		even, err := survey.New(spec)
		if err != nil {
			return nil, nil, nil, err
		}
		x, err := auxiliaries(margins, before)
		if err != nil {
			return nil, nil, nil, err
		}
		opt := survey.CalibrateOptions{Distance: weightingMethods[w.Method], Lower: w.Lower, Upper: w.Upper}
		if keep {
			after, step, err = even.CalibrateTrimmed(x, opt, trim)
		} else {
			after, step, err = even.Calibrate(x, opt)
		}
		if err != nil {
			return nil, nil, nil, err
		}
	case w.Method == "post-stratify":
		after, step, err = before.PostStratify(surveyMargins(margins)[0])
	default:
		after, step, err = before.Rake(surveyMargins(margins), survey.RakeOptions{})
	}
	if err != nil {
		return nil, nil, nil, err
	}
	steps = append(steps, step)
	if w.Trim != nil && !keep {
		if after, step, err = after.Trim(trim); err != nil {
			return nil, nil, nil, err
		}
		steps = append(steps, step)
	}
	return before, after, steps, nil
}

// trimming puts the plan's bounds, times the average weight, into weights.
func (f *frame) trimming(w *WeightingPlan, margins []marginCells, d *survey.Design) survey.TrimOptions {
	if w.Trim == nil {
		return survey.TrimOptions{}
	}
	sum := 0.0
	for _, c := range margins[0].cells {
		sum += c.total
	}
	mean := sum / float64(d.Base())
	opt := survey.TrimOptions{Lower: mean * w.Trim.Lower, Upper: mean * w.Trim.Upper, Strict: !w.Trim.Once, Redistribute: survey.Equally}
	if w.Trim.InProportion {
		opt.Redistribute = survey.InProportion
	}
	if w.Within != "" {
		opt.Within = f.groups[w.Within]
	}
	return opt
}

// evenWeights are the design's weights scaled so that they sum to the totals
// within each level of Within. Bounds of new over old weight then say how far
// interviews of one level may drift apart; the calibrated weights are the same.
func evenWeights(m marginCells, d *survey.Design) *table.NumberColumn {
	total, sum := map[string]float64{}, map[string]float64{}
	for _, c := range m.cells {
		total[c.within] += c.total
	}
	weights := make([]float64, d.Rows())
	for row := range weights {
		if w := d.Weight(row); w > 0 {
			sum[m.cells[m.cell[row]].within] += w
		}
	}
	for row := range weights {
		if w := d.Weight(row); w > 0 {
			level := m.cells[m.cell[row]].within
			weights[row] = w * total[level] / sum[level]
		}
	}
	return table.NewNumber("weights", weights, nil)
}

// auxiliaries are the indicators of the margins' cells with their totals. The
// first cell of each level of Within is left out of all margins but the first,
// for the first has the total of the level.
func auxiliaries(margins []marginCells, d *survey.Design) ([]survey.Auxiliary, error) {
	var out []survey.Auxiliary
	for k := range margins {
		m := &margins[k]
		seen := map[string]bool{}
		at := make([]int, len(m.cells)) // 1 more than the auxiliary of a cell
		for i, c := range m.cells {
			if c.total == 0 || k > 0 && !seen[c.within] {
				seen[c.within] = seen[c.within] || c.total != 0
				continue
			}
			if len(out) == auxiliaryLimit {
				return nil, fault.New(fault.Invalid, fault.Place{Field: m.group}, fmt.Sprintf("the margins have more than %d levels, too many to calibrate to", auxiliaryLimit), "write method: rake without bounds, or raise minimum_cell so that small levels are taken together")
			}
			name := m.group + ": " + c.code
			if c.within != "" {
				name += where(c.within)
			}
			out = append(out, survey.Auxiliary{Name: name, Values: make([]float64, d.Rows()), Total: c.total})
			at[i] = len(out)
		}
		for row, c := range m.cell {
			if c >= 0 && d.Weight(row) > 0 && at[c] > 0 {
				out[at[c]-1].Values[row] = 1
			}
		}
	}
	return out, nil
}
