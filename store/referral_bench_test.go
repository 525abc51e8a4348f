package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/referral"
	"waymark/store"
	"waymark/store/storetest"
	"waymark/trust/audit"
)

// benchUsers ask at once, each the next page as soon as the last is there.
const benchUsers = 50

// BenchmarkMatters reads and writes among 200,000 cases (WAYMARK_BENCH_MATTERS of
// them) and a tenth as many concerns, all sealed under keys of their own, by 50 users
// at once. The goal is a 99th percentile below 150 ms for every page. "rotate" does
// the same while the keys of all are wrapped anew, and says how long that took.
func BenchmarkMatters(b *testing.B) {
	n := 200_000
	if s := os.Getenv("WAYMARK_BENCH_MATTERS"); s != "" {
		n, _ = strconv.Atoi(s)
	}
	keys := os.Getenv("WAYMARK_BENCH_DIR")
	if keys == "" {
		keys = b.TempDir()
	}
	for _, e := range storetest.Engines {
		b.Run(e.Name, func(b *testing.B) {
			m := openMatters(b, e, keys, n)
			for _, p := range m.pages() {
				b.Run(p.name, func(b *testing.B) { m.measure(b, p.ask) })
			}
			b.Run("rotate", func(b *testing.B) {
				began := time.Now()
				var took time.Duration
				var group sync.WaitGroup
				var done atomic.Int64 // when the pages have been measured, and then all
				group.Go(func() {
					if err := m.RotateKeys(context.Background(), storetest.Officer, func(n, _ int) { done.Store(int64(n)) }); err != nil {
						b.Error(err)
					}
					took = time.Since(began)
				})
				m.measure(b, m.mixed)
				meanwhile := done.Load()
				group.Wait()
				b.ReportMetric(took.Seconds(), "rotation-s")
				b.ReportMetric(float64(meanwhile), "keys-meanwhile")
			})
		})
	}
}

// manyMatters is a network with many cases.
type manyMatters struct {
	*store.Referral
	network         ids.ID
	agencies        []ids.ID
	cases, concerns []ids.ID
}

// owner is one of 40 people of each agency.
func (m *manyMatters) owner(agency, i int) ids.ID { return ids.ID(10_000 + agency*100 + i%40) }

// openMatters opens a network, and fills it at the first time. WAYMARK_BENCH_DIR keeps
// SQLite's for the next time, WAYMARK_DATABASE_URL PostgreSQL's. Both use the same
// keys, since their cases have the same identifiers.
func openMatters(b *testing.B, e storetest.Engine, keys string, n int) *manyMatters {
	b.Helper()
	ctx := context.Background()
	place := e.NewPlace(b)
	place.Rekey(b, storetest.NewVault(b, keys))
	if os.Getenv("WAYMARK_BENCH_DIR") != "" && e.Name == storetest.SQLite.Name {
		place.Options.Dir = keys
	}
	if url := os.Getenv("WAYMARK_DATABASE_URL"); url != "" && e.Name != storetest.SQLite.Name {
		place.Options.URL = url
	}
	db := place.Open(b)
	m := &manyMatters{Referral: db.Referral()}
	for i := range n {
		m.cases = append(m.cases, benchID(i))
	}
	for i := range n / 10 {
		m.concerns = append(m.concerns, benchID(n+i))
	}
	all, err := m.ListNetworks(ctx)
	if err != nil {
		b.Fatal(err)
	}
	if len(all) > 0 {
		m.network = all[0].Programme
		agencies, err := m.Agencies(ctx, m.network)
		if err != nil {
			b.Fatal(err)
		}
		for _, a := range agencies {
			m.agencies = append(m.agencies, a.ID)
		}
		return m
	}
	p := &collection.Programme{Name: "Synthetic network"}
	if err := db.PutProgramme(ctx, storetest.Officer, p); err != nil {
		b.Fatal(err)
	}
	m.network = p.ID
	if err := m.PutNetwork(ctx, storetest.Officer, &referral.Network{Programme: p.ID, Pathway: "uk", Nation: "england-wales"}); err != nil {
		b.Fatal(err)
	}
	for i := range 10 {
		a := &referral.Agency{Network: p.ID, Name: fmt.Sprintf("Synthetic agency %02d", i), Kind: "local-authority"}
		if err := m.PutAgency(ctx, storetest.Officer, a); err != nil {
			b.Fatal(err)
		}
		m.agencies = append(m.agencies, a.ID)
		for k := range 40 {
			if err := m.SetMember(ctx, storetest.Officer, p.ID, m.owner(i, k), a.ID); err != nil {
				b.Fatal(err)
			}
		}
	}
	began := time.Now()
	if err := m.fill(ctx); err != nil {
		b.Fatal(err)
	}
	if err := store.Settle(ctx, db); err != nil {
		b.Fatal(err)
	}
	fmt.Fprintf(os.Stderr, "%s: %d cases and %d concerns in %v\n", e.Name, len(m.cases), len(m.concerns), time.Since(began).Round(time.Second))
	return m
}

// benchID is the identifier of a matter: of 2026, so that those of later changes are
// greater.
func benchID(i int) ids.ID { return ids.ID(1+i)<<20 | 200_000_000_000<<20 | ids.ID(i*7919%(1<<20)) }

// fill makes the matters as people would, 256 at a time.
func (m *manyMatters) fill(ctx context.Context) error {
	var next atomic.Int64
	var group sync.WaitGroup
	errs := make(chan error, 256)
	all := slices.Concat(m.cases, m.concerns)
	for range 256 {
		group.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(all) {
					return
				}
				if _, err := m.Do(ctx, m.matter(i, all[i])); err != nil {
					errs <- err
					return
				}
			}
		})
	}
	group.Wait()
	close(errs)
	return <-errs
}

// benchNow is when the matters are looked at.
var benchNow = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

// matter is the i-th. Half of the cases are closed, most others with the authority;
// each has a referral of 3 kB and six parts of 300 bytes, a concern one of 2 kB.
func (m *manyMatters) matter(i int, id ids.ID) *referral.Change {
	r := rand.New(rand.NewPCG(uint64(i), 5))
	agency := r.IntN(len(m.agencies))
	text := func(n int) []byte { return []byte(`{"text":"` + strings.Repeat("synthetic ", n/10) + `"}`) }
	row := referral.Matter{ID: id, Network: m.network, Kind: referral.Case, Agency: m.agencies[agency], Owner: m.owner(agency, r.IntN(40)), Urgent: r.IntN(100) < 3,
		Opened: benchNow.AddDate(0, 0, -r.IntN(700)), Rules: "2026.1+0123456789ab"}
	row.Changed = row.Opened
	c := &referral.Change{New: true, Row: true, Entries: []audit.Entry{{Actor: storetest.Officer, Action: "case.begin"}}}
	add := func(kind referral.PartKind, purpose referral.Purpose, n int) *referral.Part {
		p := &referral.Part{Kind: kind, Agency: row.Agency, Purpose: purpose, By: row.Owner, Body: text(n)}
		c.Put = append(c.Put, p)
		return p
	}
	if i >= len(m.cases) {
		row.Kind = referral.Concern
		row.State = []referral.State{referral.Received, referral.Seen, referral.Asked, referral.Decided, referral.Decided, referral.Decided, referral.Decided, referral.Decided}[r.IntN(8)]
		if row.State == referral.Received {
			row.Owner, row.Due = 0, benchNow.Add(time.Duration(r.IntN(240)-120)*time.Minute)
		}
		add(referral.PartAnswers, "", 2000)
		add(referral.PartStep, referral.Coordination, 200)
		c.Matter = row
		return c
	}
	switch v := r.IntN(100); {
	case v < 50:
		row.State = referral.Closed
	case v < 55:
		row.State = referral.Draft
	case v < 57:
		row.State = referral.Ready
	default:
		row.State = referral.Sent
	}
	if row.State == referral.Closed {
		row.Result, row.KeepUntil = referral.MovedOn, benchNow.AddDate(1, 0, r.IntN(2000))
	} else {
		row.Due, row.DueRule = benchNow.AddDate(0, 0, r.IntN(90)-10), "recovery"
		if r.IntN(100) == 0 {
			row.Owner = 0
		}
	}
	add(referral.PartAnswers, "", 3000)
	for k, kind := range []referral.PartKind{referral.PartConsent, referral.PartRisk, referral.PartNeed, referral.PartNote, referral.PartEvent} {
		add(kind, referral.Purposes[k], 300)
	}
	task := add(referral.PartTask, "", 300)
	task.Due, task.Done = benchNow.AddDate(0, 0, r.IntN(60)-10), row.State == referral.Closed || r.IntN(2) == 0
	if r.IntN(10) == 0 {
		c.Give = []*referral.Grant{{Kind: referral.Share, Agency: m.agencies[r.IntN(len(m.agencies))], Purposes: []referral.Purpose{referral.Health}, From: row.Opened, Until: benchNow.AddDate(0, 1, 0)}}
	}
	c.Matter = row
	return c
}

// page is one that a user asks for.
type page struct {
	name string
	ask  func(ctx context.Context, r *rand.Rand) error
}

func (m *manyMatters) list(filter func(r *rand.Rand, agency int) referral.Filter) func(context.Context, *rand.Rand) error {
	return func(ctx context.Context, r *rand.Rand) error {
		f := filter(r, r.IntN(len(m.agencies)))
		f.Network = m.network
		p, err := m.ListMatters(ctx, f)
		if err != nil {
			return err
		}
		if p.Next != "" && r.IntN(3) == 0 { // some look further
			f.After = p.Next
			_, err = m.ListMatters(ctx, f)
		} else {
			_, err = m.CountMatters(ctx, f)
		}
		return err
	}
}

var (
	openConcerns = []referral.State{referral.Received, referral.Seen, referral.Asked}
	openCases    = []referral.State{referral.Draft, referral.Ready, referral.Sent}
)

func (m *manyMatters) pages() []page {
	return []page{
		{"desk", m.list(func(r *rand.Rand, agency int) referral.Filter {
			return referral.Filter{Kind: referral.Concern, States: openConcerns, Agency: m.agencies[agency], ByDue: true}
		})},
		{"mine", m.list(func(r *rand.Rand, agency int) referral.Filter {
			return referral.Filter{Kind: referral.Case, States: openCases, Owner: m.owner(agency, r.IntN(40)), ByDue: true}
		})},
		{"agency", m.list(func(r *rand.Rand, agency int) referral.Filter {
			return referral.Filter{Kind: referral.Case, States: openCases, Agency: m.agencies[agency], ByDue: r.IntN(2) == 0}
		})},
		{"network", m.list(func(r *rand.Rand, agency int) referral.Filter {
			return referral.Filter{Kind: referral.Case, ByDue: r.IntN(2) == 0}
		})},
		{"closed", m.list(func(r *rand.Rand, agency int) referral.Filter {
			f := referral.Filter{Kind: referral.Case, States: []referral.State{referral.Closed}, Agency: m.agencies[agency]}
			f.After = m.cases[r.IntN(len(m.cases))].String()
			return f
		})},
		{"unowned", m.list(func(r *rand.Rand, agency int) referral.Filter {
			return referral.Filter{Kind: referral.Case, States: openCases, Agency: m.agencies[agency], Unowned: true}
		})},
		{"urgent", m.list(func(r *rand.Rand, agency int) referral.Filter {
			return referral.Filter{Kind: referral.Case, States: openCases, Agency: m.agencies[agency], Urgent: true}
		})},
		{"overdue", m.list(func(r *rand.Rand, agency int) referral.Filter {
			return referral.Filter{Kind: referral.Case, States: openCases, Agency: m.agencies[agency], Overdue: benchNow, ByDue: true}
		})},
		{"shared", m.list(func(r *rand.Rand, agency int) referral.Filter {
			return referral.Filter{Kind: referral.Case, States: openCases, SharedWith: m.agencies[agency], At: benchNow}
		})},
		{"tasks", func(ctx context.Context, r *rand.Rand) error {
			_, err := m.Reminders(ctx, m.owner(r.IntN(len(m.agencies)), r.IntN(40)), benchNow.AddDate(0, 0, 14), 50)
			return err
		}},
		{"case", m.open},
		{"write", m.change},
		{"mixed", m.mixed},
	}
}

// open is a case page: the row, how the person stands to it, all parts, an entry.
func (m *manyMatters) open(ctx context.Context, r *rand.Rand) error {
	id := m.cases[r.IntN(len(m.cases))]
	row, err := m.Matter(ctx, id)
	if err == nil {
		_, err = m.Standing(ctx, row, row.Owner, benchNow)
	}
	if err == nil {
		var f *referral.File
		if f, err = m.Open(ctx, storetest.Officer, id, "case.read"); err == nil && len(f.Parts) < 7 {
			err = fmt.Errorf("%d parts", len(f.Parts))
		}
	}
	return err
}

// change writes a note into an open case.
func (m *manyMatters) change(ctx context.Context, r *rand.Rand) error {
	for {
		row, err := m.Matter(ctx, m.cases[r.IntN(len(m.cases))])
		if err != nil {
			return err
		}
		if !row.Open() {
			continue
		}
		_, err = m.Do(ctx, &referral.Change{Matter: *row, Put: []*referral.Part{{Kind: referral.PartNote, Agency: row.Agency, Body: []byte(`{"text":"a synthetic note"}`)}},
			Entries: []audit.Entry{{Actor: storetest.Officer, Action: "case.write"}}})
		return err
	}
}

// mixed is a day: half lists, four of ten case pages, one of ten a change.
func (m *manyMatters) mixed(ctx context.Context, r *rand.Rand) error {
	switch v := r.IntN(10); {
	case v < 5:
		pages := m.pages()[:10]
		return pages[r.IntN(len(pages))].ask(ctx, r)
	case v < 9:
		return m.open(ctx, r)
	}
	return m.change(ctx, r)
}

// measure lets all users ask, b.N pages in all.
func (m *manyMatters) measure(b *testing.B, ask func(context.Context, *rand.Rand) error) {
	ctx := context.Background()
	times := make([]time.Duration, b.N)
	var next atomic.Int64
	var group sync.WaitGroup
	began, used := time.Now(), processorTime()
	for user := range benchUsers {
		group.Go(func() {
			r := rand.New(rand.NewPCG(uint64(user), uint64(began.UnixNano())))
			for {
				i := int(next.Add(1)) - 1
				if i >= b.N {
					return
				}
				at := time.Now()
				if err := ask(ctx, r); err != nil {
					b.Error(err)
					return
				}
				times[i] = time.Since(at)
			}
		})
	}
	group.Wait()
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(times[len(times)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(float64(b.N)/time.Since(began).Seconds(), "pages/s")
	b.ReportMetric(float64((processorTime()-used).Microseconds())/1000/float64(b.N), "cpu-ms/page")
	b.ReportMetric(0, "ns/op")
}
