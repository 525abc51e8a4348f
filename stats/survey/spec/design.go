package spec

import (
	"fmt"
	"slices"

	"waymark/internal/fault"
	"waymark/stats/survey"
)

var lonely = map[string]survey.Lonely{
	"": survey.LonelyFail, "fail": survey.LonelyFail, "remove": survey.LonelyRemove,
	"certainty": survey.LonelyCertainty, "adjust": survey.LonelyAdjust, "average": survey.LonelyAverage,
}

// design makes the case's design, with its weights adjusted if it says so.
func (c *Case) design(f *file) (*survey.Design, error) {
	rule, ok := lonely[c.LonelyPSU]
	if !ok {
		return nil, fault.New(fault.Invalid, fault.Place{Field: "lonely_psu"}, fmt.Sprintf("there is no rule %q for a single PSU", c.LonelyPSU), "fail, remove, certainty, adjust or average")
	}
	s := survey.Spec{Nest: c.Design.Nest, LonelyPSU: rule, Rows: f.table.Rows()}
	var err error
	if c.Design.Weights != "" {
		if s.Weights, err = f.number(c.Design.Weights); err != nil {
			return nil, err
		}
	}
	if c.Design.Strata != "" {
		if s.Strata, err = f.category(c.Design.Strata); err != nil {
			return nil, err
		}
	}
	for _, name := range c.Design.Clusters {
		col, err := f.category(name)
		if err != nil {
			return nil, err
		}
		s.Clusters = append(s.Clusters, col)
	}
	for _, name := range c.Design.FPC {
		col, err := f.number(name)
		if err != nil {
			return nil, err
		}
		s.FPC = append(s.FPC, col)
	}
	d, err := survey.New(s)
	if err != nil || c.Calibrate == nil {
		return d, err
	}
	return c.weight(d, f)
}

// weight adjusts the design's weights.
func (c *Case) weight(d *survey.Design, f *file) (*survey.Design, error) {
	var margins []survey.Margin
	for _, m := range c.Calibrate.Margins {
		col, err := f.category(m.Variable)
		if err != nil {
			return nil, err
		}
		margin := survey.Margin{}
		margin.Columns = append(margin.Columns, col)
		levels := make([]string, 0, len(m.Counts))
		for l := range m.Counts {
			levels = append(levels, l)
		}
		slices.Sort(levels)
		for _, l := range levels {
			margin.Totals = append(margin.Totals, survey.MarginTotal{Levels: []string{l}, Count: m.Counts[l]})
		}
		margins = append(margins, margin)
	}
	switch kind := c.Calibrate.Kind; kind {
	case "poststratify":
		if len(margins) != 1 {
			return nil, fault.New(fault.Invalid, fault.Place{Field: "margins"}, "post-stratification has one margin", "use rake for several")
		}
		d, _, err := d.PostStratify(margins[0])
		return d, err
	case "rake":
		d, _, err := d.Rake(margins, survey.RakeOptions{})
		return d, err
	case "greg-linear", "greg-raking", "greg-logit":
		x, err := c.auxiliaries(f)
		if err != nil {
			return nil, err
		}
		opt := survey.CalibrateOptions{Distance: survey.LinearDistance}
		if kind == "greg-raking" {
			opt.Distance = survey.RakingDistance
		}
		if kind == "greg-logit" {
			if len(c.Calibrate.Bounds) != 2 {
				return nil, fault.New(fault.Invalid, fault.Place{Field: "bounds"}, "greg-logit needs two bounds", "such as [0.3, 4]")
			}
			opt.Distance, opt.Lower, opt.Upper = survey.LogitDistance, c.Calibrate.Bounds[0], c.Calibrate.Bounds[1]
		}
		d, _, err := d.Calibrate(x, opt)
		return d, err
	default:
		return nil, fault.New(fault.Invalid, fault.Place{Field: "kind"}, fmt.Sprintf("there is no weighting %q", kind), "poststratify, rake, greg-linear, greg-raking or greg-logit")
	}
}
