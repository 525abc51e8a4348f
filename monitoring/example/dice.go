package example

import (
	"math/bits"
	"math/rand/v2"
)

// dice is the only source of chance. The numbers of rand.PCG are fixed by its
// documentation; everything made from them here is integer arithmetic, so a
// seed gives the same round on every machine.
type dice struct{ src *rand.PCG }

func newDice(seed, stream uint64) dice { return dice{rand.NewPCG(seed, stream)} }

// below returns a number from 0 to n-1; n must be positive. Its bias is under
// n/2^64.
func (d dice) below(n int) int {
	hi, _ := bits.Mul64(d.src.Uint64(), uint64(n))
	return int(hi)
}

// between returns a number from lo to hi, both inclusive.
func (d dice) between(lo, hi int) int { return lo + d.below(hi-lo+1) }

// chance is true with a share from 0 to 1, to the nearest millionth.
func (d dice) chance(share float64) bool { return d.below(1_000_000) < portion(share, 1_000_000) }

// shuffle puts items into a random order (Fisher-Yates).
func shuffle[T any](d dice, items []T) {
	for i := len(items) - 1; i > 0; i-- {
		j := d.below(i + 1)
		items[i], items[j] = items[j], items[i]
	}
}
