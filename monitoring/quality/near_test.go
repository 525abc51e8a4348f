package quality

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestNearDuplicatesFindsEveryPair compares the search with looking at all
// pairs, on small rounds with few different answers.
func TestNearDuplicatesFindsEveryPair(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := newSampleOf(2, 1, 8)
		for i := range s.rows {
			source := rapid.IntRange(0, len(s.rows)-1).Draw(rt, "source")
			if rapid.Bool().Draw(rt, "copy") {
				s.copyAnswers(source, i)
			}
			for range rapid.IntRange(0, 3).Draw(rt, "changes") {
				q := rapid.IntRange(0, profileQuestions-1).Draw(rt, "question")
				s.rows[i].set(fmt.Sprintf("profile_%d", q), rapid.SampledFrom([]string{"x", "y", ""}).Draw(rt, "answer"))
			}
		}
		in := s.input(t)
		share := rapid.SampledFrom([]float64{0.8, 0.9, 0.95}).Draw(rt, "share")
		in.Options = Options{Thresholds: map[string]float64{"duplicate.near.share": share}, MaxRows: 1000}
		rep, err := Check(t.Context(), in)
		if err != nil {
			rt.Fatal(err)
		}
		var got []string
		for _, f := range findings(rep, "duplicate.near") {
			got = append(got, f.Details...)
		}
		limits, err := thresholds(Rules(), in.Options.Thresholds)
		if err != nil {
			rt.Fatal(err)
		}
		if want := everyPair(newRound(in, limits), share); !slices.Equal(got, want) {
			rt.Fatalf("found %q, expected %q", got, want)
		}
	})
}

func everyPair(r *round, share float64) []string {
	values := make([]func(int) uint64, len(r.answers))
	for i, a := range r.answers {
		values[i] = a.values()
	}
	var list []string
	for a := range r.n {
		for b := a + 1; b < r.n; b++ {
			if r.enumerator.code[a] != r.enumerator.code[b] || r.point.code[a] != r.point.code[b] || r.day[a] != r.day[b] {
				continue
			}
			p := compareAnswers(values, int32(a), int32(b))
			if p.over >= 12 && p.alike < p.over && float64(p.alike) >= share*float64(p.over)-1e-9 {
				list = append(list, fmt.Sprintf("rows %d and %d: %d of %d answers alike, enumerator %s", a+2, b+2, p.alike, p.over, r.enumerator.names[r.enumerator.code[a]]))
			}
		}
	}
	return list
}
