package analysis

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"waymark/internal/fault"
	"waymark/stats/survey"
	"waymark/stats/survey/condition"
	"waymark/stats/table"
)

// parseContrast reads a formula over estimates, such as
// "api00[stype=H] - api00[stype=E]".
func parseContrast(a *Ask, text string) error {
	e, err := survey.ParseExpression(text)
	if err == nil && len(e.Names()) == 0 {
		return a.wrong("the formula names no estimate", contrastHelp)
	}
	if err != nil {
		for _, f := range faultsOf(err) {
			f.Kind = fault.Usage
			if f.Place.Field == "" {
				f.Place.Field = a.Text
			}
		}
		return err
	}
	a.Expression, a.Parts = text, e.Names()
	return nil
}

const contrastHelp = "such as --contrast \"api00[stype=H] - api00[stype=E]\": a mean is COLUMN, a proportion COLUMN=LEVEL, " +
	"`total(COLUMN)` and `A/B` stand in backticks, a group in brackets behind"

// part reads the name of an estimate in a contrast.
func (p *plan) part(name string) (survey.Request, error) {
	r := survey.Request{Where: p.where, Confidence: p.opt.Confidence}
	what, groups := name, ""
	if at := strings.IndexByte(name, '['); at >= 0 && strings.HasSuffix(name, "]") {
		what, groups = name[:at], name[at+1:len(name)-1]
	}
	var err error
	switch {
	case strings.HasPrefix(what, "total(") && strings.HasSuffix(what, ")"):
		r.Statistic = survey.Total
		r.Variable, err = numberColumn(p.data, what[6:len(what)-1])
	case p.data.Table.Column(what) == nil && strings.Contains(what, "/"):
		over, under, _ := strings.Cut(what, "/")
		r.Statistic = survey.Ratio
		if r.Variable, err = numberColumn(p.data, strings.TrimSpace(over)); err == nil {
			r.Denominator, err = p.data.Number(strings.TrimSpace(under))
		}
	case p.data.Table.Column(what) == nil && strings.Contains(what, "="):
		column, level, _ := strings.Cut(what, "=")
		r.Statistic = survey.Proportion
		r.Variable, r.Level, err = p.data.characteristic(column, level, true)
	default:
		r.Statistic = survey.Mean
		if col := p.data.Table.Column(what); col != nil && col.Kind() == table.Bool {
			r.Statistic = survey.Proportion
			r.Variable, r.Level, err = p.data.characteristic(what, "", false)
		} else {
			r.Variable, err = numberColumn(p.data, what)
		}
	}
	if err != nil || groups == "" {
		return r, err
	}
	in := make([]bool, p.data.Table.Rows())
	for i := range in {
		in[i] = p.where == nil || p.where[i]
	}
	for _, group := range split(groups, ",") {
		column, level, ok := strings.Cut(group, "=")
		if !ok {
			return r, fault.New(fault.Usage, fault.Place{Field: name}, "a group is COLUMN=LEVEL", contrastHelp)
		}
		column, level = bare(column), bare(strings.TrimPrefix(level, "="))
		c, err := p.data.Category(column)
		if err != nil {
			return r, err
		}
		l := c.Index(level)
		if l < 0 {
			return r, noLevel(fault.Place{File: p.data.Name, Field: column}, level, c.Levels)
		}
		for i := range in {
			in[i] = in[i] && c.Level(i) == l
		}
	}
	r.Where = in
	return r, nil
}

// planContrast asks for a number made of several estimates.
func planContrast(p *plan, a *Ask, _ []string) gather {
	var requests []survey.Request
	ok := true
	for _, name := range a.Parts {
		r, err := p.part(name)
		if err != nil {
			p.add(err)
			ok = false
		}
		requests = append(requests, r)
	}
	if !ok {
		return nil
	}
	return func(ctx context.Context, _ *survey.Answer) ([]Row, error) {
		v, err := p.d.Joint(ctx, requests, survey.EngineOptions{Workers: p.opt.Workers})
		if err != nil {
			return nil, err
		}
		row := newRow()
		row.Term, row.Base = a.Expression, v.Base
		if len(v.Names) != len(a.Parts) { // a group without rows has no estimate
			row.NotEstimable = "no one in one of the groups has an answer"
			return []Row{row}, nil
		}
		v.Names = a.Parts
		switch {
		case a.DF != 0:
			v.DF = a.DF
		case p.opt.DF != 0:
			v.DF = p.opt.DF
		}
		c, err := v.Expression(a.Expression, a.Expression, p.opt.Confidence)
		if err != nil {
			return nil, err
		}
		if row.NotEstimable = c.NotEstimable; c.NotEstimable == "" {
			row.Value, row.SE, row.Lo, row.Hi, row.DF = c.Value, c.SE, c.Lo, c.Hi, c.DF
			if zeroIfEqual(a.Expression, a.Parts) {
				row.P = c.P
			}
		}
		return []Row{row}, nil
	}
}

// zeroIfEqual says whether a contrast is 0 where all its estimates are equal, so
// that a test of 0 asks for a difference: a - b and log(a/b) are, a/b is not.
func zeroIfEqual(expression string, parts []string) bool {
	for _, x := range []float64{0.3, 0.7} {
		equal := &survey.Vector{Names: parts, Values: slices.Repeat([]float64{x}, len(parts)), Cov: make([]float64, len(parts)*len(parts)), DF: math.Inf(1)}
		c, err := equal.Expression("", expression, 0.95)
		if err != nil || !(math.Abs(c.Value) < 1e-9) {
			return false
		}
	}
	return true
}

func titleContrast(a *Ask) string { return "contrast " + a.Expression }

func explainContrast(p *plan, a *Ask, r *Result) {
	p.say(r, "The estimates %s are made together with their full covariance, to which units that hold rows of several bring theirs. The contrast's variance is g'Vg with g its exact derivatives by each.", strings.Join(a.Parts, ", "))
	p.say(r, "Interval by t with the design's degrees of freedom; P is two-sided, that the contrast is 0; it is left out where equal estimates do not make it 0, as with a ratio.")
	p.explainVariance(r)
	r.Sources = append(r.Sources, "R survey 4.1-1, svycontrast")
	p.explainDomain(r)
	over, same := "", true
	for _, name := range a.Parts {
		_, group, _ := strings.Cut(name, "[")
		column, _, ok := strings.Cut(group, "=")
		same = same && ok && (over == "" || over == column) && !strings.Contains(group, ",")
		over = column
	}
	r.R = p.rDesign()
	what, _, _ := strings.Cut(a.Parts[0], "[")
	if same && p.data.Table.Column(what) != nil {
		expr := a.Expression
		for _, name := range a.Parts {
			_, level, _ := strings.Cut(name, "=")
			expr = strings.ReplaceAll(expr, name, "`"+strings.TrimSuffix(level, "]")+"`")
		}
		r.R += fmt.Sprintf("m <- svyby(~%s, ~%s, des, svymean, na.rm = TRUE, covmat = TRUE)\nsvycontrast(m, quote(%s))", condition.RName(what), condition.RName(over), expr)
	} else {
		r.R += "# estimate the parts together with svymean or svyby(..., covmat = TRUE), then svycontrast(m, quote(...))"
	}
}
