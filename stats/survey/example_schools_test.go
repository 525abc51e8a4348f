package survey_test

import (
	"context"
	"fmt"

	"waymark/stats/survey"
	"waymark/stats/table"
)

// schools reads testdata/schools.csv: 183 schools of California in 15 school
// districts drawn at random from 757, with their Academic Performance Index of
// 1999 and 2000 (California Department of Education; the sample apiclus1 of R's
// package survey).
func schools() (*table.Table, *survey.Design, error) {
	read, err := table.Read(context.Background(), "testdata/schools.csv", table.Options{
		Match: func(h table.Header) (*table.Schema, error) {
			s := &table.Schema{}
			for i, name := range h.Names {
				f := table.Field{Name: name, Kind: table.Number}
				if name == "dnum" || name == "stype" {
					f.Kind, f.Open = table.Category, true
				}
				s.Fields = append(s.Fields, f)
				s.Targets = append(s.Targets, table.Target{Field: i, Option: -1})
			}
			return s, nil
		},
	})
	if err != nil {
		return nil, nil, err
	}
	t := read.Table
	d, err := survey.New(survey.Spec{
		Clusters: []*table.CategoryColumn{t.Category("dnum")},
		Weights:  t.Number("pw"),
		FPC:      []*table.NumberColumn{t.Number("fpc")},
	})
	return t, d, err
}

// The figures that the documentation of R's package survey opens with: a mean
// with its design effect, a total, a ratio, means by type of school, quartiles.
// R 4.2.2, survey 4.1-1, with dclus1 <- svydesign(id = ~dnum, weights = ~pw,
// data = apiclus1, fpc = ~fpc):
//
//	svymean(~api00, dclus1, deff = TRUE)      644.169  23.542  9.3459
//	svytotal(~enroll, dclus1)                 3404940  932235
//	svyratio(~api.stu, ~enroll, dclus1)       0.8497087  0.008386297
//	svyby(~api99, ~stype, dclus1, svymean)    607.7917  22.81660 (E), ...
//	svyquantile(~api00, dclus1, c(.25, .5, .75))
func Example_schools() {
	t, d, err := schools()
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	answer, err := d.Run(ctx, survey.Query{Estimates: []survey.Request{
		{Statistic: survey.Mean, Variable: t.Number("api00"), Deff: survey.WithoutReplacement},
		{Statistic: survey.Total, Variable: t.Number("enroll")},
		{Statistic: survey.Ratio, Variable: t.Number("api.stu"), Denominator: t.Number("enroll")},
		{Statistic: survey.Mean, Variable: t.Number("api99"), By: []*table.CategoryColumn{t.Category("stype")}},
	}}, survey.EngineOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d)
	mean, total, ratio := answer.Estimates[0].Estimates[0], answer.Estimates[1].Estimates[0], answer.Estimates[2].Estimates[0]
	fmt.Printf("mean api00     %.3f  %.3f  %.4f\n", mean.Value, mean.SE, mean.Deff)
	fmt.Printf("total enroll   %.0f  %.0f\n", total.Value, total.SE)
	fmt.Printf("api.stu/enroll %.7f  %.9f\n", ratio.Value, ratio.SE)
	for _, e := range answer.Estimates[3].Estimates {
		fmt.Printf("mean api99 %s   %.4f  %.5f\n", t.Category("stype").Levels[e.Domain[0]].Code, e.Value, e.SE)
	}
	quartiles, err := d.Quantiles(ctx, survey.QuantileRequest{Variable: t.Number("api00"), P: []float64{.25, .5, .75}}, survey.EngineOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, q := range quartiles {
		fmt.Printf("quantile %.2f  %.0f (%.0f to %.0f)  %.5f\n", q.P, q.Value, q.Lo, q.Hi, q.SE)
	}
	// Output:
	// 183 rows, 1 strata, 15 PSUs, 14 degrees of freedom
	// mean api00     644.169  23.542  9.3459
	// total enroll   3404940  932235
	// api.stu/enroll 0.8497087  0.008386297
	// mean api99 H   595.7143  41.76400
	// mean api99 E   607.7917  22.81660
	// mean api99 M   608.6000  32.56064
	// quantile 0.25  552 (492 to 627)  31.47166
	// quantile 0.50  652 (561 to 714)  35.66788
	// quantile 0.75  719 (696 to 777)  18.88300
}
