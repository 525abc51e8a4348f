package figure

import (
	"math"
	"strings"
	"testing"
)

func TestAxisTicks(t *testing.T) {
	for _, c := range []struct {
		name   string
		axis   Axis
		values []float64
		room   int
		want   string
	}{
		{"shares", Axis{}, []float64{0.14, 0.717}, 6, "0% 20% 40% 60% 80%"},
		{"small shares", Axis{}, []float64{0.004, 0.011}, 6, "0% 1% 2% 3% 4% 5%"},
		{"a share of one", Axis{}, []float64{1}, 6, "0% 20% 40% 60% 80% 100%"},
		{"quarters", Axis{}, []float64{0.62}, 3, "0% 25% 50% 75%"},
		{"fixed end", Axis{Max: 0.4}, []float64{0.1}, 5, "0% 10% 20% 30% 40%"},
		{"no data", Axis{}, []float64{math.NaN()}, 5, "0% 1% 2% 3% 4% 5%"},
		{"ratios", Axis{Scale: Ratio}, []float64{0.8, 9.1}, 8, "0.5 1 2 5 10"},
		{"ratio of one only", Axis{Scale: Ratio}, []float64{1}, 8, "0.5 1 2"},
		{"wide ratios", Axis{Scale: Ratio}, []float64{0.0001, 1e9}, 4, "0.01 0.1 1 10 100"},
		{"means far from nought", Axis{Scale: Number}, []float64{640, 660}, 5, "640 645 650 655 660"},
		{"totals", Axis{Scale: Number}, []float64{1.2e6, 3.1e6}, 4, "0 1,000,000 2,000,000 3,000,000 4,000,000"},
		{"one number", Axis{Scale: Number}, []float64{5}, 4, "4.5 5 5.5"},
		{"below nought", Axis{Scale: Number}, []float64{-3, 4}, 4, "-4 -2 0 2 4"},
	} {
		s := c.axis.fit(c.values, c.room)
		var got []string
		for _, v := range s.ticks {
			got = append(got, s.label(v))
		}
		if text := strings.Join(got, " "); text != c.want {
			t.Errorf("%s: %s, want %s", c.name, text, c.want)
		}
	}
}

func TestLogScaleIsEvenInRatios(t *testing.T) {
	s := Axis{Scale: Ratio}.fit([]float64{0.1, 10}, 9)
	s.place(0, 100)
	if x := s.at(1); math.Abs(x-50) > 1e-9 {
		t.Errorf("1 stands at %g between 0.1 and 10, want 50", x)
	}
	if d := s.at(2) - s.at(1) - (s.at(10) - s.at(5)); math.Abs(d) > 1e-9 {
		t.Errorf("a doubling is not as long everywhere: %g", d)
	}
	if s.at(0) != 0 || s.at(1e9) != 100 {
		t.Error("values beyond the axis leave it")
	}
}
