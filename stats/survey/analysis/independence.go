package analysis

import (
	"context"
	"fmt"
	"math"
	"strings"

	"waymark/internal/fault"
	"waymark/stats/survey"
)

// testForms are the forms of the test of independence, by R's names and those
// of the JSON cases.
var testForms = map[string]survey.RaoScott{
	"": survey.SecondOrder, "F": survey.SecondOrder, "Rao-Scott second order, F": survey.SecondOrder,
	"Chisq": survey.FirstOrder, "Rao-Scott first order, chi-squared": survey.FirstOrder,
	"Wald": survey.Wald, "adjWald": survey.AdjustedWald, "lincom": survey.LinearCombination, "saddlepoint": survey.Saddlepoint,
}

// TestForms are the names that a test of independence takes, as in R's svychisq.
var TestForms = []string{"F", "Chisq", "Wald", "adjWald", "lincom", "saddlepoint"}

// planIndependence asks whether two categories go together.
func planIndependence(p *plan, a *Ask, by []string) gather {
	cols, ok := p.groups(by)
	r := survey.IndependenceRequest{By: cols, Where: p.where}
	form, known := testForms[a.Method]
	if !known {
		remedy := "one of " + strings.Join(TestForms, ", ")
		if near := fault.Nearest(a.Method, TestForms); near != "" {
			remedy = fmt.Sprintf("did you mean %s?", near)
		}
		p.add(fault.New(fault.Invalid, fault.Place{Field: "method"}, fmt.Sprintf("there is no test %q", a.Method), remedy))
		ok = false
	}
	r.Method = form
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
				if row.DF2 = x.DF2; r.Method == survey.FirstOrder || math.IsInf(x.DF2, 0) {
					row.DF2 = math.NaN()
				}
			}
			out = append(out, row)
		}
		return out, nil
	}
}
