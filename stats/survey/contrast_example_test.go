package survey_test

import (
	"context"
	"fmt"

	"waymark/stats/survey"
	"waymark/stats/table"
)

// The ratio of two groups' means, from their joint covariance. The data are
// synthetic.
func ExampleVector_Expression() {
	days := table.NewNumber("days", []float64{4, 9, 12, 7, 30, 21, 18, 25, 14, 6}, nil)
	codes := make([]uint32, 10)
	for i := range codes {
		codes[i] = table.FirstLevel + uint32(i/4%2)
	}
	route := table.NewCategory("route", []table.Level{{Code: "CMR"}, {Code: "EMR"}}, codes)
	design, err := survey.New(survey.Spec{Rows: 10})
	if err != nil {
		fmt.Println(err)
		return
	}
	v, err := design.Joint(context.Background(), []survey.Request{{Statistic: survey.Mean, Variable: days, By: []*table.CategoryColumn{route}}}, survey.EngineOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(v.Names)
	c, err := v.Expression("how many times as long", "days[route=EMR] / days[route=CMR]", 0.95)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s: %.2f (%.2f to %.2f)\n", c.Name, c.Value, c.Lo, c.Hi)
	_, err = v.Expression("", "days[route=EMR] / nights", 0.95)
	fmt.Println(err)
	// Output:
	// [days[route=CMR] days[route=EMR]]
	// how many times as long: 2.71 (1.49 to 3.93)
	// "nights": there is no estimate named "nights" (position 19) (use a name of the estimates, such as days[route=CMR] or days[route=EMR])
}
