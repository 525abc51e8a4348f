package spec

import (
	"cmp"
	"context"
	"math"
	"slices"

	"waymark/internal/fault"
	"waymark/stats/survey"
	"waymark/stats/survey/analysis"
)

// Run runs one case on the files of a library.
func Run(ctx context.Context, c Case, files *Library) ([]Row, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	f, err := files.open(ctx, c.Data)
	if err != nil {
		return nil, err
	}
	by := slices.Clone(c.By)
	if c.Estimate == "domain_ratio" {
		by = nil
	}
	slices.Reverse(by) // the last column of a case varies slowest
	a := analysis.Analysis{
		Data: f, Sample: c.sample(), Asks: []analysis.Ask{c.ask()},
		Options: analysis.Options{Confidence: c.Confidence, Deff: survey.WithoutReplacement},
	}
	if len(by) > 0 {
		a.By = [][]string{by}
	}
	report, err := a.Run(ctx)
	if err != nil {
		return nil, err
	}
	if c.Estimate == "domain_ratio" && len(report.Results[0].Rows) == 0 {
		return nil, fault.New(fault.Invalid, fault.Place{Field: c.By[0]}, "no row has a value in the by column", "check the column")
	}
	if c.Estimate == "quantile" { // one share after the other
		slices.SortStableFunc(report.Results[0].Rows, func(a, b analysis.Row) int { return cmp.Compare(a.At, b.At) })
	}
	var rows []Row
	for i := range report.Results[0].Rows {
		rows = append(rows, c.row(&report.Results[0].Rows[i]))
	}
	return rows, nil
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

// ask is what the case asks.
func (c *Case) ask() analysis.Ask {
	a := analysis.Ask{Kind: c.Estimate, Variables: c.Variables, Denominator: c.Denominator, At: c.P, Method: c.Method}
	if c.Level != nil {
		a.Level, a.HasLevel = *c.Level, true
	}
	switch c.Estimate {
	case "ratio":
		a.Variables = []string{c.Numerator}
	case "proportion":
		if c.Method == "" {
			a.Method, a.DF = "mean", math.Inf(1)
		}
	case "linear", "logit":
		a.Formula, a.Categorical = c.formula(), c.Categorical
	case "domain_ratio":
		a.Kind, a.Measure, a.DF = "compare", "ratio", math.Inf(1)
		a.Of = []analysis.Group{{Column: c.By[0], Level: c.Of[0]}}
		a.Against = []analysis.Group{{Column: c.By[0], Level: c.Of[1]}}
	}
	return a
}

// row writes one row of an answer.
func (c *Case) row(r *analysis.Row) Row {
	out := Row{NotEstimable: r.NotEstimable, Base: &r.Base}
	var domain []string
	for _, g := range slices.Backward(r.Domain) {
		domain = append(domain, g.Level)
	}
	out.domain(domain)
	switch c.Estimate {
	case "mean", "total":
		out.Variable, out.N = r.Variable, &r.N
	case "share":
		out.Level, out.N = r.Level, &r.N
	case "proportion", "ratio":
		out.N = &r.N
	case "domain_ratio":
		out.Base = nil
	case "quantile":
		out.P = &r.At
	case "linear", "logit":
		out.Term = r.Term
	}
	if r.NotEstimable != "" {
		return out
	}
	if c.Estimate == "independence" {
		out.Statistic, out.P, out.DF = finite(r.Statistic), finite(r.P), r.DF
		if !math.IsNaN(r.DF2) {
			out.DF = []float64{r.DF, r.DF2}
		}
		return out
	}
	if c.Estimate == "domain_ratio" { // the normal interval on the scale of the ratio
		confidence := c.Confidence
		if confidence == 0 {
			confidence = 0.95
		}
		half := survey.NormalQuantile(1-(1-confidence)/2) * r.SE
		r.Lo, r.Hi = r.Value-half, r.Value+half
	}
	if out.Term != "" {
		out.T, out.P, out.DF = finite(r.T), finite(r.P), r.DF
	}
	out.Estimate, out.SE, out.Deff = finite(r.Value), finite(r.SE), finite(r.Deff)
	out.CI = []*float64{finite(r.Lo), finite(r.Hi)}
	if r.Fallback {
		out.Method = r.Method
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

// finite is nil for a number that there is not.
func finite(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}
