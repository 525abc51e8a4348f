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
	asks, err := c.asks()
	if err != nil {
		return nil, err
	}
	a := analysis.Analysis{
		Data: f, Sample: c.sample(), Asks: asks,
		Options: analysis.Options{Confidence: c.Confidence, Deff: survey.WithoutReplacement, QuantileRule: c.QuantileRule, QuantileInterval: c.QuantileInterval},
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
	for _, result := range report.Results {
		for i := range result.Rows {
			rows = append(rows, c.row(&result.Rows[i]))
		}
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

// asks are what the case asks: one thing, or what is asked of its model.
func (c *Case) asks() ([]analysis.Ask, error) {
	var a analysis.Ask
	var err error
	if c.Formula == "" {
		a = c.ask()
	} else if a, err = analysis.ParseAsk(c.Estimate, "formula", c.Formula); err != nil {
		return nil, err
	} else {
		a.Method, a.Categorical = c.Method, c.Categorical
	}
	if a.Formula == nil {
		return []analysis.Ask{a}, nil
	}
	if a.Variance, err = analysis.ParseSmallSample(c.SmallSample); err != nil {
		return nil, err
	}
	uncertainty, err := analysis.ParseUncertainty(cmp.Or(c.Uncertainty, analysis.Uncertainties[0]))
	if err != nil {
		return nil, err
	}
	var after []analysis.Ask
	for kind, names := range map[string]Names{"wald": c.Wald, "margins": c.Margins, "effects": c.Effects} {
		for _, name := range names {
			more, err := analysis.AskAfter(kind, a, name)
			if err != nil {
				return nil, err
			}
			more.Uncertainty = uncertainty
			after = append(after, more)
		}
	}
	if len(after) == 0 {
		return []analysis.Ask{a}, nil
	}
	order := analysis.After()
	slices.SortStableFunc(after, func(x, y analysis.Ask) int {
		return cmp.Compare(slices.Index(order, x.Kind), slices.Index(order, y.Kind))
	})
	return after, nil
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
	case "variance", "correlation", "ttest", "ranktest", "contrast", "compare", "trend":
		out.Variable, out.Term = r.Variable, r.Term
	}
	if r.NotEstimable != "" {
		return out
	}
	if out.OddsRatio = finite(r.OddsRatio); c.Estimate == "independence" || slices.Contains(byFormula, c.Estimate) || !math.IsNaN(r.Statistic) {
		out.Statistic, out.P, out.DF = finite(r.Statistic), finite(r.P), r.DF
		if !math.IsNaN(r.DF2) {
			out.DF = []float64{r.DF, r.DF2}
		}
		if c.Estimate == "independence" {
			return out
		}
		if v, ok := out.DF.(float64); ok && finite(v) == nil {
			out.DF = nil
		}
		out.Estimate, out.SE, out.T, out.CI = finite(r.Value), finite(r.SE), finite(r.T), nil
		if lo, hi := finite(r.Lo), finite(r.Hi); lo != nil || hi != nil {
			out.CI = []*float64{lo, hi}
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
		out.T, out.P = finite(r.T), finite(r.P)
		if finite(r.DF) != nil {
			out.DF = r.DF
		}
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
