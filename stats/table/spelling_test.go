package table

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"
)

// TestSpellings holds the table against a map, over keys of all lengths.
func TestSpellings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, m := newSpellings(), map[string]uint32{}
		for i, key := range rapid.SliceOf(rapid.SliceOfN(rapid.SampledFrom([]byte{0, 'a', 'b', 0xff}), 0, 24)).Draw(t, "keys") {
			if got := s.get(key); got != m[string(key)] {
				t.Fatalf("%q is %d, expected %d", key, got, m[string(key)])
			}
			if m[string(key)] == 0 {
				m[string(key)] = uint32(i + 1)
				s.put(key, uint32(i+1))
			}
		}
		for key, code := range m {
			// With room behind the cell and without: two ways to load a word.
			for _, cell := range [][]byte{[]byte(key)[:len(key):len(key)], append([]byte(key), "filling"...)[:len(key)]} {
				if got := s.get(cell); got != code {
					t.Fatalf("%q is %d, expected %d", key, got, code)
				}
			}
		}
	})
}

// BenchmarkSpellings looks up one of five codes. GOMAXPROCS=1 on an Intel Xeon,
// Go 1.26, other work on the machine: 34 ns against 50 ns for the map.
func BenchmarkSpellings(b *testing.B) {
	cells := bytes.Split([]byte("none,primary,lower_secondary,upper_secondary,yes,filling"), []byte(","))[:5]
	s, m := newSpellings(), map[string]uint32{}
	for i, c := range cells {
		s.put(c, uint32(i+1))
		m[string(c)] = uint32(i + 1)
	}
	sum := uint32(0)
	b.Run("spellings", func(b *testing.B) {
		i := 0
		for b.Loop() {
			sum += s.get(cells[i%5])
			i += 3
		}
	})
	b.Run("map", func(b *testing.B) {
		i := 0
		for b.Loop() {
			sum += m[string(cells[i%5])]
			i += 3
		}
	})
	_ = sum
}
