package analysis

import (
	"context"
	"math"

	"waymark/stats/survey"
	"waymark/stats/table"
)

// planQuantile asks for quantiles.
func planQuantile(p *plan, a *Ask, by []string) gather {
	cols, ok := p.groups(by)
	at := a.At
	if len(at) == 0 {
		at = []float64{0.25, 0.5, 0.75}
	}
	var requests []survey.QuantileRequest
	for _, name := range a.Variables {
		col, err := p.data.Number(name)
		if err != nil {
			p.add(err)
			ok = false
			continue
		}
		requests = append(requests, survey.QuantileRequest{Variable: col, P: at, By: p.within(cols), Confidence: p.opt.Confidence})
	}
	if !ok {
		return nil
	}
	return func(ctx context.Context, _ *survey.Answer) ([]Row, error) {
		var rows []Row
		for _, r := range requests {
			found, err := p.d.Quantiles(ctx, r, survey.EngineOptions{Workers: p.opt.Workers})
			if err != nil {
				return nil, err
			}
			// Asked one share after the other, they are told one group after the other.
			n := len(found) / len(at)
			for i := range found {
				q := found[i%len(at)*n+i/len(at)]
				row := newRow()
				row.Domain, row.Variable, row.At, row.Base, row.NotEstimable = domain(cols, q.Domain[:len(cols)]), r.Variable.Name(), q.P, q.Base, q.NotEstimable
				if q.NotEstimable == "" {
					row.Value, row.Lo, row.Hi = q.Value, q.Lo, q.Hi
					if !math.IsNaN(q.SE) {
						row.SE = q.SE
					}
				}
				rows = append(rows, row)
			}
		}
		return rows, nil
	}
}

// within adds the subset to the columns of a grouping, as a last column with a
// single level: for what takes groups but no condition.
func (p *plan) within(cols []*table.CategoryColumn) []*table.CategoryColumn {
	if p.where == nil {
		return cols
	}
	codes := make([]uint32, len(p.where))
	for i, in := range p.where {
		codes[i] = uint32(table.NotApplicable)
		if in {
			codes[i] = table.FirstLevel
		}
	}
	return append(cols[:len(cols):len(cols)], table.NewCategory("where", []table.Level{{Code: "in", Label: "in"}}, codes))
}
