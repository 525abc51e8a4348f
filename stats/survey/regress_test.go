package survey

import (
	"context"
	"math"
	"testing"
)

// The coefficients of the full sample's weights are those of the fit, to the
// digits at which it stopped.
func TestRefitWithTheSameWeights(t *testing.T) {
	s := readSample(t)
	d := design(t, s.specs()["one"])
	columns := columnSetOf(s.num, s.cat)
	for family, text := range map[Family]string{Gaussian: "age ~ cost * route", Binomial: "yes=1 ~ age * sex"} {
		f := fitted(t, d, family, text, columns)
		weights := make([]float64, d.Rows())
		for i := range weights {
			weights[i] = 3 * d.Weight(i)
		}
		again, err := f.fitWeights(context.Background(), weights)
		if err != nil {
			t.Fatal(err)
		}
		v := f.Vector()
		for i, b := range again {
			if math.Abs(b-v.Values[i]) > 1e-6*math.Abs(b) {
				t.Errorf("%s: %v, want %v", v.Names[i], b, v.Values[i])
			}
			if c := f.Coefficients[i]; math.Abs(v.SE(i)-c.SE) > 1e-12*c.SE {
				t.Errorf("%s: the vector's standard error %v, the coefficient's %v", v.Names[i], v.SE(i), c.SE)
			}
		}
	}
}
