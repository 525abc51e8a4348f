package spec

import (
	"context"
	"fmt"
	"math"
	"slices"

	"waymark/internal/fault"
	"waymark/stats/survey"
	"waymark/stats/table"
)

// methods are the interval methods by R's names, with Wilson's.
var methods = map[string]survey.Interval{
	"logit": survey.Logit, "likelihood": survey.Likelihood, "asin": survey.Asin, "beta": survey.Beta,
	"mean": survey.Normal, "xlogit": survey.XLogit, "wilson": survey.Wilson, "clopper-pearson": survey.ClopperPearson,
}

// Run runs one case on the files of a library.
func Run(ctx context.Context, c Case, files *Library) ([]Row, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	f, err := files.open(ctx, c.Data)
	if err != nil {
		return nil, err
	}
	d, err := c.design(f)
	if err != nil {
		return nil, err
	}
	switch c.Estimate {
	case "independence":
		return c.independence(ctx, d, f)
	case "domain_ratio":
		return c.domainRatio(ctx, d, f)
	case "quantile":
		return c.quantiles(ctx, d, f)
	case "linear", "logit":
		return c.regress(d, f)
	default:
		return c.estimate(ctx, d, f)
	}
}

// RunAll runs cases in order; one that fails does not stop the others.
func RunAll(ctx context.Context, cases []Case, files *Library) []Outcome {
	out := make([]Outcome, len(cases))
	for i, c := range cases {
		out[i].ID = c.ID
		rows, err := Run(ctx, c, files)
		if err != nil {
			out[i].Error = err.Error()
			continue
		}
		out[i].Result = rows
	}
	return out
}

// estimate runs means, totals, shares, proportions and ratios.
func (c *Case) estimate(ctx context.Context, d *survey.Design, f *file) ([]Row, error) {
	by, err := c.by(f)
	if err != nil {
		return nil, err
	}
	base := survey.Request{By: by, Confidence: c.Confidence, Deff: survey.WithoutReplacement}
	var requests []survey.Request
	names := c.Variables
	if c.Estimate == "ratio" {
		names = []string{c.Numerator}
	}
	for _, name := range names {
		r := base
		switch c.Estimate {
		case "share":
			r.Statistic = survey.Share
			r.Variable, err = f.category(name)
		case "proportion":
			r.Statistic, r.Level = survey.Proportion, *c.Level
			r.Variable, err = f.category(name)
			method, ok := methods[c.Method]
			if c.Method == "" {
				method, ok, r.DF = survey.Normal, true, math.Inf(1)
			}
			if !ok {
				return nil, fault.New(fault.Invalid, fault.Place{Field: "method"}, fmt.Sprintf("there is no interval method %q", c.Method), "logit, likelihood, asin, beta, mean, xlogit or wilson")
			}
			r.Interval = method
		case "ratio":
			r.Statistic = survey.Ratio
			if r.Denominator, err = f.number(c.Denominator); err == nil {
				r.Variable, err = f.number(name)
			}
		default:
			r.Statistic = survey.Mean
			if c.Estimate == "total" {
				r.Statistic = survey.Total
			}
			r.Variable, err = f.number(name)
		}
		if err != nil {
			return nil, err
		}
		requests = append(requests, r)
	}
	results, err := c.answer(ctx, d, requests)
	if err != nil {
		return nil, err
	}
	var rows []Row
	for i, r := range results {
		for _, e := range r.Estimates {
			rows = append(rows, c.row(e, requests[i]))
		}
	}
	return rows, nil
}

// answer estimates with the case's kind of variance.
func (c *Case) answer(ctx context.Context, d *survey.Design, requests []survey.Request) ([]survey.Result, error) {
	kinds := map[string]survey.Replication{"JK1": survey.JK1, "JKn": survey.JKn}
	kind, jackknife := kinds[c.Variance]
	if !jackknife {
		return d.Estimate(ctx, requests, survey.EngineOptions{})
	}
	var out []survey.Result
	for _, r := range requests {
		e, err := d.Jackknife(ctx, r, kind, survey.EngineOptions{})
		if err != nil {
			return nil, err
		}
		out = append(out, survey.Result{Estimates: e})
	}
	return out, nil
}

// by returns the domain columns, the last of which varies slowest.
func (c *Case) by(f *file) ([]*table.CategoryColumn, error) {
	var by []*table.CategoryColumn
	for _, name := range slices.Backward(c.By) {
		col, err := f.category(name)
		if err != nil {
			return nil, err
		}
		by = append(by, col)
	}
	return by, nil
}

// row writes one estimate.
func (c *Case) row(e survey.Estimate, r survey.Request) Row {
	out := Row{NotEstimable: e.NotEstimable, N: &e.N, Base: &e.Base}
	if c.Estimate == "mean" || c.Estimate == "total" {
		out.Variable = r.Variable.Name()
	}
	if e.Level >= 0 {
		out.Level = r.Variable.(*table.CategoryColumn).Levels[e.Level].Code
	}
	var domain []string
	for k := len(r.By) - 1; k >= 0; k-- {
		domain = append(domain, r.By[k].Levels[e.Domain[k]].Code)
	}
	out.domain(domain)
	if e.NotEstimable != "" {
		return out
	}
	out.Estimate, out.SE, out.CI = &e.Value, &e.SE, limits(e.Lo, e.Hi)
	if !math.IsNaN(e.Deff) {
		out.Deff = &e.Deff
	}
	if r.Interval != e.Method && r.Interval != survey.IntervalDefault {
		out.Method = e.Method.String()
	}
	return out
}

func (r *Row) domain(codes []string) {
	switch len(codes) {
	case 0:
	case 1:
		r.Domain = codes[0]
	default:
		r.Domain = codes
	}
}

// limits turns limits that do not exist into nulls.
func limits(lo, hi float64) []*float64 {
	ci := make([]*float64, 2)
	for i, v := range []float64{lo, hi} {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			ci[i] = &v
		}
	}
	return ci
}

// independence runs a Rao-Scott test.
func (c *Case) independence(ctx context.Context, d *survey.Design, f *file) ([]Row, error) {
	r := survey.IndependenceRequest{}
	switch c.Method {
	case "", "F", "Rao-Scott second order, F":
	case "Chisq", "Rao-Scott first order, chi-squared":
		r.Method = survey.FirstOrder
	default:
		return nil, fault.New(fault.Invalid, fault.Place{Field: "method"}, fmt.Sprintf("there is no test %q", c.Method), "F or Chisq")
	}
	rows, err := f.category(c.Variables[0])
	if err != nil {
		return nil, err
	}
	if r.Columns, err = f.category(c.Variables[1]); err != nil {
		return nil, err
	}
	if r.By, err = c.by(f); err != nil {
		return nil, err
	}
	r.Rows = rows
	a, err := d.Run(ctx, survey.Query{Independences: []survey.IndependenceRequest{r}}, survey.EngineOptions{})
	if err != nil {
		return nil, err
	}
	var out []Row
	for _, x := range a.Independences[0] {
		row := Row{NotEstimable: x.NotEstimable, Base: &x.Base}
		var domain []string
		for k := len(r.By) - 1; k >= 0; k-- {
			domain = append(domain, r.By[k].Levels[x.Domain[k]].Code)
		}
		row.domain(domain)
		if x.NotEstimable == "" {
			row.Statistic, row.P, row.DF = &x.Statistic, &x.P, []float64{x.DF1, x.DF2}
			if r.Method == survey.FirstOrder {
				row.DF = x.DF1
			}
		}
		out = append(out, row)
	}
	return out, nil
}

// domainRatio runs the ratio of the means, or proportions, of two domains. Its
// interval is the normal one on the scale of the ratio.
func (c *Case) domainRatio(ctx context.Context, d *survey.Design, f *file) ([]Row, error) {
	over, err := c.by(f)
	if err != nil {
		return nil, err
	}
	r := survey.ComparisonRequest{Measure: survey.RiskRatio, Over: over, Of: c.Of[:1], Against: c.Of[1:], DF: math.Inf(1)}
	if c.Level != nil {
		r.Level = *c.Level
		r.Variable, err = f.category(c.Variables[0])
	} else {
		r.Variable, err = f.number(c.Variables[0])
	}
	if err != nil {
		return nil, err
	}
	a, err := d.Run(ctx, survey.Query{Comparisons: []survey.ComparisonRequest{r}}, survey.EngineOptions{})
	if err != nil {
		return nil, err
	}
	if len(a.Comparisons[0]) == 0 {
		return nil, fault.New(fault.Invalid, fault.Place{Field: c.By[0]}, "no row has a value in the by column", "check the column")
	}
	x := a.Comparisons[0][0]
	row := Row{NotEstimable: x.NotEstimable}
	if x.NotEstimable == "" {
		confidence := c.Confidence
		if confidence == 0 {
			confidence = 0.95
		}
		half := survey.NormalQuantile(1-(1-confidence)/2) * x.SE
		row.Estimate, row.SE, row.CI = &x.Value, &x.SE, limits(x.Value-half, x.Value+half)
	}
	return []Row{row}, nil
}
