package survey_test

import (
	"fmt"

	"waymark/stats/survey"
	"waymark/stats/table"
)

// A synthetic sample of eight is raked to known counts of sex and route within
// bounds, and one that cannot be is told how far it can go.
func ExampleDesign_Rake() {
	levels := func(codes ...string) (out []table.Level) {
		for _, c := range codes {
			out = append(out, table.Level{Code: c})
		}
		return out
	}
	const first = table.FirstLevel
	sex := table.NewCategory("sex", levels("f", "m"), []uint32{first, first, first + 1, first + 1, first + 1, first + 1, first, first + 1})
	route := table.NewCategory("route", levels("east", "west"), []uint32{first, first + 1, first, first + 1, first, first + 1, first, first})
	d, err := survey.New(survey.Spec{Rows: 8})
	if err != nil {
		fmt.Println(err)
		return
	}
	margin := func(c *table.CategoryColumn, a, b float64) survey.Margin {
		return survey.Margin{Columns: []*table.CategoryColumn{c}, Totals: []survey.MarginTotal{
			{Levels: []string{c.Levels[0].Code}, Count: a}, {Levels: []string{c.Levels[1].Code}, Count: b}}}
	}
	_, w, err := d.Rake([]survey.Margin{margin(sex, 4, 4), margin(route, 4, 4)}, survey.RakeOptions{Lower: 0.5, Upper: 2})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, m := range w.Margins {
		fmt.Printf("%s %s: %.0f, weighted %.0f\n", m.Margin, m.Level, m.Before, m.After)
	}
	fmt.Printf("factors %.2f to %.2f, effective rows %.1f\n", w.MinFactor, w.MaxFactor, w.NEff)
	_, _, err = d.Rake([]survey.Margin{margin(sex, 7, 1), margin(route, 4, 4)}, survey.RakeOptions{Lower: 0.5, Upper: 2})
	fmt.Println(err)
	// Output:
	// sex f: 3, weighted 4
	// sex m: 5, weighted 4
	// route east: 5, weighted 4
	// route west: 3, weighted 4
	// factors 0.62 to 1.86, effective rows 7.0
	// "sex: f": no weights meet the totals: with these bounds this one can be at most 6, and 7 is asked for (widen the bounds, or lower the total)
	// "sex: m": no weights meet the totals: with these bounds this one is at least 2.5, and 1 is asked for (widen the bounds, or raise the total)
}
