package survey

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// Sums of any finite numbers, in any division, are those of big.Float, which
// has room for all bits here.
func TestExactSumIsExact(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	number := func(kind int) float64 {
		switch kind {
		case 0:
			return 0.3 + 2.5*r.Float64()
		case 1:
			return math.Ldexp(r.Float64()-0.5, r.IntN(2000)-1000)
		case 2:
			return math.Float64frombits(r.Uint64() &^ (1 << 62)) // small
		}
		return math.Float64frombits(r.Uint64N(1 << 53)) // subnormal and a little more
	}
	for round := range 2000 {
		n := 1 + r.IntN(40)
		want := new(big.Float).SetPrec(4000)
		var parts [3]exactSum
		for i := range n {
			x := number(round % 4)
			if i > 0 && r.IntN(4) == 0 {
				x = -x
			}
			want.Add(want, new(big.Float).SetFloat64(x))
			parts[r.IntN(3)].add(x)
			if r.IntN(10) == 0 {
				parts[r.IntN(3)].carry()
			}
		}
		var sum exactSum
		for _, k := range r.Perm(3) {
			sum.merge(&parts[k])
		}
		if x, _ := want.Float64(); math.Float64bits(sum.value()) != math.Float64bits(x) && !(x == 0 && sum.value() == 0) {
			t.Fatalf("round %d: got %v, want %v", round, sum.value(), x)
		}
	}
}

func TestExactSumEdges(t *testing.T) {
	sum := func(xs ...float64) float64 {
		var s exactSum
		for _, x := range xs {
			s.add(x)
		}
		return s.value()
	}
	for _, c := range []struct {
		got, want float64
	}{
		{sum(), 0},
		{sum(1, 1e-30, -1), 1e-30},
		{sum(1, math.Ldexp(1, -53)), 1}, // a tie goes to even
		{sum(1, math.Ldexp(1, -53), math.SmallestNonzeroFloat64), 1 + 0x1p-52}, // just above a tie
		{sum(1+0x1p-52, math.Ldexp(1, -53)), 1 + 0x1p-51},
		{sum(math.MaxFloat64, math.MaxFloat64), math.Inf(1)},
		{sum(math.MaxFloat64, math.MaxFloat64, -math.MaxFloat64), math.MaxFloat64},
		{sum(math.Inf(1), 3), math.Inf(1)},
		{sum(-math.SmallestNonzeroFloat64), -math.SmallestNonzeroFloat64},
	} {
		if c.got != c.want {
			t.Errorf("got %v, want %v", c.got, c.want)
		}
	}
	if x := sum(math.Inf(1), math.Inf(-1)); x == x {
		t.Errorf("infinities of both signs: %v", x)
	}
}

// A digit is carried over before it is full.
func TestExactSumCarriesInTime(t *testing.T) {
	a, b := exactSum{}, exactSum{}
	a.add(1.5)
	b.add(2.5)
	a.adds, b.adds = sumAdds, sumAdds
	a.add(1)
	if a.adds > 3 {
		t.Errorf("%d additions after a carry", a.adds)
	}
	a.adds = sumAdds
	a.merge(&b)
	if a.value() != 5 || b.value() != 2.5 {
		t.Errorf("%v and %v", a.value(), b.value())
	}
}

func BenchmarkExactSum(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	x := make([]float64, 4096)
	for i := range x {
		x[i] = 0.3 + 2.5*r.Float64()
	}
	b.SetBytes(8)
	var s exactSum
	i := 0
	for b.Loop() {
		s.add(x[i&4095])
		i++
	}
}
