package survey

import (
	"context"
	"math"
	"testing"

	"waymark/stats/table"
)

// fivePlaces is ten rows in five PSUs.
func fivePlaces() *table.CategoryColumn {
	levels := []table.Level{{Code: "a"}, {Code: "b"}, {Code: "c"}, {Code: "d"}, {Code: "e"}}
	return table.NewCategory("place", levels, []uint32{8, 8, 9, 9, 10, 10, 11, 11, 12, 12})
}

// The last rank has a finite score, however small its weight.
func TestNormalScoreOfATinyWeight(t *testing.T) {
	d := design(t, Spec{Weights: table.NewNumber("w", []float64{1, 1, 1, 1, 1, 1, 1, 1, 1, 1e-18}, nil), Clusters: categories(fivePlaces())})
	over := table.NewCategory("o", []table.Level{{Code: "a"}, {Code: "b"}}, []uint32{8, 9, 8, 9, 8, 9, 8, 9, 8, 9})
	y := table.NewNumber("y", []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, nil)
	tests, err := d.RankTests(context.Background(), RankTestRequest{Variable: y, Over: over, Score: VanDerWaerden}, EngineOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if m := tests[0].Means; math.IsInf(m[0], 0) || math.IsInf(m[1], 0) || tests[0].NotEstimable != "" {
		t.Errorf("%+v", tests[0])
	}
}

// A coefficient that one PSU decides alone has no degrees of freedom of its own.
func TestCoefficientOfOnePSU(t *testing.T) {
	d := design(t, Spec{Clusters: categories(fivePlaces())})
	data := ColumnSet{
		"y": table.NewNumber("y", []float64{1, 3, 2, 5, 3, 1, 6, 3, 2, 2}, nil),
		"g": table.NewCategory("g", []table.Level{{Code: "one"}, {Code: "rest"}}, []uint32{8, 8, 9, 9, 9, 9, 9, 9, 9, 9}),
	}
	f, err := ParseFormula("y ~ 0 + g")
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []ModelVariance{BellMcCaffrey, ReducedBias} {
		fit, err := d.Fit(context.Background(), ModelRequest{Family: Gaussian, Formula: f, Data: data, Variance: v}, EngineOptions{})
		if err != nil {
			t.Fatal(err)
		}
		alone, rest := fit.Coefficients[0], fit.Coefficients[1]
		if alone.NotEstimable == "" || rest.NotEstimable != "" || !(rest.DF > 0) {
			t.Errorf("%+v\n%+v", alone, rest)
		}
	}
}
