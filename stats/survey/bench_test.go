package survey

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"

	"waymark/stats/table"
)

// round is a synthetic round of interviews.
type round struct {
	route, nationality, stratum, psu *table.CategoryColumn
	groups                           []*table.CategoryColumn
	yes                              []*table.CategoryColumn
	weight                           *table.NumberColumn
}

func levels(n int) []table.Level {
	out := make([]table.Level, n)
	for i := range out {
		out[i] = table.Level{Code: strconv.Itoa(i)}
	}
	return out
}

// newRound makes n interviews in 20 strata of 20 PSUs, in no order.
func newRound(n, indicators int) *round {
	rng := rand.New(rand.NewPCG(1, 2))
	column := func(name string, size int) (*table.CategoryColumn, []uint32) {
		codes := make([]uint32, n)
		for i := range codes {
			codes[i] = table.FirstLevel + uint32(rng.IntN(size))
		}
		return table.NewCategory(name, levels(size), codes), codes
	}
	r := &round{}
	r.route, _ = column("route", 2)
	r.nationality, _ = column("nationality", 80)
	var psu []uint32
	r.psu, psu = column("psu", 400)
	stratum := make([]uint32, n)
	for i, p := range psu {
		stratum[i] = table.FirstLevel + (p-table.FirstLevel)/20
	}
	r.stratum = table.NewCategory("stratum", levels(20), stratum)
	for k := range 10 {
		c, _ := column(fmt.Sprint("group", k), 2+k)
		r.groups = append(r.groups, c)
	}
	for k := range indicators {
		codes := make([]uint8, n)
		for i := range codes {
			switch x := rng.IntN(100); {
			case x < 2:
				codes[i] = uint8(table.Refused)
			case x < 40:
				codes[i] = table.FirstLevel + 1
			default:
				codes[i] = table.FirstLevel
			}
		}
		r.yes = append(r.yes, table.NewCategory8(fmt.Sprint("yes", k), []table.Level{{Code: "no"}, {Code: "yes"}}, codes))
	}
	w := make([]float64, n)
	for i := range w {
		w[i] = 0.5 + 2*rng.Float64()
	}
	r.weight = table.NewNumber("weight", w, nil)
	return r
}

func (r *round) ask(by ...*table.CategoryColumn) []Request {
	var out []Request
	for _, v := range r.yes {
		out = append(out, Request{Statistic: Proportion, Variable: v, Level: "yes", By: by})
	}
	return out
}

// The peer: R 4.2.2 with survey 4.1.1 took 19.8 s for the two tables, and 5.6 s
// for the design, on 1,074,340 rows (bench/survey.R; docs/benchmarks.md).
func BenchmarkTables(b *testing.B) {
	r := newRound(1_000_000, 6)
	designs := map[string]Spec{
		"simple":    {Rows: 1_000_000},
		"weighted":  {Weights: r.weight, Strata: r.stratum},
		"clustered": {Weights: r.weight, Strata: r.stratum, Clusters: []*table.CategoryColumn{r.psu}},
	}
	for _, name := range []string{"simple", "weighted", "clustered"} {
		d, err := New(designs[name])
		if err != nil {
			b.Fatal(err)
		}
		for what, by := range map[string][]*table.CategoryColumn{"route": {r.route}, "route_nationality": {r.route, r.nationality}} {
			b.Run(name+"/"+what, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := d.Estimate(context.Background(), r.ask(by...), EngineOptions{}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// BenchmarkPlan is 15 indicators in 11 groupings, as a default plan asks.
func BenchmarkPlan(b *testing.B) {
	r := newRound(1_000_000, 15)
	for _, name := range []string{"simple", "clustered"} {
		s := Spec{Rows: 1_000_000}
		if name == "clustered" {
			s = Spec{Weights: r.weight, Strata: r.stratum, Clusters: []*table.CategoryColumn{r.psu}}
		}
		d, err := New(s)
		if err != nil {
			b.Fatal(err)
		}
		var requests []Request
		for _, g := range r.groups {
			requests = append(requests, r.ask(r.route, g)...)
		}
		requests = append(requests, r.ask()...)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := d.Estimate(context.Background(), requests, EngineOptions{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
