package survey

import (
	"math"
	"testing"

	"waymark/stats/table"
)

// Where every weight is outside the bounds their sum still stays.
func TestTrimKeepsTheSumWhereAllAreCut(t *testing.T) {
	for _, strict := range []bool{false, true} {
		for _, how := range []Redistribution{Equally, InProportion} {
			d := design(t, Spec{Weights: table.NewNumber("w", []float64{1, 8.5, 9}, nil)})
			out, w, err := d.Trim(TrimOptions{Lower: 6, Upper: 6.5, Strict: strict, Redistribute: how})
			if err != nil {
				t.Fatal(err)
			}
			sum := 0.0
			for i := range 3 {
				if x := out.Weight(i); strict && (x < 6 || x > 6.5+1e-12) {
					t.Errorf("strict %v: a weight of %v", strict, x)
				}
				sum += out.Weight(i)
			}
			if math.Abs(sum-18.5) > 1e-12 || !w.Converged || w.Trimmed != 3 {
				t.Errorf("strict %v, redistribution %d: the weights add up to %v, not 18.5; %+v", strict, how, sum, w)
			}
		}
	}
}
