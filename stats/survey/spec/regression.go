package spec

import (
	"context"
	"slices"

	"waymark/stats/survey"
	"waymark/stats/survey/analysis"
)

// isNumber says whether a term is used as a number: all its texts are numbers
// and the case does not list it as categorical.
func (c *Case) isNumber(f *analysis.Data, name string) (bool, error) {
	if slices.Contains(c.Categorical, name) {
		return false, nil
	}
	return f.IsNumber(name)
}

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

// regress runs a linear or logistic model.
func (c *Case) regress(ctx context.Context, d *survey.Design, f *analysis.Data) ([]Row, error) {
	columns := survey.ColumnSet{}
	for _, name := range c.Terms {
		number, err := c.isNumber(f, name)
		if err != nil {
			return nil, err
		}
		if number {
			columns[name], err = f.Number(name)
		} else {
			columns[name], err = f.Category(name)
		}
		if err != nil {
			return nil, err
		}
	}
	r := survey.ModelRequest{Family: survey.Gaussian, Formula: c.formula(), Data: columns, Confidence: c.Confidence}
	var err error
	if c.Estimate == "logit" {
		r.Family = survey.Binomial
		columns[c.Outcome], err = f.Category(c.Outcome)
	} else {
		columns[c.Outcome], err = f.Number(c.Outcome)
	}
	if err != nil {
		return nil, err
	}
	m, err := d.Fit(ctx, r, survey.EngineOptions{})
	if err != nil {
		return nil, err
	}
	var rows []Row
	for _, k := range m.Coefficients {
		row := Row{Term: k.Name, Base: &m.Base, NotEstimable: k.NotEstimable}
		if k.NotEstimable == "" {
			row.Estimate, row.SE, row.T, row.P, row.DF, row.CI = &k.Value, &k.SE, &k.T, &k.P, k.DF, []*float64{&k.Lo, &k.Hi}
		}
		rows = append(rows, row)
	}
	return rows, nil
}
