package storedtest

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"waymark/monitoring/collection"
	"waymark/store/storetest"
)

// BenchmarkListPage asks for pages of the list over SQLite, as a browser does: rows,
// counts by state, filters. WAYMARK_BENCH_ROWS submissions, 5,000 by default; the
// goal is a 99th percentile below 100 ms at 500,000.
func BenchmarkListPage(b *testing.B) {
	rows := 5000
	if s := os.Getenv("WAYMARK_BENCH_ROWS"); s != "" {
		var err error
		if rows, err = strconv.Atoi(s); err != nil {
			b.Fatal(err)
		}
	}
	ctx := context.Background()
	w := newWorld(b, storetest.SQLite.NewPlace(b).Open(b))
	began := time.Now()
	var group sync.WaitGroup
	for lane := range 64 {
		group.Go(func() {
			for n := lane; n < rows; n += 64 {
				a := &collection.Arrival{Form: w.form.ID, Version: w.version.ID, Round: w.round.ID, InstanceID: instance(n), XML: []byte(document(n, "Amina Example")),
					Enumerator: w.sender, At: noon, Point: fmt.Sprintf("P%d", 1+n%2), Route: "CMR", Day: fmt.Sprintf("2016-%02d-%02d", 1+n%12, 1+n/12%28)}
				if _, err := w.db.Arrive(ctx, w.phone, a); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	group.Wait()
	b.Logf("%d submissions in %v", rows, time.Since(began).Round(time.Millisecond))
	c := w.client(b, 0)
	newest, err := w.db.Newest(ctx, w.round.ID)
	must(b, err)
	for name, query := range map[string]string{"all": "", "state": "?state=received", "point": "?point=P1", "state-and-point": "?state=received&point=P2", "days": "?from=2016-03-01&to=2016-03-31",
		"deep": "?after=" + (newest - 1<<34).String(), "text": "?text=" + instance(7)} {
		b.Run(name, func(b *testing.B) {
			var times []time.Duration
			for b.Loop() {
				at := time.Now()
				c.Get(w.path("/submissions")+query).Want(b, 200)
				times = append(times, time.Since(at))
			}
			slices.Sort(times)
			b.ReportMetric(float64(times[len(times)/2].Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(times[len(times)*99/100].Microseconds())/1000, "p99-ms")
		})
	}
}
