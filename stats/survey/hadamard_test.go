package survey

import "testing"

func TestHadamardIsBalancedAndOrthogonal(t *testing.T) {
	for _, n := range []int{1, 3, 5, 8, 11, 13, 16, 20, 24, 27, 30, 34, 40, 50, 52, 63, 64, 79, 99, 120, 130, 200, 250, 300} {
		h := hadamardFor(n)
		if h.n <= n {
			t.Fatalf("for %d: order %d", n, h.n)
		}
		for i := range h.n {
			if !h.at(0, i) {
				t.Fatalf("order %d: the first row is not all ones", h.n)
			}
			for k := range i {
				same := 0
				for j := range h.n {
					if h.at(i, j) == h.at(k, j) {
						same++
					}
				}
				if 2*same != h.n {
					t.Fatalf("order %d: rows %d and %d are not orthogonal", h.n, i, k)
				}
			}
		}
	}
	if hadamardFor(maxHadamard) != nil {
		t.Error("an order beyond the bound must be refused")
	}
}
