package analysis

import (
	"context"
	"fmt"
	"math"

	"waymark/internal/fault"
	"waymark/stats/survey"
)

// planIndependence asks whether two categories go together.
func planIndependence(p *plan, a *Ask, by []string) gather {
	cols, ok := p.groups(by)
	r := survey.IndependenceRequest{By: cols, Where: p.where}
	switch a.Method {
	case "", "F", "Rao-Scott second order, F":
	case "Chisq", "Rao-Scott first order, chi-squared":
		r.Method = survey.FirstOrder
	default:
		p.add(fault.New(fault.Invalid, fault.Place{Field: "method"}, fmt.Sprintf("there is no test %q", a.Method), "F or Chisq"))
		ok = false
	}
	rows, err := p.data.grouping(a.Variables[0])
	p.add(err)
	columns, err2 := p.data.grouping(a.Variables[1])
	p.add(err2)
	if !ok || err != nil || err2 != nil {
		return nil
	}
	r.Rows, r.Columns = rows, columns
	at := len(p.query.Independences)
	p.query.Independences = append(p.query.Independences, r)
	return func(_ context.Context, answer *survey.Answer) ([]Row, error) {
		var out []Row
		for _, x := range answer.Independences[at] {
			row := newRow()
			row.Domain, row.Term, row.Base, row.NotEstimable, row.Method = domain(cols, x.Domain), a.Variables[0]+" ~ "+a.Variables[1], x.Base, x.NotEstimable, x.Method
			if x.NotEstimable == "" {
				row.Statistic, row.P, row.DF = x.Statistic, x.P, x.DF1
				if row.DF2 = x.DF2; r.Method == survey.FirstOrder {
					row.DF2 = math.NaN()
				}
			}
			out = append(out, row)
		}
		return out, nil
	}
}
