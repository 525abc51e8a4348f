package spec

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"waymark/internal/fault"
	"waymark/stats/survey"
	"waymark/stats/table"
)

// intercept is the name of the constant in model matrices.
const intercept = "(Intercept)"

// isNumber says whether a term is used as a number: all its texts are numbers
// and the case does not list it as categorical.
func (c *Case) isNumber(f *file, name string) (bool, error) {
	if slices.Contains(c.Categorical, name) {
		return false, nil
	}
	col, err := f.category(name)
	if err != nil {
		return false, err
	}
	texts := make([]string, 0, len(col.Levels))
	for _, l := range col.Levels {
		if l.Code != "NA" {
			texts = append(texts, l.Code)
		}
	}
	return numeric(texts), nil
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
func (c *Case) matrix(f *file) ([]survey.Term, error) {
	ones := make([]float64, f.table.Rows())
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
			col, err := f.number(name)
			if err != nil {
				return nil, err
			}
			terms = append(terms, survey.Term{Name: name, Values: col.Values})
			continue
		}
		col, err := f.category(name)
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
func (c *Case) regress(d *survey.Design, f *file) ([]Row, error) {
	terms, err := c.matrix(f)
	if err != nil {
		return nil, err
	}
	family := survey.Gaussian
	outcome := survey.Term{Name: c.Outcome}
	if c.Estimate == "logit" {
		family = survey.Binomial
		col, err := f.category(c.Outcome)
		if err != nil {
			return nil, err
		}
		level := col.Index(*c.Level)
		if level < 0 {
			return nil, fault.New(fault.Invalid, fault.Place{Field: c.Outcome}, fmt.Sprintf("there is no level %q", *c.Level), "use the text of a cell")
		}
		outcome.Values = indicator(col, level)
	} else {
		col, err := f.number(c.Outcome)
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

// auxiliaries makes the columns of a calibration from the names of its totals,
// in the order of names: the constant, a number, or a category with a level.
func (c *Case) auxiliaries(f *file) ([]survey.Auxiliary, error) {
	names := make([]string, 0, len(c.Calibrate.Totals))
	for n := range c.Calibrate.Totals {
		names = append(names, n)
	}
	slices.Sort(names)
	var out []survey.Auxiliary
	for _, name := range names {
		a := survey.Auxiliary{Name: name, Total: c.Calibrate.Totals[name]}
		switch {
		case name == intercept:
			a.Values = make([]float64, f.table.Rows())
			for i := range a.Values {
				a.Values[i] = 1
			}
		case f.table.Column(name) != nil:
			col, err := f.number(name)
			if err != nil {
				return nil, err
			}
			a.Values = col.Values
		default:
			for _, col := range f.table.Columns() {
				level, ok := strings.CutPrefix(name, col.Name())
				if !ok {
					continue
				}
				cat, err := f.category(col.Name())
				if err != nil {
					return nil, err
				}
				if l := cat.Index(level); l >= 0 {
					a.Values = indicator(cat, l)
				}
			}
			if a.Values == nil {
				return nil, fault.New(fault.NotFound, fault.Place{File: f.name, Field: name}, "no column, and no column with a level, has this name", "name totals by model-matrix column")
			}
		}
		out = append(out, a)
	}
	return out, nil
}

// quantiles runs quantiles of a number.
func (c *Case) quantiles(ctx context.Context, d *survey.Design, f *file) ([]Row, error) {
	by, err := c.by(f)
	if err != nil {
		return nil, err
	}
	r := survey.QuantileRequest{P: c.P, By: by, Confidence: c.Confidence}
	if len(r.P) == 0 {
		r.P = []float64{0.25, 0.5, 0.75}
	}
	if r.Variable, err = f.number(c.Variables[0]); err != nil {
		return nil, err
	}
	found, err := d.Quantiles(ctx, r, survey.EngineOptions{})
	if err != nil {
		return nil, err
	}
	var rows []Row
	for _, q := range found {
		row := Row{P: &q.P, Base: &q.Base, NotEstimable: q.NotEstimable}
		var domain []string
		for k := len(by) - 1; k >= 0; k-- {
			domain = append(domain, by[k].Levels[q.Domain[k]].Code)
		}
		row.domain(domain)
		if q.NotEstimable == "" {
			row.Estimate, row.CI = &q.Value, limits(q.Lo, q.Hi)
			if !math.IsNaN(q.SE) {
				row.SE = &q.SE
			}
		}
		rows = append(rows, row)
	}
	return rows, nil
}
