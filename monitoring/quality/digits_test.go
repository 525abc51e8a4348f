package quality

import (
	"math"
	"testing"
)

// singage is the males by single age of the workbook SINGAGE of the United
// States Census Bureau's PASEX, which the R package DemoTools quotes with the
// values that the workbook gives.
var singage = [...]int{
	80626, 95823, 104315, 115813, 100796, 105086, 97266, 116328, 75984, 89982,
	95525, 56973, 78767, 65672, 53438, 85014, 47600, 64363, 42195, 42262,
	73221, 30080, 34391, 29072, 20531, 66171, 24029, 44227, 24128, 23599,
	82088, 16454, 22628, 17108, 12531, 57325, 17220, 28425, 16206, 17532,
	65976, 11593, 15828, 13541, 8133, 44696, 11165, 18543, 12614, 12041,
	55798, 9324, 10772, 10453, 6773, 28358, 9916, 13348, 8039, 7583,
	42470, 5288, 5317, 6582, 3361, 17949, 3650, 5873, 3279, 3336,
	27368, 1965, 2495, 2319, 1335, 12022, 1401, 1668, 1360, 1185,
	9167, 424, 568, 462, 282, 6206, 343, 409, 333, 291,
	4137, 133, 169, 157, 89, 2068, 68, 81, 66, 57,
}

// Expected values: PASEX, SINGAGE, males: Whipple's index 2.34 (as a ratio)
// and Myers' index 47.46 (without the halving), over ages 10 to 89.
func TestIndicesAgreeWithPASEX(t *testing.T) {
	var counts [121]int
	copy(counts[:], singage[:])
	if index, _ := whipple(counts); math.Abs(index-234) > 0.5 {
		t.Errorf("Whipple's index is %.2f, expected 234", index)
	}
	if index, _ := myers(counts, 10, 8); math.Abs(2*index-47.46) > 0.005 {
		t.Errorf("Myers' index is %.3f, expected 47.46", 2*index)
	}
}

func TestIndicesAtTheirEnds(t *testing.T) {
	var even, round, one [121]int
	for age := range even {
		even[age] = 100
		if age%5 == 0 {
			round[age] = 100
		}
		if age%10 == 0 {
			one[age] = 100
		}
	}
	if index, people := whipple(even); index != 100 || people != 4000 {
		t.Errorf("even ages have Whipple's index %g over %d", index, people)
	}
	if index, _ := whipple(round); index != 500 {
		t.Errorf("round ages have Whipple's index %g", index)
	}
	if index, people := myers(even, 20, 6); index > 2.3 || people != 6000 {
		t.Errorf("even ages have Myers' index %g over %d", index, people)
	}
	var young [121]int // ages that thin out without a preference
	for age := range young {
		young[age] = int(1e6 * math.Pow(0.93, float64(age)))
	}
	if index, _ := myers(young, 20, 6); index > 1 {
		t.Errorf("ages without a preference have Myers' index %g", index)
	}
	if index, _ := myers(one, 20, 6); math.Abs(index-90) > 1e-9 {
		t.Errorf("ages ending in 0 have Myers' index %g", index)
	}
}

func TestWhippleBands(t *testing.T) {
	for index, want := range map[float64]string{100: "highly accurate", 104.9: "highly accurate", 105: "fairly accurate",
		110: "approximate", 125: "rough", 174.9: "rough", 175: "very rough", 500: "very rough"} {
		if got := whippleBand(index); got != want {
			t.Errorf("%g is %s, expected %s", index, got, want)
		}
	}
}
