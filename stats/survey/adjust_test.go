package survey

import (
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"waymark/internal/fault"
)

// adjustments by the name of R's method.
var adjustments = map[string]Adjustment{"holm": Holm, "BH": BenjaminiHochberg, "BY": BenjaminiYekutieli, "bonferroni": Bonferroni}

func floats(list []*float64) []float64 {
	out := make([]float64, len(list))
	for i, p := range list {
		out[i] = math.NaN()
		if p != nil {
			out[i] = *p
		}
	}
	return out
}

// testdata/adjust.json is stats::p.adjust of R (see adjust.R); relative 1e-13
// (the file has 15 digits).
func TestAdjustAgreesWithR(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("testdata", "adjust.json"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Cases []struct {
			Name     []string
			P        []*float64
			Adjusted map[string][]*float64
		}
	}
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Cases) < 6 {
		t.Fatalf("%d cases", len(file.Cases))
	}
	for _, c := range file.Cases {
		p := floats(c.P)
		for name, how := range adjustments {
			want := floats(c.Adjusted[name])
			got, err := Adjust(p, how)
			if err != nil || len(got.P) != len(want) {
				t.Fatalf("%s %s: %d values of %d, %v", c.Name[0], name, len(got.P), len(want), err)
			}
			missing := 0
			for i := range want {
				if math.IsNaN(want[i]) {
					missing++
					if !math.IsNaN(got.P[i]) || !slices.Contains(got.LeftOut, i) {
						t.Errorf("%s %s: %d is not left out", c.Name[0], name, i)
					}
				} else if math.Abs(got.P[i]-want[i]) > 1e-13*want[i] {
					t.Errorf("%s %s: %d is %.17g, want %.17g", c.Name[0], name, i, got.P[i], want[i])
				}
			}
			if got.Size != len(p)-missing || len(got.LeftOut) != missing {
				t.Errorf("%s %s: family of %d, %d left out", c.Name[0], name, got.Size, len(got.LeftOut))
			}
		}
	}
}

func TestAdjustNone(t *testing.T) {
	p := []float64{0.2, math.NaN(), 0.01}
	got, err := Adjust(p, NotAdjusted)
	if err != nil || got.P[0] != 0.2 || got.P[2] != 0.01 || got.Size != 2 {
		t.Fatalf("%+v, %v", got, err)
	}
	got.P[0] = 1
	if p[0] != 0.2 {
		t.Error("the values given were written to")
	}
}

func TestAdjustNamesEveryValueThatIsNone(t *testing.T) {
	_, err := Adjust([]float64{-0.1, 0.5, 1.5, math.Inf(1)}, Holm)
	var list *fault.List
	if !errors.As(err, &list) || list.Len() != 3 {
		t.Fatalf("faults: %v", err)
	}
	if _, err := Adjust(nil, Adjustment(99)); err == nil {
		t.Error("an unknown adjustment is taken")
	}
	if got, err := Adjust(nil, Holm); err != nil || got.Size != 0 {
		t.Errorf("an empty family: %+v, %v", got, err)
	}
}

// FuzzAdjust holds what is true of every family: an adjusted value is not below
// its p-value, lies in 0 to 1, and keeps the order.
func FuzzAdjust(f *testing.F) {
	f.Add([]byte{1, 2, 3, 255, 0}, uint8(1))
	f.Fuzz(func(t *testing.T, data []byte, how uint8) {
		if len(data) > 1000 {
			data = data[:1000]
		}
		p := make([]float64, len(data))
		for i, b := range data {
			p[i] = float64(b) / 255
		}
		a := Adjustment(how % 5)
		got, err := Adjust(p, a)
		if err != nil {
			t.Fatal(err)
		}
		for i := range p {
			if !(got.P[i] >= p[i]) || got.P[i] > 1 {
				t.Fatalf("%v becomes %v", p[i], got.P[i])
			}
			for j := range p {
				if p[i] <= p[j] && got.P[i] > got.P[j] {
					t.Fatalf("%v <= %v, and %v > %v", p[i], p[j], got.P[i], got.P[j])
				}
			}
		}
	})
}
