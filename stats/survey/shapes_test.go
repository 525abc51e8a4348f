package survey

import (
	"context"
	"reflect"
	"testing"

	"waymark/stats/table"
)

// manyGroups is rows in 20 strata of 20 PSUs with three grouping columns of a
// hundred levels each, which make a million combinations.
func manyGroups(t testing.TB, rows int) (*Design, []Request, []*table.CategoryColumn) {
	t.Helper()
	r := newRound(rows, 1)
	by := make([]*table.CategoryColumn, 3)
	for k, prime := range []int{7919, 104729, 1299709} {
		codes := make([]uint32, rows)
		for i := range codes {
			codes[i] = table.FirstLevel + uint32(i*prime>>(3*k))%100
		}
		by[k] = table.NewCategory(string('a'+rune(k)), levels(100), codes)
	}
	d, err := New(Spec{Weights: r.weight, Strata: r.stratum, Clusters: []*table.CategoryColumn{r.psu}})
	if err != nil {
		t.Fatal(err)
	}
	return d, r.ask(by...), by
}

// A million combinations cost what occurs of them: every row is in one group,
// and the work does not depend on the workers.
func TestAMillionCombinations(t *testing.T) {
	const rows = 20_000
	d, ask, by := manyGroups(t, rows)
	a, err := d.Estimate(context.Background(), ask, EngineOptions{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	want := map[[3]int]int{}
	for i := range rows {
		want[[3]int{by[0].Level(i), by[1].Level(i), by[2].Level(i)}]++
	}
	n := 0
	for _, e := range a[0].Estimates {
		all := e.Base
		for _, m := range e.Missing {
			all += m
		}
		if want[[3]int(e.Domain)] != all {
			t.Fatalf("group %v: %d rows, want %d", e.Domain, all, want[[3]int(e.Domain)])
		}
		n += all
	}
	if n != rows || len(a[0].Estimates) != len(want) {
		t.Errorf("%d rows in %d groups, want %d in %d", n, len(a[0].Estimates), rows, len(want))
	}
	b, err := d.Estimate(context.Background(), ask, EngineOptions{Workers: 3})
	if err != nil || !sameBits(reflect.ValueOf(a), reflect.ValueOf(b)) {
		t.Errorf("three workers give another result: %v", err)
	}
}

// BenchmarkManyGroups is 50,000 rows by three grouping variables. Users of the
// peer report 81 s for such a table (R, srvyr over survey).
func BenchmarkManyGroups(b *testing.B) {
	d, ask, _ := manyGroups(b, 50_000)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.Estimate(context.Background(), ask, EngineOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkMillionLevels is a proportion in each of a million levels of one
// column, as of an identifier that was taken for a group.
func BenchmarkMillionLevels(b *testing.B) {
	const rows = 1_000_000
	r := newRound(rows, 1)
	codes := make([]uint32, rows)
	for i := range codes {
		codes[i] = table.FirstLevel + uint32(i)
	}
	d, err := New(Spec{Weights: r.weight, Strata: r.stratum, Clusters: []*table.CategoryColumn{r.psu}})
	if err != nil {
		b.Fatal(err)
	}
	ask := r.ask(table.NewCategory("id", make([]table.Level, rows), codes))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.Estimate(context.Background(), ask, EngineOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}
