package survey

import (
	"context"
	"testing"

	"waymark/stats/table"
)

func TestTTestsAgainstR(t *testing.T) {
	r := readInference(t)
	for _, a := range apiDesigns(t) {
		for _, group := range []string{"all", "E"} {
			ask := func(name string, q TTestRequest) {
				if group == "E" {
					q.By = []*table.CategoryColumn{a.cat["stype"]}
				}
				out, err := a.d.TTests(context.Background(), q, EngineOptions{Workers: 1})
				if err != nil {
					t.Fatal(err)
				}
				o := out[0]
				r.near(a.name+".ttest."+name+"."+group, 1e-8, map[string][]float64{"t": {o.T}, "df": {o.DF}, "p": {o.P}, "estimate": {o.Value - q.Null}, "ci": {o.Lo - q.Null, o.Hi - q.Null}})
			}
			ask("one", TTestRequest{Variable: a.num["api00"], Null: 650})
			ask("paired", TTestRequest{Variable: a.num["api00"], Minus: a.num["api99"]})
			ask("two", TTestRequest{Variable: a.num["api00"], Over: a.cat["comp.imp"]})
			if a.name != "cal" {
				ask("missing", TTestRequest{Variable: a.num["target"], Over: a.cat["comp.imp"], Of: "Yes", Against: "No"})
			}
		}
	}
	r.all("ttest")
}
