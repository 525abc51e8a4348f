package spec

import "waymark/stats/survey"

// formula makes the case's model: the terms as they are named.
func (c *Case) formula() *survey.Formula {
	f := &survey.Formula{Outcome: c.Outcome, Intercept: true}
	if c.Estimate == "logit" {
		f.Level, f.HasLevel = *c.Level, true
	}
	for _, name := range c.Terms {
		f.Terms = append(f.Terms, survey.FormulaTerm{Factors: []survey.FormulaFactor{{Column: name}}})
	}
	return f
}
