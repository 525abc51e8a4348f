package survey

import (
	"context"
	"math"
	"strings"
	"testing"

	"waymark/stats/table"
)

func TestMatchReplicates(t *testing.T) {
	n := func(name string) table.Column { return table.NewNumber(name, []float64{1, 2}, nil) }
	tab, err := table.New(n("rep2"), n("report1"), n("rep10"), n("w"), table.NewBool("rep", []bool{true, false}, nil))
	if err != nil {
		t.Fatal(err)
	}
	got, err := MatchReplicates(tab, "rep[0-9]+")
	if err != nil || len(got) != 2 || got[0].Name() != "rep2" || got[1].Name() != "rep10" {
		t.Errorf("%v, %v", got, err)
	}
	for _, pattern := range []string{"rep", "x[0-9]", "(", strings.Repeat("r", 2000)} {
		if _, err := MatchReplicates(tab, pattern); err == nil {
			t.Errorf("pattern %.10q must be refused", pattern)
		}
	}
}

func TestGivenReplicatesThatCannotBe(t *testing.T) {
	n := func(v ...float64) *table.NumberColumn { return table.NewNumber("r", v, nil) }
	w := n(1, 2, 0)
	ok := []*table.NumberColumn{n(1, 3, 0), n(1, 1, 0)}
	for want, c := range map[string]ReplicateColumns{
		"at least two":          {Kind: BRR, Replicates: ok[:1]},
		"no such kind":          {Replicates: ok},
		"is not from 0":         {Kind: Fay, Rho: 1, Replicates: ok},
		"1 rscales for 2":       {Kind: JKn, RScales: []float64{1}, Replicates: ok},
		"rscale -1":             {Kind: JKn, RScales: []float64{1, -1}, Replicates: ok},
		"need the factor":       {Kind: JKn, Replicates: ok},
		"the scale of BRR":      {Kind: BRR, Scale: 3, Replicates: ok},
		"missing or not finite": {Kind: BRR, Replicates: []*table.NumberColumn{ok[0], n(1, math.NaN(), 1)}},
		"is zero and a":         {Kind: BRR, Weights: w, Replicates: []*table.NumberColumn{ok[0], n(1, 1, 1)}},
		"of another length":     {Kind: BRR, Replicates: []*table.NumberColumn{ok[0], n(1)}},
		"cannot be used":        {Kind: BRR, Scale: math.Inf(1), Replicates: ok},
	} {
		if _, err := NewReplicates(c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
	if _, err := NewReplicates(ReplicateColumns{Kind: BRR, Weights: w, Replicates: ok}); err != nil {
		t.Error(err)
	}
}

// Factors given beside the weights are the same as weights given whole; negative
// ones, as successive differences may have, are taken.
func TestGivenFactorsAndWeightsAgree(t *testing.T) {
	s := readSample(t)
	w := s.num["weight"].Values
	var factors, whole []*table.NumberColumn
	for k := range 8 {
		f, v := make([]float64, s.n), make([]float64, s.n)
		for i := range f {
			f[i] = 1 + 1.2*math.Sin(float64(i*(k+1)))
			v[i] = f[i] * w[i]
		}
		factors, whole = append(factors, table.NewNumber("f", f, nil)), append(whole, table.NewNumber("v", v, nil))
	}
	var got [2][]float64
	for k, c := range []ReplicateColumns{{Factors: true, Replicates: factors}, {Replicates: whole}} {
		c.Kind, c.Weights = SuccessiveDifference, s.num["weight"]
		r, err := NewReplicates(c)
		if err != nil {
			t.Fatal(err)
		}
		if scale, _ := r.Scale(); scale != 4.0/8 || r.DF() != 7 {
			t.Errorf("scale %v, %v degrees of freedom", scale, r.DF())
		}
		a, err := r.Run(context.Background(), everything(s), EngineOptions{})
		if err != nil {
			t.Fatal(err)
		}
		got[k] = numbersOf(a)
	}
	for k := range got[0] {
		if math.Abs(got[0][k]-got[1][k]) > 1e-10*math.Abs(got[0][k]) {
			t.Errorf("%d: factors %v, weights %v", k, got[0][k], got[1][k])
		}
	}
}

func TestReplicatesThatCannotBeMade(t *testing.T) {
	s := readSample(t)
	one1, plain := design(t, s.specs()["one"]), design(t, Spec{Rows: 3})
	for want, try := range map[string]struct {
		d    *Design
		kind Replication
		opt  ReplicateOptions
	}{
		"without strata":           {one1, JK1, ReplicateOptions{}},
		"have more: \"north\" (6)": {one1, BRR, ReplicateOptions{}},
		"odd number of PSUs":       {plain, BRR, ReplicateOptions{Large: LargeSplit}},
		"rho":                      {one1, JKn, ReplicateOptions{Rho: 0.5}},
		"are not made from":        {one1, JK2, ReplicateOptions{}},
		"1 replicates cannot":      {one1, RaoWu, ReplicateOptions{Count: 1}},
		"more than 4096":           {one1, SuccessiveDifference, ReplicateOptions{Count: 5000}},
	} {
		if _, err := try.d.Replicate(try.kind, try.opt); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
	r, err := one1.Replicate(JKn, ReplicateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Replicate(JKn, ReplicateOptions{}); err == nil {
		t.Error("replicates of replicates must be refused")
	}
	if _, _, err := r.Trim(TrimOptions{Upper: 60}); err == nil {
		t.Error("trimming of replicates must be refused")
	}
}

// JKn factors of rows outside the sample say nothing of a replicate, and one
// without a factor above zero has no rscale.
func TestScalesOfGivenFactors(t *testing.T) {
	number := func(v ...float64) *table.NumberColumn { return table.NewNumber("r", v, nil) }
	c := ReplicateColumns{Kind: JKn, Factors: true, Include: []bool{true, true, true, false},
		Replicates: []*table.NumberColumn{number(0, 2, 1, math.NaN()), number(2, 0, 1, 5)}}
	r, err := NewReplicates(c)
	if err != nil {
		t.Fatal(err)
	}
	if _, by := r.Scale(); by[0] != 0.5 || by[1] != 0.5 {
		t.Errorf("rscales %v, not 0.5 and 0.5", by)
	}
	c.Replicates[1] = number(0, 0, 0, 5)
	if _, err := NewReplicates(c); err == nil {
		t.Error("a replicate without a factor above zero is taken")
	}
	c.Replicates[0] = nil
	if _, err := NewReplicates(c); err == nil {
		t.Error("a missing column is taken")
	}
}
