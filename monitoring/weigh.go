package monitoring

import (
	"context"
	"slices"

	"waymark/internal/fault"
	"waymark/stats/survey"
	"waymark/stats/table"
)

// weigh weights the design to the plan's totals and adds the weighted findings
// beside the unweighted ones, with what the weights cost.
func (f *frame) weigh(ctx context.Context, a *Analysis, totals *Totals, k keys, engine survey.EngineOptions) error {
	w := f.plan.Weighting
	margins, err := f.margins(w, totals)
	if err != nil {
		return err
	}
	if len(margins) == 0 {
		f.warnings.Addf(fault.Invalid, fault.Place{File: totals.Name}, "check the codes and months of the totals", "the totals match no interview, so there are no weighted figures")
		return nil
	}
	f.warnUnmatched(w, margins, totals)
	include, dropped := takePart(margins, f.include)
	before, after, steps, err := f.reweight(w, margins, include)
	if err != nil {
		return fault.InFile(err, totals.Name)
	}
	jobs := f.weightedJobs(w)
	requests := make([]survey.Request, len(jobs))
	for i := range jobs {
		requests[i] = jobs[i].request
	}
	results, err := after.Estimate(ctx, requests, engine)
	if err != nil {
		return err
	}
	for i := range jobs {
		for e := range results[i].Estimates {
			a.Findings = append(a.Findings, f.finding(&jobs[i], &results[i].Estimates[e], k))
		}
	}
	diagnosis := survey.Diagnose(before, after, steps...)
	first, last := steps[0], steps[len(steps)-1]
	a.Weighting = &Weighting{
		Source: totals.Name, SHA256: totals.SHA256, Method: w.Method, Iterations: first.Iterations, Converged: first.Converged && last.Converged,
		MinRatio: last.MinRatio, MaxRatio: last.MaxRatio, Deff: last.Deff, NEff: last.NEff, Dropped: dropped,
		Lower: w.Lower, Upper: w.Upper, Trim: w.Trim, Trimmed: last.Trimmed, Before: diagnosis.Before, After: diagnosis.After,
	}
	a.Weighting.Notes = f.silent
	for i := range margins {
		a.Weighting.Notes = append(a.Weighting.Notes, margins[i].notes...)
		a.Weighting.Margins = append(a.Weighting.Margins, margins[i].report(include, before.Weight, after.Weight)...)
	}
	return nil
}

// warnUnmatched says which margins have no level in common with the totals:
// all is then in the plan's "other" level, which changes no weight.
func (f *frame) warnUnmatched(w *WeightingPlan, margins []marginCells, totals *Totals) {
	for _, m := range margins {
		if !slices.ContainsFunc(m.cells, func(c cell) bool { return c.code != w.Other }) {
			f.warnings.Addf(fault.Invalid, fault.Place{File: totals.Name, Field: m.group}, "check the codes: under weighting in the plan, and minimum_cell",
				"no level of this margin is both in the totals and in %d interviews or more, so it changes no weight", w.MinimumCell)
		}
	}
}

// weightedJobs are the indicators, for everyone and within each raked level,
// or in the groups that the plan names.
func (f *frame) weightedJobs(w *WeightingPlan) []job {
	groups := w.Groups
	if len(groups) == 0 {
		groups = [][]string{{}}
		if w.Within != "" {
			groups = append(groups, []string{w.Within})
		}
	}
	var jobs []job
	for _, id := range f.plan.Indicators {
		if c := f.indicators[id]; c != nil {
			jobs = f.add(jobs, job{section: SectionWeighted, id: id, request: survey.Request{Statistic: survey.Proportion, Variable: c, Level: "yes"}}, groups)
		}
	}
	return jobs
}

// takePart says who has a cell in every margin, and counts the included
// interviews that do not. Cells that this leaves without interviews give their
// totals to the others of their level.
func takePart(margins []marginCells, eligible []bool) (include []bool, dropped int) {
	include = make([]bool, len(eligible))
	for row, in := range eligible {
		include[row] = in
		for i := range margins {
			include[row] = include[row] && margins[i].cell[row] >= 0
		}
		if in && !include[row] {
			dropped++
		}
	}
	for i := range margins {
		margins[i].recount(include)
	}
	scaleTo(margins)
	return include, dropped
}

// recount counts the rows of each cell again and empties cells without any,
// sharing their totals out within their level.
func (m *marginCells) recount(include []bool) {
	rows := make([]int, len(m.cells))
	for row, c := range m.cell {
		if include[row] && c >= 0 {
			rows[c]++
		}
	}
	full, kept := map[string]float64{}, map[string]float64{}
	for i, c := range m.cells {
		full[c.within] += c.total
		if rows[i] > 0 {
			kept[c.within] += c.total
		}
	}
	for i := range m.cells {
		c := &m.cells[i]
		c.rows = rows[i]
		if rows[i] == 0 {
			c.total = 0
		} else {
			c.total *= full[c.within] / kept[c.within]
		}
	}
}

// surveyMargins puts the cells into the form that raking takes.
func surveyMargins(margins []marginCells) []survey.Margin {
	out := make([]survey.Margin, len(margins))
	for i := range margins {
		column, totals := margins[i].column()
		out[i].Columns = []*table.CategoryColumn{column}
		for l, total := range totals {
			if total > 0 {
				out[i].Totals = append(out[i].Totals, survey.MarginTotal{Levels: []string{column.Levels[l].Code}, Count: total})
			}
		}
	}
	return out
}
