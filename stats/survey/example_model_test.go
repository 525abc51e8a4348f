package survey_test

import (
	"context"
	"fmt"

	"waymark/stats/survey"
	"waymark/stats/table"
)

// A logistic model of eighteen synthetic interviews in six places, with odds
// ratios, a test of a term, predicted margins and a contrast.
func ExampleDesign_Fit() {
	number := func(name string, v ...float64) *table.NumberColumn { return table.NewNumber(name, v, nil) }
	place := table.NewCategory("place", []table.Level{{Code: "a"}, {Code: "b"}, {Code: "c"}, {Code: "d"}, {Code: "e"}, {Code: "f"}},
		[]uint32{8, 8, 8, 9, 9, 9, 10, 10, 10, 11, 11, 11, 12, 12, 12, 13, 13, 13})
	route := table.NewCategory("route", []table.Level{{Code: "CMR"}, {Code: "EMR"}}, []uint32{8, 9, 8, 9, 8, 9, 8, 8, 9, 9, 8, 9, 8, 9, 9, 8, 8, 9})
	columns := survey.ColumnSet{
		"route": route,
		"held":  number("held", 1, 0, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 1, 0, 0, 1, 0, 0),
		"days":  number("days", 10, 4, 30, 12, 8, 40, 25, 3, 9, 60, 33, 20, 14, 18, 2, 50, 21, 6),
	}
	design, err := survey.New(survey.Spec{Weights: number("w", 1, 2, 1, 1, 2, 1, 1, 1, 2, 1, 1, 1, 2, 1, 1, 1, 2, 1), Clusters: []*table.CategoryColumn{place}})
	if err != nil {
		fmt.Println(err)
		return
	}
	model, err := survey.ParseFormula("held ~ route + days")
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	fit, err := design.Fit(ctx, survey.ModelRequest{Family: survey.Binomial, Formula: model, Data: columns}, survey.EngineOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range fit.Coefficients {
		fmt.Printf("%-12s %6.3f (%.3f), odds ratio %.2f\n", c.Name, c.Value, c.SE, c.OddsRatio)
	}
	test, err := fit.TestTerms("route")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("route: F = %.2f on %v and %v degrees of freedom\n", test.F, test.DF1, test.DF2)
	margins, err := fit.PredictedMargins(ctx, survey.AverageRequest{Variable: "route"}, survey.EngineOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, name := range margins.Names {
		fmt.Printf("%s: %.3f (%.3f)\n", name, margins.Values[i], margins.SE(i))
	}
	// Output:
	// (Intercept)  -2.646 (1.411), odds ratio 0.07
	// routeEMR     -3.185 (1.919), odds ratio 0.04
	// days          0.177 (0.077), odds ratio 1.19
	// route: F = 2.75 on 1 and 3 degrees of freedom
	// routeCMR: 0.510 (0.176)
	// routeEMR: 0.189 (0.038)
}
