package analysis

import (
	"context"
	"fmt"
	"math"
	"strings"

	"waymark/internal/fault"
	"waymark/stats/survey"
	"waymark/stats/survey/condition"
	"waymark/stats/table"
)

// parseTTest reads y~group, y~1 (is the mean 0), y-x~1 (paired).
func parseTTest(a *Ask, text string) error {
	parts := split(text, "~")
	if len(parts) != 2 || bare(parts[0]) == "" || bare(parts[1]) == "" {
		return a.wrong("Y~GROUP is needed", `such as --ttest api00~sch.wide, or "api00 - api99 ~ 1" for a paired test`)
	}
	a.Over = bare(parts[1])
	a.Variables = []string{bare(parts[0])}
	if pair := split(parts[0], " - "); len(pair) == 2 {
		a.Variables = []string{bare(pair[0]), bare(pair[1])}
	}
	if (a.Over == "0" || a.Over == "1") && parts[1][0] != '`' {
		a.Over = ""
	} else if len(a.Variables) == 2 {
		return a.wrong("a paired test has no groups", `such as "api00 - api99 ~ 1"`)
	}
	return nil
}

// planTTest asks whether two means are equal, or one is 0.
func planTTest(p *plan, a *Ask, by []string) gather {
	cols, ok := p.groups(by)
	numbers, all := p.numbers(a.Variables)
	r := survey.TTestRequest{By: cols, Where: p.where, Confidence: p.opt.Confidence}
	if a.Over != "" {
		over, err := p.data.grouping(a.Over)
		p.add(err)
		ok = ok && err == nil
		if r.Over = over; err == nil && len(over.Levels) != 2 {
			p.add(fault.New(fault.Invalid, fault.Place{File: p.data.Name, Field: a.Over}, fmt.Sprintf("a t test is of two groups, and the column has %d", len(over.Levels)), "use --rank, or --compare with two of its levels"))
			ok = false
		}
	}
	if !ok || !all {
		return nil
	}
	if r.Variable = numbers[0]; len(numbers) == 2 {
		r.Minus = numbers[1]
	}
	return func(ctx context.Context, _ *survey.Answer) ([]Row, error) {
		found, err := p.d.TTests(ctx, r, survey.EngineOptions{Workers: p.opt.Workers})
		if err != nil {
			return nil, err
		}
		var rows []Row
		for _, t := range found {
			row := newRow()
			row.Domain, row.Variable, row.Base, row.Method, row.NotEstimable = domain(cols, t.Domain), r.Variable.Name(), t.Base, t.Method, t.NotEstimable
			for i := range row.Missing {
				row.Missing[i] = t.Of.Missing[i] + t.Against.Missing[i]
			}
			switch {
			case r.Over != nil:
				row.Term = fmt.Sprintf("%s less %s", r.Over.Levels[1].Code, r.Over.Levels[0].Code)
			case r.Minus != nil:
				row.Term = "less " + r.Minus.Name()
			}
			if t.NotEstimable == "" {
				row.Value, row.SE, row.Lo, row.Hi, row.T, row.DF, row.P = t.Value, t.SE, t.Lo, t.Hi, t.T, t.DF, t.P
			}
			rows = append(rows, row)
		}
		return rows, nil
	}
}

func titleTTest(a *Ask) string {
	what := strings.Join(a.Variables, " - ")
	if a.Over != "" {
		return "t test of " + what + " by " + a.Over
	}
	return "t test of " + what
}

func explainTTest(p *plan, a *Ask, r *Result) {
	p.say(r, "t = estimate over its design-based standard error, with the design's degrees of freedom less one; units that hold rows of both groups bring their covariance. P is two-sided.")
	p.explainVariance(r)
	r.Sources = append(r.Sources, "R survey 4.1-1, svyttest")
	p.explainDomain(r)
	over := "0"
	if a.Over != "" {
		over = condition.RName(a.Over)
	}
	names := make([]string, len(a.Variables))
	for i, n := range a.Variables {
		names[i] = condition.RName(n)
	}
	what := strings.Join(names, " - ")
	if len(names) > 1 {
		what = "I(" + what + ")"
	}
	r.R = p.rDesign() + fmt.Sprintf("svyttest(%s ~ %s, des)", what, over)
}

var rankScores = map[string]survey.RankScore{"": survey.Wilcoxon, "wilcoxon": survey.Wilcoxon, "vanderwaerden": survey.VanDerWaerden, "median": survey.MedianScore, "kruskalwallis": survey.KruskalWallis}

// RankScores are the names of the scores of rank tests, as in R.
var RankScores = []string{"wilcoxon", "vanderWaerden", "median", "KruskalWallis"}

// planRank asks whether a number has the same distribution in groups.
func planRank(p *plan, a *Ask, by []string) gather {
	cols, ok := p.groups(by)
	numbers, all := p.numbers(a.Variables[:1])
	over, err := p.data.grouping(a.Variables[1])
	p.add(err)
	score, known := rankScores[strings.ToLower(a.Method)]
	if !known {
		p.add(fault.New(fault.Invalid, fault.Place{Field: "method"}, fmt.Sprintf("there is no rank test %q", a.Method), strings.Join(RankScores, ", ")))
	}
	if !ok || !all || err != nil || !known {
		return nil
	}
	r := survey.RankTestRequest{Variable: numbers[0], Over: over, Score: score, By: cols, Where: p.where}
	return func(ctx context.Context, _ *survey.Answer) ([]Row, error) {
		found, err := p.d.RankTests(ctx, r, survey.EngineOptions{Workers: p.opt.Workers})
		if err != nil {
			return nil, err
		}
		var rows []Row
		for _, t := range found {
			row := newRow()
			row.Domain, row.Variable, row.Term, row.Base, row.Method, row.NotEstimable = domain(cols, t.Domain), r.Variable.Name(), a.Variables[0]+" ~ "+a.Variables[1], t.Base, t.Method, t.NotEstimable
			row.Missing[table.Blank] = t.Missing
			if t.NotEstimable == "" {
				row.Statistic, row.P = t.Statistic, t.P
				if row.DF, row.DF2 = t.DF1, t.DF2; len(t.Groups) == 2 {
					row.DF, row.DF2 = t.DF2, math.NaN()
					row.Value, row.SE = t.Difference, t.SE
				}
			}
			rows = append(rows, row)
		}
		return rows, nil
	}
}

func titleRank(a *Ask) string { return "rank test of " + a.Variables[0] + " by " + a.Variables[1] }

func explainRank(p *plan, a *Ask, r *Result) {
	p.say(r, "Each row's rank in the population is estimated by the weights, and the groups' mean scores of these ranks are compared: with two groups by t, with more by Wald's chi-squared, whose F has the design's degrees of freedom.")
	p.explainVariance(r)
	r.Sources = append(r.Sources, "Lumley and Scott (2013), Biometrika 100", "R survey 4.1-1, svyranktest")
	p.explainDomain(r)
	test := a.Method
	if test == "" {
		test = "wilcoxon"
	}
	r.R = p.rDesign() + fmt.Sprintf("svyranktest(%s ~ %s, des, test = %q)", condition.RName(a.Variables[0]), condition.RName(a.Variables[1]), test)
}
