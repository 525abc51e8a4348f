package analysis

import (
	"context"
	"fmt"
	"math"
	"strings"

	"waymark/internal/fault"
	"waymark/stats/survey"
	"waymark/stats/table"
)

// methods are the interval methods by R's names, with Wilson's and the exact one.
var methods = map[string]survey.Interval{
	"logit": survey.Logit, "likelihood": survey.Likelihood, "asin": survey.Asin, "beta": survey.Beta,
	"mean": survey.Normal, "xlogit": survey.XLogit, "wilson": survey.Wilson, "clopper-pearson": survey.ClopperPearson,
}

// Intervals are the names of methods for the interval of a proportion.
var Intervals = []string{"wilson", "logit", "likelihood", "asin", "beta", "mean", "xlogit", "clopper-pearson"}

// planEstimate asks for means, totals, shares, proportions and ratios.
func planEstimate(p *plan, a *Ask, by []string) gather {
	cols, ok := p.groups(by)
	base := survey.Request{By: cols, Where: p.where, Confidence: p.opt.Confidence, DF: p.opt.DF, Deff: p.opt.Deff}
	if a.DF != 0 {
		base.DF = a.DF
	}
	var requests []survey.Request
	var levels []string // of proportions; "" where the estimate has a level of its own
	ask := func(r survey.Request, level string) {
		requests, levels = append(requests, r), append(levels, level)
	}
	for _, name := range a.Variables {
		var err error
		r := base
		switch a.Kind {
		case "mean", "total":
			r.Statistic = survey.Mean
			if a.Kind == "total" {
				r.Statistic = survey.Total
			}
			r.Variable, err = numberColumn(p.data, name)
			if err == nil {
				ask(r, "")
			}
		case "ratio":
			r.Statistic = survey.Ratio
			r.Variable, err = numberColumn(p.data, name)
			p.add(err)
			if r.Denominator, err = p.data.Number(a.Denominator); err == nil && r.Variable != nil {
				ask(r, "")
			}
		case "share":
			err = p.shares(r, name, ask)
		case "proportion":
			r.Statistic = survey.Proportion
			if err = p.interval(a, &r); err == nil {
				level := ""
				r.Variable, level, err = p.data.characteristic(name, a.Level, a.HasLevel)
				r.Level = level
				if a.HasLevel {
					level = a.Level
				}
				ask(r, level)
			}
		}
		if err != nil {
			p.add(err)
			ok = false
		}
	}
	if !ok || len(requests) == 0 {
		return nil
	}
	if kind := jackknives[p.sample.Jackknife]; kind != 0 {
		return p.jackknife(kind, requests, levels)
	}
	from := len(p.query.Estimates)
	p.query.Estimates = append(p.query.Estimates, requests...)
	return func(_ context.Context, answer *survey.Answer) ([]Row, error) {
		var rows []Row
		for i := range requests {
			for _, e := range answer.Estimates[from+i].Estimates {
				rows = append(rows, estimateRow(&requests[i], &e, levels[i]))
			}
		}
		return rows, nil
	}
}

// jackknife answers requests one by one.
func (p *plan) jackknife(kind survey.Replication, requests []survey.Request, levels []string) gather {
	return func(ctx context.Context, _ *survey.Answer) ([]Row, error) {
		var rows []Row
		for i := range requests {
			found, err := p.d.Jackknife(ctx, requests[i], kind, survey.EngineOptions{Workers: p.opt.Workers})
			if err != nil {
				return nil, err
			}
			for _, e := range found {
				rows = append(rows, estimateRow(&requests[i], &e, levels[i]))
			}
		}
		return rows, nil
	}
}

// numberColumn is Data.Number as a column, nil if there is none.
func numberColumn(d *Data, name string) (table.Column, error) {
	c, err := d.Number(name)
	if err != nil {
		return nil, err
	}
	return c, nil
}

// shares asks for the share of every level; of a set, of every option.
func (p *plan) shares(r survey.Request, name string, ask func(survey.Request, string)) error {
	col, err := p.data.Column(name)
	if err != nil {
		return err
	}
	if set, ok := col.(*table.SetColumn); ok {
		r.Statistic, r.Interval, r.Level = survey.Proportion, survey.Normal, "true"
		if r.DF == 0 {
			r.DF = math.Inf(1)
		}
		for l, level := range set.Levels {
			r.Variable = option(set, l)
			ask(r, level.Code)
		}
		return nil
	}
	c, err := p.data.grouping(name)
	if err != nil {
		return err
	}
	r.Statistic, r.Variable = survey.Share, c
	ask(r, "")
	return nil
}

// interval chooses the method of a proportion's interval.
func (p *plan) interval(a *Ask, r *survey.Request) error {
	name := a.Method
	if name == "" {
		name = p.opt.Interval
	}
	if name == "" {
		name = Intervals[0]
	}
	method, ok := methods[name]
	if !ok {
		remedy := strings.Join(Intervals, ", ")
		if near := fault.Nearest(name, Intervals); near != "" {
			remedy = fmt.Sprintf("did you mean %s?", near)
		}
		return fault.New(fault.Invalid, fault.Place{Field: "method"}, fmt.Sprintf("there is no interval method %q", name), remedy)
	}
	r.Interval = method
	return nil
}

// estimateRow turns an estimate into a row.
func estimateRow(r *survey.Request, e *survey.Estimate, level string) Row {
	out := newRow()
	out.Domain = domain(r.By, e.Domain)
	out.Variable, out.Level = r.Variable.Name(), level
	if e.Level >= 0 {
		out.Level = r.Variable.(*table.CategoryColumn).Levels[e.Level].Code
	}
	out.N, out.Base, out.Missing, out.NotEstimable = e.N, e.Base, e.Missing, e.NotEstimable
	out.Counted = r.Statistic == survey.Proportion || r.Statistic == survey.Share
	if e.NotEstimable != "" {
		return out
	}
	out.Value, out.SE, out.Lo, out.Hi, out.Deff = e.Value, e.SE, e.Lo, e.Hi, e.Deff
	out.Method = e.Method.String()
	out.Fallback = r.Interval != e.Method && r.Interval != survey.IntervalDefault
	return out
}
