package quality

import (
	"math"
	"testing"
)

func TestParseBand(t *testing.T) {
	week, inf := 7*12/365.25, math.Inf(1)
	for text, want := range map[string][2]float64{
		"under_2_weeks":                {0, 2 * week},
		"2_weeks_3_months":             {2 * week, 3},
		"3_6_months":                   {3, 6},
		"6_12_months":                  {6, 12},
		"over_12_months":               {12, inf},
		"Between 3 and 6 months":       {3, 6},
		"more than 1 year":             {12, inf},
		"Less than 2 weeks":            {0, 2 * week},
		"1-2 years":                    {12, 24},
		"up to 10 days":                {0, 10 * 12 / 365.25},
		"6 months to less than 1 year": {6, 12},
	} {
		lo, hi, ok := parseBand(text)
		if !ok || math.Abs(lo-want[0]) > 1e-9 || hi != want[1] && math.Abs(hi-want[1]) > 1e-9 {
			t.Errorf("%q is %g to %g (%v), expected %v", text, lo, hi, ok, want)
		}
	}
	for _, text := range []string{"", "long", "3_6", "over_under_3_months", "6_3_months", "band_1", "1 2 3 months"} {
		if lo, hi, ok := parseBand(text); ok {
			t.Errorf("%q was read as %g to %g", text, lo, hi)
		}
	}
}

func FuzzParseBand(f *testing.F) {
	for _, s := range []string{"under_2_weeks", "3_6_months", "1e400_months", "NaN months", "over 0 days"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if lo, hi, ok := parseBand(text); ok && !(lo >= 0 && lo <= hi) {
			t.Errorf("%q is %g to %g", text, lo, hi)
		}
	})
}
