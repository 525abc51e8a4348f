package example

import (
	"fmt"
	"math"
	"slices"

	"waymark/internal/fault"
)

// portion is share·n, rounded half away from zero.
func portion(share float64, n int) int { return int(math.Round(share * float64(n))) }

// order returns the indices of ranks from the smallest rank to the largest;
// equal ranks keep their order. Ranks are from 0 to 2^31-1.
func order(ranks []int) []int {
	keys := make([]uint64, len(ranks))
	for i, r := range ranks {
		keys[i] = uint64(r)<<32 | uint64(i)
	}
	slices.Sort(keys)
	at := make([]int, len(ranks))
	for i, k := range keys {
		at[i] = int(k & (1<<32 - 1))
	}
	return at
}

// split divides total over weights by largest remainder: every part is its
// exact share rounded down, and what is left goes, one each, to the largest
// remainders; equal remainders go to the earlier part. Without any weight the
// first part takes all. Weights times total must stay below 2^63.
func split(total int, weights []int) []int {
	parts := make([]int, len(weights))
	sum := int64(0)
	for _, w := range weights {
		sum += int64(w)
	}
	if sum == 0 {
		if len(parts) > 0 {
			parts[0] = total
		}
		return parts
	}
	rest := make([]int64, len(weights))
	left := total
	for i, w := range weights {
		exact := int64(total) * int64(w)
		parts[i] = int(exact / sum)
		rest[i] = exact % sum
		left -= parts[i]
	}
	for ; left > 0; left-- {
		best := 0
		for i := range rest {
			if rest[i] > rest[best] {
				best = i
			}
		}
		parts[best]++
		rest[best] = -1
	}
	return parts
}

// splitWithin divides total over weights as split does, with every part i from
// lo[i] to hi[i]. What a bound takes or leaves goes to the part that is
// furthest from its share. It fails if the bounds cannot hold the total.
func splitWithin(total int, weights, lo, hi []int) ([]int, error) {
	want := split(total, weights)
	parts := make([]int, len(want))
	left := total
	for i, w := range want {
		parts[i] = max(lo[i], min(w, hi[i]))
		left -= parts[i]
	}
	for left != 0 {
		step := 1
		if left < 0 {
			step = -1
		}
		best := -1
		for i := range parts {
			next := parts[i] + step
			if next < lo[i] || next > hi[i] {
				continue
			}
			// Compare the relative distance from the share, without division.
			if best < 0 || step*(want[i]-parts[i])*max(1, want[best]) > step*(want[best]-parts[best])*max(1, want[i]) {
				best = i
			}
		}
		if best < 0 {
			return nil, fault.New(fault.Internal, fault.Place{File: marginsFile},
				fmt.Sprintf("%d people do not fit between the bounds %v and %v", total, lo, hi), "change the margins so that they agree")
		}
		parts[best] += step
		left -= step
	}
	return parts, nil
}
