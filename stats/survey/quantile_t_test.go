package survey

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// Expected: gonum's distuv.StudentsT.Quantile, another algorithm; relative 1e-9.
func TestTQuantile(t *testing.T) {
	for _, df := range []float64{0.5, 1, 2, 3.3, 5, 10, 14, 39, 197, 1920, 1e5} {
		for _, p := range []float64{0.975, 0.9, 0.6, 0.995, 0.9999, 0.5, 0.025} {
			got, want := tQuantile(p, df), distuv.StudentsT{Sigma: 1, Nu: df}.Quantile(p)
			if math.Abs(got-want) > 1e-9*math.Abs(want) {
				t.Errorf("t quantile %v with %v degrees of freedom: %v, want %v", p, df, got, want)
			}
		}
	}
	if got := tQuantile(0.975, 1e12); math.Abs(got-1.959963984540) > 1e-10 {
		t.Errorf("t quantile with very many degrees of freedom: %v", got)
	}
}

func BenchmarkTQuantile(b *testing.B) {
	for range b.N {
		tQuantile(0.975, 1920)
	}
}
