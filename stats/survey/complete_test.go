package survey

import (
	"math"
	"math/rand/v2"
	"testing"

	"waymark/stats/table"
)

func TestComplete(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	const rows = chunkRows + 1003
	small, large, values := make([]uint8, rows), make([]uint32, rows), make([]float64, rows)
	for i := range small {
		small[i], large[i], values[i] = uint8(1+r.IntN(20)), uint32(table.FirstLevel+r.IntN(300)), 1
		if r.IntN(50) == 0 {
			large[i], values[i] = 2, math.NaN()
		}
	}
	a, b := table.NewCategory8("a", levels(13), small), table.NewCategory("b", levels(300), large)
	missing := make([]table.Missing, rows)
	for i, v := range values {
		if v != v {
			missing[i] = table.Refused
		}
	}
	in := Complete(a, b, table.NewNumber("c", values, missing))
	for i, ok := range in {
		if want := small[i] >= table.FirstLevel && large[i] >= table.FirstLevel && missing[i] == table.Present; ok != want {
			t.Fatalf("row %d: %v", i, ok)
		}
	}
	if len(in) != rows || Complete() != nil {
		t.Errorf("%d rows, and %v of no column", len(in), Complete())
	}
}
