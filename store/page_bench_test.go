package store_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/store"
	"waymark/store/storetest"
)

// BenchmarkPage reads pages of the review table of a round with 500,000
// submissions (WAYMARK_BENCH_ROWS of them), with their totals. The goal is a
// 99th percentile below 100 ms for every filter.
func BenchmarkPage(b *testing.B) {
	n := 500000
	if s := os.Getenv("WAYMARK_BENCH_ROWS"); s != "" {
		n, _ = strconv.Atoi(s)
	}
	ctx := context.Background()
	for _, e := range storetest.Engines {
		b.Run(e.Name, func(b *testing.B) {
			db, w, other, version := bigRound(b, e, n)
			newest, err := db.Newest(ctx, w.Round.ID)
			if err != nil {
				b.Fatal(err)
			}
			for _, c := range pages(other, version) {
				b.Run(c.name, func(b *testing.B) {
					f := c.filter
					f.Round = w.Round.ID
					if os.Getenv("WAYMARK_BENCH_EXPLAIN") != "" {
						plan, err := store.Explain(ctx, db, f)
						fmt.Fprintln(os.Stderr, c.name, plan, err) // b.Log keeps ten lines
					}
					var times []time.Duration
					total := 0
					for b.Loop() {
						// Every other page is deep in the round.
						if f.After = 0; len(times)%2 == 1 {
							f.After = newest - ids.ID(len(times)%7)<<30
						}
						began := time.Now()
						page, err := db.ListSubmissions(ctx, f)
						if err != nil {
							b.Fatal(err)
						}
						times = append(times, time.Since(began))
						total = page.Total
					}
					slices.Sort(times)
					b.ReportMetric(float64(times[len(times)/2].Microseconds())/1000, "p50-ms")
					b.ReportMetric(float64(times[len(times)*99/100].Microseconds())/1000, "p99-ms")
					b.ReportMetric(float64(total), "rows")
				})
			}
		})
	}
}

// bigRound makes a round of n submissions. WAYMARK_BENCH_DIR keeps that of SQLite
// for the next time, and the keys; that of PostgreSQL is kept where
// WAYMARK_DATABASE_URL names an empty database of its own.
func bigRound(b *testing.B, e storetest.Engine, n int) (db *store.DB, w *storetest.World, form, version ids.ID) {
	b.Helper()
	ctx := context.Background()
	keep := os.Getenv("WAYMARK_BENCH_DIR")
	place := e.NewPlace(b)
	url := os.Getenv("WAYMARK_DATABASE_URL")
	if keep != "" && (e.Name == storetest.SQLite.Name || url != "") {
		place.Vault = storetest.NewVault(b, keep)
		place.Options.Vault, place.Options.Dir = place.Vault, keep
		if e.Name != storetest.SQLite.Name {
			place.Options.URL = url
		}
	}
	db = place.Open(b)
	if all, err := db.ListProgrammes(ctx); err != nil {
		b.Fatal(err)
	} else if len(all) > 0 {
		rounds, _ := db.ListRounds(ctx, all[0].ID)
		forms, _ := db.ListForms(ctx, rounds[0].ID)
		versions, _ := db.ListVersions(ctx, forms[1].ID)
		return db, &storetest.World{DB: db, Round: rounds[0]}, forms[1].ID, versions[1].ID
	}
	w = storetest.NewWorld(b, db)
	second := w.Publish(b, w.Form, "2")
	other, first := w.AddForm(b, "other", "1")
	otherSecond := w.Publish(b, other, "2")
	began := time.Now()
	if err := store.Fill(ctx, db, w.Round.ID, [2]ids.ID{w.Form.ID, other.ID}, [4]ids.ID{w.Version.ID, second.ID, first.ID, otherSecond.ID}, n); err != nil {
		b.Fatal(err)
	}
	b.Logf("%d submissions in %v", n, time.Since(began).Round(time.Second))
	return db, w, other.ID, first.ID
}

type pageCase struct {
	name   string
	filter collection.Filter
}

func pages(form, version ids.ID) []pageCase {
	states := func(s ...collection.State) []collection.State { return s }
	return []pageCase{
		{"all", collection.Filter{}},
		{"oldest", collection.Filter{OldestFirst: true}},
		{"received", collection.Filter{States: states(collection.Received)}},
		{"approved", collection.Filter{States: states(collection.Approved)}},
		{"two-states", collection.Filter{States: states(collection.HasIssues, collection.Rejected)}},
		{"point", collection.Filter{Points: []string{"P07"}}},
		{"ten-points", collection.Filter{Points: []string{"P00", "P05", "P10", "P15", "P20", "P25", "P30", "P35", "P40", "P45"}}},
		{"route", collection.Filter{Routes: []string{"EMR"}}},
		{"enumerator", collection.Filter{Enumerators: []ids.ID{1042}}},
		{"day", collection.Filter{From: "2016-05-01", To: "2016-05-01"}},
		{"old-month", collection.Filter{From: "2016-04-01", To: "2016-04-30"}},
		{"old-half", collection.Filter{To: "2016-06-30"}},
		{"new-half", collection.Filter{From: "2016-07-01"}},
		{"form", collection.Filter{Form: form}},
		{"version", collection.Filter{Versions: []ids.ID{version}}},
		{"errors", collection.Filter{Worst: collection.SeverityError}},
		{"notes-or-worse", collection.Filter{Worst: collection.SeverityNote}},
		{"rule", collection.Filter{Rule: "rule.2-03"}},
		{"alike", collection.Filter{Alike: true}},
		{"text", collection.Filter{Text: "3fa"}},
		{"text-one-letter", collection.Filter{Text: "3"}},
		{"text-whole", collection.Filter{Text: "uuid:3fa00000"}},
		{"point-and-state", collection.Filter{Points: []string{"P07"}, States: states(collection.Rejected)}},
		{"state-route-old", collection.Filter{States: states(collection.Approved), Routes: []string{"EMR"}, To: "2016-05-15"}},
		{"rare-mixture", collection.Filter{States: states(collection.Received), Routes: []string{"EMR"}, From: "2016-04-03", To: "2016-04-20"}},
		{"received-old-half", collection.Filter{States: states(collection.Received), To: "2016-06-30"}},
		{"ten-points-approved-month", collection.Filter{Points: []string{"P00", "P05", "P10", "P15", "P20", "P25", "P30", "P35", "P40", "P45"},
			States: states(collection.Approved), From: "2016-06-01", To: "2016-06-30"}},
		{"point-errors", collection.Filter{Points: []string{"P07"}, Worst: collection.SeverityError}},
		{"approved-alike", collection.Filter{States: states(collection.Approved), Alike: true}},
		{"rule-state-day", collection.Filter{Rule: "rule.1-03", States: states(collection.Rejected), From: "2016-06-01", To: "2016-06-10"}},
		{"route-errors-form", collection.Filter{Routes: []string{"EMR"}, Worst: collection.SeverityError, Form: form}},
		{"nothing", collection.Filter{Points: []string{"P07"}, Routes: []string{"CMR"}}},
	}
}
