package survey

import (
	"math"
	"testing"
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
