package spec

import (
	"fmt"
	"math"
	"slices"

	"waymark/internal/fault"
	"waymark/stats/survey"
	"waymark/stats/survey/analysis"
	"waymark/stats/table"
)

// intercept is the name of the constant in model matrices.
const intercept = "(Intercept)"

// isNumber says whether a term is used as a number: all its texts are numbers
// and the case does not list it as categorical.
func (c *Case) isNumber(f *analysis.Data, name string) (bool, error) {
	if slices.Contains(c.Categorical, name) {
		return false, nil
	}
	return f.IsNumber(name)
}

// indicator is 1 where a category has the level, NaN where it is missing.
func indicator(col *table.CategoryColumn, level int) []float64 {
	out := make([]float64, col.Len())
	for i := range out {
		switch col.Level(i) {
		case -1:
			out[i] = math.NaN()
		case level:
			out[i] = 1
		}
	}
	return out
}

// matrix makes the model matrix: the constant, numbers as they are, and a
// column for each level but the first of a category.
func (c *Case) matrix(f *analysis.Data) ([]survey.Term, error) {
	ones := make([]float64, f.Table.Rows())
	for i := range ones {
		ones[i] = 1
	}
	terms := []survey.Term{{Name: intercept, Values: ones}}
	for _, name := range c.Terms {
		number, err := c.isNumber(f, name)
		if err != nil {
			return nil, err
		}
		if number {
			col, err := f.Number(name)
			if err != nil {
				return nil, err
			}
			terms = append(terms, survey.Term{Name: name, Values: col.Values})
			continue
		}
		col, err := f.Category(name)
		if err != nil {
			return nil, err
		}
		for l := 1; l < len(col.Levels); l++ {
			terms = append(terms, survey.Term{Name: name + col.Levels[l].Code, Values: indicator(col, l)})
		}
	}
	return terms, nil
}

// regress runs a linear or logistic model.
func (c *Case) regress(d *survey.Design, f *analysis.Data) ([]Row, error) {
	terms, err := c.matrix(f)
	if err != nil {
		return nil, err
	}
	family := survey.Gaussian
	outcome := survey.Term{Name: c.Outcome}
	if c.Estimate == "logit" {
		family = survey.Binomial
		col, err := f.Category(c.Outcome)
		if err != nil {
			return nil, err
		}
		level := col.Index(*c.Level)
		if level < 0 {
			return nil, fault.New(fault.Invalid, fault.Place{Field: c.Outcome}, fmt.Sprintf("there is no level %q", *c.Level), "use the text of a cell")
		}
		outcome.Values = indicator(col, level)
	} else {
		col, err := f.Number(c.Outcome)
		if err != nil {
			return nil, err
		}
		outcome.Values = col.Values
	}
	m, err := d.Regress(family, outcome, terms)
	if err != nil {
		return nil, err
	}
	var rows []Row
	for _, k := range m.Coefficients {
		rows = append(rows, Row{Term: k.Term, Estimate: &k.Value, SE: &k.SE, T: &k.T, P: &k.P, DF: m.DF})
	}
	return rows, nil
}
