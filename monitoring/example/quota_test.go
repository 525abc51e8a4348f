package example

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestSplit(t *testing.T) {
	for _, c := range []struct {
		total   int
		weights []int
		want    []int
	}{
		{8475, []int{5695, 2780}, []int{5695, 2780}},
		{10, []int{1, 1, 1}, []int{4, 3, 3}},           // equal remainders: the earlier part
		{100, []int{416, 338, 246}, []int{42, 34, 24}}, // remainders .6 .8 .6: two to give
		{5, []int{0, 0}, []int{5, 0}},
		{0, []int{3, 4}, []int{0, 0}},
	} {
		if got := split(c.total, c.weights); !slices.Equal(got, c.want) {
			t.Errorf("split(%d, %v) = %v, want %v", c.total, c.weights, got, c.want)
		}
	}
}

func TestSplitWithin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 8).Draw(t, "parts")
		var weights, lo, hi []int
		for range n {
			weights = append(weights, rapid.IntRange(0, 1000).Draw(t, "weight"))
			l := rapid.IntRange(0, 50).Draw(t, "lo")
			lo, hi = append(lo, l), append(hi, l+rapid.IntRange(0, 50).Draw(t, "room"))
		}
		total := rapid.IntRange(0, 600).Draw(t, "total")
		parts, err := splitWithin(total, weights, lo, hi)
		if fits := total >= sum(lo) && total <= sum(hi); (err == nil) != fits {
			t.Fatalf("fits %v, error %v", fits, err)
		}
		if err != nil {
			return
		}
		if sum(parts) != total {
			t.Fatalf("%v do not add up to %d", parts, total)
		}
		for i, p := range parts {
			if p < lo[i] || p > hi[i] {
				t.Fatalf("part %d is %d, bounds %d and %d", i, p, lo[i], hi[i])
			}
		}
	})
}

func TestOrderIsStable(t *testing.T) {
	if got := order([]int{5, 1, 5, 0, 1}); !slices.Equal(got, []int{3, 1, 4, 0, 2}) {
		t.Error(got)
	}
}
