package analysis

import (
	"context"
	"fmt"
	"strings"

	"waymark/stats/survey"
	"waymark/stats/table"
)

// numbers resolves columns of numbers.
func (p *plan) numbers(names []string) (cols []*table.NumberColumn, ok bool) {
	ok = true
	for _, name := range names {
		c, err := p.data.Number(name)
		if err != nil {
			p.add(err)
			ok = false
			continue
		}
		cols = append(cols, c)
	}
	return cols, ok
}

// planMoment asks for variances, or for the correlations of all pairs.
func planMoment(p *plan, a *Ask, by []string) gather {
	cols, ok := p.groups(by)
	numbers, all := p.numbers(a.Variables)
	if !ok || !all {
		return nil
	}
	base := survey.MomentRequest{By: cols, Where: p.where, Confidence: p.opt.Confidence, DF: p.opt.DF}
	var requests []survey.MomentRequest
	want := survey.Correlation
	if a.Kind == "variance" { // each with its own base
		want = survey.Variance
		for _, n := range numbers {
			r := base
			r.Variables = []*table.NumberColumn{n}
			requests = append(requests, r)
		}
	} else {
		base.Variables = numbers
		requests = append(requests, base)
	}
	return func(ctx context.Context, _ *survey.Answer) ([]Row, error) {
		var rows []Row
		for _, r := range requests {
			found, _, err := p.d.Moments(ctx, r, survey.EngineOptions{Workers: p.opt.Workers})
			if err != nil {
				return nil, err
			}
			for _, m := range found {
				if m.Kind != want {
					continue
				}
				row := newRow()
				row.Domain, row.Variable = domain(cols, m.Domain), r.Variables[m.With].Name()
				if want == survey.Correlation {
					row.Variable, row.Term = "", r.Variables[m.With].Name()+" and "+r.Variables[m.Variable].Name()
				}
				row.Base, row.NotEstimable = m.Base, m.NotEstimable
				row.Missing[table.Blank] = m.Missing
				if m.NotEstimable == "" {
					row.Value, row.SE, row.Lo, row.Hi = m.Value, m.SE, m.Lo, m.Hi
					if want == survey.Correlation {
						row.P = m.P
					}
				}
				rows = append(rows, row)
			}
		}
		return rows, nil
	}
}

func parseCorrelation(a *Ask, text string) error {
	if a.Variables = Names(strings.ReplaceAll(text, "~", ",")); len(a.Variables) < 2 {
		return a.wrong("two columns are needed", "such as --correlation api00,api99")
	}
	return nil
}

func explainMoment(p *plan, a *Ask, r *Result) {
	if a.Kind == "variance" {
		p.say(r, "Variance of the population: n/(n-1) Σ w (y - mean)² / Σ w over the n rows with a value.")
	} else {
		p.say(r, "Correlation: the covariance over the root of both variances, each n/(n-1) Σ w (a - mean)(b - mean) / Σ w over the n rows with all values; its variance by the delta method.")
	}
	p.say(r, "The standard error is that of a mean of the products, the means taken as known. Interval: estimate ± %s × standard error.", p.quantileWords())
	p.explainVariance(r)
	r.Sources = append(r.Sources, "R survey 4.1-1, svyvar")
	p.explainDomain(r)
	if len(r.By) > 0 {
		r.R = p.rDesign() + fmt.Sprintf("svyby(%s, %s, des, svyvar, na.rm = TRUE)", rFormula(a.Variables), rFormula(r.By))
	} else {
		r.R = p.rDesign() + fmt.Sprintf("v <- svyvar(%s, des, na.rm = TRUE)", rFormula(a.Variables))
		if a.Kind == "correlation" {
			r.R += "\ncov2cor(as.matrix(v))"
		}
	}
}
