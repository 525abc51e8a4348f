package analysis

import (
	"context"
	"fmt"
	"strings"

	"waymark/stats/survey"
	"waymark/stats/table"
)

var measures = map[string]survey.Measure{"ratio": survey.RiskRatio, "difference": survey.RiskDifference, "odds": survey.OddsRatio}

// planCompare asks how two groups compare.
func planCompare(p *plan, a *Ask, by []string) gather {
	cols, ok := p.groups(by)
	r := survey.ComparisonRequest{Measure: measures[a.Measure], By: cols, Where: p.where, Confidence: p.opt.Confidence, DF: a.DF}
	var err error
	if col, _ := p.data.Column(a.Variables[0]); col != nil && col.Kind() == table.Number && !a.HasLevel && a.Measure != "odds" {
		r.Variable = col
	} else if number, _ := p.data.IsNumber(a.Variables[0]); number && !a.HasLevel {
		r.Variable, err = numberColumn(p.data, a.Variables[0])
	} else {
		r.Variable, r.Level, err = p.data.characteristic(a.Variables[0], a.Level, a.HasLevel)
	}
	p.add(err)
	ok = ok && err == nil
	for k, g := range a.Of {
		c, err := p.data.grouping(g.Column)
		if err != nil {
			p.add(err)
			ok = false
			continue
		}
		for _, level := range []string{g.Level, a.Against[k].Level} {
			if _, _, err := p.data.characteristic(g.Column, level, true); err != nil {
				p.add(err)
				ok = false
			}
		}
		r.Over, r.Of, r.Against = append(r.Over, c), append(r.Of, g.Level), append(r.Against, a.Against[k].Level)
	}
	if !ok {
		return nil
	}
	at := len(p.query.Comparisons)
	p.query.Comparisons = append(p.query.Comparisons, r)
	return func(_ context.Context, answer *survey.Answer) ([]Row, error) {
		var rows []Row
		for _, c := range answer.Comparisons[at] {
			row := newRow()
			row.Domain, row.Variable, row.Level = domain(cols, c.Domain), a.Variables[0], a.Level
			row.Term = groupNames(a.Of) + " vs " + groupNames(a.Against)
			row.Base, row.NotEstimable = c.Of.Base+c.Against.Base, c.NotEstimable
			for i := range row.Missing {
				row.Missing[i] = c.Of.Missing[i] + c.Against.Missing[i]
			}
			if c.NotEstimable == "" {
				row.Value, row.SE, row.Lo, row.Hi, row.DF, row.P = c.Value, c.SE, c.Lo, c.Hi, c.DF, c.P
				if a.Measure != "difference" {
					row.LogSE = c.LogSE
				}
			}
			rows = append(rows, row)
		}
		return rows, nil
	}
}

func groupNames(groups []Group) string {
	parts := make([]string, len(groups))
	for i, g := range groups {
		parts[i] = g.Level
	}
	return strings.Join(parts, ", ")
}

func titleCompare(a *Ask) string {
	what := a.Variables[0]
	if a.HasLevel {
		what += " = " + a.Level
	}
	word := map[string]string{"ratio": "ratio", "difference": "difference", "odds": "odds ratio"}[a.Measure]
	return fmt.Sprintf("%s of %s, %s against %s", word, what, groupNames(a.Of), groupNames(a.Against))
}

// planTrend asks how a proportion changes across ordered groups.
func planTrend(p *plan, a *Ask, by []string) gather {
	cols, ok := p.groups(by)
	r := survey.TrendRequest{By: cols, Where: p.where, Confidence: p.opt.Confidence}
	var err error
	r.Variable, r.Level, err = p.data.characteristic(a.Variables[0], a.Level, a.HasLevel)
	p.add(err)
	over, overErr := p.data.grouping(a.Over)
	p.add(overErr)
	if r.Over = over; !ok || err != nil || overErr != nil {
		return nil
	}
	at := len(p.query.Trends)
	p.query.Trends = append(p.query.Trends, r)
	return func(_ context.Context, answer *survey.Answer) ([]Row, error) {
		var rows []Row
		for _, t := range answer.Trends[at] {
			row := newRow()
			row.Domain, row.Variable, row.Level, row.Term = domain(cols, t.Domain), a.Variables[0], a.Level, "odds ratio per step of "+a.Over
			row.N, row.Base, row.Counted, row.NotEstimable = t.N, t.Base, true, t.NotEstimable
			if t.NotEstimable == "" {
				row.Statistic, row.DF, row.DF2, row.P, row.Method = t.Statistic, t.DF1, t.DF2, t.P, t.Method
				if row.NotEstimable = t.NoOddsRatio; row.NotEstimable == "" {
					row.Value, row.LogSE, row.Lo, row.Hi = t.OddsRatio, t.LogSE, t.Lo, t.Hi
				}
			}
			rows = append(rows, row)
		}
		return rows, nil
	}
}

func titleTrend(a *Ask) string {
	what := a.Variables[0]
	if a.HasLevel {
		what += " = " + a.Level
	}
	return fmt.Sprintf("trend of %s across %s", what, a.Over)
}
