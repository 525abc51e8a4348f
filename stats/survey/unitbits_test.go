package survey

import "testing"

func TestEqualGathersBits(t *testing.T) {
	classes := []uint8{0, 1, 2, 3, 7, 1, 1, 0, 5, 1, 6}
	for c := range uint64(8) {
		for from := 0; from < len(classes); from += 8 {
			got := equal(load(classes, from, len(classes)), c)
			for i := range 8 {
				want := from+i < len(classes) && uint64(classes[from+i]) == c || from+i >= len(classes) && c == 0
				if (got>>i&1 == 1) != want {
					t.Errorf("class %d, row %d: %v, want %v", c, from+i, !want, want)
				}
			}
		}
	}
}
