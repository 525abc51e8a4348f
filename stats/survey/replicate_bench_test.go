//go:build unix

package survey

import (
	"context"
	"fmt"
	"math/rand/v2"
	"syscall"
	"testing"
	"time"

	"waymark/stats/table"
)

// BenchmarkReplicates answers 100 estimates with 1,000 bootstrap replicates on
// 100,000 rows: ten indicators in ten groups, a hundred indicators, or a hundred
// numbers. Making the replicates is in the time of the designs that make them;
// given columns are read before.
//
// The peer: R 4.2.2 with survey 4.1.1 used 118 s of processor time for the
// replicates and 101 s for the estimates of "clustered/ten by ten", 141 s and
// 61 s of "rows/ten by ten", and 3.2 GB (testdata/replicate-time.R, once).
func BenchmarkReplicates(b *testing.B) {
	const rows, count = 100_000, 1000
	r := newRound(rows, 100)
	specs := map[string]Spec{
		"clustered": {Weights: r.weight, Strata: r.stratum, Clusters: []*table.CategoryColumn{r.psu}},
		"rows":      {Weights: r.weight, Strata: r.stratum},
	}
	rng := rand.New(rand.NewPCG(3, 4))
	var numbers []Request
	for k := range 100 {
		v := make([]float64, rows)
		for i := range v {
			v[i] = rng.NormFloat64()
		}
		numbers = append(numbers, Request{Statistic: Mean, Variable: table.NewNumber(fmt.Sprint("number", k), v, nil)})
	}
	ten := *r
	ten.yes = r.yes[:10]
	asks := map[string][]Request{"ten by ten": ten.ask(r.groups[8]), "hundred": r.ask(), "numbers": numbers}
	for _, name := range []string{"clustered", "rows", "given"} {
		var given *Replicates
		if name == "given" {
			made, err := design(b, specs["rows"]).Replicate(RaoWu, ReplicateOptions{Count: count})
			if err != nil {
				b.Fatal(err)
			}
			given, err = NewReplicates(ReplicateColumns{Kind: RaoWu, Weights: r.weight, Replicates: columnsOf(made), DF: 99_980})
			if err != nil {
				b.Fatal(err)
			}
		}
		for _, what := range []string{"ten by ten", "hundred", "numbers"} {
			b.Run(name+"/"+what, func(b *testing.B) {
				b.ReportAllocs()
				before := processorTime()
				defer func() { b.ReportMetric((processorTime()-before).Seconds()/float64(b.N), "cpu-s/op") }()
				for b.Loop() {
					reps := given
					if reps == nil {
						var err error
						if reps, err = design(b, specs[name]).Replicate(RaoWu, ReplicateOptions{Count: count}); err != nil {
							b.Fatal(err)
						}
					}
					if _, err := reps.Estimate(context.Background(), asks[what], EngineOptions{}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// processorTime is what this process has used of all processors.
func processorTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
