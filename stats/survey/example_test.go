package survey_test

import (
	"context"
	"fmt"

	"waymark/stats/survey"
	"waymark/stats/table"
)

// Two questions of one design in one pass: a proportion by route with its
// interval, and the ratio of the two routes. The data are synthetic.
func Example() {
	column := func(name string, levels []string, rows string) *table.CategoryColumn {
		var dictionary []table.Level
		for _, l := range levels {
			dictionary = append(dictionary, table.Level{Code: l, Label: l})
		}
		codes := make([]uint32, len(rows))
		for i, r := range rows {
			codes[i] = table.FirstLevel + uint32(r-'0')
			if r == '-' {
				codes[i] = uint32(table.Refused)
			}
		}
		return table.NewCategory(name, dictionary, codes)
	}
	route := column("route", []string{"CMR", "EMR"}, "00000000001111111111")
	held := column("held", []string{"no", "yes"}, "110101-1010001000000")
	point := column("point", []string{"a", "b", "c", "d", "e"}, "00112233440011223344")

	design, err := survey.New(survey.Spec{Clusters: []*table.CategoryColumn{point}})
	if err != nil {
		fmt.Println(err)
		return
	}
	routes := []*table.CategoryColumn{route}
	answer, err := design.Run(context.Background(), survey.Query{
		Estimates: []survey.Request{{
			Statistic: survey.Proportion, Variable: held, Level: "yes", By: routes,
		}},
		Comparisons: []survey.ComparisonRequest{{
			Measure: survey.RiskRatio, Variable: held, Level: "yes",
			Over: routes, Of: []string{"CMR"}, Against: []string{"EMR"},
		}},
	}, survey.EngineOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range answer.Estimates[0].Estimates {
		fmt.Printf("%s: %.2f (%.2f to %.2f, %s), %d of %d, %d refused\n", route.Levels[e.Domain[0]].Code,
			e.Value, e.Lo, e.Hi, e.Method, e.N, e.Base, e.Missing[table.Refused])
	}
	c := answer.Comparisons[0][0]
	fmt.Printf("CMR is %.1f times EMR (%.1f to %.1f)\n", c.Value, c.Lo, c.Hi)
	// Output:
	// CMR: 0.67 (0.34 to 0.89, wilson), 6 of 9, 1 refused
	// EMR: 0.10 (0.01 to 0.56, wilson), 1 of 10, 0 refused
	// CMR is 6.7 times EMR (0.3 to 134.3)
}
