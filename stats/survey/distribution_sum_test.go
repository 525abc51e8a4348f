package survey

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// Equal weights make a chi-squared, and a weight of minus x/n against them
// Snedecor's F: closed forms to compare with, into the far tails.
func TestChiSquaredSumAgainstClosedForms(t *testing.T) {
	for _, df := range []float64{0.5, 1, 2, 3.7, 10, 200, 3000} {
		for _, by := range []float64{1e-3, .1, .5, .9, .999, 1, 1.001, 1.2, 2, 5, 20} {
			x := df * by
			lower, upper, err := ChiSquaredSum(3*x, []float64{3, 3}, []float64{df / 4, df * 3 / 4}, SumIntegration)
			if err != nil {
				t.Fatal(err)
			}
			want := chiUpper(x, df)
			if want > 1e-280 && math.Abs(upper-want) > 1e-9*want+1e-15 {
				t.Errorf("chi-squared %v with %v: %v, want %v", x, df, upper, want)
			}
			if math.Abs(lower+upper-1) > 1e-14 {
				t.Errorf("the tails %v and %v do not add up", lower, upper)
			}
			for _, ddf := range []float64{1, 3.5, 40, 1e4} {
				one := []float64{1, 1, 1, 1, 1}
				got, want := fSum(by*5, one, ddf, SumIntegration), fUpper(by, 5, ddf)
				if want > 1e-280 && math.Abs(got-want) > 1e-9*want+1e-15 {
					t.Errorf("F %v with 5 and %v: %v, want %v", by, ddf, got, want)
				}
			}
		}
	}
	// Two weights with two degrees of freedom each: a sum of two exponentials.
	for _, x := range []float64{1e-6, .3, 2, 9, 60, 500} {
		_, got, err := ChiSquaredSum(x, []float64{3, .5}, []float64{2, 2}, SumIntegration)
		want := (3*math.Exp(-x/6) - .5*math.Exp(-x)) / 2.5
		if err != nil || math.Abs(got-want) > 1e-10*want {
			t.Errorf("two exponentials at %v: %v, want %v (%v)", x, got, want, err)
		}
		// Their difference.
		for _, y := range []float64{x, -x} {
			_, got, err = ChiSquaredSum(y, []float64{3, -.5}, []float64{2, 2}, SumIntegration)
			want = 3 * math.Exp(-y/6) / 3.5
			if y < 0 {
				want = 1 - .5*math.Exp(y)/3.5
			}
			if err != nil || math.Abs(got-want) > 1e-10*want {
				t.Errorf("difference of exponentials at %v: %v, want %v (%v)", y, got, want, err)
			}
		}
	}
}

// Tails are shares, add up to 1 and do not rise with x, whatever the sum.
func TestChiSquaredSumIsADistribution(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "n")
		weight := rapid.OneOf(rapid.Float64Range(-3, 3), rapid.SampledFrom([]float64{0, 1, 1e-9, -1e-9, 1e12, 1e-150, -1e140}))
		w := rapid.SliceOfN(weight, n, n).Draw(t, "w")
		df := rapid.SliceOfN(rapid.OneOf(rapid.Float64Range(.1, 30), rapid.SampledFrom([]float64{1, 1e-3, 1e6})), n, n).Draw(t, "df")
		sane := true // weights not too far apart for more than the normal approximation
		for i := range w {
			a := math.Abs(w[i])
			sane = sane && a > 1e-6 && a < 1e6 && df[i] <= 1e4 && df[i] > .05
		}
		point := rapid.OneOf(rapid.Float64Range(-50, 50), rapid.SampledFrom([]float64{0, 1e-300, 5e-324, -1e-200, 1e13, -1e200}))
		x := []float64{point.Draw(t, "x"), point.Draw(t, "y")}
		if x[0] > x[1] {
			x[0], x[1] = x[1], x[0]
		}
		for method := SumIntegration; method <= SumSatterthwaite; method++ {
			before := 1.0
			for _, at := range x {
				lower, upper, err := ChiSquaredSum(at, w, df, method)
				if err != nil {
					if method != SumSatterthwaite {
						t.Fatal(err)
					}
					return
				}
				if !(lower >= 0 && lower <= 1 && upper >= 0 && upper <= 1) || math.Abs(lower+upper-1) > 1e-9 {
					t.Fatalf("method %d at %v: tails %v and %v", method, at, lower, upper)
				}
				if method == SumIntegration && sane && upper > before+1e-9 {
					t.Fatalf("the upper tail rises from %v to %v", before, upper)
				}
				before = upper
			}
		}
	})
}
