package main

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"waymark/forms/openrosa"
	"waymark/internal/ids"
	"waymark/monitoring"
	"waymark/monitoring/collection/arrival"
	"waymark/store/job"
	"waymark/trust/access"
	"waymark/trust/account"
	"waymark/web"
	"waymark/web/metric"
	"waymark/web/page"
	"waymark/web/signin"
)

// site is the running server: what answers, and what works behind it.
type site struct {
	house    *house
	settings *serveConfig
	log      *slog.Logger
	accounts *account.Service
	checker  *arrival.Checker
	jobs     *job.Jobs
	metrics  *metric.Metrics
	handler  http.Handler
	routes   []page.Route
	// woken has room for one: something arrived. arrival is when, in Unix nanoseconds.
	woken       chan struct{}
	arrival     atomic.Int64
	stopStreams func()
	// demoToken ends the example's link for frontline workers.
	demoToken string
}

// newSite joins accounts, pages, phones and background work over an open house.
func newSite(ctx context.Context, h *house, c *serveConfig, demo bool, log *slog.Logger) (*site, error) {
	s := &site{house: h, settings: c, log: log, woken: make(chan struct{}, 1)}
	cookies, err := h.secret("cookies")
	if err != nil {
		return nil, err
	}
	digests, err := h.secret("digests")
	if err != nil {
		return nil, err
	}
	policies, err := access.Load()
	if err != nil {
		return nil, err
	}
	if s.accounts, err = account.New(account.Settings{Store: h.db, Now: time.Now, Base: c.Base, Secret: digests}); err != nil {
		return nil, err
	}
	if s.checker, err = newChecker(h, log); err != nil {
		return nil, err
	}
	if s.jobs, err = s.newJobs(ctx); err != nil {
		return nil, err
	}
	version := strings.TrimPrefix(monitoring.Program, "waymark ")
	s.metrics = metric.New(version, s.gauges()...)
	pages := &page.House{
		Collection: h.db, Accounts: h.db, Policies: policies, Log: log, Now: time.Now,
		Base: c.Base, Secret: cookies, Version: version, Observe: s.metrics.Observe,
	}
	var tour ids.ID
	if demo {
		if tour, err = s.openDemo(ctx); err != nil {
			return nil, err
		}
	}
	provider, err := c.provider()
	if err != nil {
		return nil, err
	}
	sessions, err := signin.New(signin.Settings{House: pages, Accounts: s.accounts, Provider: provider, Tour: tour})
	if err != nil {
		return nil, err
	}
	stop := make(chan struct{})
	s.stopStreams = func() { close(stop) }
	phones := openrosa.New(openrosa.Options{
		Store: h.db, Base: c.Base, Log: log, Lang: c.Language, Arrived: s.arrived,
		May: func(_ context.Context, phone, programme ids.ID, action string) bool {
			return policies.Allow(access.Principal{Enumerator: phone}, access.Action(action), access.Resource{Programme: programme, Enumerator: phone})
		},
	})
	areas, err := s.areas(pages, sessions, stop)
	if err != nil {
		return nil, err
	}
	s.handler, s.routes, err = web.Handler(pages, web.Options{
		Sessions: sessions,
		Areas:    areas,
		Mounts:   map[string]http.Handler{"/key/": phones, "/test/": phones},
		Ready:    h.db.Ping,
	})
	return s, err
}

// arrived wakes the check; it never blocks.
func (s *site) arrived(_, _ ids.ID) {
	s.arrival.Store(time.Now().UnixNano())
	select {
	case s.woken <- struct{}{}:
	default:
	}
}

// check looks at what arrives until ctx ends.
func (s *site) check(ctx context.Context) error {
	return arrival.Run(ctx, s.house.db, s.checker, arrival.RunOptions{Wake: s.woken, Poll: 30 * time.Second, Yield: s.yield})
}

const (
	quiet   = 250 * time.Millisecond // without an arrival, for checks to go on
	longest = 3 * time.Second        // that a batch of checks waits for quiet
)

// yield lets phones go first: when everyone sends at the end of the day, a batch
// of checks waits until nothing has come for a moment, but not for long.
func (s *site) yield(ctx context.Context) {
	until := time.Now().Add(longest)
	for ctx.Err() == nil {
		wait := quiet - time.Since(time.Unix(0, s.arrival.Load()))
		if left := time.Until(until); wait <= 0 || left <= 0 {
			return
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}

// gauges are numbers of the whole server.
func (s *site) gauges() []metric.Gauge {
	return []metric.Gauge{
		{Name: "waymark_submissions_unchecked", Help: "Submissions that wait for their check, up to 1000.",
			Read: func(ctx context.Context) (float64, error) {
				waiting, err := s.house.db.CountUnchecked(ctx)
				return float64(waiting), err
			}},
	}
}
