package impute

import (
	"math"
	"testing"
)

// Values that differ far more between files than their errors explain leave
// next to no degrees of freedom: there are no limits, and none are infinite.
func TestPoolWithoutLimits(t *testing.T) {
	p, err := Pool("mean", []float64{1, 2, 3}, []float64{1e-6, 1e-6, 1e-6}, 10, 0)
	if err != nil || p.NotEstimable == "" || !math.IsNaN(p.Lo) || !math.IsNaN(p.Hi) {
		t.Errorf("%+v, %v", p, err)
	}
}
