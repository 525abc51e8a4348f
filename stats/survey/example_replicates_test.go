package survey_test

import (
	"context"
	"fmt"

	"waymark/stats/survey"
)

// Variances from replicate weights: every estimate is made again with each
// district left out. R: svymean(~api00, as.svrepdesign(dclus1, type = "JK1")) has
// 644.17 and 26.329.
func ExampleDesign_Replicate() {
	t, d, err := schools()
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := d.Replicate(survey.JK1, survey.ReplicateOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	v, err := r.Joint(context.Background(), []survey.Request{{Statistic: survey.Mean, Variable: t.Number("api00")}}, survey.EngineOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r)
	fmt.Printf("%s %.2f %.3f\n", v.Names[0], v.Values[0], v.SE(0))
	// Output:
	// 183 rows, 15 JK1 replicates, 14 degrees of freedom
	// api00 644.17 26.329
}
