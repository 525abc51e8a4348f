package survey

import (
	"context"
	"testing"

	"waymark/stats/table"
)

func TestMomentsAgainstR(t *testing.T) {
	r := readInference(t)
	for _, a := range apiDesigns(t) {
		ask := func(group string, names ...string) ([]Moment, *Vector) {
			q := MomentRequest{By: []*table.CategoryColumn{a.cat["stype"]}}
			for _, n := range names {
				q.Variables = append(q.Variables, a.num[n])
			}
			if group == "all" {
				q.By = nil
			}
			m, v, err := a.d.Moments(context.Background(), q, EngineOptions{Workers: 1})
			if err != nil {
				t.Fatal(err)
			}
			n := len(names) * (len(names) + 1) / 2 // those of the first domain
			first := &Vector{Names: v.Names[:n], Values: v.Values[:n]}
			for i := range n {
				first.Cov = append(first.Cov, v.Cov[i*len(v.Names):i*len(v.Names)+n]...)
			}
			return m, first
		}
		for _, group := range []string{"all", "E"} {
			m, _ := ask(group, "api00")
			r.near(a.name+".moment.one."+group, 1e-8, map[string][]float64{"value": {m[0].Value}, "se": {m[0].SE}})
			m, v := ask(group, "api00", "meals", "ell")
			r.vector(a.name+".moment.matrix."+group, v)
			k := m[6] // of api00 and meals
			if k.Kind != Correlation || k.Variable != 1 || k.With != 0 {
				t.Fatalf("not the correlation of the first two: %+v", k)
			}
			r.near(a.name+".moment.correlation."+group, 1e-8, map[string][]float64{"value": {k.Value}, "se": {k.SE}, "ci": {k.Lo, k.Hi}})
		}
	}
	r.all("moment")
}
