package analysis

import (
	"fmt"
	"strings"

	"waymark/internal/fault"
	"waymark/stats/survey"
	"waymark/stats/survey/condition"
	"waymark/stats/table"
)

// Nonresponse says how those who answered take up the weights of the others.
type Nonresponse struct {
	// Responded is a condition that holds for those who answered. Required.
	Responded string
	Cells     []string // known of everyone, crossed. Default: one cell
	// MinRespondents and MaxFactor join cells beyond them with the next.
	MinRespondents int
	MaxFactor      float64
}

// Trim cuts weights to bounds.
type Trim struct {
	Lower, Upper float64 // one is required
	Strict       bool    // repeat until no weight is outside
	InProportion bool    // what is cut goes to others by their weights. Default: equally
}

// adjusted is the columns behind the steps of a weighting.
type adjusted struct {
	responded   []bool
	cells       []*table.CategoryColumn
	margins     []survey.Margin
	auxiliaries []survey.Auxiliary
}

// prepare resolves the names of all steps.
func (s *Sample) prepare(data *Data) (*adjusted, error) {
	faults := fault.NewList(maxFaults)
	keep := func(err error) { faults.Add(faultsOf(err)...) }
	out := &adjusted{}
	if n := s.Nonresponse; n != nil {
		c, err := condition.Parse(n.Responded)
		if err == nil {
			out.responded, err = c.Rows(data.Table)
		}
		keep(err)
		for _, name := range n.Cells {
			col, err := data.grouping(name)
			keep(err)
			if err == nil {
				out.cells = append(out.cells, col)
			}
		}
	}
	if w := s.Weighting; w != nil {
		var err error
		if w.Kind == "poststratify" || w.Kind == "rake" {
			out.margins, err = w.margins(data)
		} else {
			out.auxiliaries, err = w.auxiliaries(data)
		}
		keep(err)
	}
	return out, faults.Err()
}

// adjust makes the steps in their order: non-response, totals, trimming.
func (s *Sample) adjust(d *survey.Design, a *adjusted) (*survey.Design, *survey.Diagnosis, error) {
	before := d
	var steps []*survey.Weighting
	var err error
	step := func(out *survey.Design, w *survey.Weighting, failed error) {
		if err = failed; err == nil {
			d = out
			steps = append(steps, w)
		}
	}
	if n := s.Nonresponse; n != nil {
		step(d.Nonresponse(survey.NonresponseOptions{Responded: a.responded, Cells: a.cells, MinRespondents: n.MinRespondents, MaxFactor: n.MaxFactor}))
	}
	if err == nil && s.Weighting != nil {
		step(s.Weighting.apply(d, a))
	}
	if t := s.Trim; err == nil && t != nil {
		opt := survey.TrimOptions{Lower: t.Lower, Upper: t.Upper, Strict: t.Strict, Redistribute: survey.Equally}
		if t.InProportion {
			opt.Redistribute = survey.InProportion
		}
		step(d.Trim(opt))
	}
	if err != nil || len(steps) == 0 {
		return d, nil, err
	}
	diagnosis := survey.Diagnose(before, d, steps...)
	return d, &diagnosis, nil
}

// weightWords describe the steps.
func (s *Sample) weightWords() string {
	var parts []string
	if n := s.Nonresponse; n != nil {
		text := "weights of those who did not answer carried by those who did (" + n.Responded + ")"
		if len(n.Cells) > 0 {
			text += " within " + strings.Join(n.Cells, " by ")
		}
		parts = append(parts, text)
	}
	if s.Weighting != nil {
		parts = append(parts, s.Weighting.words())
	}
	if t := s.Trim; t != nil {
		switch {
		case t.Lower > 0 && t.Upper > 0:
			parts = append(parts, fmt.Sprintf("weights trimmed to %v to %v", t.Lower, t.Upper))
		case t.Upper > 0:
			parts = append(parts, fmt.Sprintf("weights trimmed to at most %v", t.Upper))
		default:
			parts = append(parts, fmt.Sprintf("weights trimmed to at least %v", t.Lower))
		}
	}
	return strings.Join(parts, "; ")
}
