package survey

import (
	"context"
	"testing"

	"waymark/stats/table"
)

// cut makes groups of numbers at two points: below, from the first, from the second.
func cut(c *table.NumberColumn, first, second float64) *table.CategoryColumn {
	codes := make([]uint32, c.Len())
	for i, v := range c.Values {
		switch codes[i] = table.FirstLevel; {
		case v != v:
			codes[i] = uint32(table.Blank)
		case v >= second:
			codes[i] += 2
		case v >= first:
			codes[i]++
		}
	}
	return table.NewCategory("cut", []table.Level{{Code: "0"}, {Code: "1"}, {Code: "2"}}, codes)
}

func TestRankTestsAgainstR(t *testing.T) {
	r := readInference(t)
	for _, a := range apiDesigns(t) {
		for _, group := range []string{"all", "E"} {
			if a.name == "cal" && group == "E" {
				continue // R ranks the rows of other domains as well
			}
			for score := Wilcoxon; score < rankScoreCount; score++ {
				ask := func(q RankTestRequest) RankTest {
					if q.Score = score; group == "E" {
						q.By = []*table.CategoryColumn{a.cat["stype"]}
					}
					out, err := a.d.RankTests(context.Background(), q, EngineOptions{Workers: 1})
					if err != nil {
						t.Fatal(err)
					}
					return out[0]
				}
				o := ask(RankTestRequest{Variable: a.num["api00"], Over: a.cat["comp.imp"]})
				r.near(a.name+".rank.two."+score.String()+"."+group, 1e-8, map[string][]float64{"t": {o.Statistic}, "df": {o.DF2}, "p": {o.P}, "estimate": {o.Difference}})
				o = ask(RankTestRequest{Variable: a.num["meals"], Over: cut(a.num["ell"], 10, 30)})
				r.near(a.name+".rank.many."+score.String()+"."+group, 1e-8, map[string][]float64{"chisq": {o.Statistic}, "ndf": {o.DF1}, "ddf": {o.DF2}, "p": {o.P}})
			}
		}
	}
	r.all("rank")
}
