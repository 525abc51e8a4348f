package monitoring_test

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"testing"

	"waymark/monitoring"
	"waymark/monitoring/example"
	"waymark/monitoring/instrument"
)

// benchRows are the interviews of the large benchmark. WAYMARK_BENCH_ROWS sets
// another number, such as 10000000.
func benchRows() int {
	if n, err := strconv.Atoi(os.Getenv("WAYMARK_BENCH_ROWS")); err == nil && n >= example.Smallest {
		return n
	}
	return 1_000_000
}

// BenchmarkDefaultPlan runs the whole default plan, variances included: from
// typed columns to findings. columns-MB is what the columns hold, allocated-MB
// all that one run allocates, an upper bound on what it holds at any moment.
func BenchmarkDefaultPlan(b *testing.B) {
	for _, n := range []int{example.Size, benchRows()} {
		for _, workers := range []int{1, 2} {
			for _, design := range []string{"clusters", "simple"} {
				b.Run(fmt.Sprintf("rows=%d/workers=%d/%s", n, workers, design), func(b *testing.B) { benchmarkPlan(b, n, workers, design) })
			}
		}
	}
}

// benchmarkPlan runs the default plan, whose clusters are points and days, or
// the same plan with every interview drawn by itself.
func benchmarkPlan(b *testing.B, n, workers int, design string) {
	in, err := instrument.Load("fms-2016")
	if err != nil {
		b.Fatal(err)
	}
	tab, err := example.Generate(n, 1)
	if err != nil {
		b.Fatal(err)
	}
	plan := monitoring.DefaultPlan(in)
	if design == "simple" {
		plan.Design.Clusters = nil
	}
	round := &monitoring.Round{Table: tab, Instrument: in}
	var before, after runtime.MemStats
	b.ReportAllocs()
	b.ResetTimer()
	runtime.GC()
	runtime.ReadMemStats(&before)
	findings := 0
	for range b.N {
		a, err := monitoring.Analyse(context.Background(), round, plan, monitoring.Options{Workers: workers})
		if err != nil {
			b.Fatal(err)
		}
		findings = len(a.Findings)
	}
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(tab.Bytes())/1e6, "columns-MB")
	b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/float64(b.N)/1e6, "allocated-MB/op")
	b.ReportMetric(float64(findings), "findings")
}
