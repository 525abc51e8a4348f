package survey

import (
	"context"
	"fmt"
	"math"
	"testing"

	"waymark/stats/table"
)

// columnsOf writes replicate weights as columns.
func columnsOf(r *Replicates) []*table.NumberColumn {
	out := make([]*table.NumberColumn, r.Count())
	weight := make([]float64, r.rows)
	for k := range out {
		r.Weights(k, weight)
		out[k] = table.NewNumber(fmt.Sprintf("rep%d", k+1), append([]float64(nil), weight...), nil)
	}
	return out
}

// everything asks for all that a query may ask.
func everything(s *sample) Query {
	route := []*table.CategoryColumn{s.cat["route"]}
	q := Query{Estimates: []Request{
		{Statistic: Mean, Variable: s.num["age"], By: route},
		{Statistic: Total, Variable: s.num["cost"]},
		{Statistic: Ratio, Variable: s.num["cost"], Denominator: s.num["age"], By: []*table.CategoryColumn{s.cat["sex"]}},
		{Statistic: Proportion, Variable: s.cat["yes"], Level: "1", By: route},
		{Statistic: Share, Variable: s.cat["transit"], By: route},
	}}
	for _, m := range []Measure{RiskRatio, RiskDifference, OddsRatio} {
		q.Comparisons = append(q.Comparisons, ComparisonRequest{Measure: m, Variable: s.cat["yes"], Level: "1", Over: route, Of: []string{"CMR"}, Against: []string{"EMR"}})
	}
	q.Trends = []TrendRequest{{Variable: s.cat["yes"], Level: "1", Over: s.cat["transit"]}}
	q.Independences = []IndependenceRequest{{Rows: s.cat["yes"], Columns: s.cat["sex"]}}
	return q
}

// numbersOf lists the values and errors of an answer.
func numbersOf(a *Answer) []float64 {
	var out []float64
	for _, r := range a.Estimates {
		for _, e := range r.Estimates {
			out = append(out, e.Value, e.SE)
		}
	}
	for _, cs := range a.Comparisons {
		for _, c := range cs {
			out = append(out, c.Value, c.SE)
		}
	}
	return append(out, a.Trends[0][0].Statistic, a.Trends[0][0].LogSE, a.Independences[0][0].Statistic)
}

// The same replicate weights must give the same errors whether they are made
// from the design, where a PSU's rows are added up first, or given row by row.
func TestReplicatesMadeAndGivenAgree(t *testing.T) {
	s := readSample(t)
	for name, spec := range s.specs() {
		d := design(t, spec)
		kind := JKn
		if name == "plain" {
			kind = JK1
		}
		made, err := d.Replicate(kind, ReplicateOptions{})
		if err != nil {
			t.Fatal(err)
		}
		scale, rscales := made.Scale()
		given, err := NewReplicates(ReplicateColumns{Kind: OtherReplicates, Weights: spec.Weights, Replicates: columnsOf(made), Scale: scale, RScales: rscales})
		if err != nil {
			t.Fatal(err)
		}
		if made.DF() != given.DF() {
			t.Errorf("%s: %v degrees of freedom made, %v given", name, made.DF(), given.DF())
		}
		q := everything(s)
		a, err := made.Run(context.Background(), q, EngineOptions{})
		if err != nil {
			t.Fatal(err)
		}
		b, err := given.Run(context.Background(), q, EngineOptions{Workers: 1})
		if err != nil {
			t.Fatal(err)
		}
		x, y := numbersOf(a), numbersOf(b)
		for k := range x {
			if !(math.Abs(x[k]-y[k]) <= 1e-10*math.Abs(x[k])) {
				t.Errorf("%s %d: made %v, given %v", name, k, x[k], y[k])
			}
		}
	}
}
