package survey

import (
	"bytes"
	"context"
	"encoding/binary"
	"hash/crc32"
	"math"
	"strings"
	"testing"

	"waymark/internal/fault"
	"waymark/stats/table"
)

func TestAccumulatorRefusesPlans(t *testing.T) {
	_, err := NewAccumulator(Accumulation{FPC: []string{"a", "b"}, LonelyPSU: 9, Estimates: []NamedRequest{
		{Statistic: Proportion, Variable: "v"}, {Statistic: Mean, Variable: "v", Level: "1"}, {Statistic: Ratio, Variable: "v"}, {},
		{Statistic: Proportion, Variable: "v", Level: "1", Interval: Likelihood}, {Statistic: Share, Variable: "v", Confidence: 2, By: make([]string, 99)}}})
	list, ok := err.(*fault.List)
	if !ok || list.Len() != 10 {
		t.Fatalf("%d faults: %v", list.Len(), err)
	}
	if _, err := NewAccumulator(Accumulation{}); err == nil {
		t.Error("nothing is asked, and no error")
	}
}

// A table that cannot be added leaves the accumulator as it was.
func TestAccumulatorRefusesRowsWhole(t *testing.T) {
	plan := samplePlan(1)
	a := accumulate(t, plan, sampleRows(t, 1, 50, 1))
	before := encoded(t, a)
	for name, spoil := range map[string]func(*table.Table) []table.Column{
		"there is no column": func(w *table.Table) []table.Column { return []table.Column{w.Column("yes").Rename("no")} },
		"weights": func(w *table.Table) []table.Column {
			return []table.Column{table.NewNumber("w", []float64{-1, math.NaN(), math.Inf(1)}, nil)}
		},
		"fpc": func(w *table.Table) []table.Column {
			return []table.Column{table.NewNumber("fpc", []float64{0, 400, 400}, nil)}
		},
		"stratum": func(w *table.Table) []table.Column {
			return []table.Column{table.NewCategory8("stratum", []table.Level{{Code: "h"}}, []uint8{8, 1, 8})}
		},
		"numbers": func(w *table.Table) []table.Column {
			return []table.Column{table.NewNumber("x", []float64{1, math.Inf(1), 3}, nil)}
		},
	} {
		whole := sampleRows(t, 2, 3, 1)
		var err error
		if name == "there is no column" {
			whole, err = table.New(spoil(whole)...)
		} else {
			whole, err = whole.With(spoil(whole)...)
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := a.Add(whole); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
		if !bytes.Equal(before, encoded(t, a)) {
			t.Fatalf("%s: rows were added", name)
		}
	}
	if err := a.Merge(accumulate(t, samplePlan(0))); err == nil {
		t.Error("another plan was merged")
	}
	if err := a.Merge(a); err == nil {
		t.Error("an accumulator was merged with itself")
	}
	if _, err := accumulate(t, plan).Estimate(); err == nil {
		t.Error("estimates of nothing")
	}
}

// An FPC that varies within its stratum is seen, wherever the rows were.
func TestAccumulatorSeesFPCAcrossPieces(t *testing.T) {
	one, two := sampleRows(t, 1, 50, 1), sampleRows(t, 2, 50, 1)
	two, err := two.With(table.NewNumber("fpc", constant(50, 500), nil))
	if err != nil {
		t.Fatal(err)
	}
	a, b := accumulate(t, samplePlan(1), one), accumulate(t, samplePlan(1), two)
	if err := a.Merge(b); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Estimate(); err == nil || !strings.Contains(err.Error(), "varies") {
		t.Errorf("got %v", err)
	}
}

func TestAccumulatorIsBounded(t *testing.T) {
	a := accumulate(t, samplePlan(0))
	a.cells = AccumulatorCells - 3
	if err := a.Add(sampleRows(t, 1, 50, 1)); fault.KindOf(err) != fault.Unavailable {
		t.Fatalf("got %v", err)
	}
	if _, err := a.Estimate(); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("estimates of some of the rows: %v", err)
	}
	if _, err := a.AppendBinary(nil); err == nil {
		t.Error("some of the rows were written")
	}
	if err := accumulate(t, samplePlan(0)).Merge(a); err == nil {
		t.Error("some of the rows were merged")
	}
}

// What is read back is an accumulator or an error, and never a panic; what is
// one writes the same bytes again.
func FuzzDecodeAccumulator(f *testing.F) {
	for kind := range 4 {
		a := accumulate(f, samplePlan(kind), sampleRows(f, uint64(kind), 12, 1))
		b := encoded(f, a)
		f.Add(b[:len(b)-4])
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		b = binary.LittleEndian.AppendUint32(b[:len(b):len(b)], crc32.ChecksumIEEE(b))
		a, err := DecodeAccumulator(b)
		if err != nil {
			return
		}
		again := encoded(t, a)
		if c, err := DecodeAccumulator(again); err != nil || !bytes.Equal(encoded(t, c), again) {
			t.Fatalf("not the same again: %v", err)
		}
		_, _ = a.Estimate()
	})
}

func TestDecodeAccumulatorSeesDamage(t *testing.T) {
	b := encoded(t, accumulate(t, samplePlan(2), sampleRows(t, 1, 30, 1)))
	for i := range b {
		c := bytes.Clone(b)
		c[i] ^= 0x10
		if _, err := DecodeAccumulator(c); err == nil {
			t.Fatalf("byte %d was changed and not missed", i)
		}
	}
	for _, n := range []int{0, 5, len(b) - 1} {
		if _, err := DecodeAccumulator(b[:n]); err == nil {
			t.Errorf("%d bytes are an accumulator", n)
		}
	}
}

// BenchmarkAccumulator adds 1,000,000 rows to sums without rounding, in pieces
// of 50,000 rows, beside the same estimates by Design.Run, whose sums round.
func BenchmarkAccumulator(b *testing.B) {
	const rows = 1_000_000
	r := newRound(rows, 6)
	columns := []table.Column{r.route, r.nationality, r.stratum, r.psu, r.weight}
	plan := Accumulation{Weights: "weight", Strata: "stratum", Clusters: []string{"psu"}}
	for _, v := range r.yes {
		columns = append(columns, v)
		plan.Estimates = append(plan.Estimates, NamedRequest{Statistic: Proportion, Variable: v.Name(), Level: "yes", By: []string{"route", "nationality"}})
	}
	whole, err := table.New(columns...)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("exact", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			a := accumulate(b, plan)
			keep := make([]bool, rows)
			for from := 0; from < rows; from += 50_000 {
				b.StopTimer()
				clear(keep)
				for i := from; i < from+50_000; i++ {
					keep[i] = true
				}
				piece := whole.Select(keep)
				b.StartTimer()
				if err := a.Add(piece); err != nil {
					b.Fatal(err)
				}
			}
			if _, err := a.Estimate(); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("rounding", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			d, err := New(Spec{Weights: r.weight, Strata: r.stratum, Clusters: []*table.CategoryColumn{r.psu}})
			if err != nil {
				b.Fatal(err)
			}
			if _, err := d.Estimate(context.Background(), r.ask(r.route, r.nationality), EngineOptions{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
