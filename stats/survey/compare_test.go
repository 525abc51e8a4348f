package survey

import (
	"context"
	"math"
	"testing"

	"waymark/stats/table"
)

// Comparisons and trends under all of the designs, a calibrated one among them,
// and contrasts of a joint vector that say the same.
func TestComparisonsAndTrendsAgainstR(t *testing.T) {
	r := readInference(t)
	for _, a := range apiDesigns(t) {
		q := Query{Trends: []TrendRequest{{Variable: a.cat["comp.imp"], Level: "Yes", Over: a.cat["band"]}}}
		names := []string{"ratio", "difference", "odds"}
		for k := range names {
			q.Comparisons = append(q.Comparisons, ComparisonRequest{Measure: []Measure{RiskRatio, RiskDifference, OddsRatio}[k], Variable: a.cat["comp.imp"], Level: "Yes",
				Over: []*table.CategoryColumn{a.cat["stype"]}, Of: []string{"H"}, Against: []string{"E"}})
		}
		out, err := a.d.Run(context.Background(), q, EngineOptions{Workers: 1})
		if err != nil {
			t.Fatal(err)
		}
		v := joint(t, a.d, Request{Statistic: Proportion, Variable: a.cat["comp.imp"], Level: "Yes", By: []*table.CategoryColumn{a.cat["stype"]}})
		const yes, no = "`comp.imp=Yes[stype=H]`", "`comp.imp=Yes[stype=E]`"
		for k, text := range []string{"log(" + yes + "/" + no + ")", yes + "-" + no, "log(" + yes + "/(1-" + yes + ")) - log(" + no + "/(1-" + no + "))"} {
			c := out.Comparisons[k][0]
			value, se, lo, hi := math.Log(c.Value), c.LogSE, math.Log(c.Lo), math.Log(c.Hi)
			if names[k] == "difference" {
				value, se, lo, hi = c.Value, c.SE, c.Lo, c.Hi
			}
			r.near(a.name+".compare."+names[k], 1e-8, map[string][]float64{"value": {value}, "se": {se}, "ci": {lo, hi}})
			e, err := v.Expression(names[k], text, 0)
			if err != nil || !close(e.Value, value) || !close(e.SE, se) {
				t.Errorf("%s %s: the contrast is %+v (%v), the comparison %+v", a.name, names[k], e, err, c)
			}
		}
		x := out.Trends[0][0]
		r.near(a.name+".trend", 1e-7, map[string][]float64{"slope": {math.Log(x.OddsRatio)}, "se": {x.LogSE}, "df": {x.DF2}, "f": {x.Statistic}})
	}
	r.all("compare")
	r.all("trend")
}
