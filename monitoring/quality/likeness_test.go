package quality

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestLikenessFindsThePairsOfTheFile compares what is found one interview at a
// time, through shared hands, with the rules over the whole file.
func TestLikenessFindsThePairsOfTheFile(t *testing.T) {
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
		set := map[string]float64{"duplicate.near.share": rapid.SampledFrom([]float64{0.8, 0.9, 0.95}).Draw(rt, "share")}
		limits, err := thresholds(Rules(), set)
		if err != nil {
			rt.Fatal(err)
		}
		want := everyPair(newRound(in, limits), set["duplicate.near.share"])
		likeness, err := NewLikeness(in.Instrument, set)
		if err != nil {
			rt.Fatal(err)
		}
		var got []string
		var before []*Portrait
		for row := range s.rows {
			p := likeness.Of(in.Table, row)
			if p == nil {
				rt.Fatalf("row %d has no portrait", row)
			}
			for other, q := range before {
				v := q.Compare(p)
				if !shareHand(p, q) {
					if v.Near || v.Same {
						rt.Fatalf("rows %d and %d are alike and share no hand", other, row)
					}
					continue
				}
				if v.Near {
					got = append(got, fmt.Sprintf("rows %d and %d: %d of %d answers alike, enumerator %s", other+2, row+2, v.Alike, v.Over, s.rows[row].cell["enumerator"]))
				}
			}
			before = append(before, p)
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			rt.Fatalf("found %q, expected %q", got, want)
		}
	})
}

func shareHand(a, b *Portrait) bool {
	theirs := b.Hands()
	for i, h := range a.Hands() {
		if string(h) == string(theirs[i]) {
			return true
		}
	}
	return false
}

// One interview alone is judged as it is judged in the file.
func TestEachInterviewIsJudgedAlike(t *testing.T) {
	for id, spoiled := range spoil {
		s := newSampleOf(3, 2, 8)
		switch {
		case spoiled == nil, id == "duplicate.answers", id == "clock.busy": // need more rows than this sample has
			continue
		}
		spoiled(s)
		in := s.input(t)
		whole, err := Check(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		type mark struct {
			rule, subject string
			row           int
		}
		want, got := map[mark]Severity{}, map[mark]Severity{}
		scope := map[string]Scope{}
		for _, rule := range Rules() {
			scope[rule.ID] = rule.Scope
		}
		for _, f := range whole.Findings {
			if scope[f.Rule] == EachInterview {
				if f.Total > len(f.Rows) {
					t.Fatalf("%s: %d of %d rows are listed", f.Rule, len(f.Rows), f.Total)
				}
				for _, row := range f.Rows {
					want[mark{f.Rule, f.Subject, row}] = f.Severity
				}
			}
		}
		for row := range s.rows {
			keep := make([]bool, len(s.rows))
			keep[row] = true
			one := *in
			one.Table, one.Options.Scope = in.Table.Select(keep), EachInterview
			rep, err := Check(t.Context(), &one)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range rep.Findings {
				got[mark{f.Rule, f.Subject, row + 2}] = f.Severity
			}
		}
		if id == "straight.empty" { // its severity depends on how many there are
			for m := range want {
				if m.rule == id {
					want[m] = Note
				}
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: one by one %v, together %v", id, got, want)
		}
	}
}
