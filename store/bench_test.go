package store_test

import (
	"fmt"
	"sync/atomic"
	"testing"

	"waymark/store/storetest"
)

// BenchmarkArrive stores submissions of 3 kB, each durable before the next of the
// same caller. A peer, ODK Central with Node 24 and PostgreSQL 15, takes 70-90,
// 141-149 and 161-195 a second from 1, 4 and 16 callers on a machine with two
// cores; BenchmarkSync is what the disk allows for one at a time.
func BenchmarkArrive(b *testing.B) {
	for _, e := range storetest.Engines {
		for _, callers := range []int{1, 4, 16} {
			b.Run(fmt.Sprintf("%s/%d", e.Name, callers), func(b *testing.B) {
				w := storetest.NewWorld(b, e.NewPlace(b).Open(b))
				var n atomic.Int64
				work := make(chan struct{})
				done := make(chan struct{})
				for range callers {
					go func() {
						defer func() { done <- struct{}{} }()
						for range work {
							w.Arrive(b, w.Arrival(fmt.Sprintf("uuid:%08d-synthetic-instance", n.Add(1))))
						}
					}()
				}
				before := processorTime()
				for b.Loop() {
					work <- struct{}{}
				}
				close(work)
				for range callers {
					<-done
				}
				b.ReportMetric(float64((processorTime()-before).Microseconds())/float64(b.N), "processor-µs/op")
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "submissions/s")
			})
		}
	}
}

// BenchmarkSync is what the disk can do for one writer.
func BenchmarkSync(b *testing.B) { storetest.Sync(b) }
